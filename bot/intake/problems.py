"""Every answer that is a "no": one JSON shape, whatever went wrong. It never repeats what was sent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, ValidationError
from starlette.exceptions import HTTPException

from domain.picture import NOWHERE, Picture
from domain.refusals import ReferenceReused, Refusal, UnknownPostcode
from storage.work import CannotKeep
from texts import intake as texts
from texts import nl

RETRY_SECONDS = "10"
FIELDS = {UnknownPostcode: "pc4", ReferenceReused: "reference"}
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")


class Problem(BaseModel):
    """What is wrong with one field, or with the whole request when `field` is null."""

    field: str | None = Field(description="The field, as `contact.name` or `kinds.0`; null: the request as a whole.")
    reason: str = Field(description="Why, in Dutch, for a person to read.")


class Problems(BaseModel):
    """The body of every answer that is not a success."""

    errors: list[Problem]


@dataclass(eq=False)
class Refused(Exception):
    """The request is refused with this HTTP status."""

    status: int
    errors: tuple[Problem, ...]
    headers: Mapping[str, str] | None = None


def refused(status: int, reason: str, headers: Mapping[str, str] | None = None) -> Refused:
    """A refusal of the request as a whole."""
    return Refused(status, (Problem(field=None, reason=reason),), headers)


def invalid(error: ValidationError) -> Refused:
    """What pydantic found, field by field."""
    found = error.errors(include_url=False, include_input=False)
    # A list of one wrong value is called too short as well; the wrong value is what matters.
    around = {one["loc"][:length] for one in found for length in range(len(one["loc"]))}
    return Refused(
        422,
        tuple(
            Problem(field=_field(one["loc"]), reason=texts.reason(one["type"], one["loc"], one.get("ctx", {})))
            for one in found
            if one["loc"] not in around
        ),
    )


def sentence(refusal: Refusal) -> str:
    """What a person would read in chat."""
    return nl.say(refusal, Picture(datetime.min.replace(tzinfo=UTC), NOWHERE)).body


def answer(status: int, errors: Iterable[Problem], headers: Mapping[str, str] | None = None) -> JSONResponse:
    """The "no" as a response."""
    return JSONResponse(Problems(errors=list(errors)).model_dump(), status, headers)


def install(app: FastAPI) -> None:
    """Give every exception that may reach the edge its answer."""
    app.exception_handler(Refused)(_on_refused)
    app.exception_handler(Refusal)(_on_refusal)
    app.exception_handler(CannotKeep)(_on_cannot_keep)
    app.exception_handler(HTTPException)(_on_http)


async def _on_refused(_: Request, error: Refused) -> JSONResponse:
    return answer(error.status, error.errors, error.headers)


async def _on_refusal(_: Request, refusal: Refusal) -> JSONResponse:
    status = 409 if isinstance(refusal, ReferenceReused) else 422
    return answer(status, [Problem(field=FIELDS.get(type(refusal)), reason=sentence(refusal))])


async def _on_cannot_keep(_: Request, __: CannotKeep) -> JSONResponse:
    return answer(503, [Problem(field=None, reason=texts.CANNOT_KEEP)], {"Retry-After": RETRY_SECONDS})


async def _on_http(_: Request, error: HTTPException) -> JSONResponse:
    reason = texts.STATUS.get(error.status_code, texts.UNUSABLE)
    return answer(error.status_code, [Problem(field=None, reason=reason)], error.headers)


def _field(place: tuple[int | str, ...]) -> str | None:
    """The place as `contact.name`. An unknown key is the sender's own text: only what looks like a name is told."""
    steps = [str(step) if isinstance(step, int) or NAME.fullmatch(step) else "?" for step in place]
    return ".".join(steps) or None

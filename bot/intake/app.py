"""The app: every address there is, what it is called in OpenAPI, and nothing else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from fastapi import FastAPI
from pydantic.json_schema import models_json_schema

from bot.intake.docs_page import DocsPage
from bot.intake.door import Door
from bot.intake.models import EXAMPLE, NewZorgvraag
from bot.intake.probes import Probes, Ready
from bot.intake.problems import Problems, install
from bot.intake.shell import Shell
from bot.intake.shown import Shown
from bot.intake.zorgvragen import Zorgvragen
from config.settings import IntakeSettings
from storage.work import Store

ABOUT = """New zorgvragen for the regions of Schakelbot. Reasons of refusal are in Dutch, for a person to read.

Every answer that is not a success has the same body: a list of errors, each with a field and a reason."""
NO = {
    401: "No valid token.",
    404: "No zorgvraag of this source under this reference.",
    408: "The body came too slowly.",
    409: "Another body came under this reference before.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    422: "A field is wrong, holds personal data, or no region has this postcode.",
    429: "Too many requests; `Retry-After` says how many seconds to wait.",
    503: "It cannot be kept now; `Retry-After` says when to send the same again.",
}
ANYWHERE = (401, 429, 503)


class _App(FastAPI):
    """FastAPI, which learns of the body of a new zorgvraag: we read it ourselves, only after the token."""

    def openapi(self) -> dict[str, Any]:
        described = super().openapi()
        _, schemas = models_json_schema([(NewZorgvraag, "validation")], ref_template="#/components/schemas/{model}")
        described["components"]["schemas"] |= schemas["$defs"]
        # FastAPI announces an answer of its own for whatever has a parameter; here every text is a reference.
        described["paths"]["/v1/zorgvragen/{reference}"]["get"]["responses"].pop("422", None)
        for name in ("HTTPValidationError", "ValidationError"):
            described["components"]["schemas"].pop(name, None)
        return described


def build_app(
    store: Store,
    now: Callable[[], datetime],
    ring: Callable[[], None],
    settings: IntakeSettings,
    fingerprint_key: bytes,
    health: Callable[[], Awaitable[list[str]]],
    metrics: Callable[[], Awaitable[bytes]],
) -> FastAPI:
    """The app. `ring` is called after each commit; `health` gives the reasons why the bot is not ready.

    `metrics` gives the figures in Prometheus' text format.
    """
    app = _App(
        title="Schakelbot",
        version="1",
        description=ABOUT,
        docs_url=None,  # FastAPI's own page loads its scripts from elsewhere
        redoc_url=None,
        openapi_url="/openapi.json" if settings.docs else None,
        redirect_slashes=False,
    )
    app.add_middleware(Shell)
    install(app)
    door = Door(settings.sources, settings.per_minute, now)
    zorgvragen = Zorgvragen(store, now, ring, door, max_body=settings.max_body, fingerprint_key=fingerprint_key)
    _add_zorgvragen(app, zorgvragen)
    _add_probes(app, Probes(health, metrics))
    if settings.docs:
        app.add_api_route("/docs", DocsPage(app.openapi).show, include_in_schema=False)
    return app


def _add_zorgvragen(app: FastAPI, zorgvragen: Zorgvragen) -> None:
    reference = {"$ref": "#/components/schemas/NewZorgvraag"}
    app.add_api_route(
        "/v1/zorgvragen",
        zorgvragen.submit,
        methods=["POST"],
        summary="A new zorgvraag",
        tags=["zorgvragen"],
        status_code=201,
        response_model=Shown,
        response_description="It is kept; `Location` says where its state can be asked.",
        responses={
            200: {"model": Shown, "description": "It was kept before; nothing changed."},
            **_no(*ANYWHERE, 408, 409, 413, 415, 422),
        },
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": reference, "example": EXAMPLE}},
            }
        },
    )
    app.add_api_route(
        "/v1/zorgvragen/{reference}",
        zorgvragen.status,
        summary="The state of a zorgvraag",
        tags=["zorgvragen"],
        response_model=Shown,
        response_description="Its state at this moment.",
        responses=_no(*ANYWHERE, 404),
    )


def _add_probes(app: FastAPI, probes: Probes) -> None:
    app.add_api_route("/live", probes.live, summary="Does it live?", tags=["health"])
    app.add_api_route(
        "/ready",
        probes.ready,
        summary="Is it ready?",
        tags=["health"],
        response_model=Ready,
        responses={503: {"model": Ready, "description": "Not ready, with the reasons."}},
    )
    app.add_api_route("/metrics", probes.figures, summary="Figures for Prometheus", tags=["health"])


def _no(*codes: int) -> dict[int | str, dict[str, Any]]:
    return {code: {"model": Problems, "description": NO[code]} for code in sorted(codes)}

"""What whoever watches over the bot may ask, without saying who: does it live, is it ready, what are the figures?"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel, Field

from storage.work import CannotKeep


class Live(BaseModel):
    """The process answers."""

    live: bool = True


class Ready(BaseModel):
    """Whether everything works, and what does not."""

    ready: bool
    reasons: list[str] = Field(description="What does not work; empty when ready.")


class Probes:
    """Answers with what `health` finds wrong at this moment, and with the figures of `metrics`."""

    def __init__(self, health: Callable[[], Awaitable[list[str]]], metrics: Callable[[], Awaitable[bytes]]) -> None:
        self._health = health
        self._metrics = metrics

    async def live(self) -> Live:
        """Does the process answer?"""
        return Live()

    async def ready(self) -> JSONResponse:
        """Can it do its work? `503` with the reasons when it cannot."""
        try:
            reasons = await self._health()
        except CannotKeep as trouble:
            reasons = [str(trouble)]
        return JSONResponse(Ready(ready=not reasons, reasons=reasons).model_dump(), 503 if reasons else 200)

    async def figures(self) -> PlainTextResponse:
        """How is it going? Numbers only, in Prometheus' text format."""
        return PlainTextResponse(await self._metrics(), media_type=CONTENT_TYPE_LATEST)

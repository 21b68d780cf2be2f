"""Two questions of whoever watches over the bot: does it live, and can it do its work? Nobody has to say who asks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field


class Live(BaseModel):
    """The process answers."""

    live: bool = True


class Ready(BaseModel):
    """Whether everything works, and what does not."""

    ready: bool
    reasons: list[str] = Field(description="What does not work; empty when ready.")


class Health:
    """Answers with what `reasons` finds wrong at this moment."""

    def __init__(self, reasons: Callable[[], Awaitable[list[str]]]) -> None:
        self._reasons = reasons

    async def live(self) -> Live:
        """Does the process answer?"""
        return Live()

    async def ready(self) -> JSONResponse:
        """Can it do its work? `503` with the reasons when it cannot."""
        reasons = await self._reasons()
        return JSONResponse(Ready(ready=not reasons, reasons=reasons).model_dump(), 503 if reasons else 200)

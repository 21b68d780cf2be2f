"""The outermost layer of the app: headers on every answer, a log line per request, and no mistake gets out."""

from __future__ import annotations

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.intake.problems import Problem, answer
from texts import intake as texts

log = structlog.get_logger()

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Shell:
    """An ASGI middleware. It logs a status code, never an address, a name or a body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        status: int | None = None

        async def send_on(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, send_on)
        except Exception as mistake:  # noqa: BLE001 - a traceback would show what was sent
            log.error("intake failed", error=type(mistake).__name__)
            if status is None:
                await answer(500, [Problem(field=None, reason=texts.FAILED)])(scope, receive, send_on)
        if scope["path"].startswith("/v1/"):
            log.info("intake answered", code=str(status))

"""Whether the homeserver can be reached: said once in the log when it cannot, and once when it can again."""

from __future__ import annotations

import time

import structlog

from bot.chat import TryLater

log = structlog.get_logger()


class Reach:
    """`failed` after each attempt in vain, `worked` after each that was not. `why` is for /ready; None: all is well."""

    def __init__(self) -> None:
        self.why: str | None = None
        self._since = 0.0

    def failed(self, error: TryLater) -> None:
        """One more attempt in vain."""
        if self.why is None:
            self._since = time.monotonic()
            log.warning("homeserver away", code=str(error))
        self.why = str(error)

    def worked(self) -> None:
        """It answered."""
        if self.why is not None:
            log.info("homeserver back", seconds=round(time.monotonic() - self._since, 1))
        self.why = None

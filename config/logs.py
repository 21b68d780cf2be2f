"""Sets up the logs: one line per event on stderr, with ids and never a body, a name or a token.

Whatever logs in this process goes through here: our own code, libraries, and exceptions that nobody caught. What
libraries say may hold anything, so only who said it, how loud, and the types of its exceptions are kept.
"""

from __future__ import annotations

import contextlib
import logging
import sys
import threading
from typing import Any, TextIO, cast

import structlog

from config.log_lines import WITHHELD, only_ids

OWN = ("bot", "commands", "config", "demo", "domain", "storage", "texts")


def set_up(level: str, style: str) -> None:
    """From now on log what is at least this loud (`debug` … `error`), as `json` or for the `console`, on stderr."""
    threshold = logging.getLevelNamesMapping()[level.upper()]
    stream = cast(TextIO, _Patient(sys.stderr))
    renderer: Any = structlog.processors.JSONRenderer()
    if style == "console":
        renderer = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            only_ids,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.PrintLoggerFactory(stream),
    )
    logging.basicConfig(level=max(threshold, logging.WARNING), handlers=[_Door()], force=True)
    logging.captureWarnings(True)
    for name in OWN:
        logging.getLogger(name).setLevel(threshold)
    sys.excepthook = lambda _kind, error, _frames: _nobody_caught(error)
    threading.excepthook = lambda caught: _nobody_caught(caught.exc_value)
    sys.unraisablehook = lambda caught: _nobody_caught(caught.exc_value)


class _Door(logging.Handler):
    """The standard library's logging, let in without its words."""

    def emit(self, record: logging.LogRecord) -> None:
        is_own = record.name.partition(".")[0] in OWN
        level = min(max(record.levelno // 10 * 10, logging.DEBUG), logging.CRITICAL)
        structlog.get_logger().log(
            level,
            # Ours is the constant before its arguments are put in: config.log_lines looks at those one by one.
            record.msg if is_own else WITHHELD,
            logger=record.name,
            values=record.args if is_own else (),
            exc_info=record.exc_info,
        )


class _Patient:
    """A stream that takes what it can: a full disk or a closed pipe under the logs must not stop the work."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        with contextlib.suppress(OSError, ValueError):
            self._stream.write(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            self._stream.flush()


def _nobody_caught(error: BaseException | None) -> None:
    structlog.get_logger().critical("nobody caught this", exc_info=error)

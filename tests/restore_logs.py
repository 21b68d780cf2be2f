"""Puts back what `config.logs.set_up` sets for the whole process."""

from __future__ import annotations

import logging
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from config import logs

SILENCED = ("nio", "peewee")


@contextmanager
def logs_restored() -> Iterator[None]:
    """Whatever the block sets up is gone after it; and libraries that the bot silenced before it speak again."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    for name in SILENCED:
        logging.getLogger(name).setLevel(logging.NOTSET)
    try:
        with warnings.catch_warnings():
            yield
    finally:
        sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
        logging.captureWarnings(False)
        root.handlers, root.level = handlers, level
        for name in logs.OWN:
            logging.getLogger(name).setLevel(logging.NOTSET)
        structlog.reset_defaults()

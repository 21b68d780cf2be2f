"""Every call of a log in our code, read from the source: constant words, and keys that the allow-list knows."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import storage.errors
from config.log_lines import ALLOWED, REASONS, only_ids
from config.logs import OWN

ROOT = Path(__file__).parents[2]
LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}


def calls() -> Iterator[tuple[str, ast.Call, bool]]:
    """Place, call, and whether it is structlog that is called."""
    for package in OWN:
        for file in sorted((ROOT / package).rglob("*.py")):
            text = file.read_text("utf-8")
            for node in ast.walk(ast.parse(text)):
                match node:
                    case ast.Call(func=ast.Attribute(value=ast.Name(id="log" | "logger" | "_log"), attr=level)):
                        if level in LEVELS:
                            yield f"{file.relative_to(ROOT)}:{node.lineno}", node, "structlog.get_logger" in text


CALLS = list(calls())


def test_there_are_calls_to_judge() -> None:
    assert len(CALLS) > 10


REASONED = (
    "TryLater",
    "NotMatrix",
    "Undeliverable",
    "NotEncrypted",
    "NotInRoom",
    "NobodyReads",
    "CannotKeep",
    "NotForUs",
    "NotYet",
    "Forged",
    "Unverified",
)


def reasons() -> Iterator[str]:
    """Every constant reason of an error of the chat or the database."""
    yield from storage.errors.REASONS.values()
    for package in ("bot", "storage"):
        for file in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                match node:
                    case ast.Call(func=ast.Name(id=kind), args=[ast.Constant(value=str(reason)), *_]):
                        if kind in REASONED:
                            yield reason


def test_every_reason_why_something_is_not_done_may_be_logged() -> None:
    found = set(reasons())
    assert not [one for one in found if "code" not in only_ids(None, "", {"event": "x", "code": one})]
    assert set(REASONS) <= found, "nobody gives this reason any more"


@pytest.mark.parametrize(("call", "is_structlog"), [one[1:] for one in CALLS], ids=[one[0] for one in CALLS])
def test_a_log_call_says_constant_words_under_allowed_keys(call: ast.Call, is_structlog: bool) -> None:
    words = call.args[0]
    assert isinstance(words, ast.Constant), "the words must be a constant: what varies goes into a key"
    assert only_ids(None, "", {"event": words.value})["event"] == words.value, "no capitals or digits in the words"
    if is_structlog:
        assert len(call.args) == 1, "what varies goes into a key"
    assert {keyword.arg for keyword in call.keywords} <= ALLOWED.keys() | {"exc_info"}

"""The logs: ids come through; a body, a name, a telephone or a token does not, whatever road it takes."""

from __future__ import annotations

import asyncio
import errno
import io
import json
import logging
import sys
import threading
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from bot.matrix.olm_sessions import OlmSessions
from bot.matrix.trust import Device
from bot.matrix.wire import Refused
from config import logs
from config.log_lines import ALLOWED, only_ids
from tests.restore_logs import logs_restored

EVENT_ID = "$" + "aB3_-" * 8 + "xyz"
ROOM_ID = "!" + "cD4_-" * 8 + "xyz"
CANARIES = ("Jansen", "0612345678", "7523 AB", "syt_kanarie_token", "wond aan het linkerbeen")
CANARY = ", ".join(CANARIES)

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _leave_no_trace() -> Iterator[None]:
    """Whatever `set_up` sets for the whole process is put back."""
    with logs_restored():
        yield


def lines(capture: Capture) -> list[dict[str, Any]]:
    """What was logged; and no canary in it, nor anything on stdout."""
    out, err = capture.readouterr()
    assert out == ""
    assert not any(canary in err for canary in CANARIES)
    return [json.loads(line) for line in err.splitlines()]


def raised() -> Exception:
    """An exception with a canary in each part of its chain."""
    try:
        try:
            raise KeyError(CANARY)
        except KeyError as error:
            raise ValueError(CANARY) from error
    except ValueError as error:
        return error


def test_ids_and_numbers_come_through(capsys: Capture) -> None:
    logs.set_up("info", "json")
    structlog.get_logger().info(
        "letter undeliverable",
        event_id=EVENT_ID,
        room_id=ROOM_ID,
        letters=[1, 2],
        code="403 M_FORBIDDEN",
        seconds=1.5,
        error="TryLater",
    )
    (line,) = lines(capsys)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "letter undeliverable",
        "level": "info",
        "event_id": EVENT_ID,
        "room_id": ROOM_ID,
        "letters": [1, 2],
        "code": "403 M_FORBIDDEN",
        "seconds": 1.5,
        "error": "TryLater",
    }


def test_other_keys_are_dropped_and_named(capsys: Capture) -> None:
    logs.set_up("info", "json")
    structlog.get_logger().info("event failed", body=CANARY, event_id=EVENT_ID, **{CANARY: 1})
    (line,) = lines(capsys)
    assert line["dropped"] == ["?", "body"]
    assert line["event_id"] == EVENT_ID


# One word may be the name of a type or a logger; our code gives those keys nothing else.
ONE_WORD = {"logger", "error", "errors"}
MISFITS = [(key, canary) for key in sorted(ALLOWED) for canary in CANARIES if key not in ONE_WORD or " " in canary]


@pytest.mark.parametrize(("key", "canary"), [(key, canary) for key, canary in MISFITS if key != "event"])
def test_a_value_that_has_not_the_shape_of_its_key_is_dropped(key: str, canary: str) -> None:
    assert only_ids(None, "", {"event": "x", key: canary}) == {"event": "x", "dropped": [key]}
    assert only_ids(None, "", {"event": "x", key: [canary]}) == {"event": "x", "dropped": [key]}


DISGUISED = [
    ("region_id", "tel0612345678"),
    ("region_id", "oost-123456782"),
    ("code", "JANSEN"),
    ("code", "403 JANSEN"),
    ("room_id", "!jansen"),
    ("event_id", "$jansen"),
]


@pytest.mark.parametrize(("key", "value"), DISGUISED)
def test_a_number_or_a_name_that_looks_almost_like_an_id_is_dropped(key: str, value: str) -> None:
    assert only_ids(None, "", {"event": "x", key: value}) == {"event": "x", "dropped": [key]}


def test_an_event_with_capitals_or_digits_is_withheld(capsys: Capture) -> None:
    logs.set_up("info", "json")
    for canary in CANARIES[:4]:
        structlog.get_logger().info(f"seen {canary}")
        structlog.get_logger().info("seen %s", canary)
    assert {line["event"] for line in lines(capsys)} == {"withheld"}


def test_an_exception_is_its_types_and_places(capsys: Capture) -> None:
    logs.set_up("info", "json")
    structlog.get_logger().error("event failed", exc_info=raised())
    try:
        raise ExceptionGroup(CANARY, [raised()])
    except ExceptionGroup:
        structlog.get_logger().exception("event failed")
    first, second = lines(capsys)
    assert first["errors"] == ["ValueError", "KeyError"]
    assert all(frame.startswith("tests.config.test_logs:") for frame in first["frames"])
    assert len(first["frames"]) == 2
    assert second["errors"] == ["ExceptionGroup", "ValueError", "KeyError"]


def test_libraries_are_heard_without_their_words(capsys: Capture) -> None:
    logs.set_up("debug", "json")
    for name in ("nio.crypto", "aiohttp.access", "uvicorn.error", "apscheduler", "sqlalchemy.engine", "asyncio"):
        logging.getLogger(name).warning("said %s", CANARY)
        logging.getLogger(name).error(CANARY, exc_info=raised(), stack_info=True)
        logging.getLogger(name).info("quiet")
    told = lines(capsys)
    assert {line["event"] for line in told} == {"withheld"}
    assert [line["logger"] for line in told[:2]] == ["nio.crypto", "nio.crypto"]
    assert told[1]["errors"] == ["ValueError", "KeyError"]
    assert len(told) == 12


def test_our_own_constant_words_are_filled_with_ids_codes_and_numbers_alone(capsys: Capture) -> None:
    logs.set_up("info", "json")
    log = logging.getLogger("bot.matrix.sync")
    log.info("event %s in %s waits: %s", EVENT_ID, ROOM_ID, CANARY)
    log.info("%s refused, again in %.1f s", Refused(403, "M_FORBIDDEN", {"error": CANARY}), 1.5)
    log.info("%s failed: %s", "KeySupply.fill", "TypeError at sync.py:12")
    for canary in CANARIES:
        log.info("room %s", canary)
    log.info({"body": CANARY})
    told = [line["event"] for line in lines(capsys)]
    assert told[0] == f"event {EVENT_ID} in {ROOM_ID} waits: …"
    assert told[1] == "403 M_FORBIDDEN refused, again in 1.5 s"
    assert told[2] == "KeySupply.fill failed: TypeError at sync.py:12"
    assert set(told[3:-1]) == {"room …"}
    assert told[-1] == "withheld"


def test_a_device_that_is_called_after_its_owner_is_not_named(capsys: Capture) -> None:
    """People choose what their devices are called, and a name may look like a type of exception."""
    logs.set_up("info", "json")
    nobody: Any = None
    sessions = OlmSessions(nobody, nobody, nobody, nobody, lambda: 0)
    assert not sessions._begin(Device("@jan:zorg.test", "JanJansen", "c", "e", signed=True), {})
    assert [line["logger"] for line in lines(capsys)] == ["bot.matrix.olm_sessions"]


def test_levels_between_the_known_ones_are_logged_too(capsys: Capture) -> None:
    logs.set_up("info", "json")
    logging.getLogger("bot").log(25, "odd")
    logging.getLogger("bot").log(99, "louder")
    assert [line["level"] for line in lines(capsys)] == ["info", "critical"]


async def test_a_task_that_nobody_waited_for_shows_no_message(capsys: Capture) -> None:
    logs.set_up("info", "json")
    asyncio.get_running_loop().call_exception_handler({"message": CANARY, "exception": raised(), "body": CANARY})
    (line,) = lines(capsys)
    assert (line["logger"], line["errors"]) == ("asyncio", ["ValueError", "KeyError"])


class Leaving:
    """Goes wrong when it is thrown away, where nobody can catch it."""

    def __del__(self) -> None:
        raise raised()


def test_what_nobody_caught_shows_no_message(capsys: Capture) -> None:
    logs.set_up("info", "json")
    error = raised()
    sys.excepthook(type(error), error, error.__traceback__)
    thread = threading.Thread(target=lambda: [][CANARY])  # type: ignore[call-overload]
    thread.start()
    thread.join()
    logging.captureWarnings(True)
    warnings.showwarning(CANARY, UserWarning, CANARY, 1)
    Leaving()
    told = [["ValueError", "KeyError"], ["TypeError"], None, ["ValueError", "KeyError"]]
    assert [line.get("errors") for line in lines(capsys)] == told


@pytest.mark.parametrize(("level", "heard"), [("debug", 4), ("info", 3), ("warning", 2), ("error", 1)])
def test_only_what_is_loud_enough_is_logged(capsys: Capture, level: str, heard: int) -> None:
    logs.set_up(level, "json")
    for log in (structlog.get_logger(), logging.getLogger("bot.matrix")):
        log.debug("a")
        log.info("b")
        log.warning("c")
        log.error("d")
    assert len(lines(capsys)) == 2 * heard


def test_the_console_shows_the_same_to_people(capsys: Capture) -> None:
    logs.set_up("info", "console")
    structlog.get_logger().error("event failed", event_id=EVENT_ID, body=CANARY, exc_info=raised())
    out, err = capsys.readouterr()
    assert out == ""
    assert not any(canary in err for canary in CANARIES)
    assert "event failed" in err
    assert EVENT_ID in err


def test_a_full_disk_under_the_logs_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.StringIO):
        def write(self, _text: str) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(sys, "stderr", Full())
    logs.set_up("info", "json")
    structlog.get_logger().info("event failed")
    logging.getLogger("bot").error("event failed")


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary()


@given(st.dictionaries(st.text(), SCALARS | st.lists(SCALARS) | st.dictionaries(st.text(), SCALARS)))
def test_any_line_becomes_one_line_of_allowed_keys(values: dict[str, Any]) -> None:
    line = only_ids(None, "", dict(values))
    assert line.keys() <= ALLOWED.keys() | {"dropped"}
    assert "\n" not in json.dumps(line)

"""Each weakness of nio that this folder works around: it is still there in bare nio, and it is not there in ours.

When the first half fails, nio has mended it: then what stands in `needless` may go, after a look at its changelog.
At the time of writing no release has mended any of them: 0.26.0 is the newest.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.matrix import weak_keys as k
from tests.matrix import weak_sending as s
from tests.matrix import weak_sharing as h
from tests.matrix import weaknesses as w

Experiment = Callable[[Path], Awaitable[bool]]
MEASURED = "0.26.0"

# name -> (is it still in nio?, do we do better?, what a nio without it would make needless)
WEAKNESSES: dict[str, tuple[Experiment, Experiment, str]] = {
    "a callback that fails costs the rest of the batch": (
        w.bare_skips_the_rest,
        w.ours_goes_on,
        "timeline.py's guards and sync.py's own cursor",
    ),
    "a malformed to-device event costs the whole batch": (
        w.bare_raises,
        w.ours_refuses_it,
        "the guard in Sync._to_device",
    ),
    "sync_forever does not wait after an error": (w.bare_spins, w.ours_waits, "the back-off in Sync.run"),
    "a gap in the timeline is not read": (w.bare_misses_the_gap, w.ours_reads_the_gap, "Sync._gap"),
    "rooms that were left stay": (w.bare_keeps_left_rooms, w.ours_forgets_left_rooms, "RoomBook.forget"),
    "a redaction of version 11 is a bad event": (
        w.bare_calls_a_redaction_bad,
        w.ours_reads_a_redaction,
        "reading.py's look into the content",
    ),
    "a creation of version 12 is a bad event": (
        w.bare_calls_a_creation_bad,
        w.ours_reads_a_creation,
        "rooms.py's own reading of m.room.create",
    ),
    "an edit looks like a new message": (
        w.bare_takes_an_edit_for_a_message,
        w.ours_hears_no_edit,
        "reading.py's look at relations",
    ),
    "no cross-signing": (
        k.bare_knows_no_cross_signing,
        k.ours_follows_the_chain,
        "identity.py, cross_keys.py, signing.py and half of trust.py",
    ),
    "one-time keys are not filled up from nothing": (k.bare_lets_keys_run_out, k.ours_fills_up, "KeySupply.counted"),
    "no fallback keys": (
        k.bare_has_no_fallback_key,
        k.ours_has_a_fallback_key,
        "Machine.fallback_key and the days in KeySupply",
    ),
    "the store is readable by all": (k.bare_store_is_everybodys, k.ours_is_ours_alone, "CryptoStore's opening"),
    "plain text to a room that is not encrypted": (
        s.bare_sends_in_the_clear,
        s.ours_refuses_to,
        "nothing: MatrixChat asks for an encrypted room in any case",
    ),
    "errors are values": (s.bare_returns_errors, s.ours_raises_them, "wire.py's judgement"),
    "Retry-After is not read": (s.bare_waits_as_long_as_it_likes, s.ours_reads_the_header, "Wire's own pauses"),
    "a failed claim of keys hangs later messages": (
        s.bare_hangs_after_a_failed_claim,
        s.ours_tries_again,
        "OlmSessions.establish",
    ),
    "a failed share counts as done": (
        s.bare_counts_a_failed_share,
        s.ours_counts_what_arrived,
        "Outbound.shares, written after the homeserver's answer",
    ),
    "who gets no key is given no reason": (
        h.bare_gives_no_reason,
        h.ours_gives_the_reason,
        "Sharing._withhold, if that nio can also be told which devices",
    ),
    "a device without one-time keys is skipped for good": (
        h.bare_skips_who_has_no_keys,
        h.ours_tries_again_later,
        "the pauses in OlmSessions and Outbound.shares",
    ),
    "the first message to many devices stops everything else": (
        h.bare_stands_still,
        h.ours_lets_others_go_first,
        "AT_ONCE and the batches in sharing.py and olm_sessions.py",
    ),
    "a homeserver that does not answer is waited for without end": (
        h.bare_waits_for_ever,
        h.ours_says_so,
        "the patience in Wire",
    ),
    "anyone can publish another's identity key and keep room keys from its owner": (
        h.bare_takes_anothers_identity_key_for_theirs,
        h.ours_tells_them_apart,
        "the person in the key of kept_sessions.py",
    ),
    "a room key can be replaced by whoever was given it": (
        h.bare_lets_a_room_key_be_replaced,
        h.ours_keeps_both,
        "room_keys.py",
    ),
    "outbound sessions are not kept": (s.bare_forgets_its_sessions, s.ours_keeps_its_sessions, "Outbound's table"),
}


@pytest.mark.filterwarnings("ignore")  # nio's own
@pytest.mark.parametrize("weakness", WEAKNESSES)
async def test_bare_nio_still_has_it(weakness: str, tmp_path: Path) -> None:
    bare, _, needless = WEAKNESSES[weakness]
    assert await bare(tmp_path), f"nio {version('matrix-nio')} mended it ({MEASURED} had it); now needless: {needless}"


@pytest.mark.parametrize("weakness", WEAKNESSES)
async def test_ours_has_it_not(weakness: str, tmp_path: Path) -> None:
    _, ours, _ = WEAKNESSES[weakness]
    assert await ours(tmp_path)

"""What the log says of a homeserver that cannot be reached, and of what is no such thing."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.chat import TryLater
from tests.matrix.ear import Ear


@pytest.mark.parametrize(
    ("trouble", "told"),
    [(TryLater("limited"), [("homeserver away", "limited")]), (ValueError(), [])],
    ids=["away", "our own mistake"],
)
async def test_only_a_homeserver_that_is_away_is_called_so(
    tmp_path: Path, trouble: Exception, told: list[tuple[str, str]], caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever reads "homeserver away" looks at the homeserver, and not for a defect of ours."""
    ear = Ear(tmp_path)
    ear.sync.was_away = False
    ear.wire.answers["sync"] = trouble
    with capture_logs() as lines, suppress(TimeoutError):
        async with asyncio.timeout(0.2):
            await ear.sync.run()
    ear.close()
    assert [(line["event"], line["code"]) for line in lines] == told
    assert ("sync failed (ValueError)" in caplog.text) is (not told)

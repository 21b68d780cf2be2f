"""What a restore leaves when it is cut short: it is finished here, or nobody may start on it. It unpacks nothing.

A restore works beside, in `restoring`. One rename to `restored` says that all of it is on the disk; then nothing is
left but to move it into its place, which whoever comes next can do.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from storage.copies import flush
from storage.errors import Unusable

UNPACKING = "restoring"
WHOLE = "restored"
PARTS = ("schakelbot.db", "matrix")  # the database first: whatever opens it too early then opens the right one


def declare_whole(data: Path) -> None:
    """All that lies in `restoring` is right and on the disk itself: from now on it is the data of this directory."""
    bench = data / UNPACKING
    flush(*(bench / part for part in PARTS), bench)
    bench.replace(data / WHOLE)
    flush(data)


def finish(data: Path) -> bool:
    """Move what was declared whole into its place, if there is any, and say whether there was.

    Whoever calls this holds the lock of the directory. Cut short, it can be done again.
    """
    whole = data / WHOLE
    if not whole.exists():
        return False
    for part in PARTS:
        if (whole / part).exists():
            (whole / part).replace(data / part)
    flush(data)
    shutil.rmtree(whole)
    return True


def finish_or_refuse(data: Path) -> None:
    """For whoever wants to run on `data` and holds its lock. Raises Unusable when a restore was cut short too early.

    Started on what there is by then, a bot would not know that anything is missing.
    """
    finish(data)
    if (data / UNPACKING).exists():
        raise Unusable(f"{data}: a restore was cut short here: run it again, or remove {data / UNPACKING}")


def refuse(data: Path) -> None:
    """For whoever does not hold the lock of `data`. Raises Unusable while a restore is under way, or was cut short."""
    if (data / UNPACKING).exists() or (data / WHOLE).exists():
        raise Unusable(f"{data}: a restore is under way, or was cut short here: then run it again")


def make_room(data: Path) -> Path:
    """An empty `restoring`, without what an attempt that was cut short left in it."""
    forget(data)
    bench = data / UNPACKING
    bench.mkdir(mode=0o700)
    return bench


def forget(data: Path) -> None:
    """Remove what was unpacked and never declared whole, if there is any."""
    shutil.rmtree(data / UNPACKING, ignore_errors=True)

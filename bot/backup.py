"""One sealed file from which the bot goes on elsewhere, as a new device. Why it is so: docs/adr/0009-backups.md."""

from __future__ import annotations

import asyncio
import io
import json
import os
import re
import shutil
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from bot.half_restored import declare_whole, finish, forget, make_room
from bot.lock import AlreadyRunning, only_one
from bot.matrix.moving import CRYPTO, NothingToMove, account, leave_device, prepare_device, sealed_files
from bot.remains import refuse_what_was_lost
from config.settings import Settings
from storage.copies import at_one_moment, copy, flush
from storage.seal import Seal, WrongKey
from storage.sealed_stream import PIECE, NotWhole, SealedReader, SealedWriter
from storage.work import open_store

DATABASE = "schakelbot.db"
MATRIX = "matrix"
MANIFEST = "manifest.json"
MEMBER = re.compile(rf"{MANIFEST}|{DATABASE}|{MATRIX}/[a-z-]+\.(db|sealed)")


class BackupError(Exception):
    """No backup was made, or nothing was restored; the text says why in one line."""


async def back_up(settings: Settings, file: Path, now: datetime, say: Callable[[str], None]) -> None:
    """Write everything that the bot knows at this moment to `file`, also while it runs.

    Raises BackupError, StorageError or WrongKey; an older `file` is then still there.
    """
    await asyncio.to_thread(_back_up, settings.data, _seal(settings), file, now)
    say(f"Backed up to {file}. It opens with the sealing key alone: keep that somewhere else.")


def _back_up(data: Path, seal: Seal, file: Path, now: datetime) -> None:
    try:
        refuse_what_was_lost(data)  # an empty database is no backup, and may not replace one
        about = account(data / MATRIX, seal) | {"made_at": now.isoformat()}
        with _workshop(data / "backup") as bench:
            with at_one_moment(data / DATABASE, data / MATRIX / CRYPTO) as (database, crypto):
                copy(database, bench / DATABASE)
                copy(crypto, bench / CRYPTO)
                sealed = {f"{MATRIX}/{one.name}": one.read_bytes() for one in sealed_files(data / MATRIX)}
            leave_device(bench / CRYPTO)
            small = {MANIFEST: json.dumps(about).encode()} | sealed
            _write(file, seal, small, {DATABASE: bench / DATABASE, f"{MATRIX}/{CRYPTO}": bench / CRYPTO})
    except NothingToMove as error:
        raise BackupError(f"there is nothing to back up: {error}") from None
    except AlreadyRunning:
        raise BackupError(f"another backup of {data} is under way") from None
    except OSError as error:
        raise BackupError(f"no backup was made: {error.strerror}: {error.filename or file}") from None


@contextmanager
def _workshop(directory: Path) -> Iterator[Path]:
    """A directory for one backup at a time; what a killed one left there is removed, and so is what this one makes."""
    directory.mkdir(mode=0o700, exist_ok=True)
    bench = directory / "copies"
    with only_one(directory):
        shutil.rmtree(bench, ignore_errors=True)
        bench.mkdir(mode=0o700)
        try:
            yield bench
        finally:
            shutil.rmtree(bench)


def _write(file: Path, seal: Seal, small: dict[str, bytes], large: dict[str, Path]) -> None:
    """The sealed archive: under another name until it is whole and on the disk."""
    fresh = file.with_name(f".{file.name}.new")
    fresh.unlink(missing_ok=True)
    try:
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            writer = SealedWriter(out, seal)
            with tarfile.open(mode="w|gz", fileobj=cast("io.BufferedWriter", writer)) as archive:
                for name, content in small.items():
                    _add(archive, name, io.BytesIO(content), len(content))
                for name, source in large.items():
                    with source.open("rb") as content_of:
                        _add(archive, name, content_of, source.stat().st_size)
            writer.finish()
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(file)
        flush(file.absolute().parent)
    finally:
        fresh.unlink(missing_ok=True)


def _add(archive: tarfile.TarFile, name: str, content: Any, size: int) -> None:
    member = tarfile.TarInfo(name)
    member.size = size
    archive.addfile(member, content)


async def restore(settings: Settings, file: Path, say: Callable[[str], None]) -> None:
    """Put what `file` holds into a data directory without a bot; the next start logs in as a new device.

    Raises BackupError, AlreadyRunning, StorageError or WrongKey; the directory then has no bot in it, as before.
    """
    data, seal = settings.data, _seal(settings)
    if settings.matrix.password is None:
        raise BackupError("a restored bot logs in as a new device: set matrix.password, which is used once")
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    with only_one(data):
        if finish(data):
            say("A restore was cut short here when it was whole already: it is in its place now.")
        else:
            about = await _restore(settings, file, seal)
            say(f"Restored {about['user_id']} as it was at {about['made_at']}. What happened later it does not know.")
    say("Its next start logs in as a new device. See that the old bot runs nowhere: both would answer.")


async def _restore(settings: Settings, file: Path, seal: Seal) -> dict[str, str]:
    data = settings.data
    _refuse_used(data)
    try:
        bench = make_room(data)
        (bench / MATRIX).mkdir(mode=0o700)
        about = await asyncio.to_thread(_unpack, file, seal, bench)
        _refuse_stranger(about["user_id"], settings.matrix.user_id)
        await (await open_store(bench / DATABASE, seal)).close()  # which brings it to today's schema
        prepare_device(bench / MATRIX, seal, about)
        declare_whole(data)
        finish(data)
    except OSError as error:
        raise BackupError(f"nothing was restored: {error.strerror}: {error.filename or data}") from None
    finally:
        forget(data)
    return about


def _refuse_used(data: Path) -> None:
    used = sorted(one.name for pattern in (f"{DATABASE}*", MATRIX) for one in data.glob(pattern))
    if used:
        raise BackupError(f"{data} has a bot in it already ({', '.join(used)}): restore into an empty directory")


def _refuse_stranger(user_id: str, ours: str) -> None:
    if ours not in (user_id, user_id[1:].split(":")[0]):
        raise BackupError(f"the backup is of {user_id}, the settings say {ours}")


def _unpack(file: Path, seal: Seal, bench: Path) -> dict[str, str]:
    """Write every member under `bench`, on the disk itself, and return the manifest."""
    try:
        with file.open("rb") as source:
            reader = SealedReader(source, seal)
            with tarfile.open(mode="r|gz", fileobj=cast("io.BufferedReader", reader)) as archive:
                for member in archive:
                    content = archive.extractfile(member)
                    if content is not None and MEMBER.fullmatch(member.name):
                        _put(bench / member.name, content)
            while reader.read(PIECE):  # what comes after the archive matters only in that the file ends as it should
                continue
    except NotWhole as error:
        raise BackupError(f"{file}: {error}") from None
    except WrongKey as error:
        raise WrongKey(f"{file}: {error}") from None
    about: dict[str, str] = json.loads((bench / MANIFEST).read_bytes())
    return about


def _put(path: Path, content: Any) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        shutil.copyfileobj(content, out)
    flush(path)


def _seal(settings: Settings) -> Seal:
    return Seal(settings.seal.key.get_secret_value())

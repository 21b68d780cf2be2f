"""The command line, `python -m bot …`. Errors are one line and an exit code, no traceback; the doing is elsewhere."""

from __future__ import annotations

import asyncio
import hashlib
import os
import secrets
import signal
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from bot import administration, backup, clock, identity_command
from bot.backup import BackupError
from bot.chat import ChatError
from bot.complaint import sentence
from bot.intake import IntakeError
from bot.keep import keep_house
from bot.lock import AlreadyRunning, DataError
from bot.matrix.moving import NothingToMove
from bot.new_device import take_new_device
from config import logs
from config.area import AreaError
from config.settings import Settings, SettingsError, load
from storage.errors import CannotKeep, StorageError, Unusable
from storage.seal import Seal, WrongKey

WRONG_INPUT = 2
FAILED = 1

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
console = Console(highlight=False, soft_wrap=True)
problems = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)

ConfigFile = Annotated[
    Path | None, typer.Option("--config", help="The settings (TOML). Without it: SCHAKELBOT_… variables alone.")
]


@app.callback()
def schakelbot() -> None:
    """Schakelbot: divides zorgvragen among the district nurses of a region, in encrypted Matrix rooms."""


@app.command()
def run(config: ConfigFile = None) -> None:
    """Run the bot until it is told to stop (Ctrl-C or SIGTERM)."""
    settings = _settings(config)
    logs.set_up(settings.logging.level, settings.logging.format)
    _carry_out(keep_house(settings))


@app.command()
def apply(
    area: Annotated[Path, typer.Argument(help="The area file (TOML): regions, organisations, teams and people.")],
    config: ConfigFile = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
) -> None:
    """Make the regions, their rooms and their people as the area file says. Twice changes nothing."""
    settings = _settings(config)
    logs.set_up("warning", settings.logging.format)
    if not _carry_out(administration.apply(settings, area, console.print, dry_run=dry_run)):
        raise typer.Exit(FAILED)


@app.command()
def check(config: ConfigFile = None) -> None:
    """Check settings, data, homeserver and identity; exit code 0 when the bot can run."""
    settings = _settings(config)
    logs.set_up("error", settings.logging.format)
    if not _carry_out(administration.check(settings, console.print)):
        raise typer.Exit(FAILED)


@app.command("backup")
def back_up(
    file: Annotated[Path, typer.Argument(help="Where to write it; an older backup there is replaced.")],
    config: ConfigFile = None,
) -> None:
    """Write all that the bot knows to one sealed file, also while it runs."""
    _carry_out(backup.back_up(_settings(config), file, clock.now(), console.print))


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A backup.")],
    config: ConfigFile = None,
) -> None:
    """Put a backup into an empty data directory; the bot then logs in as a new device, once with the password."""
    settings = _settings(config)
    logs.set_up("error", settings.logging.format)
    _carry_out(backup.restore(settings, file, console.print))


@app.command()
def identity(
    config: ConfigFile = None,
    reset: Annotated[bool, typer.Option("--reset", help="Replace it; the bot must not be running.")] = False,
    recovery_key: Annotated[bool, typer.Option("--recovery-key", help="Make a new recovery key and show it.")] = False,
) -> None:
    """Show the bot's identity (cross-signing) and how it stands; exit code 0 when it is in order."""
    settings = _settings(config)
    logs.set_up("error", settings.logging.format)
    if reset:
        console.print(identity_command.BEFORE_A_RESET)
        typer.confirm("Replace the bot's identity?", abort=True)
        known = settings.matrix.password
        password = known.get_secret_value() if known else typer.prompt("The account's password", hide_input=True)
        _carry_out(identity_command.reset(settings, password, console.print))
    elif recovery_key:
        _carry_out(identity_command.new_recovery_key(settings, console.print))
    elif not _carry_out(identity_command.show(settings, console.print)):
        raise typer.Exit(FAILED)


@app.command()
def new_device(config: ConfigFile = None) -> None:
    """Leave a device that the homeserver no longer knows; the next start logs in as a new one, with the password."""
    settings = _settings(config)
    try:
        take_new_device(settings, console.print)
    except (AlreadyRunning, DataError, NothingToMove, StorageError, WrongKey) as error:
        problems.print(str(error))
        raise typer.Exit(WRONG_INPUT) from None


@app.command()
def accept_identity(
    user_id: Annotated[str, typer.Argument(help="Whose new identity is right, as @name:server.")],
    config: ConfigFile = None,
) -> None:
    """Believe somebody's new identity, after asking them in person. The bot may be running."""
    settings = _settings(config)
    try:
        accepted = identity_command.accept(settings, user_id, console.print)
    except ChatError as error:
        problems.print(str(error))
        raise typer.Exit(FAILED) from None
    if not accepted:
        raise typer.Exit(FAILED)


@app.command()
def new_key() -> None:
    """Print a fresh sealing key, for `seal.key` in the settings. Keep a copy: without it nothing can be read."""
    console.print(Seal.new_key())


@app.command()
def new_token() -> None:
    """Print a fresh token for a source of zorgvragen, and its hash for `token_hash` in the settings."""
    token = secrets.token_urlsafe(32)
    console.print(f"token, for the source:      {token}")
    console.print(f"hash, for your settings:    sha256:{hashlib.sha256(token.encode()).hexdigest()}")


@app.command()
def demo() -> None:
    """Play a day in a region on a homeserver of its own, on this machine, and then let you take part."""
    try:
        from demo.play import play  # the demo and what it requires are not there where the bot runs for real
    except ImportError:
        problems.print("the demo is not installed here; run `make demo` in a checkout of the project")
        raise typer.Exit(WRONG_INPUT) from None
    raise typer.Exit(play())


def _settings(config: Path | None) -> Settings:
    try:
        return load(config, os.environ)
    except SettingsError as error:
        problems.print(str(error))
        raise typer.Exit(WRONG_INPUT) from None


def _carry_out(work: Coroutine[Any, Any, Any]) -> Any:
    """Run to the end, or until a signal; whatever an administrator can mend becomes one line."""
    try:
        return asyncio.run(_until_told_to_stop(work))
    except* (AreaError, AlreadyRunning, BackupError, DataError, WrongKey, IntakeError, Unusable) as errors:
        _complain(errors)
        raise typer.Exit(WRONG_INPUT) from None
    except* (ChatError, CannotKeep, OSError) as errors:
        _complain(errors)
        raise typer.Exit(FAILED) from None


def _complain(errors: BaseExceptionGroup[Exception]) -> None:
    for error in errors.exceptions:
        if isinstance(error, BaseExceptionGroup):
            _complain(error)
        else:
            problems.print(sentence(error))


async def _until_told_to_stop(work: Coroutine[Any, Any, Any]) -> Any:
    task = asyncio.ensure_future(work)
    for sign in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sign, task.cancel)
    try:
        return await task
    except asyncio.CancelledError:
        return None


if __name__ == "__main__":
    app()

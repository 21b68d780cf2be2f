"""`make demo`: sets the stage, plays the day, shows what people's own clients decrypted, and lets you take part."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from itertools import takewhile
from pathlib import Path

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from demo.day import Day
from demo.homeserver import Homeserver
from demo.people import Message
from demo.stage import CAST, PASSWORD, VIEWER, Stage, StepFailed
from demo.take_part import take_part

console = Console(highlight=False)


def play() -> int:
    """Play the whole demo; the exit code is 0 when every step of the story happened."""
    try:
        return asyncio.run(_play())
    except KeyboardInterrupt:
        return 130


async def _play() -> int:
    task = asyncio.current_task()
    if task is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    logging.getLogger("nio").setLevel(logging.ERROR)  # people's clients tell of each device that they meet
    started = time.monotonic()
    async with AsyncExitStack() as doors:
        directory = Path(doors.enter_context(tempfile.TemporaryDirectory(prefix="schakelbot-demo-")))
        try:
            stage = await _set_the_stage(doors, directory)
            await _play_the_day(stage)
        except StepFailed as failure:
            console.print(f"[bold red]✗ {failure}[/]")
            console.print(_last_lines(directory / "bot.log"), style="dim", markup=False)
            return 1
        console.print(f"\n[bold green]✓ The whole day happened, in {time.monotonic() - started:.0f} seconds.[/]")
        if sys.stdin.isatty():
            _how_to_look_along(stage)
            await take_part(stage, _show)
        else:
            console.print(
                "Run [bold]make demo[/] in a terminal, and afterwards you can take part, as one of the nurses."
            )
    return 0


async def _set_the_stage(doors: AsyncExitStack, directory: Path) -> Stage:
    console.rule("[bold]Schakelbot: a day in a region")
    console.print("Everybody and everything here is made up; the homeserver, the encryption and the bot are real.\n")
    console.print("• starting a homeserver (Synapse) on this machine …")
    homeserver = await doors.enter_async_context(Homeserver(directory / "synapse", limits="off"))
    stage = Stage(directory, homeserver)
    doors.push_async_callback(stage.doors.aclose)
    console.print(f"  {homeserver.url}")
    console.print("• applying the area file: three organisations, one region, its encrypted rooms …")
    printed = await stage.set_up_bot()
    for line in takewhile(bool, printed):  # after an empty line comes the recovery key, which nobody needs here
        console.print(f"  {line}", style="dim", markup=False)
    console.print(f"• the bot runs as process {stage.bot.pid} (kill it with -9 if you like: the day goes on)")
    console.print("• everybody opens a client of their own and joins …")
    await stage.bring_people()
    return stage


async def _play_the_day(stage: Stage) -> None:
    day = Day(stage, _show, lambda text: console.print(f"  {text}", style="cyan", markup=False))
    for number, (title, deed) in enumerate(day.steps, 1):
        console.print(f"\n[bold]{number}. {title}[/]")
        began = time.monotonic()
        await deed()
        console.print(f"  ✓ {time.monotonic() - began:.1f} s", style="green")


def _show(who: str, message: Message) -> None:
    """What somebody's telephone shows."""
    title = f"on {CAST[who]}'s telephone{' · edited' if message.edited else ''}"
    console.print(Panel(Text(message.body), title=title, title_align="left", width=90, border_style="dim"))


def _how_to_look_along(stage: Stage) -> None:
    console.print(
        f"\nTo look along in Element or Cinny on this machine: homeserver [bold]{stage.homeserver.url}[/], "
        f"user [bold]{VIEWER}[/], password [bold]{PASSWORD}[/], then accept the invitation."
    )


def _last_lines(log: Path, most: int = 12) -> str:
    return "\n".join(log.read_text().splitlines()[-most:]) if log.exists() else ""

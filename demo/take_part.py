"""After the story: type as one of the nurses, and see what the room shows."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable

from rich.console import Console

from demo.people import Message
from demo.stage import CAST, Stage

Show = Callable[[str, Message], None]

console = Console(highlight=False)


async def take_part(stage: Stage, show: Show) -> None:
    """Read lines until "stop" or the end of input; each is said by Fatima, or by whom `name:` names."""
    console.print("\nNow you: type as Fatima, for example [bold]!open[/] or [bold]!pak 2[/].")
    console.print(
        f"Somebody else: [bold]carla: !overzicht[/] ({', '.join(CAST.values())}). [bold]stop[/] or Ctrl-D ends.\n"
    )
    printer = asyncio.create_task(_print_news(stage, show))
    try:
        while (line := await _typed()) and line.strip().lower() != "stop":
            who, text = _speaker(line.strip())
            if text:  # a bare Enter is no message, and no goodbye
                await stage.people[who].say(stage.room, text)
    finally:
        printer.cancel()


def _speaker(line: str) -> tuple[str, str]:
    """Who says what: `carla: !overzicht` is Carla's, everything else is Fatima's."""
    name, _, rest = line.partition(":")
    return (name.lower(), rest.strip()) if name.lower() in CAST else ("fatima", line)


async def _typed() -> str:
    """One line from the terminal, "" at its end; without a thread, because Ctrl-C could not end that."""
    loop, ready = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(sys.stdin, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(sys.stdin)
    return sys.stdin.readline()


async def _print_news(stage: Stage, show: Show) -> None:
    """Show whatever is new or changed on Fatima's telephone, in every room."""
    fatima = stage.people["fatima"]
    shown = {(one.event_id, one.body) for room in list(fatima.client.rooms) for one in fatima.read(room)}
    while True:
        for room in list(fatima.client.rooms):
            for message in fatima.read(room):
                if (message.event_id, message.body) not in shown:
                    shown.add((message.event_id, message.body))
                    if message.sender != fatima.user_id:
                        show("fatima", message)
        await asyncio.sleep(0.3)

"""The digest of every morning, and the same on request: what needs somebody first, then the board, then the figures."""

from __future__ import annotations

from collections.abc import Iterable

from domain.announcements import Digest, Overview
from domain.picture import SHOWN, Few, Picture
from texts import words
from texts.lists import board_lines, open_lines
from texts.markup import Bold, Message, Part, line, message


def digest(told: Digest, picture: Picture) -> Message:
    """Every morning, also when there was nothing."""
    return _overview(f"{picture.region.name}, {words.day(told.day)}", picture, quiet=False)


def overview(_: Overview, picture: Picture) -> Message:
    """The digest as it stands now."""
    now = picture.region.local(picture.now)
    return _overview(f"{picture.region.name}, {words.day(now.date())} {words.clock(now)}", picture, quiet=True)


def _overview(title: str, picture: Picture, *, quiet: bool) -> Message:
    """The figures stay, however long the board is."""
    head = [line("📋 ", Bold(title)), *open_lines(picture, brief=True), *_deaf(picture)]
    board = [line(Bold("Capaciteit")), *board_lines(picture)]
    return message([*head, *board], tail=[*_figures(picture)], quiet=quiet)


def _deaf(picture: Picture) -> Iterable[list[Part]]:
    if picture.unreachable:
        members = picture.members
        names = [members[user_id].name if user_id in members else user_id for user_id in picture.unreachable]
        more = len(names) - SHOWN
        who = words.and_(names) if more <= 0 else f"{', '.join(names[:SHOWN])} … en nog {more}"
        yield line(f"Kan (nog) niet meelezen: {who}.")
        yield line("Vraag om het toestel te verifiëren: in Element onder Instellingen, Sessies.")


def _figures(picture: Picture) -> Iterable[list[Part]]:
    figures = picture.figures
    if figures is None:
        return
    named = (
        ("opgepakt", figures.claimed),
        ("afgerond", figures.closed),
        ("ingetrokken", figures.withdrawn),
        ("opnieuw geplaatst", figures.reposted),
    )
    if not figures.submitted and not any(few.count for _, few in named):
        yield line(Bold("Sinds gisteren"), ": geen nieuws.")
        return
    yield line(Bold("Sinds gisteren"), f": {figures.submitted} nieuw.")
    yield from (line(f"{few.count} {what}: {_numbers(few, picture)}") for what, few in named if few.count)
    if figures.median_to_claim is not None:
        yield line(f"De helft was binnen {words.long_ago(figures.median_to_claim)} opgepakt.")


def _numbers(few: Few, picture: Picture) -> str:
    """Say "Noord-42, 43 … en nog 19": the region's name once."""
    numbers = ", ".join(str(one.number) for one in few.shown)
    return f"{picture.region.name}-{numbers}{f' … en nog {few.more}' if few.more else ''}"

"""The digest of every morning, and the same on request: what needs somebody first, then the board, then the figures."""

from __future__ import annotations

from collections.abc import Iterable

from domain.announcements import Digest, Overview
from domain.picture import SHOWN, Few, Figures, Picture
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
    board = [line(Bold("Capaciteit")), *board_lines(picture), *_grown_silent(picture)]
    return message([*head, *board], tail=[*_figures(picture)], quiet=quiet)


def _deaf(picture: Picture) -> Iterable[list[Part]]:
    if picture.unreachable:
        members = picture.members
        names = [members[user_id].name if user_id in members else user_id for user_id in picture.unreachable]
        more = len(names) - SHOWN
        who = words.and_(names) if more <= 0 else f"{', '.join(names[:SHOWN])} … en nog {more}"
        yield line(f"Kan (nog) niet meelezen: {who}.")
        yield line("Laat ze hun toestel verifiëren: in Element onder Instellingen, Sessies.")


def _grown_silent(picture: Picture) -> Iterable[list[Part]]:
    """Teams that spoke before, and have no light that is still fresh; the others stand on the board as unknown."""
    stale_after = picture.region.policy.lights_stale_after
    fresh = {light.team_id for light in picture.lights if not light.is_stale(picture.now, stale_after)}
    stale = {light.team_id for light in picture.lights} - fresh
    names = sorted(team.name for team in picture.teams.values() if team.id in stale)
    if names:
        yield line(f"Langer dan een dag niets gehoord van {words.and_(names)}.")


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
        yield line("Sinds gisteren: geen nieuws.")
        return
    counts = ", ".join([f"{figures.submitted} nieuw", *(f"{few.count} {what}" for what, few in named if few.count)])
    yield line(Bold("Sinds gisteren"), f": {counts}{_pace(figures)}.")
    for what, few in named:
        if few.count:
            yield line(f"{what.capitalize()}: {_numbers(few, picture)}")


def _pace(figures: Figures) -> str:
    median = figures.median_to_claim
    return f"; de helft was binnen {words.long_ago(median)} opgepakt" if median is not None else ""


def _numbers(few: Few, picture: Picture) -> str:
    numbers = ", ".join(picture.number(one) for one in few.shown)
    return f"{numbers} … en nog {few.more}" if few.more else numbers

"""Short lists, on request: what is open, what is mine, how it is with one, the board of lights."""

from __future__ import annotations

from collections.abc import Iterable

from domain.announcements import Board, OpenList, OpenPart, OwnList, StatusOf, Welcome
from domain.area import spell
from domain.capacity import Light
from domain.care import Dagdeel
from domain.picture import Picture
from domain.wanted import EVERYTHING, Wanted
from domain.zorgvraag import State, Zorgvraag
from texts import words
from texts.answer import said_to
from texts.markup import Bold, Message, Part, Typed, line, message
from texts.posts import headline

NOTE = 60  # characters of a light's note on the board; the whole of it was said when the light was set


def open_list(told: OpenList, picture: Picture) -> Message:
    """What is open: spoed first, then what waits longest."""
    return message([*open_lines(picture, told.wanted)], quiet=True)


def open_part(told: OpenPart, picture: Picture) -> Message:
    """A part of the whole list, to who asked for it; only the first one rings."""
    head = f"Alles wat openstaat in {picture.region.name}, deel {told.number} van {told.parts}"
    more = line(f"… en nog {told.more}. Kies een postcode: ", Typed(f"!open {_example(picture)}"), ".")
    rows = [_row(one, picture) for one in picture.zorgvragen.shown]
    none = [] if rows else line("Hiervan is nu alles opgepakt of vervallen.")
    return message([line(Bold(head)), *rows, none, more if told.more else []], quiet=told.number > 1)


def welcome(told: Welcome, picture: Picture) -> Message:
    """To somebody who just joined: what they could not read because it was said before."""
    member = picture.members.get(told.user_id)
    if told.new_device:
        before = line("Je nieuwe toestel kan oudere berichten in ", Bold(picture.region.name), " niet lezen.")
        return message([before, line("Daarom hier wat nu openstaat."), *open_lines(picture)])
    hello = f"Welkom in {picture.region.name}{', ' + member.name if member else ''}!"
    return message(
        [
            line(hello),
            line("Berichten van vóór je komst kun je niet lezen. Daarom hier wat nu openstaat."),
            *open_lines(picture),
            line("Typ ", Bold("!help"), " voor wat je kunt doen."),
        ]
    )


def own_list(told: OwnList, picture: Picture) -> Message:
    """What somebody has claimed."""
    who = [told.user_id] if told.user_id in picture.members else []
    mine, where = picture.zorgvragen, picture.region.name
    if not mine.count:
        return message([said_to(who, picture, f"Je hebt nu geen zorgvragen in {where}.")], quiet=True)
    rows = [_row(one, picture, since=one.claimed_at is not None) for one in mine.shown]
    todo = line("Is de zorg gestart? Typ ", Typed(f"!afronden {mine.shown[0].number}"), ".")
    many = "1 zorgvraag" if mine.count == 1 else f"{mine.count} zorgvragen"
    more = line(f"… en nog {mine.more}." if mine.more else None)
    return message([said_to(who, picture, f"Je hebt nu {many} in {where}:"), *rows, more, todo], quiet=True)


def status_of(told: StatusOf, picture: Picture) -> Message:
    """How it stands with one zorgvraag."""
    zorgvraag = picture.zorgvraag
    shown = line("Je reden staat nu ook in de groep, voor iedereen.") if told.reason_shown else []
    return message([headline(zorgvraag, picture), line(_state(zorgvraag, picture)), shown], quiet=True)


def board(_: Board, picture: Picture) -> Message:
    """All lights of the region, a line per team."""
    return message([line("🚦 ", Bold(f"Capaciteit {picture.region.name}")), *board_lines(picture)], quiet=True)


def open_lines(picture: Picture, wanted: Wanted = EVERYTHING, *, brief: bool = False) -> Iterable[list[Part]]:
    """How many are open, the first of them, and how to see the rest; `brief` for who divides them, not takes one."""
    found, where = picture.zorgvragen, picture.region.name
    only = "".join(f" · {part}" for part in _spelled(wanted))
    if not found.count and only:
        yield line(f"Er staat nu niets open in {where}{only}. Alles zien? Typ ", Typed("!open"), ".")
    elif not found.count:
        yield line(f"Er staat nu niets open in {where}. 👍")
    else:
        yield line(Bold(f"Open in {where}{only}: {found.count}"))
        yield from (_row(one, picture, brief=brief) for one in found.shown)
    if found.more:
        whole = " ".join(("!open alles", *_spelled(wanted)))
        narrower: list[Part] = [] if only else [", of een postcode: ", Typed(f"!open {_example(picture)}")]
        yield line(f"… en nog {found.more}. Alles zien? Typ ", Typed(whole), *narrower, ".")


def _spelled(wanted: Wanted) -> list[str]:
    """What was asked, in words that can be typed again."""
    asked = [*map(spell, wanted.postcodes), *(kind.value for kind in wanted.kinds)]
    return [*asked, "spoed"] if wanted.spoed else asked


def _example(picture: Picture) -> str:
    """A postcode with something open in it."""
    return picture.zorgvragen.shown[0].care.pc4 if picture.zorgvragen.shown else "7523"


def _row(zorgvraag: Zorgvraag, picture: Picture, *, since: bool = False, brief: bool = False) -> list[Part]:
    """Say "• Noord-42 · 7523 · wondzorg · open 5 uur"."""
    begin = zorgvraag.claimed_at if since and zorgvraag.claimed_at else zorgvraag.opened_at
    span = words.long_ago(picture.now - begin)
    age = f"{span} geleden opgepakt" if since else span if brief else f"open {span}"
    return line("• ", *headline(zorgvraag, picture, brief=brief), f" · {age}")


def _state(zorgvraag: Zorgvraag, picture: Picture) -> str:
    who = picture.colleague(zorgvraag.claimed_by) if zorgvraag.claimed_by else "niemand"
    match zorgvraag.state:
        case State.OPEN:
            since = words.moment(zorgvraag.opened_at, picture.now, picture.region)
            return f"Open sinds {since}, nog door niemand opgepakt."
        case State.CLAIMED:
            at = words.at(zorgvraag.claimed_at or picture.now, picture.now, picture.region)
            return f"Opgepakt door {who}, {at}."
        case State.CLOSED:
            return f"Afgerond: de zorg is gestart door {who}."
        case State.WITHDRAWN:
            return f"Ingetrokken{': ' + zorgvraag.reason if zorgvraag.reason else ''}."


def board_lines(picture: Picture) -> Iterable[list[Part]]:
    """A line for each team that ever set a light, and one for all others."""
    if not picture.teams:
        yield line("Er zijn nog geen teams.")
    teams = sorted(picture.teams.values(), key=lambda team: team.name)
    spoken = {light.team_id for light in picture.lights}
    for team in (one for one in teams if one.id in spoken):
        lights = [light for light in picture.lights if light.team_id == team.id]
        yield line(Bold(picture.team_name(team)), f": {_lights(lights, picture)}")
    silent = " · ".join(picture.team_name(team) for team in teams if team.id not in spoken)
    yield line(f"⚪ onbekend: {silent}" if silent else None)


def _lights(lights: list[Light], picture: Picture) -> str:
    """One phrase for equal lights: "🟢 groen" for the whole day, or per dagdeel."""
    said: dict[str, list[Dagdeel]] = {}
    for light in lights:
        said.setdefault(_light(light, picture), []).append(light.dagdeel)
    if len(said) == 1 and len(lights) == len(Dagdeel):
        return next(iter(said))
    return "; ".join(f"{words.and_(dagdelen)} {phrase}" for phrase, dagdelen in said.items())


def _light(light: Light, picture: Picture) -> str:
    region, now = picture.region, picture.now
    if light.is_stale(now, region.policy.lights_stale_after):
        local = region.local(light.set_at)
        return f"⚪ onbekend (was {light.colour}, {words.DAYS[local.weekday()]} {words.clock(local)})"
    until = f" tot {words.until(light.until, now, region)}" if light.until else ""
    note = f" – {words.short(light.note, NOTE)}" if light.note else ""
    return f"{words.DOTS[light.colour]} {light.colour}{until}{note}"

"""Short lists, on request or every morning: what is open, what is mine, the board of lights, the digest."""

from __future__ import annotations

from collections.abc import Iterable

from domain.announcements import Board, Digest, OpenList, Overview, OwnList, StatusOf, Welcome
from domain.capacity import Light
from domain.care import Dagdeel
from domain.picture import SHOWN, Few, Figures, Picture
from domain.zorgvraag import State, Zorgvraag
from texts import words
from texts.markup import Bold, Message, Part, Person, Typed, line, message
from texts.posts import headline

NOTE = 60  # characters of a light's note on the board; the whole of it was said when the light was set


def open_list(_: OpenList, picture: Picture) -> Message:
    """What is open, oldest first."""
    return message([*_open(picture)], quiet=True)


def welcome(told: Welcome, picture: Picture) -> Message:
    """To somebody who just joined: what they could not read because it was said before."""
    member = picture.members.get(told.user_id)
    if told.new_device:
        before = line("Je nieuwe toestel kan oudere berichten in ", Bold(picture.region.name), " niet lezen.")
        return message([before, line("Daarom hier wat nu openstaat."), *_open(picture)])
    hello = f"Welkom in {picture.region.name}{', ' + member.name if member else ''}!"
    return message(
        [
            line(hello),
            line("Berichten van vóór je komst kun je niet lezen. Daarom hier wat nu openstaat."),
            *_open(picture),
            line("Typ ", Bold("!help"), " voor wat je kunt doen."),
        ]
    )


def own_list(told: OwnList, picture: Picture) -> Message:
    """What somebody has claimed."""
    who = Person(told.user_id, picture.members[told.user_id].name) if told.user_id in picture.members else told.user_id
    mine = picture.zorgvragen
    if not mine.count:
        return message([line(who, ", je hebt nu geen zorgvragen.")], quiet=True)
    rows = [_row(one, picture, since=one.claimed_at is not None) for one in mine.shown]
    todo = line("Is de zorg gestart? Typ ", Typed(f"!afronden {mine.shown[0].number}"), ".")
    many = "1 zorgvraag" if mine.count == 1 else f"{mine.count} zorgvragen"
    return message([line(who, f", je hebt nu {many}:"), *rows, _more(mine), todo], quiet=True)


def status_of(_: StatusOf, picture: Picture) -> Message:
    """How it stands with one zorgvraag."""
    zorgvraag = picture.zorgvraag
    return message([headline(zorgvraag, picture), line(_state(zorgvraag, picture))], quiet=True)


def board(_: Board, picture: Picture) -> Message:
    """All lights of the region, a line per team."""
    return message([line("🚦 ", Bold(f"Capaciteit {picture.region.name}")), *_board(picture)], quiet=True)


def digest(told: Digest, picture: Picture) -> Message:
    """Every morning, also when there was nothing."""
    return message([line("📋 ", Bold(f"{picture.region.name}, {words.day(told.day)}")), *_overview(picture)])


def overview(_: Overview, picture: Picture) -> Message:
    """The digest as it stands now."""
    now = picture.region.local(picture.now)
    head = f"{picture.region.name}, {words.day(now.date())} {words.clock(now)}"
    return message([line("📋 ", Bold(head)), *_overview(picture)], quiet=True)


def _open(picture: Picture) -> Iterable[list[Part]]:
    found = picture.zorgvragen
    if not found.count:
        yield line("Er staat nu niets open. 👍")
        return
    yield line(Bold(f"Open in {picture.region.name}: {found.count}"))
    yield from (_row(one, picture) for one in found.shown)
    yield _more(found)


def _more(few: Few) -> list[Part]:
    return line(f"… en nog {few.more}." if few.more else None)


def _row(zorgvraag: Zorgvraag, picture: Picture, *, since: bool = False) -> list[Part]:
    """Say "• Noord-42 · 7523 · wondzorg · open 5 uur"."""
    begin = zorgvraag.claimed_at if since and zorgvraag.claimed_at else zorgvraag.opened_at
    span = words.long_ago(picture.now - begin)
    age = f"{span} geleden opgepakt" if since else f"open {span}"
    return line("• ", *headline(zorgvraag, picture), f" · {age}")


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


def _board(picture: Picture) -> Iterable[list[Part]]:
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


def _overview(picture: Picture) -> Iterable[list[Part]]:
    figures = picture.figures
    yield from _open(picture)
    if figures is not None:
        yield line(_since_yesterday(figures))
        yield from _named("Opnieuw geplaatst", figures.reposted, picture)
        yield from _named("Opgepakt", figures.claimed, picture)
        yield from _named("Afgerond", figures.closed, picture)
    yield line(Bold("Capaciteit"))
    yield from _board(picture)
    stale = _stale_teams(picture)
    if stale:
        yield line(f"Langer dan een dag niets gehoord van {words.and_(stale)}.")
    if picture.unreachable:
        yield line(f"Kan (nog) niet meelezen: {_colleagues(picture.unreachable, picture)}.")
        yield line("Laat die het toestel verifiëren: Element, Instellingen, Sessies.")


def _colleagues(user_ids: tuple[str, ...], picture: Picture) -> str:
    names = [picture.members[user_id].name if user_id in picture.members else user_id for user_id in user_ids]
    more = len(names) - SHOWN
    return words.and_(names) if more <= 0 else f"{', '.join(names[:SHOWN])} … en nog {more}"


def _since_yesterday(figures: Figures) -> str:
    median = figures.median_to_claim
    if not (figures.submitted or figures.claimed.count or figures.closed.count or figures.reposted.count):
        return "Sinds gisteren: geen nieuws."
    took = f"; de helft binnen {words.long_ago(median)} opgepakt" if median is not None else ""
    return (
        f"Sinds gisteren: {figures.submitted} nieuw, {figures.claimed.count} opgepakt, "
        f"{figures.closed.count} afgerond, {figures.reposted.count} opnieuw geplaatst{took}."
    )


def _named(what: str, few: Few, picture: Picture) -> Iterable[list[Part]]:
    if few.count:
        numbers = ", ".join(picture.number(one) for one in few.shown)
        yield line(f"{what}: {numbers}{f' … en nog {few.more}' if few.more else ''}")


def _stale_teams(picture: Picture) -> list[str]:
    """Teams without any light that is still fresh."""
    stale_after = picture.region.policy.lights_stale_after
    fresh = {light.team_id for light in picture.lights if not light.is_stale(picture.now, stale_after)}
    return sorted(team.name for team in picture.teams.values() if team.id not in fresh)

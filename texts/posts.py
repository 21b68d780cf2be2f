"""The post of a zorgvraag, as the region's room shows it: new, posted again, and in every later state."""

from __future__ import annotations

from domain.announcements import LeftBehind, Opened, PostChanged, Reopened, Reposted, Restored, Superseded
from domain.capacity import Colour, teams_with_room
from domain.care import Dagdeel
from domain.people import Team
from domain.picture import Picture
from domain.zorgvraag import State, Zorgvraag
from texts import words
from texts.answer import colleague
from texts.markup import Bold, Link, Message, Part, Typed, line, message

TEAMS_SHOWN = 3


def opened(_: Opened, picture: Picture) -> Message:
    """A new zorgvraag."""
    return _post(picture, line("🆕 ", *headline(picture.zorgvraag, picture)))


def reopened(told: Reopened, picture: Picture) -> Message:
    """Given back, and open again; whoever had it must see that when somebody else did it."""
    why = f": {told.reason}" if told.reason else ""
    head = line("↩️ Weer open: ", *headline(picture.zorgvraag, picture))
    lost = told.claimant != told.by and told.claimant in picture.members
    had = line(colleague(told.claimant, picture), ", de zorgvraag is niet meer van jou.") if lost else []
    return _post(picture, head, line(f"Vrijgegeven door {picture.colleague(told.by)}{why}."), had)


def left_behind(_: LeftBehind, picture: Picture) -> Message:
    """Open again, because who had it has left."""
    head = line("↩️ Weer open: ", *headline(picture.zorgvraag, picture))
    return _post(picture, head, line("De collega die deze had, doet niet meer mee in deze regio."))


def restored(told: Restored, picture: Picture) -> Message:
    """It ended by mistake."""
    head = line("↩️ Weer open: ", *headline(picture.zorgvraag, picture))
    return _post(picture, head, line(f"Heropend door {picture.colleague(told.by)}."))


def reposted(told: Reposted, picture: Picture) -> Message:
    """Nobody took it in time."""
    head = line(f"⏰ Nog open na {told.waited_hours} uur: ", *headline(picture.zorgvraag, picture))
    return _post(picture, head, line("Wie kan (een deel) oppakken?"), room=told.loud)


def changed(_: PostChanged, picture: Picture) -> Message:
    """The post as it must look now."""
    return _post(picture, line("🆕 ", *headline(picture.zorgvraag, picture)))


def superseded(_: Superseded, picture: Picture) -> Message:
    """An old post, which points to the one that stands for it now."""
    there: list[Part] = [" – zie het nieuwste bericht."]
    if picture.newest_post:
        there = [" – ", Link(*picture.newest_post, "zie het nieuwste bericht"), "."]
    return message([line("➡️ ", *headline(picture.zorgvraag, picture), *there)], quiet=True)


def headline(zorgvraag: Zorgvraag, picture: Picture, *, brief: bool = False) -> list[Part]:
    """Say "Noord-42 · SPOED · 7523 · wondzorg", with number and urgency in bold; `brief` leaves out the rest."""
    urgency = words.urgency(zorgvraag.care)
    first = f"{picture.number(zorgvraag)}{f' · {urgency}' if urgency else ''}"
    care = zorgvraag.care
    asked = f"{care.pc4} · {words.kinds(care)}" if brief else words.asked_for(care)
    return [Bold(first), f" · {asked}"]


def _post(picture: Picture, head: list[Part], *extra: list[Part], room: bool = False) -> Message:
    """An open zorgvraag as `head` says; one that is not open any more as its state says, whatever was announced."""
    zorgvraag = picture.zorgvraag
    if zorgvraag.state is not State.OPEN:
        return message([*_ended(picture, zorgvraag), *_details(zorgvraag)])
    todo = line("Oppakken: ✋ of ", Typed(f"!oppakken {zorgvraag.number}"))
    mention: list[Part] = ["@room "] if room else []
    return message(
        [
            mention + head,
            *extra,
            *_details(zorgvraag, _placed(zorgvraag.submitted_by, picture)),
            _room_for(picture, zorgvraag),
            todo,
        ],
        room=room,
    )


def _ended(picture: Picture, zorgvraag: Zorgvraag) -> list[list[Part]]:
    """What was asked, and below it how that ended: together they would be too long for a line on a telephone."""
    asked = headline(zorgvraag, picture)
    who = picture.colleague(zorgvraag.claimed_by) if zorgvraag.claimed_by else ""
    match zorgvraag.state:
        case State.CLAIMED:
            at = words.at(zorgvraag.claimed_at or picture.now, picture.now, picture.region)
            return [line("✅ ", *asked), line(f"Opgepakt door {who}, {at}.")]
        case State.CLOSED:
            return [line("🏁 ", *asked), line(f"De zorg is gestart door {who}.")]
        case _:
            why = f": {zorgvraag.reason}" if zorgvraag.reason else ""
            return [line("✖️ ", *asked), line(f"Ingetrokken{why}.")]


def _details(zorgvraag: Zorgvraag, placed: str | None = None) -> list[list[Part]]:
    """The second line: what else was said, and who placed what is still open; the third: the note."""
    care = zorgvraag.care
    parts = (
        f"voorkeur {care.preferred}" if care.preferred else None,
        f"expertise {care.expertise}" if care.expertise else None,
        f"wens {care.wish}" if care.wish else None,
        f"via {care.referrer}" if care.referrer else None,
        care.funding,
        placed,
    )
    said = " · ".join(part for part in parts if part)
    return [line(said[:1].upper() + said[1:]), line(f"„{care.note}”" if care.note else None)]


def _placed(by: str, picture: Picture) -> str | None:
    """The coordinator, or the system that sent it; nothing for who has left since."""
    kind, _, source = by.partition(":")
    if kind == "source":
        return f"geplaatst door {source}"
    return f"coördinator: {picture.members[by].name}" if by in picture.members else None


def _room_for(picture: Picture, zorgvraag: Zorgvraag) -> list[Part]:
    """Which teams that work in its postcode have room for it, green ones first; nothing when no light says so."""
    care, stale_after = zorgvraag.care, picture.region.policy.lights_stale_after
    found = teams_with_room(picture.lights, care.dagdelen, picture.now, stale_after)
    near = [(picture.teams[team_id], colour) for team_id, colour in found.items()]
    near = [(team, colour) for team, colour in near if team.covers(care.pc4)][:TEAMS_SHOWN]
    if not near:
        return []
    names = []
    for team, colour in near:
        when = "" if care.dagdelen else _when(team, colour, picture)
        names.append(f"{words.DOTS[colour]} {picture.team_name(team)} ({when}{colour})")
    return line(f"Ruimte: {' · '.join(names)}")


def _when(team: Team, colour: Colour, picture: Picture) -> str:
    """Say "nacht " before the colour of a team that has room only then; nothing when it is so in every dagdeel."""
    stale_after = picture.region.policy.lights_stale_after
    mine = [light for light in picture.lights if light.team_id == team.id and light.colour is colour]
    dagdelen = [light.dagdeel for light in mine if light.says_room(picture.now, stale_after)]
    return "" if len(dagdelen) == len(Dagdeel) else f"{words.and_(dagdelen)} "

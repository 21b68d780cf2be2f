"""Short notices: who claimed, closed or withdrew, a light that changed, and what one person alone must know."""

from __future__ import annotations

from domain import privacy
from domain.announcements import (
    Claimed,
    Closed,
    Details,
    GivenBack,
    LightsSet,
    Resumed,
    Unread,
    Withdrawn,
)
from domain.capacity import Light
from domain.care import Dagdeel
from domain.picture import Picture
from texts import words
from texts.answer import colleague
from texts.markup import Bold, Message, Part, Typed, line, message

GIVEN_BACK = 3000  # characters


def claimed(told: Claimed, picture: Picture) -> Message:
    """One line for the room; the claimant reads that it is theirs."""
    number = Bold(picture.number(picture.zorgvraag))
    return message([line("✅ ", number, " is opgepakt door ", colleague(told.by, picture), ".")], quiet=True)


def closed(told: Closed, picture: Picture) -> Message:
    """The care has started; whoever has it must see that when somebody else said so."""
    zorgvraag = picture.zorgvraag
    head = line("🏁 ", Bold(picture.number(zorgvraag)), " is afgerond door ", colleague(told.by, picture), ".")
    if zorgvraag.claimed_by in (None, told.by):
        return message([head], quiet=True)
    undo = Typed(f"!heropenen {zorgvraag.number}")
    return message([[*head, *line(" ", colleague(zorgvraag.claimed_by, picture), ", klopt dat niet? Typ ", undo, ".")]])


def resumed(told: Resumed, picture: Picture) -> Message:
    """Not finished after all; whoever has it again must see that when somebody else said so."""
    head = line("↩️ ", Bold(picture.number(picture.zorgvraag)), " is heropend door ", colleague(told.by, picture), ".")
    if told.by == told.claimant:
        return message([head], quiet=True)
    return message([[*head, *line(" ", colleague(told.claimant, picture), ", de zorgvraag is weer van jou.")]])


def withdrawn(told: Withdrawn, picture: Picture) -> Message:
    """No longer needed; whoever had it must see that."""
    zorgvraag = picture.zorgvraag
    why = f": {told.reason}" if told.reason else ""
    had = (
        line(" ", colleague(zorgvraag.claimed_by, picture), ", let op: je hoeft niets meer te doen.")
        if zorgvraag.claimed_by
        else []
    )
    by = picture.colleague(told.by)
    head = line("✖️ ", Bold(picture.number(zorgvraag)), f" is ingetrokken door {by}{why}.")
    return message([head + had], quiet=not had)


def details(_: Details, picture: Picture) -> Message:
    """For the claimant alone: who the client is."""
    zorgvraag, contact = picture.zorgvraag, picture.contact
    if contact is None:
        return message([line(Bold(picture.number(zorgvraag)), ": de gegevens van de cliënt heb ik niet meer.")])
    return message(
        [
            line("🔒 ", Bold(picture.number(zorgvraag)), " · gegevens van de cliënt, alleen voor jou"),
            line(contact.name),
            line(contact.address),
            line(contact.telephone),
            line(contact.remark),
        ]
    )


def lights_set(told: LightsSet, picture: Picture) -> Message:
    """A team's lights just now: one line a colour."""
    team = picture.teams.get(told.team_id)
    name = picture.team_name(team) if team else told.team_id
    mine = [light for light in picture.lights if light.team_id == told.team_id and light.dagdeel in told.dagdelen]
    rows: dict[tuple[object, ...], list[Light]] = {}
    for light in mine:
        rows.setdefault((light.colour, light.until, light.note), []).append(light)
    if not rows:
        return message([line("⚪ ", Bold(name), ": onbekend.")], quiet=True)
    return message([_light_line(name, lights, picture) for lights in rows.values()], quiet=True)


def given_back(told: GivenBack, picture: Picture) -> Message:
    """To its sender alone: why nothing was posted, and their own words to mend."""
    typed = line(words.short(picture.given_back or "", GIVEN_BACK))
    if privacy.Kind.PHOTOGRAPH in told.kinds:
        return message(
            [
                line("📷 Een foto of filmpje hoort niet in de groep: er kijken andere organisaties mee."),
                line("Ik heb het weggehaald. Zeg in woorden wat collega's moeten weten, zonder persoonsgegevens."),
                *([line("Dit stond erbij:"), typed] if picture.given_back else []),
            ]
        )
    what = words.and_(words.PERSONAL[kind] for kind in told.kinds)
    return message(
        [
            line(f"Dit lijkt op {what}. Daarom heb ik het uit de groep gehaald, en er niets mee gedaan."),
            line("Stuur het opnieuw zonder persoonsgegevens."),
            line("Dit had je getypt:"),
            typed,
        ]
    )


def unread(told: Unread, _: Picture) -> Message:
    """To whoever typed something that we could not decrypt, or may not believe; once a day at most."""
    if told.unverified:
        return message(
            [
                line("Je bericht heb ik niet gelezen: het kwam van een toestel dat je nog niet hebt geverifieerd."),
                line("Doe dat in Element op dat toestel: Instellingen, Sessies. Stuur je bericht daarna opnieuw."),
                line("Lukt het niet? Gebruik je andere toestel, of bel je coördinator."),
            ]
        )
    return message(
        [
            line("Je bericht kon ik niet lezen: de sleutel ervan kwam niet aan. Stuur het nog een keer."),
            line("Gebeurt dit vaker? Verifieer je apparaat in de instellingen van je app, of bel je coördinator."),
        ]
    )


def _light_line(name: str, lights: list[Light], picture: Picture) -> list[Part]:
    first = lights[0]
    when = "" if len(lights) == len(Dagdeel) else f", {words.and_(light.dagdeel for light in lights)}"
    until = f" (tot {words.until(first.until, picture.now, picture.region)})" if first.until else ""
    note = f" – {first.note}" if first.note else ""
    return line(
        f"{words.DOTS[first.colour]} ",
        Bold(name),
        f"{when}: {first.colour} – {words.MEANINGS[first.colour]}{until}{note}.",
    )

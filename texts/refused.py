"""Every "no" in Dutch: one clear sentence, and what to do instead."""

from __future__ import annotations

from domain import refusals as r
from domain.people import Role
from domain.picture import Picture
from texts import words
from texts.markup import Bold, Message, Part, Person, Typed, line, message

EXAMPLE = "!zorgvraag 7523 wondzorg 2x/dag ochtend,avond start morgen"
MISSING = {"postcode": "de postcode (vier cijfers)", "zorg": "de soort zorg (zoals wondzorg of PV)"}
MEANT = 200  # characters
HINTS: dict[str, tuple[Part, ...]] = {
    "zorgvraag": (" Een toelichting zet je achter een dubbele punt.",),
    "capaciteit": (" Kies groen, oranje of rood: ", Typed("!capaciteit avond rood"), "."),
    "open": (" Kies een postcode, een soort zorg of spoed: ", Typed("!open 7523"), "."),
}
VALUES = {"bezoeken": "aantal bezoeken"}
EXAMPLES = {
    "datum": "25-11",
    "tijd": "14:00",
    "uren": "3,5u",
    "bezoeken": "2x/dag, 3x/week of 1x/maand",
    "nummer": "42",
    "postcode": "7523",
    "urgentie": "spoed of binnen 24 uur",
}
STATES = {"closed": "afgerond", "withdrawn": "ingetrokken"}


def unknown_person(_: r.UnknownPerson, picture: Picture) -> Message:
    """Somebody whom the area file does not know."""
    return _say(
        picture, "Ik ken je nog niet in deze regio. Vraag je coördinator om je toe te voegen, dan help ik je graag."
    )


def leads_only(refusal: r.LeadsOnly, picture: Picture) -> Message:
    """A nurse who would set a light: who may, and what she can do."""
    look = (" Kijken kan altijd, met ", Typed("!capaciteit"), ".")
    team = picture.teams.get(refusal.team_id or "")
    if team is None:
        return _say(picture, "Een team zet zelf zijn stoplicht: dat doet de teamleider.", *look)
    members = picture.members.values()
    leads = sorted(one.name for one in members if one.team_id == team.id and Role.TEAM_LEAD in one.roles)
    who = f"je teamleider, {words.and_(leads, 'of')}" if leads else "een teamleider; die ken ik van jullie nog niet"
    return _say(picture, f"Het stoplicht van {picture.team_name(team)} zet {who}.", *look)


def wrong_role(refusal: r.WrongRole, picture: Picture) -> Message:
    """A verb for others."""
    # A team lead nurses as well, and need not be named beside the others.
    roles = [role for role in map(Role, refusal.allowed) if role is not Role.TEAM_LEAD or len(refusal.allowed) == 1]
    who = words.and_((words.ROLES[role] for role in roles), "of")
    return _say(picture, Bold(f"!{refusal.verb}"), f" is voor {who}. Typ !help voor wat jij kunt doen.")


def already_claimed(refusal: r.AlreadyClaimed, picture: Picture) -> Message:
    """Lost the race: who won and when. One message for all who lost it."""
    number, at = Bold(picture.number(picture.zorgvraag)), words.at(refusal.at, picture.now, picture.region)
    losers = [user_id for user_id in picture.asked_by if user_id != refusal.by]
    if not losers:
        return _say(picture, number, f" heb je al opgepakt, {at}.")
    names: list[Part] = [part for user_id in losers for part in (_person(user_id, picture), ", ")]
    who = picture.colleague(refusal.by)
    return message([line(*names, number, f" is net al opgepakt door {who}, {at}.")], quiet=True)


def not_open(refusal: r.NotOpen, picture: Picture) -> Message:
    """It has ended."""
    return _say(picture, Bold(picture.number(picture.zorgvraag)), f" is al {STATES[refusal.state]}.")


def not_claimed(_: r.NotClaimed, picture: Picture) -> Message:
    """Nobody has it."""
    zorgvraag = picture.zorgvraag
    hint = Typed(f"!oppakken {zorgvraag.number}")
    return _say(
        picture, Bold(picture.number(zorgvraag)), " is nog door niemand opgepakt. Zelf oppakken? Typ ", hint, "."
    )


def not_yours(refusal: r.NotYours, picture: Picture) -> Message:
    """Somebody else has it."""
    who = picture.colleague(refusal.by)
    number = Bold(picture.number(picture.zorgvraag))
    return _say(picture, number, f" is van {who}. Alleen die collega of een coördinator kan dat doen.")


def not_ended(_: r.NotEnded, picture: Picture) -> Message:
    """Nothing to undo."""
    return _say(picture, Bold(picture.number(picture.zorgvraag)), " is niet afgerond en niet ingetrokken.")


def not_yours_to_restore(_: r.NotYoursToRestore, picture: Picture) -> Message:
    """Withdrawn, and asked by somebody who is no coordinator."""
    number = Bold(picture.number(picture.zorgvraag))
    return _say(picture, number, " is ingetrokken. Alleen een coördinator kan de zorgvraag heropenen.")


def erased(_: r.Erased, picture: Picture) -> Message:
    """Too long ago."""
    number = Bold(picture.number(picture.zorgvraag))
    return _say(picture, number, " is te lang geleden beëindigd: ik heb er niets meer van. Maak een nieuwe zorgvraag.")


def details_of_another(refusal: r.DetailsOfAnother, picture: Picture) -> Message:
    """Who the client is, is for the claimant alone."""
    number, who = Bold(picture.number(picture.zorgvraag)), picture.colleague(refusal.by)
    return _say(picture, number, f" is van {who}. Alleen die collega krijgt de gegevens van de cliënt.")


def no_details(_: r.NoDetails, picture: Picture) -> Message:
    """None were given, or they are gone."""
    number = Bold(picture.number(picture.zorgvraag))
    return _say(picture, "Van ", number, " heb ik geen gegevens van de cliënt. Vraag je coördinator.")


def unknown_zorgvraag(refusal: r.UnknownZorgvraag, picture: Picture) -> Message:
    """No such number."""
    return _say(picture, Bold(refusal.number), " ken ik niet. Typ ", Bold("!open"), " voor wat openstaat.")


def unknown_postcode(refusal: r.UnknownPostcode, picture: Picture) -> Message:
    """No region covers it."""
    near = f" Dichtbij ken ik {words.and_(refusal.nearest)}." if refusal.nearest else ""
    return _say(picture, f"Postcode {refusal.pc4} hoort bij geen regio die ik ken.{near}")


def other_region(refusal: r.OtherRegion, picture: Picture) -> Message:
    """The wrong room."""
    return _say(picture, f"Postcode {refusal.pc4} hoort bij {refusal.region}. Plaats de zorgvraag in die groep.")


def no_team(_: r.NoTeam, picture: Picture) -> Message:
    """A light needs a team."""
    return _say(
        picture, "Je staat niet bij een team, dus ik weet niet van wie dit stoplicht is. Vraag het je coördinator."
    )


def other_team(refusal: r.OtherTeam, picture: Picture) -> Message:
    """Everybody speaks for their own team."""
    return _say(picture, f"Je kunt alleen het stoplicht van je eigen team zetten: {picture.teams[refusal.own].name}.")


def reference_reused(refusal: r.ReferenceReused, picture: Picture) -> Message:
    """The same reference, another body."""
    return _say(picture, f"Onder kenmerk {refusal.reference} is al een andere zorgvraag aangemeld.")


def unknown_verb(refusal: r.UnknownVerb, picture: Picture) -> Message:
    """No such verb; what was perhaps meant."""
    if refusal.meant is None:
        return _say(picture, f"„{refusal.word}” ken ik niet. Typ ", Bold("!help"), " voor wat je kunt doen.")
    return _say(picture, f"„{refusal.word}” ken ik niet. Bedoelde je ", Bold(words.short(refusal.meant, MEANT)), "?")


def unsure(refusal: r.Unsure, picture: Picture) -> Message:
    """Perhaps it was only talk."""
    return _say(picture, "Bedoelde je ", Typed(words.short(refusal.meant, MEANT)), "? Ik heb nog niets gedaan.")


def one_at_a_time(refusal: r.OneAtATime, picture: Picture) -> Message:
    """Several at once; the example is made of their own."""
    first, second = (Typed(words.short(line, MEANT // 4)) for line in refusal.meant[:2])
    return _say(picture, "Ik heb niets gedaan: één opdracht per bericht. Typ eerst ", first, " en daarna ", second, ".")


def missing_number(refusal: r.MissingNumber, picture: Picture) -> Message:
    """Which one?"""
    return _say(
        picture, "Welke zorgvraag? Typ bijvoorbeeld ", Typed(f"!{refusal.verb} 42"), ", of antwoord op het bericht."
    )


def missing_parts(refusal: r.MissingParts, picture: Picture) -> Message:
    """An incomplete zorgvraag."""
    what = words.and_(MISSING[part] for part in refusal.parts)
    return _say(picture, f"Ik mis {what}. Bijvoorbeeld: ", Bold(EXAMPLE))


def unknown_word(refusal: r.UnknownWord, picture: Picture) -> Message:
    """A token that means nothing here."""
    if refusal.meant is not None:
        return _say(picture, f"„{refusal.word}” begrijp ik niet. Bedoelde je ", Typed(refusal.meant), "?")
    hint = HINTS.get(refusal.verb, ())
    return _say(picture, f"„{refusal.word}” begrijp ik niet bij ", Bold(f"!{refusal.verb}"), ".", *hint)


def bad_value(refusal: r.BadValue, picture: Picture) -> Message:
    """A number, date or time that cannot be."""
    example = EXAMPLES.get(refusal.what)
    hint = (" Typ bijvoorbeeld ", Typed(example), ".") if example else ()
    if refusal.what == "bezoeken":
        hint = (*hint, " Past dat niet? Zet het achter een dubbele punt.")
    return _say(picture, f"„{refusal.word}” begrijp ik niet als {VALUES.get(refusal.what, refusal.what)}.", *hint)


def which_region(refusal: r.WhichRegion, picture: Picture) -> Message:
    """Somebody of several regions."""
    names = words.and_(refusal.regions, "of")
    return _say(picture, f"Je werkt in meer regio's. Zet {names} erbij: ", Typed(refusal.meant), ".")


def personal_data(refusal: r.PersonalData, picture: Picture) -> Message:
    """Something that may identify a person."""
    what = words.and_(words.PERSONAL[kind] for kind in refusal.kinds)
    return _say(
        picture, f"Dit lijkt op {what}. Ik heb niets geplaatst. Haal persoonsgegevens weg en probeer het opnieuw."
    )


def too_long(refusal: r.TooLong, picture: Picture) -> Message:
    """More text than a post may hold."""
    return _say(picture, f"Dat is te lang: houd het bij {refusal.limit} tekens. Ik heb niets geplaatst.")


def failed(_: r.Failed, picture: Picture) -> Message:
    """Our own mistake."""
    return _say(
        picture, "Er ging bij mij iets mis en ik heb niets gedaan. Probeer het nog eens, of bel je coördinator."
    )


def _say(picture: Picture, *parts: Part) -> Message:
    """An answer to whoever asked, by name where several people are in the room."""
    who: list[Part] = [part for user_id in picture.asked_by for part in (_person(user_id, picture), ", ")]
    first = parts[0]
    if who and isinstance(first, str):
        first = first[0].lower() + first[1:]
    return message([line(*who, first, *parts[1:])], quiet=True)


def _person(user_id: str, picture: Picture) -> Person:
    member = picture.members.get(user_id)
    return Person(user_id, member.name if member else user_id)

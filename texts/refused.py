"""Every "no" that is not about words: one clear sentence, and what to do instead."""

from __future__ import annotations

from domain import refusals as r
from domain.people import Role
from domain.picture import Picture
from texts import words
from texts.answer import answer, named
from texts.markup import Bold, Message, Part, Typed, line, message

STATES = {"closed": "afgerond", "withdrawn": "ingetrokken"}


def unknown_person(_: r.UnknownPerson, picture: Picture) -> Message:
    """Somebody whom the area file does not know."""
    return answer(
        picture, "Ik ken je nog niet in deze regio. Vraag je coördinator om je toe te voegen, dan help ik je graag."
    )


def leads_only(refusal: r.LeadsOnly, picture: Picture) -> Message:
    """A nurse who would set a light: who may, and what she can do."""
    look = (" Kijken kan altijd, met ", Typed("!capaciteit"), ".")
    team = picture.teams.get(refusal.team_id or "")
    if team is None:
        return answer(picture, "Een team zet zelf zijn stoplicht: dat doet de teamleider.", *look)
    members = picture.members.values()
    leads = sorted(one.name for one in members if one.team_id == team.id and Role.TEAM_LEAD in one.roles)
    who = f"je teamleider, {words.and_(leads, 'of')}" if leads else "een teamleider; die ken ik van jullie nog niet"
    return answer(picture, f"Het stoplicht van {picture.team_name(team)} zet {who}.", *look)


def wrong_role(refusal: r.WrongRole, picture: Picture) -> Message:
    """A verb for others."""
    # A team lead nurses as well, and need not be named beside the others.
    roles = [role for role in map(Role, refusal.allowed) if role is not Role.TEAM_LEAD or len(refusal.allowed) == 1]
    who = words.and_((words.ROLES[role] for role in roles), "of")
    return answer(picture, Bold(f"!{refusal.verb}"), f" is voor {who}. Typ !help voor wat jij kunt doen.")


def already_claimed(refusal: r.AlreadyClaimed, picture: Picture) -> Message:
    """Lost the race: who won and when. One message for all who lost it."""
    number, at = Bold(picture.number(picture.zorgvraag)), words.at(refusal.at, picture.now, picture.region)
    losers = [user_id for user_id in picture.asked_by if user_id != refusal.by]
    if not losers:
        return answer(picture, number, f" heb je al opgepakt, {at}.")
    names: list[Part] = [part for user_id in losers for part in (named(user_id, picture), ", ")]
    who = picture.colleague(refusal.by)
    return message([line(*names, number, f" is net al opgepakt door {who}, {at}.")], quiet=True)


def not_open(refusal: r.NotOpen, picture: Picture) -> Message:
    """It has ended."""
    return answer(picture, Bold(picture.number(picture.zorgvraag)), f" is al {STATES[refusal.state]}.")


def not_claimed(_: r.NotClaimed, picture: Picture) -> Message:
    """Nobody has it."""
    zorgvraag = picture.zorgvraag
    hint = Typed(f"!oppakken {zorgvraag.number}")
    return answer(
        picture, Bold(picture.number(zorgvraag)), " is nog door niemand opgepakt. Zelf oppakken? Typ ", hint, "."
    )


def not_yours(refusal: r.NotYours, picture: Picture) -> Message:
    """Somebody else has it."""
    who = picture.colleague(refusal.by)
    number = Bold(picture.number(picture.zorgvraag))
    return answer(picture, number, f" is van {who}. Alleen die collega of een coördinator kan dat doen.")


def not_ended(_: r.NotEnded, picture: Picture) -> Message:
    """Nothing to undo."""
    return answer(picture, Bold(picture.number(picture.zorgvraag)), " is niet afgerond en niet ingetrokken.")


def not_yours_to_restore(_: r.NotYoursToRestore, picture: Picture) -> Message:
    """Withdrawn, and asked by somebody who is no coordinator."""
    number = Bold(picture.number(picture.zorgvraag))
    return answer(picture, number, " is ingetrokken. Alleen een coördinator kan de zorgvraag heropenen.")


def erased(_: r.Erased, picture: Picture) -> Message:
    """Too long ago."""
    number = Bold(picture.number(picture.zorgvraag))
    return answer(
        picture, number, " is te lang geleden beëindigd: ik heb er niets meer van. Maak een nieuwe zorgvraag."
    )


def details_of_another(refusal: r.DetailsOfAnother, picture: Picture) -> Message:
    """Who the client is, is for the claimant alone."""
    number, who = Bold(picture.number(picture.zorgvraag)), picture.colleague(refusal.by)
    return answer(picture, number, f" is van {who}. Alleen die collega krijgt de gegevens van de cliënt.")


def no_details(_: r.NoDetails, picture: Picture) -> Message:
    """None were given, or they are gone."""
    number = Bold(picture.number(picture.zorgvraag))
    return answer(picture, "Van ", number, " heb ik geen gegevens van de cliënt. Vraag je coördinator.")


def unknown_zorgvraag(refusal: r.UnknownZorgvraag, picture: Picture) -> Message:
    """No such number."""
    return answer(picture, Bold(refusal.number), " ken ik niet. Typ ", Bold("!open"), " voor wat openstaat.")


def unknown_postcode(refusal: r.UnknownPostcode, picture: Picture) -> Message:
    """No region covers it."""
    near = f" Dichtbij ken ik {words.and_(refusal.nearest)}." if refusal.nearest else ""
    return answer(picture, f"Postcode {refusal.pc4} hoort bij geen regio die ik ken.{near}")


def other_region(refusal: r.OtherRegion, picture: Picture) -> Message:
    """The wrong room."""
    return answer(picture, f"Postcode {refusal.pc4} hoort bij {refusal.region}. Plaats de zorgvraag in die groep.")


def no_team(_: r.NoTeam, picture: Picture) -> Message:
    """A light needs a team."""
    return answer(
        picture, "Je staat niet bij een team, dus ik weet niet van wie dit stoplicht is. Vraag het je coördinator."
    )


def other_team(refusal: r.OtherTeam, picture: Picture) -> Message:
    """Everybody speaks for their own team."""
    team = picture.teams.get(refusal.own)
    return answer(picture, f"Je kunt alleen het stoplicht van je eigen team zetten{f': {team.name}' if team else ''}.")


def reference_reused(refusal: r.ReferenceReused, picture: Picture) -> Message:
    """The same reference, another body."""
    return answer(picture, f"Onder kenmerk {refusal.reference} is al een andere zorgvraag aangemeld.")


def personal_data(refusal: r.PersonalData, picture: Picture) -> Message:
    """Something that may identify a person."""
    what = words.and_(words.PERSONAL[kind] for kind in refusal.kinds)
    return answer(
        picture, f"Dit lijkt op {what}. Ik heb niets geplaatst. Haal persoonsgegevens weg en probeer het opnieuw."
    )


def too_long(refusal: r.TooLong, picture: Picture) -> Message:
    """More text than a post may hold."""
    if refusal.what is not None:
        rest = f"houd het bij {refusal.limit} tekens, en zet de rest achter een dubbele punt. Ik heb niets geplaatst."
        return answer(picture, f"De {refusal.what} is te lang: {rest}")
    return answer(picture, f"Dat is te lang: houd het bij {refusal.limit} tekens. Ik heb niets geplaatst.")


def failed(_: r.Failed, picture: Picture) -> Message:
    """Our own mistake."""
    return answer(
        picture, "Er ging bij mij iets mis en ik heb niets gedaan. Probeer het nog eens, of bel je coördinator."
    )

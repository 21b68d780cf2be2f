"""What could not be read, and what to type in its place."""

from __future__ import annotations

from domain import refusals as r
from domain.picture import Picture
from texts import words
from texts.answer import answer
from texts.markup import Bold, Message, Part, Typed

EXAMPLE = "!zorgvraag 7523 wondzorg 2x/dag ochtend,avond start morgen"
MISSING = {"postcode": "de postcode (vier cijfers)", "zorg": "de soort zorg (zoals wondzorg of PV)"}
MEANT = 200  # characters
NOTE: tuple[Part, ...] = (" Een toelichting zet je achter een dubbele punt.",)
HINTS: dict[str, tuple[Part, ...]] = {
    "zorgvraag": NOTE,
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


def unknown_verb(refusal: r.UnknownVerb, picture: Picture) -> Message:
    """No such verb; what was perhaps meant."""
    if refusal.meant is None:
        return answer(picture, f"„{refusal.word}” ken ik niet. Typ ", Bold("!help"), " voor wat je kunt doen.")
    return answer(picture, f"„{refusal.word}” ken ik niet. Bedoelde je ", Bold(words.short(refusal.meant, MEANT)), "?")


def no_command(_: r.NoCommand, picture: Picture) -> Message:
    """One to one: talk, or a command in words of their own."""
    return answer(
        picture, "Dat begrijp ik niet, en ik heb niets gedaan. Typ ", Bold("!help"), " voor wat je kunt doen."
    )


def unsure(refusal: r.Unsure, picture: Picture) -> Message:
    """Perhaps it was only talk."""
    return answer(picture, "Bedoelde je ", Typed(words.short(refusal.meant, MEANT)), "? Ik heb nog niets gedaan.")


def one_at_a_time(refusal: r.OneAtATime, picture: Picture) -> Message:
    """Several at once; the example is made of their own."""
    first, second = (Typed(words.short(line, MEANT // 4)) for line in refusal.meant[:2])
    return answer(
        picture, "Ik heb niets gedaan: één opdracht per bericht. Typ eerst ", first, " en daarna ", second, "."
    )


def missing_number(refusal: r.MissingNumber, picture: Picture) -> Message:
    """Which one?"""
    return answer(
        picture, "Welke zorgvraag? Typ bijvoorbeeld ", Typed(f"!{refusal.verb} 42"), ", of antwoord op het bericht."
    )


def missing_parts(refusal: r.MissingParts, picture: Picture) -> Message:
    """An incomplete zorgvraag."""
    what = words.and_(MISSING[part] for part in refusal.parts)
    return answer(picture, f"Ik mis {what}. Bijvoorbeeld: ", Bold(EXAMPLE))


def unknown_word(refusal: r.UnknownWord, picture: Picture) -> Message:
    """A token that means nothing here."""
    if refusal.meant is not None:
        return answer(picture, f"„{refusal.word}” begrijp ik niet. Bedoelde je ", Typed(refusal.meant), "?")
    hint = HINTS.get(refusal.verb, ())
    return answer(picture, f"„{refusal.word}” begrijp ik niet bij ", Bold(f"!{refusal.verb}"), ".", *hint)


def bad_value(refusal: r.BadValue, picture: Picture) -> Message:
    """A number, date or time that cannot be."""
    example = EXAMPLES.get(refusal.what)
    hint = (" Typ bijvoorbeeld ", Typed(example), ".") if example else ()
    if refusal.what == "bezoeken":
        hint = (*hint, " Past dat niet? Zet het achter een dubbele punt.")
    return answer(picture, f"„{refusal.word}” begrijp ik niet als {VALUES.get(refusal.what, refusal.what)}.", *hint)


def clock_or_hours(refusal: r.ClockOrHours, picture: Picture) -> Message:
    """A number of hours beside a dagdeel, where a time may have been meant."""
    ask = f"Is „{refusal.word}” een tijd? Zet die achter een dubbele punt. Zijn het uren per week? Typ "
    return answer(picture, ask, Typed(refusal.meant), ".")


def two_colours(refusal: r.TwoColours, picture: Picture) -> Message:
    """A light with a choice of colours."""
    first, second = map(Typed, refusal.meant)
    return answer(picture, "Kies één kleur: ", first, " of ", second, ".", *NOTE)


def later_light(refusal: r.LaterLight, picture: Picture) -> Message:
    """A light that should begin later."""
    what = (
        f"Een stoplicht gaat meteen in, dus „{refusal.word}” kan niet. Typ het als het zover is, of zeg tot wanneer: "
    )
    return answer(picture, what, Typed(refusal.meant), ".", *NOTE)


def which_region(refusal: r.WhichRegion, picture: Picture) -> Message:
    """Somebody of several regions."""
    names = words.and_(refusal.regions, "of")
    return answer(picture, f"Je werkt in meer regio's. Zet {names} erbij: ", Typed(refusal.meant), ".")

"""What coordinators alone must know, because somebody has to do something about it."""

from __future__ import annotations

from domain.announcements import Alarm, Departed, KeyChanged, Lapse, ShutOut, StillOpen, Stranger
from domain.people import Role
from domain.picture import SHOWN, Picture
from texts import words
from texts.markup import Bold, Message, line, message
from texts.posts import headline

ALARMS = {
    Lapse.LATE: "Sinds {moment} had ik een zorgvraag opnieuw moeten plaatsen; dat is niet gelukt.",
    Lapse.UNSAID: "Sinds {moment} wacht een bericht van mij op verzending; dat duurt te lang.",
    Lapse.STUCK: "Sinds {moment} ben ik bezig met een bericht uit de groep; dat duurt te lang.",
    Lapse.REFUSED: "Het lukte {at} niet om iets te plaatsen of weg te halen, en ik probeer dat niet opnieuw.",
    Lapse.STANDS: "Het lukte {at} niet om persoonsgegevens of een foto weg te halen: die staan er nog.",
}


def still_open(told: StillOpen, picture: Picture) -> Message:
    """For coordinators."""
    asked = headline(picture.zorgvraag, picture)
    return message([line(f"⏰ Nog open na {told.waited_hours} uur: ", *asked)])


def departed(told: Departed, picture: Picture) -> Message:
    """For coordinators: the care may have started already, and only the organisation knows."""
    who = f"Een {words.ONE_OF_THEM[Role(told.role)]}" if told.role else "Een collega"
    of = f" van {told.organisation}" if told.organisation else ""
    numbers = [f"{picture.region.name}-{number}" for number in told.numbers]
    more = len(numbers) - SHOWN
    had = words.and_(numbers) if more <= 0 else f"{', '.join(numbers[:SHOWN])} … en nog {more}"
    ask = f"bel {told.organisation}" if told.organisation else "vraag het na"
    them = "Die staat" if len(numbers) == 1 else "Die staan"
    return message(
        [
            line(f"⚠️ {who}{of} doet niet meer mee, en had nog ", Bold(had), "."),
            line(f"{them} nu weer open in de groep. Misschien is de zorg al gestart: {ask}."),
        ]
    )


def stranger(told: Stranger, picture: Picture) -> Message:
    """For coordinators."""
    where = picture.region.name or "de regio"
    if told.other_server:
        return message(
            [
                line("⚠️ ", Bold(told.user_id), f" is in de groep van {where}, vanaf een server die hier niet meedoet."),
                line("Haal dit account uit de groep. Hoort de server er wel bij? Vraag de beheerder."),
            ]
        )
    return message(
        [
            line("⚠️ ", Bold(told.user_id), f" is in de groep van {where}, maar staat niet in het gebiedsbestand."),
            line("Hoort deze collega erbij? Vraag de beheerder. Zo niet, haal dit account dan uit de groep."),
        ]
    )


def shut_out(told: ShutOut, picture: Picture) -> Message:
    """For coordinators, in the room where the bot still is."""
    room = "zorgvragen" if told.of_region else "coördinatie"
    group = Bold(f"{picture.region.name} – {room}")
    by = picture.colleague(told.by) if told.by in picture.members else told.by
    return message(
        [
            line("⚠️ Ik ben uit de groep ", group, f" gehaald door {by}."),
            line("Daar lees en plaats ik nu niets. Hoort dat niet zo? Nodig me weer uit in die groep."),
        ]
    )


def key_changed(told: KeyChanged, picture: Picture) -> Message:
    """For coordinators; the administrator needs the account."""
    who = picture.colleague(told.user_id) if told.user_id in picture.members else told.user_id
    return message(
        [
            line("⚠️ ", Bold(who), " heeft een nieuwe identiteit, en kan mijn berichten nu niet lezen."),
            line("Bel even of dat klopt (een nieuwe telefoon?). Zo ja, vraag de beheerder om dit te doen:"),
            line(f"python -m bot accept-identity {told.user_id}"),
        ]
    )


def alarm(told: Alarm, picture: Picture) -> Message:
    """For coordinators: they must not rely on the bot until somebody has looked."""
    lapse, when = Lapse(told.lapse), (told.since, picture.now, picture.region)
    what = ALARMS[lapse].format(moment=words.moment(*when), at=words.at(*when))
    wrong = line("⚠️ ", Bold("Er gaat iets mis bij mij."), f" {what}")
    if lapse is Lapse.STANDS:
        return message([wrong, line("Haal het zelf weg uit de groep, en vraag de beheerder om te kijken.")])
    return message(
        [
            wrong,
            line("Vraag de beheerder om te kijken, en let tot dan zelf op wat openstaat (", Bold("!open"), ")."),
        ]
    )

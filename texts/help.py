"""!help: a line per verb, in the order of the table of verbs, for whoever may say it."""

from __future__ import annotations

from domain.announcements import Help
from domain.people import Role
from domain.picture import Picture
from texts.markup import Bold, Message, line, message

NURSES = frozenset({Role.NURSE, Role.TEAM_LEAD})
EVERYBODY = frozenset(Role)

# Verb -> for whom, how to type it, what it does. A test proves that this and the table of verbs agree.
LINES: dict[str, tuple[frozenset[Role], str, str]] = {
    "oppakken": (NURSES, "!oppakken 42", "of ✋ onder het bericht: jij neemt de zorgvraag"),
    "gegevens": (NURSES, "!gegevens 42", "wie de cliënt is, nog een keer: alleen als jij de zorgvraag hebt"),
    "vrijgeven": (EVERYBODY, "!vrijgeven 42 reden", "of ✋ weghalen: weer open, en de groep leest je reden"),
    "afronden": (EVERYBODY, "!afronden 42", "de zorg is gestart"),
    "heropenen": (EVERYBODY, "!heropenen 42", "toch niet afgerond of ingetrokken"),
    "capaciteit": (EVERYBODY, "!capaciteit", "welk team ruimte heeft; teamleiders: !capaciteit avond rood tot vrijdag"),
    "open": (EVERYBODY, "!open", "wat nog openstaat; ook !open 7523, !open wondzorg of !open alles"),
    "mijn": (EVERYBODY, "!mijn", "wat jij hebt opgepakt"),
    "status": (EVERYBODY, "!status 42", "hoe het ermee staat"),
    "zorgvraag": (
        frozenset({Role.COORDINATOR}),
        "!zorgvraag 7523 wondzorg 2x/dag ochtend,avond start morgen spoed: toelichting",
        "een nieuwe zorgvraag, zonder persoonsgegevens",
    ),
    "intrekken": (frozenset({Role.COORDINATOR}), "!intrekken 42 reden", "niet meer nodig"),
    "overzicht": (frozenset({Role.COORDINATOR}), "!overzicht", "het dagoverzicht, nu"),
    "help": (EVERYBODY, "!help", "dit lijstje"),
}


def help_(told: Help, _: Picture) -> Message:
    """What these roles can say; a stranger sees what everybody may."""
    roles = {Role(role) for role in told.roles} or {Role.NURSE}
    rows = [line(Bold(typed), f" – {does}") for allowed, typed, does in LINES.values() if not roles.isdisjoint(allowed)]
    return message([*rows, line("Antwoord je op een bericht van mij, dan kan het nummer weg.")], quiet=True)

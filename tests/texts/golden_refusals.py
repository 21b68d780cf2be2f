"""The golden table of every "no": what is refused, in which scene, and the words that people then read."""

from __future__ import annotations

from dataclasses import replace

from domain import refusals as r
from domain.people import Member, Role
from domain.picture import NOWHERE
from tests.texts.golden import Row
from tests.texts.scene import CARLA, CLAIMED, CLOSED, FATIMA, HOUR, JAN, NOW, OPEN, PICTURE, WHO, WITHDRAWN, picture

asked = replace(PICTURE, asked_by=(JAN,))
STRANGER = "@wie:elders.test"
UNKNOWN = "ken je nog niet in deze regio. Vraag je coördinator om je toe te voegen, dan help ik je graag."
LOOK = "Kijken kan altijd, met !capaciteit."
LEADS = {
    user_id: Member(user_id, "noord", frozenset({Role.TEAM_LEAD}), name, "centrum")
    for user_id, name in (("@mo:zorg.test", "Mo"), ("@linda:zorg.test", "Linda"))
}

REFUSED: list[Row] = [
    (
        r.UnknownPerson(),
        replace(asked, region=NOWHERE, members={}, asked_by=()),
        f"Ik {UNKNOWN}",
    ),
    (
        r.UnknownPerson(),
        replace(asked, region=NOWHERE, members={}, asked_by=(STRANGER,)),
        f"Ik {UNKNOWN}",
    ),
    (
        r.UnknownPerson(),
        replace(asked, asked_by=(STRANGER,)),
        f"{STRANGER}, ik {UNKNOWN}",
    ),
    (
        r.UnknownPerson(),
        asked,
        f"Jan, ik {UNKNOWN}",
    ),
    (
        r.LeadsOnly("centrum"),
        replace(asked, members={**asked.members, **LEADS}),
        f"Jan, het stoplicht van Team Centrum, Livio zet je teamleider, Linda of Mo. {LOOK}",
    ),
    (
        r.LeadsOnly("roombeek"),
        asked,
        f"Jan, het stoplicht van Buurtzorg Roombeek zet een teamleider; die ken ik van jullie nog niet. {LOOK}",
    ),
    (
        r.LeadsOnly(None),
        asked,
        f"Jan, een team zet zelf zijn stoplicht: dat doet de teamleider. {LOOK}",
    ),
    (
        r.WrongRole("intrekken", ("coordinator",)),
        asked,
        "Jan, !intrekken is voor coördinatoren. Typ !help voor wat jij kunt doen.",
    ),
    (
        r.WrongRole("oppakken", ("nurse", "team lead")),
        asked,
        "Jan, !oppakken is voor de wijkverpleging. Typ !help voor wat jij kunt doen.",
    ),
    (
        r.AlreadyClaimed(7, FATIMA, NOW - HOUR),
        picture(CLAIMED, asked_by=(JAN, CARLA)),
        f"Jan, Carla, Noord-42 is net al opgepakt door {WHO}, om 09:10.",
    ),
    (
        r.AlreadyClaimed(7, FATIMA, NOW - HOUR),
        picture(CLAIMED, asked_by=(FATIMA,)),
        "Fatima, Noord-42 heb je al opgepakt, om 09:10.",
    ),
    (r.NotOpen(7, "closed"), picture(CLOSED, asked_by=(JAN,)), "Jan, Noord-42 is al afgerond."),
    (r.NotOpen(7, "withdrawn"), picture(WITHDRAWN), "Noord-42 is al ingetrokken."),
    (
        r.NotClaimed(7),
        picture(OPEN, asked_by=(JAN,)),
        "Jan, Noord-42 is nog door niemand opgepakt. Zelf oppakken? Typ !oppakken 42.",
    ),
    (
        r.NotYours(7, FATIMA),
        picture(CLAIMED, asked_by=(JAN,)),
        f"Jan, Noord-42 is van {WHO}. Alleen die collega of een coördinator kan dat doen.",
    ),
    (r.NotEnded(7), picture(OPEN, asked_by=(JAN,)), "Jan, Noord-42 is niet afgerond en niet ingetrokken."),
    (
        r.NotYoursToRestore(7),
        picture(WITHDRAWN, asked_by=(JAN,)),
        "Jan, Noord-42 is ingetrokken. Alleen een coördinator kan de zorgvraag heropenen.",
    ),
    (
        r.Erased(7),
        picture(CLOSED, asked_by=(CARLA,)),
        "Carla, Noord-42 is te lang geleden beëindigd: ik heb er niets meer van. Maak een nieuwe zorgvraag.",
    ),
    (
        r.DetailsOfAnother(7, FATIMA),
        picture(CLAIMED, asked_by=(JAN,)),
        f"Jan, Noord-42 is van {WHO}. Alleen die collega krijgt de gegevens van de cliënt.",
    ),
    (
        r.NoDetails(7),
        picture(CLAIMED, asked_by=(FATIMA,)),
        "Fatima, van Noord-42 heb ik geen gegevens van de cliënt. Vraag je coördinator.",
    ),
    (r.UnknownZorgvraag("Noord-99"), asked, "Jan, Noord-99 ken ik niet. Typ !open voor wat openstaat."),
    (
        r.UnknownPostcode("7599", ("7520-7529", "7541")),
        asked,
        "Jan, postcode 7599 hoort bij geen regio die ik ken. Dichtbij ken ik 7520-7529 en 7541.",
    ),
    (r.UnknownPostcode("1000"), PICTURE, "Postcode 1000 hoort bij geen regio die ik ken."),
    (
        r.OtherRegion("7544", "Zuid"),
        asked,
        "Jan, postcode 7544 hoort bij Zuid. Plaats de zorgvraag in die groep.",
    ),
    (
        r.NoTeam(),
        asked,
        "Jan, je staat niet bij een team, dus ik weet niet van wie dit stoplicht is. Vraag het je coördinator.",
    ),
    (
        r.OtherTeam("centrum"),
        asked,
        "Jan, je kunt alleen het stoplicht van je eigen team zetten: Team Centrum.",
    ),
    (r.ReferenceReused("EPD-1"), PICTURE, "Onder kenmerk EPD-1 is al een andere zorgvraag aangemeld."),
    (r.UnknownVerb("oppaken", "!oppakken 42"), asked, "Jan, „oppaken” ken ik niet. Bedoelde je !oppakken 42?"),
    (
        r.NoCommand(),
        asked,
        "Jan, dat begrijp ik niet, en ik heb niets gedaan. Typ !help voor wat je kunt doen.",
    ),
    (r.Unsure("!oppakken 42"), asked, "Jan, bedoelde je !oppakken 42? Ik heb nog niets gedaan."),
    (
        r.OneAtATime(("!oppakken 4", "!oppakken 6", "!oppakken 12")),
        asked,
        "Jan, ik heb niets gedaan: één opdracht per bericht. Typ eerst !oppakken 4 en daarna !oppakken 6.",
    ),
    (r.UnknownVerb("dansen"), PICTURE, "„dansen” ken ik niet. Typ !help voor wat je kunt doen."),
    (
        r.MissingNumber("oppakken"),
        asked,
        "Jan, welke zorgvraag? Typ bijvoorbeeld !oppakken 42, of antwoord op het bericht.",
    ),
    (r.UnknownWord("status", "snel"), PICTURE, "„snel” begrijp ik niet bij !status."),
    (
        r.UnknownWord("zorgvraag", "steunkouzen", "steunkousen"),
        asked,
        "Jan, „steunkouzen” begrijp ik niet. Bedoelde je steunkousen?",
    ),
    (
        r.UnknownWord("zorgvraag", "hond"),
        PICTURE,
        "„hond” begrijp ik niet bij !zorgvraag. Een toelichting zet je achter een dubbele punt.",
    ),
    (
        r.UnknownWord("capaciteit", "paars"),
        asked,
        "Jan, „paars” begrijp ik niet bij !capaciteit. Kies groen, oranje of rood: !capaciteit avond rood.",
    ),
    (
        r.UnknownWord("open", "snel"),
        PICTURE,
        "„snel” begrijp ik niet bij !open. Kies een postcode, een soort zorg of spoed: !open 7523.",
    ),
    (
        r.BadValue("bezoeken", "1x per 6 weken"),
        PICTURE,
        """\
„1x per 6 weken” begrijp ik niet als aantal bezoeken. Typ bijvoorbeeld 2x/dag, 3x/week of 1x/maand. \
Past dat niet? Zet het achter een dubbele punt.""",
    ),
    (r.BadValue("datum", "31-11"), asked, "Jan, „31-11” begrijp ik niet als datum. Typ bijvoorbeeld 25-11."),
    (
        r.ClockOrHours("8 uur", "8u/week"),
        asked,
        "Jan, is „8 uur” een tijd? Zet die achter een dubbele punt. Zijn het uren per week? Typ 8u/week.",
    ),
    (
        r.TwoColours(("!capaciteit groen", "!capaciteit rood")),
        asked,
        "Jan, kies één kleur: !capaciteit groen of !capaciteit rood. Een toelichting zet je achter een dubbele punt.",
    ),
    (
        r.LaterLight("in het weekend", "!capaciteit oranje tot vrijdag"),
        asked,
        """\
Jan, een stoplicht gaat meteen in, dus „in het weekend” kan niet. Typ het als het zover is, of zeg tot wanneer: \
!capaciteit oranje tot vrijdag. Een toelichting zet je achter een dubbele punt.""",
    ),
    (
        r.WhichRegion(("Noord", "Zuid"), "!capaciteit Noord groen"),
        asked,
        "Jan, je werkt in meer regio's. Zet Noord of Zuid erbij: !capaciteit Noord groen.",
    ),
    (
        r.PersonalData(("bsn",)),
        asked,
        "Jan, dit lijkt op een BSN. Ik heb niets geplaatst. Haal persoonsgegevens weg en probeer het opnieuw.",
    ),
    (r.TooLong(500), asked, "Jan, dat is te lang: houd het bij 500 tekens. Ik heb niets geplaatst."),
    (
        r.TooLong(100, "voorkeur"),
        asked,
        """\
Jan, de voorkeur is te lang: houd het bij 100 tekens, en zet de rest achter een dubbele punt. \
Ik heb niets geplaatst.""",
    ),
    (
        r.Failed(),
        asked,
        "Jan, er ging bij mij iets mis en ik heb niets gedaan. Probeer het nog eens, of bel je coördinator.",
    ),
]

# The example changes with the parser, so only how they begin stands here.
BEGIN: list[Row] = [
    (r.MissingParts(("postcode", "zorg")), asked, "Jan, ik mis de postcode (vier cijfers) en de soort zorg ("),
    (r.MissingParts(("zorg",)), PICTURE, "Ik mis de soort zorg (zoals wondzorg of PV). Bijvoorbeeld: !zorgvraag 7523 "),
]

"""The golden table of every list: what is asked for or told each morning, and the words that people then read."""

from __future__ import annotations

from dataclasses import replace

from domain import announcements as a
from domain.care import Care, Kind, Urgency
from domain.people import PostcodeRange
from domain.wanted import Wanted
from tests.texts.golden import HEAD, Row
from tests.texts.scene import (
    CLAIMED,
    CLOSED,
    FATIMA,
    FIGURES,
    FULL,
    JAN,
    LIGHTS,
    OPEN,
    QUIET_DAY,
    TODAY,
    WHO,
    WITHDRAWN,
    picture,
)

BOARD = """\
Buurtzorg Roombeek: 🟢 groen
Team Centrum, Livio: ochtend en middag 🟠 oranje; avond 🔴 rood tot morgen 12:10 – twee zieken; \
nacht ⚪ onbekend (was groen, zo 08:10)"""
KITCHEN = replace(OPEN, number=43, care=Care("7521", (Kind.STEUNKOUSEN,), urgency=Urgency.BINNEN_24))
SOME = Wanted((PostcodeRange("7520", "7525"), PostcodeRange("7531", "7531")), (Kind.WONDZORG,), spoed=True)
SIXTY = (replace(OPEN, number=99, care=FULL), *(replace(OPEN, number=number) for number in range(1, 15)))
NEXT_FOURTEEN = "\n".join(f"• Noord-{number} · 7523 · wondzorg + PV · 50 uur" for number in range(1, 15))

LISTS: list[Row] = [
    (
        a.StatusOf(7),
        picture(OPEN),
        f"{HEAD}\nOpen sinds za 21 nov 08:10, nog door niemand opgepakt.",
    ),
    (a.StatusOf(7), picture(CLAIMED), f"{HEAD}\nOpgepakt door {WHO}, om 09:10."),
    (a.StatusOf(7), picture(CLOSED), f"{HEAD}\nAfgerond: de zorg is gestart door {WHO}."),
    (a.StatusOf(7), picture(WITHDRAWN), f"{HEAD}\nIngetrokken: opname in het ziekenhuis."),
    (
        a.StatusOf(7, reason_shown=True),
        picture(OPEN),
        f"""\
{HEAD}
Open sinds za 21 nov 08:10, nog door niemand opgepakt.
Je reden staat nu ook in de groep, voor iedereen.""",
    ),
    (a.OpenList(), picture(), "Er staat nu niets open in Noord. 👍"),
    (
        a.OpenList(),
        picture(OPEN, KITCHEN, count=9_987),
        f"""\
Open in Noord: 9987
• {HEAD} · open 50 uur
• Noord-43 · binnen 24 uur · 7521 · steunkousen · open 50 uur
… en nog 9985. Alles zien? Typ !open alles, of een postcode: !open 7523.""",
    ),
    (
        a.OpenList(SOME),
        picture(OPEN, count=20),
        f"""\
Open in Noord · 7520-7525 · 7531 · wondzorg · spoed: 20
• {HEAD} · open 50 uur
… en nog 19. Alles zien? Typ !open alles 7520-7525 7531 wondzorg spoed.""",
    ),
    (
        a.OpenList(SOME),
        picture(),
        "Er staat nu niets open in Noord · 7520-7525 · 7531 · wondzorg · spoed. Alles zien? Typ !open.",
    ),
    (
        a.OpenPart((7, 8), 1, 3),
        picture(OPEN, KITCHEN),
        f"""\
Alles wat openstaat in Noord, deel 1 van 3
• {HEAD} · open 50 uur
• Noord-43 · binnen 24 uur · 7521 · steunkousen · open 50 uur""",
    ),
    (
        a.OpenPart((7, 8), 10, 10, more=700),
        picture(KITCHEN),
        """\
Alles wat openstaat in Noord, deel 10 van 10
• Noord-43 · binnen 24 uur · 7521 · steunkousen · open 50 uur
… en nog 700. Kies een postcode: !open 7521.""",
    ),
    (
        a.OpenPart((7, 8), 2, 2),
        picture(),
        "Alles wat openstaat in Noord, deel 2 van 2\nHiervan is nu alles opgepakt of vervallen.",
    ),
    (a.OwnList(JAN), picture(), "Jan, je hebt nu geen zorgvragen in Noord."),
    (a.OwnList("@gone:zorg.test"), picture(), "Je hebt nu geen zorgvragen in Noord."),
    (
        a.OwnList(FATIMA),
        picture(CLAIMED, count=2),
        f"""\
Fatima, je hebt nu 2 zorgvragen in Noord:
• {HEAD} · 1 uur geleden opgepakt
… en nog 1.
Is de zorg gestart? Typ !afronden 42.""",
    ),
    (
        a.Welcome(JAN),
        picture(),
        """\
Welkom in Noord, Jan!
Berichten van vóór je komst kun je niet lezen. Daarom hier wat nu openstaat.
Er staat nu niets open in Noord. 👍
Typ !help voor wat je kunt doen.""",
    ),
    (
        a.Welcome(JAN, new_device=True),
        picture(OPEN),
        f"""\
Je nieuwe toestel kan oudere berichten in Noord niet lezen.
Daarom hier wat nu openstaat.
Open in Noord: 1
• {HEAD} · open 50 uur""",
    ),
    (a.Board(), picture(lights=LIGHTS), f"🚦 Capaciteit Noord\n{BOARD}"),
    (a.Board(), picture(teams={}), "🚦 Capaciteit Noord\nEr zijn nog geen teams."),
    (
        a.Digest(TODAY),
        picture(OPEN, lights=LIGHTS, figures=FIGURES),
        f"""\
📋 Noord, ma 23 nov
Open in Noord: 1
• Noord-42 · 7523 · wondzorg + PV · 50 uur
Capaciteit
{BOARD}
Sinds gisteren: 3 nieuw.
2 opgepakt: Noord-42, 43
1 afgerond: Noord-42
1 ingetrokken: Noord-42
20 opnieuw geplaatst: Noord-42 … en nog 19
De helft was binnen 5 uur opgepakt.""",
    ),
    (
        a.Digest(TODAY),
        picture(figures=QUIET_DAY),
        """\
📋 Noord, ma 23 nov
Er staat nu niets open in Noord. 👍
Capaciteit
⚪ onbekend: Buurtzorg Roombeek · Team Centrum, Livio
Sinds gisteren: geen nieuws.""",
    ),
    (
        a.Overview(),
        picture(lights=LIGHTS, figures=QUIET_DAY),
        f"""\
📋 Noord, ma 23 nov 10:10
Er staat nu niets open in Noord. 👍
Capaciteit
{BOARD}
Sinds gisteren: geen nieuws.""",
    ),
    (
        a.Overview(),
        picture(*SIXTY, count=60, lights=LIGHTS[-1:], unreachable=(JAN, FATIMA)),
        f"""\
📋 Noord, ma 23 nov 10:10
Open in Noord: 60
• Noord-99 · SPOED · 7523 · wondzorg + PV · 50 uur
{NEXT_FOURTEEN}
… en nog 45. Alles zien? Typ !open alles, of een postcode: !open 7523.
Kan (nog) niet meelezen: Jan en Fatima.
Vraag om het toestel te verifiëren: in Element onder Instellingen, Sessies.
Capaciteit
Team Centrum, Livio: nacht ⚪ onbekend (was groen, zo 08:10)
⚪ onbekend: Buurtzorg Roombeek""",
    ),
    (
        a.Overview(),
        picture(teams={}, members={}, unreachable=("@n:zorg.test",) * 17),
        f"""\
📋 Noord, ma 23 nov 10:10
Er staat nu niets open in Noord. 👍
Kan (nog) niet meelezen: {", ".join(["@n:zorg.test"] * 15)} … en nog 2.
Vraag om het toestel te verifiëren: in Element onder Instellingen, Sessies.
Capaciteit
Er zijn nog geen teams.""",
    ),
]

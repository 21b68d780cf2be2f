"""The golden table of what is told: each fact, in which scene, and the words that people then read."""

from __future__ import annotations

from dataclasses import replace

from domain import announcements as a
from domain.capacity import Colour
from domain.care import Dagdeel
from domain.picture import Picture
from storage.letters import Message
from tests.texts.scene import (
    CARLA,
    CLAIMED,
    CLOSED,
    CONTACT,
    FATIMA,
    FULL,
    JAN,
    LIGHTS,
    NOW,
    OPEN,
    PICTURE,
    WHO,
    WITHDRAWN,
    light,
    picture,
)

HEAD = "Noord-42 · 7523 · wondzorg + PV · 2×/dag (ochtend, avond) · 5 u/week · start do 26 nov"
PLACED = "Coördinator: Carla"
TODO = "Oppakken: ✋ of !oppakken 42"
PERHAPS = (light("centrum", Dagdeel.OCHTEND, Colour.ORANJE), light("centrum", Dagdeel.AVOND, Colour.GROEN))
ALL_DAY = tuple(light("roombeek", dagdeel, Colour.GROEN) for dagdeel in Dagdeel)
Row = tuple[Message, Picture, str]

POSTS: list[Row] = [
    (a.Opened(7), picture(OPEN), f"🆕 {HEAD}\n{PLACED}\n{TODO}"),
    (
        a.Opened(7),
        picture(replace(OPEN, care=FULL), lights=LIGHTS),
        f"""\
🆕 Noord-42 · SPOED · 7523 · wondzorg + PV · 2×/dag (ochtend, avond) · 5 u/week · start do 26 nov
Voorkeur Livio · expertise wondverpleegkundige · wens spreekt Turks · via ziekenhuis · Zvw · coördinator: Carla
„hond in huis”
Ruimte: 🟢 Buurtzorg Roombeek (groen)
{TODO}""",
    ),
    (
        a.Opened(7),
        picture(replace(OPEN, care=replace(OPEN.care, dagdelen=())), lights=(*PERHAPS, *ALL_DAY)),
        f"""\
🆕 {HEAD.replace(" (ochtend, avond)", "")}
{PLACED}
Ruimte: 🟢 Team Centrum, Livio (avond groen) · 🟢 Buurtzorg Roombeek (groen)
{TODO}""",
    ),
    (
        a.Opened(7),
        picture(replace(OPEN, submitted_by="source:transferbureau")),
        f"🆕 {HEAD}\nGeplaatst door transferbureau\n{TODO}",
    ),
    (a.Opened(7), picture(replace(OPEN, submitted_by="@gone:zorg.test")), f"🆕 {HEAD}\n{TODO}"),
    (a.Opened(7), picture(CLAIMED), f"✅ {HEAD}\nOpgepakt door {WHO}, om 09:10."),
    (
        a.Reopened(7, FATIMA, FATIMA, "te ver rijden"),
        picture(OPEN),
        f"↩️ Weer open: {HEAD}\nVrijgegeven door {WHO}: te ver rijden.\n{PLACED}\n{TODO}",
    ),
    (
        a.Reopened(7, FATIMA, CARLA),
        picture(OPEN),
        f"""\
↩️ Weer open: {HEAD}
Vrijgegeven door Carla (coördinator).
{WHO}, de zorgvraag is niet meer van jou.
{PLACED}
{TODO}""",
    ),
    (
        a.Reopened(7, "@gone:zorg.test", CARLA),
        picture(OPEN),
        f"↩️ Weer open: {HEAD}\nVrijgegeven door Carla (coördinator).\n{PLACED}\n{TODO}",
    ),
    (
        a.LeftBehind(7),
        picture(OPEN),
        f"↩️ Weer open: {HEAD}\nDe collega die deze had, doet niet meer mee in deze regio.\n{PLACED}\n{TODO}",
    ),
    (
        a.Restored(7, CARLA),
        picture(OPEN),
        f"↩️ Weer open: {HEAD}\nHeropend door Carla (coördinator).\n{PLACED}\n{TODO}",
    ),
    (
        a.Reposted(7, 1, 48, loud=True, escalated=False),
        picture(OPEN),
        f"@room ⏰ Nog open na 48 uur: {HEAD}\nWie kan (een deel) oppakken?\n{PLACED}\n{TODO}",
    ),
    (
        a.Reposted(7, 2, 96, loud=False, escalated=True),
        picture(OPEN, lights=PERHAPS),
        f"""\
⏰ Nog open na 96 uur: {HEAD}
Wie kan (een deel) oppakken?
{PLACED}
Ruimte: 🟠 Team Centrum, Livio (oranje)
{TODO}""",
    ),
    (a.PostChanged(7), picture(OPEN), f"🆕 {HEAD}\n{PLACED}\n{TODO}"),
    (a.PostChanged(7), picture(CLAIMED), f"✅ {HEAD}\nOpgepakt door {WHO}, om 09:10."),
    (a.PostChanged(7), picture(CLOSED), f"🏁 {HEAD}\nDe zorg is gestart door {WHO}."),
    (a.PostChanged(7), picture(WITHDRAWN), f"✖️ {HEAD}\nIngetrokken: opname in het ziekenhuis."),
    (a.Superseded(7, "$old"), picture(OPEN), f"➡️ {HEAD} – zie het nieuwste bericht."),
    (
        a.Superseded(7, "$old"),
        picture(OPEN, newest_post=("!room", "$new")),
        f"➡️ {HEAD} – zie het nieuwste bericht.",
    ),
]

NOTICES: list[Row] = [
    (a.Claimed(7, FATIMA, NOW), picture(CLAIMED), f"✅ Noord-42 is opgepakt door {WHO}."),
    (a.Resumed(7, FATIMA, FATIMA), picture(CLAIMED), f"↩️ Noord-42 is heropend door {WHO}."),
    (
        a.Resumed(7, FATIMA, CARLA),
        picture(CLAIMED),
        f"↩️ Noord-42 is heropend door Carla (coördinator). {WHO}, de zorgvraag is weer van jou.",
    ),
    (a.Closed(7, FATIMA), picture(CLOSED), f"🏁 Noord-42 is afgerond door {WHO}."),
    (
        a.Closed(7, CARLA),
        picture(CLOSED),
        f"🏁 Noord-42 is afgerond door Carla (coördinator). {WHO}, klopt dat niet? Typ !heropenen 42.",
    ),
    (a.Withdrawn(7, CARLA), picture(OPEN), "✖️ Noord-42 is ingetrokken door Carla (coördinator)."),
    (
        a.Withdrawn(7, CARLA, "opname"),
        picture(CLAIMED),
        f"✖️ Noord-42 is ingetrokken door Carla (coördinator): opname. {WHO}, let op: je hoeft niets meer te doen.",
    ),
    (
        a.StillOpen(7, 96),
        picture(OPEN),
        f"⏰ Nog open na 96 uur: {HEAD}",
    ),
    (
        a.Departed((4, 42), "nurse", "Livio"),
        picture(),
        """\
⚠️ Een wijkverpleegkundige van Livio doet niet meer mee, en had nog Noord-4 en Noord-42.
Die staan nu weer open in de groep. Misschien is de zorg al gestart: bel Livio.""",
    ),
    (
        a.Departed((4,)),
        picture(),
        """\
⚠️ Een collega doet niet meer mee, en had nog Noord-4.
Die staat nu weer open in de groep. Misschien is de zorg al gestart: vraag het na.""",
    ),
    (
        a.Departed(tuple(range(1, 18)), "team lead", "Livio"),
        picture(),
        f"""\
⚠️ Een teamleider van Livio doet niet meer mee, en had nog {", ".join(f"Noord-{n}" for n in range(1, 16))} … en nog 2.
Die staan nu weer open in de groep. Misschien is de zorg al gestart: bel Livio.""",
    ),
    (
        a.Details(7),
        picture(CLAIMED, contact=CONTACT),
        """\
🔒 Noord-42 · gegevens van de cliënt, alleen voor jou
Mevr. De Vries
Roombeekweg 12, Enschede
053 123 45 67
sleutel bij de buren""",
    ),
    (a.Details(7), picture(CLAIMED), "Noord-42: de gegevens van de cliënt heb ik niet meer."),
    (
        a.LightsSet("centrum", ("avond",)),
        picture(lights=LIGHTS),
        "🔴 Team Centrum, Livio, avond: rood – geen ruimte (tot morgen 12:10) – twee zieken.",
    ),
    (
        a.LightsSet("roombeek", ("ochtend", "middag", "avond", "nacht")),
        picture(lights=LIGHTS),
        "🟢 Buurtzorg Roombeek: groen – ruimte.",
    ),
    (
        a.LightsSet("centrum", ("ochtend", "middag")),
        picture(lights=LIGHTS),
        "🟠 Team Centrum, Livio, ochtend en middag: oranje – in overleg.",
    ),
    (a.LightsSet("gone", ("avond",)), picture(lights=LIGHTS), "⚪ gone: onbekend."),
    (
        a.GivenBack(("bsn", "telefoon")),
        picture(given_back="mevrouw 123456782 belt 0612345678"),
        """\
Dit lijkt op een BSN en een telefoonnummer. Daarom heb ik het uit de groep gehaald, en er niets mee gedaan.
Stuur het opnieuw zonder persoonsgegevens.
Dit had je getypt:
mevrouw 123456782 belt 0612345678""",
    ),
    (
        a.GivenBack(("foto",)),
        picture(given_back="de wond van vanochtend"),
        """\
📷 Een foto of filmpje hoort niet in de groep: er kijken andere organisaties mee.
Ik heb het weggehaald. Zeg in woorden wat collega's moeten weten, zonder persoonsgegevens.
Dit stond erbij:
de wond van vanochtend""",
    ),
    (
        a.GivenBack(("foto",)),
        picture(given_back=""),
        """\
📷 Een foto of filmpje hoort niet in de groep: er kijken andere organisaties mee.
Ik heb het weggehaald. Zeg in woorden wat collega's moeten weten, zonder persoonsgegevens.""",
    ),
    (
        a.Stranger("@wie:elders.test"),
        picture(),
        """\
⚠️ @wie:elders.test is in de groep van Noord, maar staat niet in het gebiedsbestand.
Hoort deze collega erbij? Vraag de beheerder. Zo niet, haal dit account dan uit de groep.""",
    ),
    (
        a.Stranger("@wie:elders.test", other_server=True),
        picture(),
        """\
⚠️ @wie:elders.test is in de groep van Noord, vanaf een server die hier niet meedoet.
Haal dit account uit de groep. Hoort de server er wel bij? Vraag de beheerder.""",
    ),
    (
        a.ShutOut(JAN, of_region=True),
        picture(),
        """\
⚠️ Ik ben uit de groep Noord – zorgvragen gehaald door Jan (Team Centrum, Livio).
Daar lees en plaats ik nu niets. Hoort dat niet zo? Nodig me weer uit in die groep.""",
    ),
    (
        a.ShutOut("@beheer:zorg.test", of_region=False),
        picture(),
        """\
⚠️ Ik ben uit de groep Noord – coördinatie gehaald door @beheer:zorg.test.
Daar lees en plaats ik nu niets. Hoort dat niet zo? Nodig me weer uit in die groep.""",
    ),
    (
        a.Unread(JAN, unverified=True),
        picture(),
        """\
Je bericht heb ik niet gelezen: het kwam van een toestel dat je nog niet hebt geverifieerd.
Doe dat in Element op dat toestel: Instellingen, Sessies. Stuur je bericht daarna opnieuw.
Lukt het niet? Gebruik je andere toestel, of bel je coördinator.""",
    ),
    (
        a.Unread(JAN),
        picture(),
        """\
Je bericht kon ik niet lezen: de sleutel ervan kwam niet aan. Stuur het nog een keer.
Gebeurt dit vaker? Verifieer je apparaat in de instellingen van je app, of bel je coördinator.""",
    ),
    (
        a.KeyChanged(JAN),
        picture(),
        """\
⚠️ Jan (Team Centrum, Livio) heeft een nieuwe identiteit, en kan mijn berichten nu niet lezen.
Bel even of dat klopt (een nieuwe telefoon?). Zo ja, vraag de beheerder om dit te doen:
python -m bot accept-identity @jan:zorg.test""",
    ),
    (
        a.Alarm("late", NOW),
        picture(),
        """\
⚠️ Er gaat iets mis bij mij. Sinds 10:10 had ik een zorgvraag opnieuw moeten plaatsen; dat is niet gelukt.
Vraag de beheerder om te kijken, en let tot dan zelf op wat openstaat (!open).""",
    ),
    (
        a.Alarm("unsaid", NOW),
        picture(),
        """\
⚠️ Er gaat iets mis bij mij. Sinds 10:10 wacht een bericht van mij op verzending; dat duurt te lang.
Vraag de beheerder om te kijken, en let tot dan zelf op wat openstaat (!open).""",
    ),
    (
        a.Alarm("stuck", NOW),
        picture(),
        """\
⚠️ Er gaat iets mis bij mij. Sinds 10:10 ben ik bezig met een bericht uit de groep; dat duurt te lang.
Vraag de beheerder om te kijken, en let tot dan zelf op wat openstaat (!open).""",
    ),
    (
        a.Alarm("refused", NOW),
        picture(),
        """\
⚠️ Er gaat iets mis bij mij. Het lukte om 10:10 niet om iets te plaatsen of weg te halen, en ik probeer dat niet opnieuw.
Vraag de beheerder om te kijken, en let tot dan zelf op wat openstaat (!open).""",
    ),
    (
        a.Alarm("stands", NOW),
        picture(),
        """\
⚠️ Er gaat iets mis bij mij. Het lukte om 10:10 niet om persoonsgegevens of een foto weg te halen: die staan er nog.
Haal het zelf weg uit de groep, en vraag de beheerder om te kijken.""",
    ),
]

# The lines of help change with the table of verbs, so only how they begin stands here.
BEGIN: list[Row] = [
    (a.Help(("nurse",)), PICTURE, "!oppakken 42 – of ✋ onder het bericht: jij neemt de zorgvraag\n"),
    (a.Help(("coordinator",)), PICTURE, "!vrijgeven 42 reden – "),
]

"""What counts as personal data: a table of what people type, with the kinds that must be found in it, in order."""

from datetime import date

import pytest

from domain.privacy import Kind, find, is_bsn

TODAY = date(2026, 11, 22)

BSN = [
    ("111222333", "bsn"),
    ("BSN 111222333", "bsn"),
    ("BSN:123456782", "bsn"),
    ("bsn123456782", "bsn"),
    ("Zijn burgerservicenummer is 123456782.", "bsn"),
    ("111.222.333", "bsn"),
    ("1112 22 333", "bsn"),
    ("1112.22.333", "bsn"),
    ("111-222-333", "bsn"),
    ("111 222 333", "bsn"),
    ("111 - 222 - 333", "bsn"),
    ("111–222–333", "bsn"),
    ("111·222·333", "bsn"),
    ("111\u00a0222\u00a0333", "bsn"),
    ("111   222\t333", "bsn"),
    ("1 1 1 2 2 2 3 3 3", "bsn"),
    ("１１１２２２３３３", "bsn"),
    ("١١١٢٢٢٣٣٣", "bsn"),
    ("१११२२२३३३", "bsn"),
    ("𝟏𝟏𝟏𝟐𝟐𝟐𝟑𝟑𝟑", "bsn"),
    ("1\ufe0f\u20e31\ufe0f\u20e31\ufe0f\u20e3222333", "bsn"),
    ("111\u200b222\u200b333", "bsn"),
    ("1\u00ad1\u00ad1222333", "bsn"),
    ("\u202e111\u2060222\ufeff333", "bsn"),
    ("12345672", "bsn"),
    ("12.345.672", "bsn"),
    ("BSN 12345672", "bsn"),
    ("bsn: 1234 5672", "bsn"),
    ("sofinummer 12 34 56 72", "bsn"),
    ("BSN 12122026", "bsn"),
    ("cliënt 123456782 en partner 111222333", "bsn bsn"),
    ("mw. 84 jr (111222333), 7523, 2x/dag", "bsn"),
    ("111222333 2x/dag wondzorg", "bsn"),
    ("7523 111222333", "bsn"),
    ("123 045 605 7523", "bsn"),
    ("_111222333_", "bsn"),
    ("Toelichting:\n- BSN 111222333\n- 7523", "bsn"),
    ("ordernummer 123456789", ""),
    ("BSN 123456789", ""),
    ("000000000", ""),
    ("00000000", ""),
    ("1234567", ""),
    ("1112223334", ""),
    ("kenmerk 11122233344455", ""),
    ("111222\n333", ""),
    ("12122026", ""),
    ("20261214", ""),
    ("7521-7533", ""),
    ("7522 7526", ""),
    ("06.00-11.30", ""),
    ("06.30 - 16.30 uur", ""),
]

TELEPHONE = [
    ("06-12345678", "telefoon"),
    ("06 1234 5678", "telefoon"),
    ("06 12 34 56 78", "telefoon"),
    ("06-12.34.56.78", "telefoon"),
    ("06.12.34.56.78", "telefoon"),
    ("06 - 123 456 78", "telefoon"),
    ("0612345678", "telefoon"),
    ("(06) 12345678", "telefoon"),
    ("06/12345678", "telefoon"),
    ("06 12345 678", "telefoon"),
    ("tel:0612345678", "telefoon"),
    ("０６－１２３４５６７８", "telefoon"),
    ("06\u201112345678", "telefoon"),
    ("06-1234\u200b5678", "telefoon"),
    ("06-12031941", "telefoon"),
    ("+31 6 12345678", "telefoon"),
    ("+31612345678", "telefoon"),
    ("+31 (0)6 1234 5678", "telefoon"),
    ("+31(0)53-4801234", "telefoon"),
    ("0031612345678", "telefoon"),
    ("0031 6 12345678", "telefoon"),
    ("0031 (0)6 12345678", "telefoon"),
    ("kenmerk 10031612345678", ""),
    ("wa.me/31612345678", "telefoon"),
    ("053-4801234", "telefoon"),
    ("053 480 12 34", "telefoon"),
    ("053.480.12.34", "telefoon"),
    ("053 - 4 80 12 34", "telefoon"),
    ("(053) 4801234", "telefoon"),
    ("(053)480 12 34", "telefoon"),
    ("0534801234", "telefoon"),
    ("0541-123456", "telefoon"),
    ("0541 12 34 56", "telefoon"),
    ("088-1234567", "telefoon"),
    ("+49 2562 123456", "telefoon"),
    ("0049 2562 123456", "telefoon"),
    ("Dochter belt: 06-12345678 of 053-4801234.", "telefoon telefoon"),
    ("06-11-2026 06-12345678", "telefoon"),
    ("112", ""),
    ("bel 112 bij nood, 24/7", ""),
    ("0900-8844", ""),
    ("0800-1200", ""),
    ("07.00-15.00", ""),
    ("0730-1530 10 min", ""),
    ("07.00 12.00 18.00", ""),
    ("06.15 14.30 22 uur", ""),
    ("start 06-11-2026 14 uur", ""),
    ("start 06-11 08.00-12 uur", ""),
    ("start 06-12 7523 45 min", ""),
    ("480 12 34", ""),
]

EMAIL = [
    ("jan@zorg.nl", "email"),
    ("mail naar j.de.vries+zorg@ziekenhuis.mst.nl.", "email"),
    ("JAN@ZORG.NL", "email"),
    ("_jan@zorg.nl_", "email"),
    ("mailto:jan@zorg.nl", "email"),
    ("jan(at)zorg.nl", "email"),
    ("jan [at] zorg.nl", "email"),
    ("jan＠zorg.nl", "email"),
    ("jan@\u200bzorg.nl", "email"),
    ("rené@café.nl", "email"),
    ("0612345678@kpn.nl", "email"),
    ("@jan:zorg.nl", ""),
    ("@jan.de.vries:zorg.nl", ""),
    ("vraag @jan.de.vries:zorg.nl of @els:zorg.nl", ""),
    ("https://matrix.to/#/@jan.de.vries:zorg.nl", ""),
    ("#noord:zorg.nl", ""),
    ("overleg @ Livio, 2 uur", ""),
    ("zie www.zorg.nl", ""),
]

POSTCODE = [
    ("7523 AB", "postcode"),
    ("7523AB", "postcode"),
    ("7523ab", "postcode"),
    ("7523 ab", "postcode"),
    ("7523    AB", "postcode"),
    ("7523\u00a0AB", "postcode"),
    ("7523-AB", "postcode"),
    ("７５２３ ＡＢ", "postcode"),
    ("7523\u200b\u200dAB", "postcode"),
    ("Dorpsstraat 12, 7523 AB Enschede", "postcode"),
    ("Dorpsstraat 12 7523AB", "postcode"),
    ("postcode7523AB", "postcode"),
    ("NL-7523 AB", "postcode"),
    ("*7523 AB*", "postcode"),
    ("7523 AB 12", "postcode"),
    ("7523PV", "postcode"),
    ("7523en", "postcode"),
    ("7523 EN 12", "postcode"),
    ("7523MG", "postcode"),
    ("7523 EN", "postcode"),
    ("7523", ""),
    ("!zorgvraag 7523 PV 2x/dag", ""),
    ("!zorgvraag 7523 pv 2x/dag ochtend,avond", ""),
    ("!zorgvraag 7523 VP 1x/week", ""),
    ("!zorgvraag 7523 PV+VP 3,5u", ""),
    ("!zorgvraag 7523 wondzorg 2x/dag ochtend,avond 3,5u start 25-11 spoed voorkeur Livio: rustig", ""),
    ("7523 DM, insuline 2x/dag", ""),
    ("7523 MS-cliënt", ""),
    ("7523 MSVT", ""),
    ("7523 HH", ""),
    ("7523 en 7524", ""),
    ("7523 of 7524", ""),
    ("7523 EN 7524", ""),
    ("7523 In de ochtend", ""),
    ("7523 is vol", ""),
    ("7523 op de fiets", ""),
    ("7523 na 9 uur", ""),
    ("7523 mw. wil een vrouw", ""),
    ("7523 ma, wo, vr", ""),
    ("7523 tm 7526", ""),
    ("7523\nPV", ""),
    ("7523 SA", ""),
    ("7523 SD", ""),
    ("7523SS", ""),
    ("0523 AB", ""),
    ("17523 AB", ""),
    ("7523 ABC", ""),
    ("1500 ml vocht", ""),
    ("paracetamol 1000mg", ""),
    ("vitamine D 2000 IE", ""),
    ("sinds 2019 MS", ""),
    ("25-11-2026 AB", ""),
    ("Noord-42 · 7523 · PV · 2×/dag (ochtend, avond) · 5 u/week · start do 26 nov", ""),
]

BIRTH_DATE = [
    ("12-03-1941", "geboortedatum"),
    ("12-3-1941", "geboortedatum"),
    ("12/3/1941", "geboortedatum"),
    ("12.03.1941", "geboortedatum"),
    ("12 03 1941", "geboortedatum"),
    ("12 - 03 - 1941", "geboortedatum"),
    ("1941-03-12", "geboortedatum"),
    ("1941/03/12", "geboortedatum"),
    ("12/3/41", "geboortedatum"),
    ("12-03-41", "geboortedatum"),
    ("12-03-'41", "geboortedatum"),
    ("12 maart 1941", "geboortedatum"),
    ("12 MRT 1941", "geboortedatum"),
    ("12 mrt. 1941", "geboortedatum"),
    ("12-mrt-1941", "geboortedatum"),
    ("12e maart 1941", "geboortedatum"),
    ("12 maart '41", "geboortedatum"),
    ("12 maart ’41", "geboortedatum"),
    ("12031941", "geboortedatum"),
    ("19410312", "geboortedatum"),
    ("geb. 12-3-1941", "geboortedatum"),
    ("(geb.12-03-1941)", "geboortedatum"),
    ("geboortedatum: 12-03-1941", "geboortedatum"),
    ("１２－０３－１９４１", "geboortedatum"),
    ("12\u2011\u200b03\u20111941", "geboortedatum"),
    ("12−03−1941", "geboortedatum"),
    ("meisje, 14-06-2012", "geboortedatum"),
    ("geb. 01-02-2026", "geboortedatum"),
    ("geboren op 1 februari 2026", "geboortedatum"),
    ("geb.dat. 1-2-26", "geboortedatum"),
    ("geb 12 mrt 41", "geboortedatum"),
    ("geb. 8-10-12", "geboortedatum"),
    ("Mw. 7523/12-03-1941", "geboortedatum"),
    ("12-03-1941 en 14-06-1938", "geboortedatum geboortedatum"),
    ("start 25-11-2026", ""),
    ("start 2026-11-25", ""),
    ("start 25-11-26", ""),
    ("start 25/11", ""),
    ("start do 26 nov", ""),
    ("start 26 november 2026 om 9 uur", ""),
    ("start 1 jan 2027", ""),
    ("start 26 nov 45 min per dag", ""),
    ("geopereerd op 3-11-2025", ""),
    ("indicatie tot 31-12-2031", ""),
    ("heeft sinds 12-03-2019 zorg", ""),
    ("gebeld 20-11-2026", ""),
    ("geboren in 1941", ""),
    ("geb. 1941", ""),
    ("85 jaar, sinds 2019 alleen", ""),
    ("31-02-1941", ""),
    ("12-13-1941", ""),
    ("medicatie 8-12-18 u", ""),
    ("medicatie om 8-12-18", ""),
    ("medicatie 8-12-18-22", ""),
    ("schema 1-0-1", ""),
    ("Novomix 8-10-12", ""),
    ("Novorapid 10-12-30 EH", ""),
    ("oxazepam 5/10/40 mg", ""),
    ("8.00-9.00 uur", ""),
    ("3,5u 2x/dag 24/7", ""),
]

IBAN = [
    ("NL91ABNA0417164300", "iban"),
    ("NL91 ABNA 0417 1643 00", "iban"),
    ("nl91abna0417164300", "iban"),
    ("NL 91 ABNA 0417.16.43.00", "iban"),
    ("IBAN:NL91ABNA0417164300.", "iban"),
    ("NL91\u200bABNA 0417\u00a01643 00 t.n.v.", "iban"),
    ("GB82 WEST 1234 5698 7654 32", "iban"),
    ("DE89 3704 0044 0532 0130 00", "iban"),
    ("BE68 5390 0754 7034", "iban"),
    ("NL92 ABNA 0417 1643 00", ""),
    ("NL91 ABNA 0417 1643", ""),
    ("de 24 uur zorg die nodig is", ""),
]

PLACE = [
    ("geo:52.2215,6.8937", "locatie"),
    ("geo:52.2215,6.8937;u=35", "locatie"),
    ("52.2215, 6.8937", "locatie"),
    ("52.22153 6.89371", "locatie"),
    ("https://www.google.com/maps/@52.2215,6.8937,17z", "locatie"),
    ("https://maps.google.com/?q=52.2215,6.8937", "locatie"),
    ("https://www.google.com/maps/place/x/data=!3d52.2215!4d6.8937", "locatie"),
    ("https://maps.app.goo.gl/AbCdEfGh", "locatie"),
    ("https://maps.apple.com/?ll=52.2215,6.8937", "locatie"),
    ("https://maps.apple/p/AbCdEfGh", "locatie"),
    ("omgeving 52.2, 6.9", ""),
    ("2.5000, 2.5000", ""),
    ("geo: noord en zuid", ""),
]

NAME = [
    ("@0612345678:zorg.nl kun jij?", ""),
    ("@31612345678:zorg.nl: graag", ""),
    ("https://matrix.to/#/@0612345678:zorg.nl", ""),
    ("@0612345678", "telefoon"),
    ("@0612345678: bel haar", "telefoon"),
    ("jan@zorg.nl:8080", "email"),
]

TOGETHER = [
    ("", ""),
    ("Mw. De Vries, 12-03-1941, 7523 AB, 06-12345678", "geboortedatum postcode telefoon"),
    ("BSN 111222333, jan@zorg.nl, NL91ABNA0417164300", "bsn email iban"),
    ("06-12345678, 111222333", "telefoon bsn"),
    ("Noord-42 is net al opgepakt door Buurtzorg Roombeek (09:14).", ""),
    ("Team Noord, avond: geen ruimte (tot morgen 12:00).", ""),
    ("kamer 12, 3e etage, perceel 1042-B, sleutel bij 7", ""),
    ("RR 120/80, pols 72, temp 37,8", ""),
    ("Wlz vpt zzp 5, 7522 7523 7524 7525, 12,5 u/week", ""),
]

TABLE = [*BSN, *TELEPHONE, *EMAIL, *POSTCODE, *BIRTH_DATE, *IBAN, *PLACE, *NAME, *TOGETHER]


@pytest.mark.parametrize(("text", "kinds"), TABLE)
def test_every_line_of_the_table_gives_exactly_these_kinds_in_this_order(text: str, kinds: str) -> None:
    assert " ".join(finding.kind for finding in find(text, TODAY)) == kinds


def test_the_table_is_large_and_holds_as_many_harmless_lines_as_it_should() -> None:
    assert len(TABLE) >= 200
    assert sum(not kinds for _, kinds in TABLE) >= 80


def test_every_kind_is_in_the_table() -> None:
    in_texts = {kind.value for kind in Kind} - {Kind.PHOTOGRAPH.value}
    assert {kind for _, kinds in TABLE for kind in kinds.split()} == in_texts


def test_positions_point_into_the_original_text() -> None:
    text = "Cliënt ﬁts 1\u200b11.２２２.333 ✋ bij 7523\u00a0\u00a0AB!"
    assert [text[found.start : found.end] for found in find(text, TODAY)] == [
        "1\u200b11.２２２.333",
        "7523\u00a0\u00a0AB",
    ]


def test_a_birth_date_is_what_lies_more_than_two_years_before_the_given_day() -> None:
    assert find("start 25-11-2026", date(2026, 11, 22)) == ()
    assert [found.kind for found in find("start 25-11-2026", date(2029, 11, 22))] == [Kind.BIRTH_DATE]


def test_personal_data_at_the_end_of_a_text_of_64_kib_is_found() -> None:
    start = "Mevrouw heeft 2x/dag wondzorg nodig. " * 1770
    assert [(found.kind, found.start) for found in find(start + "111222333", TODAY)] == [(Kind.BSN, len(start))]


@pytest.mark.parametrize("digits", ["111222333", "123456782", "12345672", "012345672"])
def test_the_elfproef_passes_for_nine_digits_and_for_eight(digits: str) -> None:
    assert is_bsn(digits)


@pytest.mark.parametrize(
    "digits",
    ["", "0", "00000000", "000000000", "123456789", "1234567", "0111222333", "111.222.333", "bsn", "١١١٢٢٢٣٣٣"],
)
def test_the_elfproef_refuses_everything_else(digits: str) -> None:
    assert not is_bsn(digits)

"""Area files with one mistake each, and the line that an administrator must read for it."""

from __future__ import annotations

REGION = '[[region]]\nname = "Noord"\npostcodes = ["7520-7529"]\n'
ZUID = '[[region]]\nname = "Zuid"\npostcodes = ["7541"]\n'
LIVIO = '[[organisation]]\nname = "Livio"\n'
TEAM = '[[team]]\nname = "Roombeek"\norganisation = "Livio"\nregion = "Noord"\n'
LEAST = REGION + LIVIO
ANNA = '{ id = "@anna:zorg.test", name = "Anna" }'
ANNIE = '{ id = "@anna:zorg.test", name = "Annie" }'

_PC4 = 'must be a PC4 such as "7531", or a run of them such as "7520-7529"'
_SLUG = "must be at most 40 lower-case letters and digits, with single dashes between them"
_USER_ID = "must be a Matrix user id such as @fatima:zorg.example, in lower case"
_DURATION = 'must be a duration such as "90m", "48h" or "30d"'
_REGION_NAME = "must be at most four words of letters, such as Noord, because a number follows it in chat"

WRONG_AREAS = [
    # The file as a whole
    ("", "holds no [[region]]"),
    (LIVIO, "holds no [[region]]"),
    ("[[region]\n", "is not valid TOML: expected ']]' at the end of an array declaration (at line 1, column 9)"),
    ("[region]\n", "region must be written as [[region]]"),
    ("[[regions]]\n" + LEAST, "regions is not known; did you mean [[region]]?"),
    ("zzz = 1\n" + LEAST, "zzz is not known"),
    ("region = [3]\n", "region (1st): must be a section of keys"),
    # Regions
    ('[[region]]\nname = "Noord"\n', 'region "Noord" (1st): postcodes is missing'),
    ('[[region]]\npostcodes = ["7531"]\n', "region (1st): name is missing"),
    ('[[region]]\nname = "Wijk 16"\npostcodes = ["7531"]\n', f'region "Wijk 16" (1st): name {_REGION_NAME}'),
    ('[[region]]\nname = "A"\npostcodes = ["7531"]\n', f'region "A" (1st): name {_REGION_NAME}'),
    (REGION + 'id = "Noord!"\n', f'region "Noord" (1st): id {_SLUG}'),
    (REGION + 'timzone = "x"\n', 'region "Noord" (1st): timzone is not known; did you mean timezone?'),
    (
        REGION + 'timezone = "Europe/Amsterdm"\n',
        'region "Noord" (1st): timezone must be a time zone such as Europe/Amsterdam; did you mean Europe/Amsterdam?',
    ),
    (
        REGION + 'timezone = "here"\n',
        'region "Noord" (1st): timezone must be a time zone such as Europe/Amsterdam',
    ),
    (
        '[[region]]\nname = "東京"\npostcodes = ["7531"]\n',
        'region "東京" (1st): needs an id, because none can be made from this name',
    ),
    (
        REGION + ZUID.replace("Zuid", "noord"),
        'region "noord" (2nd): region "Noord" (1st) goes by the name or id "noord" already',
    ),
    (
        REGION + ZUID + 'id = "noord"\n',
        'region "Zuid" (2nd): region "Noord" (1st) goes by the name or id "noord" already',
    ),
    # Postcodes
    (REGION.replace("7520-7529", "752"), f'region "Noord" (1st): postcodes (1st) {_PC4}'),
    (REGION.replace("7520-7529", "0999"), f'region "Noord" (1st): postcodes (1st) {_PC4}'),
    (REGION.replace("7520-7529", "7521AB"), f'region "Noord" (1st): postcodes (1st) {_PC4}'),
    (REGION.replace("7520-7529", "7529-7520"), f'region "Noord" (1st): postcodes (1st) {_PC4}'),
    (REGION.replace("7520-7529", "7520-7522-7529"), f'region "Noord" (1st): postcodes (1st) {_PC4}'),
    (REGION.replace('"7520-7529"', '"7520", true'), f'region "Noord" (1st): postcodes (2nd) {_PC4}'),
    (REGION.replace('"7520-7529"', ""), 'region "Noord" (1st): postcodes must hold at least one'),
    (REGION.replace('["7520-7529"]', '"7520"'), 'region "Noord" (1st): postcodes must be a list'),
    (
        REGION + ZUID.replace("7541", "7529-7541"),
        'region "Zuid" (2nd): postcodes 7529-7541 overlap with 7520-7529 of region "Noord" (1st)',
    ),
    (
        REGION + ZUID.replace("7541", "7525"),
        'region "Zuid" (2nd): postcodes 7525 overlap with 7520-7529 of region "Noord" (1st)',
    ),
    # Policy
    (
        REGION + 'policy.quiet_hours = "22:00"\n',
        'region "Noord" (1st): policy.quiet_hours must be two times such as "22:00-07:00", or "never"',
    ),
    (
        REGION + "policy.quiet_hours = 22\n",
        'region "Noord" (1st): policy.quiet_hours must be two times such as "22:00-07:00", or "never"',
    ),
    (
        REGION + 'policy.quiet_hours = "07:00-07:00"\n',
        'region "Noord" (1st): policy.quiet_hours must begin and end at different times, or be "never"',
    ),
    (REGION + 'policy.digest_at = "24:00"\n', 'region "Noord" (1st): policy.digest_at must be a time such as "08:00"'),
    (REGION + "policy.digest_at = 08:00:30\n", 'region "Noord" (1st): policy.digest_at must be a time such as "08:00"'),
    (REGION + 'policy.erase_after = "soon"\n', f'region "Noord" (1st): policy.erase_after {_DURATION}, or "never"'),
    (REGION + 'policy.lights_stale_after = "0h"\n', f'region "Noord" (1st): policy.lights_stale_after {_DURATION}'),
    (REGION + 'policy.lights_stale_after = "99999w"\n', f'region "Noord" (1st): policy.lights_stale_after {_DURATION}'),
    (REGION + 'policy.digest = "08:00"\n', 'region "Noord" (1st): policy.digest is not known; did you mean digest_at?'),
    (REGION + "policy = 3\n", 'region "Noord" (1st): policy must be a section of keys'),
    (
        REGION + 'policy.steps.spoed = ["4h", "2h"]\n',
        'region "Noord" (1st): policy.steps.spoed must rise: each is counted from the beginning',
    ),
    (REGION + "policy.steps.spoed = []\n", 'region "Noord" (1st): policy.steps.spoed must hold at least one'),
    (REGION + "policy.steps.spoed = [2]\n", f'region "Noord" (1st): policy.steps.spoed (1st) {_DURATION}'),
    (REGION + "policy.steps = 2\n", 'region "Noord" (1st): policy.steps must be a section of keys'),
    (
        REGION + 'policy.steps.binnen_12 = ["2h"]\n',
        "region \"Noord\" (1st): policy.steps.binnen_12 must be 'spoed', 'binnen 24 uur', 'binnen 48 uur' or 'gepland'",
    ),
    # Organisations
    (REGION + "[[organisation]]\n", "organisation (1st): name is missing"),
    (
        REGION + LIVIO + LIVIO,
        'organisation "Livio" (2nd): organisation "Livio" (1st) goes by the name or id "livio" already',
    ),
    (REGION + '[[organisation]]\nname = "a\\nb"\n', "organisation (1st): name must be one line of ordinary characters"),
    (REGION + '[[organisation]]\nname = " "\n', 'organisation " " (1st): name must not be empty'),
    # Teams
    (
        LEAST + TEAM.replace("Livio", "Livo"),
        'team "Roombeek" (1st): organisation "Livo" is not in the file; did you mean "Livio"?',
    ),
    (
        LEAST + TEAM.replace("Noord", "Nord"),
        'team "Roombeek" (1st): region "Nord" is not in the file; did you mean "Noord"?',
    ),
    (LEAST + TEAM.replace("Noord", "Zuid"), 'team "Roombeek" (1st): region "Zuid" is not in the file'),
    (LEAST + TEAM + "name2 = 3\n", 'team "Roombeek" (1st): name2 is not known; did you mean name?'),
    (LEAST + TEAM + 'postcodes = ["7541"]\n', 'team "Roombeek" (1st): postcodes 7541 lie outside its region "Noord"'),
    (
        LEAST + TEAM + TEAM,
        'team "Roombeek" (2nd): team "Roombeek" (1st) has the id "livio-roombeek" already; give one of them another id',
    ),
    (LEAST + TEAM.replace("Roombeek", "!"), 'team "!" (1st): needs an id, because none can be made from this name'),
    # A reference to a table with a mistake of its own is no second mistake.
    (LEAST.replace("7520-7529", "x") + TEAM, f'region "Noord" (1st): postcodes (1st) {_PC4}'),
    (LEAST + "i = 3\n" + TEAM, 'organisation "Livio" (1st): i is not known; did you mean id?'),
    # People
    (
        REGION + 'coordinators = [{ id = "anna", name = "Anna" }]\n',
        f'region "Noord" (1st): coordinators "Anna" (1st): id {_USER_ID}',
    ),
    (
        REGION + 'coordinators = [{ id = "@Anna:zorg.test", name = "Anna" }]\n',
        f'region "Noord" (1st): coordinators "Anna" (1st): id {_USER_ID}',
    ),
    (
        REGION + 'coordinators = [{ id = "@anna", name = "Anna" }]\n',
        f'region "Noord" (1st): coordinators "Anna" (1st): id {_USER_ID}',
    ),
    (
        REGION + 'coordinators = [{ id = "@anna:zorg.test" }]\n',
        'region "Noord" (1st): coordinators (1st): name is missing',
    ),
    (
        REGION + 'coordinators = [{ name = "A", id = "@a:b", tel = 1 }]\n',
        'region "Noord" (1st): coordinators "A" (1st): tel is not known',
    ),
    (
        REGION + 'coordinators = ["@anna:zorg.test"]\n',
        'region "Noord" (1st): coordinators (1st) must be a section of keys',
    ),
    (
        REGION + f"coordinators = [{ANNA}, {ANNA}]\n",
        'region "Noord" (1st): coordinators: @anna:zorg.test is there twice',
    ),
    (LEAST + TEAM + f"nurses = [{ANNA}, {ANNA}]\n", 'team "Roombeek" (1st): nurses: @anna:zorg.test is there twice'),
    (
        LEAST + TEAM + f"nurses = [{ANNA}]\n" + TEAM.replace("Roombeek", "Zuid") + f"nurses = [{ANNA}]\n",
        'team "Zuid" (2nd): @anna:zorg.test is in team "Roombeek" (1st) of the same region already',
    ),
    (
        REGION + f"coordinators = [{ANNA}]\n" + LIVIO + TEAM + f"nurses = [{ANNIE}]\n",
        'team "Roombeek" (1st): @anna:zorg.test is "Annie" here and "Anna" in region "Noord" (1st)',
    ),
]

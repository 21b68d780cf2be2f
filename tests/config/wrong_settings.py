"""Settings with a mistake in them, and the line that an administrator must read for each."""

from __future__ import annotations

import base64

CANARY = "kanarie-in-de-mijn"
KEY = base64.urlsafe_b64encode(bytes(range(32))).decode()
OTHER_KEY = base64.urlsafe_b64encode(bytes(32)).decode()
HASH = "sha256:" + "0a" * 32
MATRIX = '[matrix]\nhomeserver = "https://matrix.zorg.test"\nuser_id = "@schakelbot:zorg.test"\n'
SEAL = f'[seal]\nkey = "{KEY}"\n'
LEAST = MATRIX + SEAL
VARIABLES = {
    "SCHAKELBOT_MATRIX__HOMESERVER": "https://matrix.zorg.test",
    "SCHAKELBOT_MATRIX__USER_ID": "@schakelbot:zorg.test",
    "SCHAKELBOT_SEAL__KEY": KEY,
}


SOURCE = f'[[intake.sources]]\nname = "a"\ntoken_hash = "{HASH}"\n'
USER_ID = "must be a Matrix user id such as @fatima:zorg.example, in lower case"
URL = "must be a URL such as https://matrix.zorg.example"
HTTPS = "must begin with https:// (plain http is for this machine and for containers beside it)"
KEYS = "must be one or more keys of 32 bytes in url-safe base64, separated by commas"
WRONG_FILES = [
    (LEAST.replace("homeserver", "homserver"), "matrix.homeserver is missing (or give SCHAKELBOT_MATRIX__HOMESERVER)"),
    (LEAST.replace("homeserver", "homserver"), "matrix.homserver is not a setting; did you mean matrix.homeserver?"),
    (MATRIX, "seal.key is missing (or give SCHAKELBOT_SEAL__KEY)"),
    ('homeserver = "x"\n' + LEAST, "homeserver is not a setting; did you mean matrix.homeserver?"),
    ("[matrixx]\n" + LEAST, "matrixx is not a setting; did you mean matrix?"),
    (LEAST + "[zzz]\n", "zzz is not a setting"),
    (LEAST + 'keyfile = "x"\n', "seal.keyfile is not a setting; did you mean seal.key_file?"),
    ("seal = 3\n" + MATRIX, "seal must be a section of keys"),
    ("data = 3\n" + LEAST, "data must be the name of a file or a directory"),
    (LEAST.replace("@schakelbot", "schakelbot"), f"matrix.user_id {USER_ID}"),
    (LEAST.replace("@schakelbot", "@Schakelbot"), f"matrix.user_id {USER_ID}"),
    (LEAST.replace('"@schakelbot:zorg.test"', "3"), "matrix.user_id must be a valid string"),
    (LEAST.replace("https://matrix.zorg.test", "matrix.zorg.test"), f"matrix.homeserver {URL}"),
    (LEAST.replace("https://matrix", f"https://a:{CANARY}@matrix"), f"matrix.homeserver {URL}"),
    (LEAST.replace("matrix.zorg.test", "matrix.zorg.test:x"), f"matrix.homeserver {URL}"),
    (LEAST.replace("https://", "ftp://"), f"matrix.homeserver {URL}"),
    (LEAST.replace("https://", "http://"), f"matrix.homeserver {HTTPS}"),
    (LEAST.replace("https://matrix.zorg.test", "http://192.168.1.2"), f"matrix.homeserver {HTTPS}"),
    (MATRIX + 'trust = "some"\n' + SEAL, "matrix.trust must be 'cross-signed' or 'all'"),
    (MATRIX + 'password = ""\n' + SEAL, "matrix.password must not be empty"),
    (MATRIX + 'display_name = ""\n' + SEAL, "matrix.display_name must not be empty"),
    (
        MATRIX + 'allowed_servers = ["a", "b/"]\n' + SEAL,
        "matrix.allowed_servers (2nd) must be the name of a server such as zorg.example",
    ),
    (MATRIX + "allowed_servers = 3\n" + SEAL, "matrix.allowed_servers must be a list"),
    (LEAST.replace(KEY, CANARY), f"seal.key {KEYS}"),
    (LEAST.replace(KEY, ""), f"seal.key {KEYS}"),
    (LEAST.replace(KEY, f"{KEY},{CANARY}"), f"seal.key {KEYS}"),
    (LEAST + '[intake]\nport = "x"\n', "intake.port must be a valid integer, unable to parse string as an integer"),
    (LEAST + "[intake]\nport = 65536\n", "intake.port must be less than or equal to 65535"),
    (LEAST + "[intake]\nper_minute = 0\n", "intake.per_minute must be greater than or equal to 1"),
    (
        LEAST + SOURCE.replace('"a"', '"A b"'),
        "intake.sources (1st).name must be at most 40 lower-case letters and digits, with single dashes between them",
    ),
    (LEAST + SOURCE.replace("token_hash", "tokn_hash"), "intake.sources (1st).token_hash is missing"),
    (
        LEAST + SOURCE.replace("token_hash", "tokn_hash"),
        "intake.sources (1st).tokn_hash is not a setting; did you mean intake.sources (1st).token_hash?",
    ),
    (
        LEAST + SOURCE.replace(HASH, CANARY),
        "intake.sources (1st).token_hash must be sha256: and the 64 hexadecimal digits of the token's SHA-256",
    ),
    (LEAST + SOURCE + SOURCE, "intake.sources has two sources with the name a"),
    (LEAST + SOURCE + SOURCE.replace('"a"', '"b"'), "intake.sources has two sources with the same token"),
    (LEAST + '[logging]\nlevel = "loud"\n', "logging.level must be 'debug', 'info', 'warning' or 'error'"),
    (LEAST + '[logging]\nformat = "xml"\n', "logging.format must be 'json' or 'console'"),
    (LEAST + "[clock]\ntick = 0\n", "clock.tick must be greater than or equal to 0.1"),
    (LEAST + "[clock]\ntick = nan\n", "clock.tick must be less than or equal to 3600"),
    (LEAST + "a = \n", "is not valid TOML: invalid value (at line 6, column 5)"),
    (LEAST + "[matrix]\n", "is not valid TOML: cannot declare ('matrix',) twice (at line 6, column 8)"),
    (LEAST + "a = 1\na =", "is not valid TOML: invalid value (at line 7, the end)"),
    (LEAST + f'password_file = "{CANARY}"', "seal.password_file is not a setting; did you mean matrix.password_file?"),
    (
        MATRIX + f'password = "{CANARY}"\npassword_file = "x"\n',
        "matrix.password_file and password are both given; keep one",
    ),
    (MATRIX + "password_file = 3\n", "matrix.password_file must be the name of a file"),
]

WRONG_VARIABLES = [
    (
        {"SCHAKELBOT_MATRIX__HOMSERVER": "x"},
        "SCHAKELBOT_MATRIX__HOMSERVER is not a setting; did you mean SCHAKELBOT_MATRIX__HOMESERVER?",
    ),
    (
        {"SCHAKELBOT_HOMESERVER": "x"},
        "SCHAKELBOT_HOMESERVER is not a setting; did you mean SCHAKELBOT_MATRIX__HOMESERVER?",
    ),
    ({"SCHAKELBOT_ZZZ": "x"}, "SCHAKELBOT_ZZZ is not a setting"),
    ({"SCHAKELBOT_INTAKE": CANARY}, "SCHAKELBOT_INTAKE must be a section of keys"),
    (
        {"SCHAKELBOT_INTAKE": CANARY, "SCHAKELBOT_INTAKE__PORT": "1"},
        "SCHAKELBOT_INTAKE__PORT: SCHAKELBOT_INTAKE is given as well",
    ),
    ({"SCHAKELBOT_SEAL__KEY": CANARY}, f"SCHAKELBOT_SEAL__KEY {KEYS}"),
    (
        {"SCHAKELBOT_SEAL__KEY": KEY, "SCHAKELBOT_SEAL__KEY_FILE": "x"},
        "SCHAKELBOT_SEAL__KEY_FILE and key are both given; keep one",
    ),
    (
        {"SCHAKELBOT_INTAKE__PORT": CANARY},
        "SCHAKELBOT_INTAKE__PORT must be a valid integer, unable to parse string as an integer",
    ),
    ({"SCHAKELBOT_INTAKE__SOURCES": f"[{CANARY}"}, "SCHAKELBOT_INTAKE__SOURCES begins as a JSON list but is none"),
    ({"SCHAKELBOT_INTAKE__SOURCES": CANARY}, "SCHAKELBOT_INTAKE__SOURCES (1st) must be a section of keys"),
    ({"SCHAKELBOT_INTAKE__SOURCES": '[{"name": "a"}]'}, "SCHAKELBOT_INTAKE__SOURCES (1st).token_hash is missing"),
    ({"SCHAKELBOT_MATRIX__PASSWORD__X": CANARY}, "SCHAKELBOT_MATRIX__PASSWORD must be a valid string"),
]

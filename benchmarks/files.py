"""The two files of the benchmarks' region, as an administrator writes them. Texts only; nothing is started here."""

from __future__ import annotations

from collections.abc import Sequence

SETTINGS = """
data = "data"

[matrix]
homeserver = "{homeserver}"
user_id = "{user_id}"
password = "{password}"

[seal]
key = "{key}"

[intake]
port = {port}

[logging]
level = "error"
"""

AREA = """
[[region]]
name = "Noord"
postcodes = ["7520-7529"]
coordinators = [{{ id = "{coordinator}", name = "Carla" }}]

[[organisation]]
name = "Buurtzorg"

[[team]]
name = "Roombeek"
organisation = "Buurtzorg"
region = "Noord"
nurses = [
{nurses}
]
"""


def settings_file(*, homeserver: str, user_id: str, password: str, key: str, port: int) -> str:
    """The settings, with all else as it is by default."""
    return SETTINGS.format(homeserver=homeserver, user_id=user_id, password=password, key=key, port=port)


def area_file(coordinator: str, nurses: Sequence[str]) -> str:
    """One region with one team, given by user ids."""
    lines = (f'    {{ id = "{user_id}", name = "Nurse {number}" }},' for number, user_id in enumerate(nurses))
    return AREA.format(coordinator=coordinator, nurses="\n".join(lines))

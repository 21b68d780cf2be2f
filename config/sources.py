"""Where settings come from: a TOML file, SCHAKELBOT_ variables over it, and secrets in files of their own.

What a setting means, and whether it exists, is for config/settings.py. Why this is our own: docs/adr/0013.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import takewhile
from pathlib import Path
from typing import Any

from config.reading import ConfigError, ordinal, read_text, read_toml

PREFIX = "SCHAKELBOT_"

Key = Sequence[str | int]


class FileSource:
    """The settings in a TOML file; without a file, none."""

    def __init__(self, file: Path | None) -> None:
        self.tree = {} if file is None else read_toml(file)
        self._name = None if file is None else file.name

    def spell(self, key: Key) -> str:
        """How the key is written there: `matrix.user_id`; without a file, as a variable."""
        return variable(key) if self._name is None else dotted(key)

    def place(self, key: Key) -> str:
        """How an administrator finds it: `schakelbot.toml: matrix.user_id`."""
        return self.spell(key) if self._name is None else f"{self._name}: {dotted(key)}"


class VariableSource:
    """The settings in the environment. An empty variable counts as not given: compose files pass those on."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.tree: dict[str, Any] = {}
        for name, value in sorted(environ.items()):
            if name.startswith(PREFIX) and value:
                self._put(name.removeprefix(PREFIX).lower().split("__"), value)

    def _put(self, key: list[str], value: str) -> None:
        section = self.tree
        for step in key[:-1]:
            section = section.setdefault(step, {})
            if not isinstance(section, dict):
                raise ConfigError(f"{self.place(key)}: {variable(key[:-1])} is given as well")
        section[key[-1]] = value

    def has(self, key: Key) -> bool:
        """True when this key, or the list or section that it stands in, was given as a variable."""
        found: Any = self.tree
        for step in key:
            if not isinstance(found, dict):
                return True
            if step not in found:
                return False
            found = found[step]
        return True

    def spell(self, key: Key) -> str:
        """How the key is written there: `SCHAKELBOT_MATRIX__USER_ID`."""
        return variable(key)

    place = spell


def read_secret(source: FileSource | VariableSource, section: str, name: str, base: Path) -> None:
    """Where `<name>_file` was given, put that file's content in the place of `<name>`. Raises ConfigError."""
    values = source.tree.get(section)
    if not isinstance(values, dict) or f"{name}_file" not in values:
        return
    place = source.place((section, f"{name}_file"))
    if name in values:
        raise ConfigError(f"{place} and {name} are both given; keep one")
    file = values.pop(f"{name}_file")
    if not isinstance(file, str):
        raise ConfigError(f"{place} must be the name of a file")
    try:
        values[name] = read_text(base / file).rstrip("\r\n")
    except ConfigError as error:
        raise ConfigError(f"{place}: {error}") from None


def dotted(key: Key) -> str:
    """`matrix.user_id`; within a list `intake.sources (2nd).name`."""
    text = str(key[0])
    for step in key[1:]:
        text += f" ({ordinal(step)})" if isinstance(step, int) else f".{step}"
    return text


def variable(key: Key) -> str:
    """`SCHAKELBOT_MATRIX__USER_ID`; a list stands in one variable: `SCHAKELBOT_INTAKE__SOURCES (2nd).name`."""
    own = [str(step).upper() for step in takewhile(lambda step: isinstance(step, str), key)]
    inner = dotted(("", *key[len(own) :])) if len(own) < len(key) else ""
    return PREFIX + "__".join(own) + inner


def merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Both trees in one; where both have a value, the one of `above`."""
    both = dict(below)
    for name, value in above.items():
        under = both.get(name)
        both[name] = merged(under, value) if isinstance(under, dict) and isinstance(value, dict) else value
    return both

"""Reading a TOML file, and saying in one line what is wrong with it. Which keys it may hold is for others to know."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic_core import ErrorDetails


class ConfigError(Exception):
    """What an administrator gave cannot be used. Its str is one line per problem, each naming its place.

    ConfigError
    ├── SettingsError  the settings: a file, and SCHAKELBOT_ variables
    └── AreaError      the area file: regions, organisations, teams, coordinators
    """

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def read_text(file: Path) -> str:
    """The whole of a UTF-8 file, without the mark that Windows puts before it. Raises ConfigError, with no content."""
    try:
        return file.read_text("utf-8-sig")
    except ValueError:
        raise ConfigError(f"{file}: is not a UTF-8 text file") from None
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read ({error.strerror})") from None


def read_toml(file: Path) -> dict[str, Any]:
    """The content of a TOML file. Raises ConfigError, with the number of the line that is no TOML."""
    text = read_text(file)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        last_line = f"at line {text.count(chr(10)) + 1}, the end"
        reason = str(error).replace("at end of document", last_line)
        raise ConfigError(f"{file.name}: is not valid TOML: {reason[0].lower()}{reason[1:]}") from None


def closest(word: str, known: Iterable[str]) -> str | None:
    """What somebody who wrote `word` will have meant, or None when nothing known looks like it."""
    return next(iter(difflib.get_close_matches(word, list(known), n=1)), None)


def ordinal(index: int) -> str:
    """`1st`, `2nd`, `3rd`, `4th` … for 0, 1, 2, 3 …"""
    number = index + 1
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}th" if number % 100 in (11, 12, 13) else f"{number}{ending}"


def what_is_wrong(error: ErrorDetails) -> str:
    """Pydantic's complaint as the end of a sentence that began with the key; never the value itself."""
    match error["type"]:
        case "model_type" | "dict_type":
            return "must be a section of keys"
        case "path_type":
            return "must be the name of a file or a directory"
        case "list_type" | "tuple_type":
            return "must be a list"
        case "too_short" | "string_too_short":
            return "must not be empty"
        case _:
            reason = error["msg"].removeprefix("Value error, ")
            return re.sub(r"^(Input|String|Value) should ", "must ", reason)

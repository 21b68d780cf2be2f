"""The settings: what there is to set, with its defaults. Where the values come from is in config/sources.py."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_core import ErrorDetails

from config.fields import (
    AnyCase,
    Homeserver,
    ListOrText,
    SealingKeys,
    ServerName,
    Slug,
    TokenHash,
    UserId,
    the_first_double,
)
from config.reading import ConfigError, closest, what_is_wrong
from config.sources import FileSource, Key, VariableSource, dotted, merged, read_secret, variable

SECRETS = (("matrix", "password"), ("seal", "key"))


class SettingsError(ConfigError):
    """The settings cannot be used; one line per problem: where it stands, which key, and what is wrong."""


class Section(BaseModel):
    """What all sections share: nothing unknown, nothing changed later, no value in an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class MatrixSettings(Section):
    """The bot's account. `password` is only needed for the first login and to replace its identity."""

    homeserver: Homeserver
    user_id: UserId
    password: SecretStr | None = Field(None, min_length=1)
    trust: Literal["cross-signed", "all"] = "cross-signed"
    # gematik's TI-Messenger asks that people can see that they speak to a machine.
    display_name: str = Field("Schakelbot (Chatbot)", min_length=1, max_length=100)
    allowed_servers: Annotated[tuple[ServerName, ...], ListOrText] = ()


class SealSettings(Section):
    """The key of what lies sealed on disk. Of several, separated by commas, the first one seals and all open."""

    key: SealingKeys


class SourceSettings(Section):
    """A system that may send zorgvragen. Of its token only the SHA-256 is kept."""

    name: Slug
    token_hash: TokenHash


class IntakeSettings(Section):
    """The HTTP door. `per_minute` counts requests of one source; `max_body` counts bytes; port 0 is any free one."""

    enabled: bool = True
    host: str = Field("127.0.0.1", min_length=1)
    port: int = Field(8080, ge=0, le=65535)
    docs: bool = True
    sources: Annotated[tuple[SourceSettings, ...], ListOrText] = ()
    per_minute: int = Field(60, ge=1, le=100_000)
    max_body: int = Field(65_536, ge=1_024, le=1_048_576)

    @field_validator("sources")
    @classmethod
    def _each_its_own(cls, sources: tuple[SourceSettings, ...]) -> tuple[SourceSettings, ...]:
        double = the_first_double(source.name for source in sources)
        if double is not None:
            raise ValueError(f"has two sources with the name {double}")
        if the_first_double(source.token_hash for source in sources) is not None:
            raise ValueError("has two sources with the same token")
        return sources


class LoggingSettings(Section):
    """How much is logged, and for whom: `json` for machines, `console` for people."""

    level: Annotated[Literal["debug", "info", "warning", "error"], AnyCase] = "info"
    format: Annotated[Literal["json", "console"], AnyCase] = "json"


class ClockSettings(Section):
    """Every `tick` seconds the bot looks whether anything is due."""

    tick: float = Field(30, ge=0.1, le=3600)


class Settings(Section):
    """All settings, checked and frozen. `data` is the directory of everything that the bot keeps."""

    data: Path = Path("data")
    matrix: MatrixSettings
    seal: SealSettings
    intake: IntakeSettings = IntakeSettings()
    logging: LoggingSettings = LoggingSettings()
    clock: ClockSettings = ClockSettings()


def load(file: Path | None, environ: Mapping[str, str]) -> Settings:
    """The settings of a TOML file with SCHAKELBOT_ variables over them.

    Relative paths start at the file's own folder (without a file: at the working directory). Raises SettingsError.
    """
    base = Path.cwd() if file is None else file.absolute().parent
    try:
        written, variables = FileSource(file), VariableSource(environ)
        for section, name in SECRETS:
            read_secret(written, section, name, base)
            read_secret(variables, section, name, base)
    except ConfigError as error:
        raise SettingsError(*error.lines) from None
    sections: dict[str, Any] = {name: {} for name in Settings.model_fields if name != "data"}
    try:
        settings = Settings.model_validate(merged(merged(sections, written.tree), variables.tree))
    except ValidationError as error:
        raise SettingsError(*(_line(problem, written, variables) for problem in error.errors())) from None
    return settings.model_copy(update={"data": base / settings.data})


def _line(error: ErrorDetails, written: FileSource, variables: VariableSource) -> str:
    key = error["loc"]
    source: FileSource | VariableSource = variables if variables.has(key) else written
    place = source.place(key)
    if error["type"] == "extra_forbidden":
        known = {dotted(known): known for known in _keys_beside(key)}
        meant = closest(dotted(key), known)
        return f"{place} is not a setting" + (f"; did you mean {source.spell(known[meant])}?" if meant else "")
    if error["type"] == "missing":
        stands_alone = place == variable(key) or _is_in_list(key)
        return f"{place} is missing" + ("" if stands_alone else f" (or give {variable(key)})")
    return f"{place} {what_is_wrong(error)}"


def _is_in_list(key: Key) -> bool:
    return any(isinstance(step, int) for step in key)


def _keys_beside(key: Key) -> Iterator[Key]:
    """Every key that there is, with the `_file` of each secret; within a list, the keys of its sections."""
    if _is_in_list(key):
        yield from ((*key[:-1], name) for name in SourceSettings.model_fields)
        return
    for name, field in Settings.model_fields.items():
        yield (name,)
        section = field.annotation
        if isinstance(section, type) and issubclass(section, BaseModel):
            yield from ((name, inner) for inner in section.model_fields)
    yield from ((section, f"{name}_file") for section, name in SECRETS)

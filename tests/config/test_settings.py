"""The settings: an administrator's mistake is one clear line, and a secret is never in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from config.settings import Settings, SettingsError, load
from tests.config.wrong_settings import (
    CANARY,
    HASH,
    KEY,
    LEAST,
    MATRIX,
    OTHER_KEY,
    SEAL,
    VARIABLES,
    WRONG_FILES,
    WRONG_VARIABLES,
)

EXAMPLE = Path(__file__).parents[2] / "schakelbot.example.toml"
Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a writer of a settings file."""

    def writer(text: str) -> Path:
        file = tmp_path / "schakelbot.toml"
        file.write_text(text, "utf-8")
        return file

    return writer


def complaints(file: Path | None, environ: Mapping[str, str]) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load(file, environ)
    assert str(caught.value).splitlines() == list(caught.value.lines)
    return list(caught.value.lines)


def test_the_least_settings_give_every_default(write: Write) -> None:
    settings = load(write(LEAST), {})
    assert settings.matrix.trust == "cross-signed"
    assert settings.matrix.display_name == "Schakelbot (Chatbot)"
    assert settings.matrix.password is None
    assert settings.matrix.allowed_servers == ()
    assert (settings.intake.enabled, settings.intake.host, settings.intake.port) == (True, "127.0.0.1", 8080)
    assert (settings.intake.docs, settings.intake.per_minute, settings.intake.max_body) == (True, 60, 65536)
    assert (settings.logging.level, settings.logging.format) == ("info", "json")
    assert settings.clock.tick == 30


def test_the_example_loads_and_shows_every_setting_with_its_default(tmp_path: Path) -> None:
    file = tmp_path / "schakelbot.toml"
    file.write_text(EXAMPLE.read_text("utf-8"), "utf-8")
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "matrix-password").write_text("geheim\n")
    (secrets / "sealing-key").write_text(f"{KEY}\n")
    settings = load(file, {})
    assert settings.matrix.password is not None
    assert settings.matrix.password.get_secret_value() == "geheim"
    assert settings.seal.key.get_secret_value() == KEY
    assert settings.intake.sources[0].name == "transferbureau"
    # What is commented out is the default: turning the comments into settings changes nothing.
    lines = EXAMPLE.read_text("utf-8").splitlines()
    spoken = [line.removeprefix("# ") if line.startswith("# ") and _is_setting(line) else line for line in lines]
    file.write_text("\n".join(spoken), "utf-8")
    assert spoken != lines
    assert load(file, {}) == settings


def _is_setting(line: str) -> bool:
    return line.removeprefix("# ").split(" = ")[0].isidentifier()


def test_every_setting_stands_in_the_example() -> None:
    text = EXAMPLE.read_text("utf-8")
    for section in Settings.model_fields.values():
        for name in getattr(section.annotation, "model_fields", {}):
            assert (
                f"\n{name} = " in text or f"\n# {name} = " in text or f"\n{name}_file = " in text or name == "sources"
            )


def test_settings_cannot_be_changed(write: Write) -> None:
    settings = load(write(LEAST), {})
    with pytest.raises(ValidationError, match="frozen"):
        settings.matrix.trust = "all"  # type: ignore[misc]


def test_variables_alone_are_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load(None, {**VARIABLES, "PATH": "/bin", "SCHAKELBOT_DATA": "here"})
    assert settings.matrix.user_id == "@schakelbot:zorg.test"
    assert settings.data == tmp_path / "here"


def test_a_variable_goes_before_the_file_and_an_empty_one_does_not_count(write: Write) -> None:
    environ = {
        "SCHAKELBOT_MATRIX__TRUST": "all",
        "SCHAKELBOT_MATRIX__USER_ID": "",
        "SCHAKELBOT_INTAKE__PORT": "0",
        "SCHAKELBOT_INTAKE__ENABLED": "false",
        "SCHAKELBOT_LOGGING__LEVEL": "WARNING",
    }
    settings = load(write(LEAST + "[intake]\nport = 1\ndocs = false\n"), environ)
    assert settings.matrix.trust == "all"
    assert settings.matrix.user_id == "@schakelbot:zorg.test"
    assert (settings.intake.port, settings.intake.enabled, settings.intake.docs) == (0, False, False)
    assert settings.logging.level == "warning"


def test_lists_can_be_given_as_variables(write: Write) -> None:
    environ = {
        "SCHAKELBOT_MATRIX__ALLOWED_SERVERS": "zorg.test, livio.test:8448",
        "SCHAKELBOT_INTAKE__SOURCES": f'[{{"name": "transferbureau", "token_hash": "{HASH}"}}]',
    }
    settings = load(write(LEAST), environ)
    assert settings.matrix.allowed_servers == ("zorg.test", "livio.test:8448")
    assert settings.intake.sources[0].token_hash == HASH


def test_paths_start_at_the_folder_of_the_file(write: Write, tmp_path: Path) -> None:
    assert load(write(LEAST), {}).data == tmp_path / "data"
    assert load(write('data = "kept/here"\n' + LEAST), {}).data == tmp_path / "kept" / "here"
    assert load(write('data = "/srv/schakelbot"\n' + LEAST), {}).data == Path("/srv/schakelbot")


def test_a_secret_can_stand_in_a_file_without_its_line_end(write: Write, tmp_path: Path) -> None:
    (tmp_path / "password").write_text(" with a space \r\n")
    (tmp_path / "key").write_text(f"{KEY}\n")
    file = write(MATRIX + 'password_file = "password"\n')
    settings = load(file, {"SCHAKELBOT_SEAL__KEY_FILE": str(tmp_path / "key")})
    assert settings.matrix.password is not None
    assert settings.matrix.password.get_secret_value() == " with a space "
    assert settings.seal.key.get_secret_value() == KEY


def test_a_secret_from_a_variable_goes_before_a_secret_from_a_file(write: Write, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("old")
    settings = load(
        write(LEAST.replace("[seal]", 'password_file = "password"\n[seal]')), {"SCHAKELBOT_MATRIX__PASSWORD": "new"}
    )
    assert settings.matrix.password is not None
    assert settings.matrix.password.get_secret_value() == "new"


@pytest.mark.parametrize(
    "url",
    [
        "https://matrix.zorg.test",
        "https://matrix.zorg.test:8448/",
        "http://127.0.0.1:8008",
        "http://[::1]:8008",
        "http://localhost:8008",
        "http://synapse:8008",
    ],
)
def test_https_is_fine_anywhere_and_http_nearby(write: Write, url: str) -> None:
    settings = load(write(LEAST.replace("https://matrix.zorg.test", url)), {})
    assert settings.matrix.homeserver == url.rstrip("/")


def test_several_sealing_keys_are_fine(write: Write) -> None:
    settings = load(write(LEAST.replace(KEY, f"{KEY}, {OTHER_KEY}")), {})
    assert settings.seal.key.get_secret_value() == f"{KEY}, {OTHER_KEY}"


@pytest.mark.parametrize(("text", "complaint"), WRONG_FILES)
def test_what_is_wrong_in_the_file_is_one_line_that_names_it(write: Write, text: str, complaint: str) -> None:
    lines = complaints(write(text), {})
    assert f"schakelbot.toml: {complaint}" in lines
    assert not any(secret in line for line in lines for secret in (CANARY, KEY))


@pytest.mark.parametrize(("environ", "complaint"), WRONG_VARIABLES)
def test_what_is_wrong_in_a_variable_is_one_line_that_names_it(
    write: Write, environ: dict[str, str], complaint: str
) -> None:
    lines = complaints(write(LEAST), environ)
    assert complaint in lines
    assert not any(secret in line for line in lines for secret in (CANARY, KEY))


def test_without_a_file_what_is_missing_is_a_variable() -> None:
    assert complaints(None, {}) == [f"{name} is missing" for name in VARIABLES]


def test_files_that_cannot_be_read_are_named(write: Write, tmp_path: Path) -> None:
    gone = tmp_path / "gone.toml"
    assert complaints(gone, {}) == [f"{gone}: cannot be read (No such file or directory)"]
    assert complaints(tmp_path, {}) == [f"{tmp_path}: cannot be read (Is a directory)"]
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe")
    assert complaints(binary, {}) == [f"{binary}: is not a UTF-8 text file"]
    file = write(MATRIX + 'password_file = "gone"\n' + SEAL)
    reason = f"{tmp_path / 'gone'}: cannot be read (No such file or directory)"
    assert complaints(file, {}) == [f"schakelbot.toml: matrix.password_file: {reason}"]


def test_all_problems_are_told_at_once(write: Write) -> None:
    assert len(complaints(write("[intake]\nport = -1\nprot = 1\n"), {"SCHAKELBOT_CLOCK__TICK": "x"})) == 6


def test_no_secret_is_in_what_settings_look_like(write: Write) -> None:
    settings = load(write(MATRIX + f'password = "{CANARY}"\n' + SEAL), {})
    assert CANARY not in repr(settings) + str(settings) + settings.model_dump_json()
    assert KEY not in repr(settings) + str(settings) + settings.model_dump_json()


@given(st.dictionaries(st.sampled_from(sorted(VARIABLES)) | st.text(max_size=20).map("SCHAKELBOT_".__add__), st.text()))
def test_any_variables_give_settings_or_a_settings_error(environ: dict[str, str]) -> None:
    try:
        load(None, environ)
    except SettingsError as error:
        assert error.lines  # noqa: PT017 - both ends are fine

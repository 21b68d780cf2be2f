"""Whatever an administrator gives wrongly: one clear line and exit code 2 (a wrong setting) or 1 (it failed)."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from bot.__main__ import _carry_out, app
from bot.chat import TryLater
from bot.complaint import sentence
from storage.errors import CannotKeep
from storage.seal import Seal
from tests.restore_logs import logs_restored

KEY = Seal.new_key()
SETTINGS = """
[matrix]
homeserver = "http://127.0.0.1:9"
user_id = "@schakelbot:zorg.example"
password = "secret"

[seal]
key_file = "key"

[intake]
port = 0
"""
AREA = """
[[region]]
name = "Noord"
postcodes = ["7520-7529"]
coordinators = [{ id = "@els:zorg.example", name = "Els" }]
"""
Prepare = Callable[[Path], object]


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    with logs_restored():
        yield


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A directory with settings, a key and an area in which nothing is wrong, but that there is no homeserver."""
    (tmp_path / "schakelbot.toml").write_text(SETTINGS)
    (tmp_path / "key").write_text(KEY)
    (tmp_path / "area.toml").write_text(AREA)
    return tmp_path


def told(directory: Path, *words: str) -> tuple[int, list[str]]:
    """The exit code, and the lines that are for the administrator."""
    arguments = [str(directory / word) if word.endswith(".toml") else word for word in words]
    ended = CliRunner().invoke(app, [*arguments, "--config", str(directory / "schakelbot.toml")])
    assert "Traceback" not in ended.output
    assert ended.exception is None or isinstance(ended.exception, SystemExit)
    return ended.exit_code, [line for line in ended.stderr.splitlines() if not line.startswith("{")]


def replaced(name: str, old: str, new: str) -> Prepare:
    """Another text in one of the files."""
    return lambda directory: (directory / name).write_text((directory / name).read_text().replace(old, new))


def as_file(name: str) -> Prepare:
    """A file where a directory should be."""
    return lambda directory: (directory / name).write_text("x")


def as_directory(name: str) -> Prepare:
    """A directory where a file should be."""

    def prepare(directory: Path) -> None:
        (directory / name).unlink(missing_ok=True)
        (directory / name).mkdir(parents=True)

    return prepare


def linked_to_nothing(directory: Path) -> None:
    """What is left of a disk that is not mounted."""
    (directory / "data").symlink_to(directory / "gone")


WRONG_SETTINGS: dict[str, tuple[Prepare, str]] = {
    "data is a file": (as_file("data"), "must be a directory, and there is a file in the way"),
    "data is in a file": (
        replaced("schakelbot.toml", "\n[matrix]", 'data = "key/data"\n[matrix]'),
        "must be a directory",
    ),
    "data is a link to nothing": (linked_to_nothing, "there is a file in the way"),
    "data cannot be written": (as_directory("data/lock"), "data cannot be written: Is a directory"),
    "the database is a directory": (as_directory("data/schakelbot.db"), "the database cannot be made or copied"),
    "the key file is a directory": (as_directory("key"), "schakelbot.toml: seal.key_file:"),
    "the key is no key": (replaced("key", KEY, "abc"), "seal.key must be one or more keys of 32 bytes"),
    "the key file is empty": (replaced("key", KEY, ""), "seal.key must be one or more keys of 32 bytes"),
    "no host": (replaced("schakelbot.toml", "port = 0", 'host = ""'), "intake.host must not be empty"),
    "no such port": (replaced("schakelbot.toml", "port = 0", "port = 99999"), "must be less than or equal to 65535"),
    "no such host": (replaced("schakelbot.toml", "port = 0", 'host = "nergens.invalid"'), "intake.host: cannot listen"),
    "not our host": (replaced("schakelbot.toml", "port = 0", 'host = "192.0.2.1"'), "Cannot assign requested address"),
    "the settings are a directory": (as_directory("schakelbot.toml"), "cannot be read (Is a directory)"),
    "the settings are UTF-16": (
        lambda files: (files / "schakelbot.toml").write_bytes(SETTINGS.encode("utf-16")),
        "is not a UTF-8 text file",
    ),
}


@pytest.mark.parametrize("command", ["check", "run"])
@pytest.mark.parametrize("mistake", WRONG_SETTINGS)
def test_a_wrong_setting_is_one_line_and_exit_code_2(files: Path, command: str, mistake: str) -> None:
    """`check` finds what `run` refuses, in the same words."""
    prepare, complaint = WRONG_SETTINGS[mistake]
    prepare(files)
    code, lines = told(files, command)
    assert code == 2
    (line,) = lines
    assert complaint in line


@pytest.mark.parametrize("command", ["check", "run"])
def test_a_port_in_use_is_told_before_anything_happens(files: Path, command: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        replaced("schakelbot.toml", "port = 0", f"port = {taken.getsockname()[1]}")(files)
        code, (line,) = told(files, command)
    assert code == 2
    assert line.endswith("is in use by another program; choose another one, or 0 for any free one")


@pytest.mark.parametrize("words", [("new-device",), ("identity",), ("backup", "x"), ("check",), ("run",)])
def test_no_command_shows_a_traceback_when_data_is_a_file(files: Path, words: tuple[str, ...]) -> None:
    as_file("data")(files)
    code, lines = told(files, *words)
    assert code in (1, 2)
    assert len(lines) == 1


def test_a_damaged_crypto_store_is_named(files: Path) -> None:
    (files / "data/matrix").mkdir(parents=True)
    (files / "data/matrix/crypto.db").write_text("x" * 5000)
    code, (line,) = told(files, "accept-identity", "@els:zorg.example")
    assert code == 1
    assert line.endswith("crypto.db: the database is damaged")


def test_a_new_device_is_refused_where_no_bot_ever_was(files: Path) -> None:
    code, (line,) = told(files, "new-device")
    assert code == 2
    assert line.endswith("the bot has never logged in")


WRONG_AREAS: dict[str, tuple[Prepare, str]] = {
    "the bot is a nurse": (
        replaced("area.toml", "@els:", "@schakelbot:"),
        "@schakelbot:zorg.example is the bot itself",
    ),
    "empty": (replaced("area.toml", AREA, ""), "area.toml: holds no [[region]]"),
    "a directory": (as_directory("area.toml"), "area.toml: cannot be read (Is a directory)"),
}


@pytest.mark.parametrize("mistake", WRONG_AREAS)
def test_a_wrong_area_is_one_line_and_exit_code_2(files: Path, mistake: str) -> None:
    prepare, complaint = WRONG_AREAS[mistake]
    prepare(files)
    code, lines = told(files, "apply", "area.toml", "--dry-run")
    assert code == 2
    (line,) = lines
    assert complaint in line


def test_files_written_on_windows_are_read(files: Path) -> None:
    """With a mark before them, and other line ends."""
    for file in files.iterdir():
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n") + b"\r\n")
    assert told(files, "apply", "area.toml", "--dry-run") == (0, [])


def test_a_region_without_coordinators_is_a_warning(files: Path) -> None:
    replaced("area.toml", '{ id = "@els:zorg.example", name = "Els" }', "")(files)
    shown = CliRunner().invoke(
        app, ["apply", str(files / "area.toml"), "--dry-run", "--config", str(files / "schakelbot.toml")]
    )
    assert shown.exit_code == 0
    assert "! region Noord has no coordinators" in shown.stdout


def test_a_full_disk_is_no_wrong_setting(capsys: pytest.CaptureFixture[str]) -> None:
    """It may be over in a minute: systemd may start the bot again, which it does not after exit code 2."""

    async def keep() -> None:
        raise CannotKeep("the disk is full")

    with pytest.raises(typer.Exit) as ended:
        _carry_out(keep())
    assert ended.value.exit_code == 1
    assert capsys.readouterr().err == "the disk is full\n"


def test_a_homeserver_that_is_not_there_is_one_line_and_exit_code_1(files: Path) -> None:
    code, (line,) = told(files, "check")
    assert code == 1
    assert "is matrix.homeserver right" in line


def test_tls_where_there_is_none_is_hinted_at() -> None:
    """Synapse's plain port says nothing to whoever speaks TLS to it: all that is seen is that no answer came."""
    assert "https://" in sentence(TryLater("TimeoutError"))
    assert "try again" in sentence(TryLater("limited"))

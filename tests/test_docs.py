"""Whether the documentation is complete and true: every verb, setting and command is in it, and its examples work."""

import re
import shlex
import tomllib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest
import typer
import yaml  # type: ignore[import-untyped]  # its types are a package of their own
from pydantic import BaseModel

from bot.__main__ import WRONG_INPUT, app
from commands import VERBS
from commands.language.parse import parse
from config.area import read_area
from config.settings import Settings, load
from domain import privacy

ROOT = Path(__file__).parent.parent
NURSES = (ROOT / "docs/handleiding.md").read_text()
ADMINISTRATORS = (ROOT / "docs/beheer.md").read_text()
README = (ROOT / "README.md").read_text()
ARCHITECTURE = (ROOT / "docs/architecture.md").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
SYNAPSE: dict[str, Any] = yaml.safe_load((ROOT / "docs/compose/homeserver.yaml").read_text())
DOCKERFILE = (ROOT / "Dockerfile").read_text().replace("\\\n", " ").splitlines()

NOON = datetime(2026, 11, 23, 12, tzinfo=ZoneInfo("Europe/Amsterdam"))
TYPED = sorted(set(re.findall(r"`(![^`]+)`", NURSES)))
DOCUMENTS = [
    "README.md",
    "CHANGELOG.md",
    *(str(one.relative_to(ROOT)) for one in sorted((ROOT / "docs").rglob("*.md"))),
]


def settings_of(section: type[BaseModel], prefix: str = "") -> Iterator[str]:
    """Every key that can be set, as `matrix.user_id`; of a list of sections the key, and the names in it."""
    for name, field in section.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from settings_of(field.annotation, f"{prefix}{name}.")
            continue
        yield prefix + name
        for inner in get_args(field.annotation):
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                yield from inner.model_fields


@pytest.mark.parametrize("typed", sorted(set(re.findall(r"`python -m bot ([^`]+)`", ADMINISTRATORS))))
def test_a_command_that_needs_settings_is_shown_with_them(typed: str) -> None:
    """Whoever copies it from the page gets no complaint about settings."""
    assert "--config" in typed or typed.split()[0] in ("new-key", "new-token", "demo")


def test_systemd_does_not_start_again_what_has_wrong_settings() -> None:
    assert f"RestartPreventExitStatus={WRONG_INPUT}" in ADMINISTRATORS


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_every_verb_stands_in_the_nurses_page_with_an_example(verb: Any) -> None:
    assert any(found[0] is verb for line in TYPED if (found := parse(line, VERBS, NOON)))
    assert f"`!{verb.name}" in NURSES


@pytest.mark.parametrize("line", TYPED)
def test_the_bot_understands_what_the_nurses_page_says_to_type(line: str) -> None:
    assert parse(line, VERBS, NOON) is not None
    assert not privacy.find(line, NOON.date())


@pytest.mark.parametrize("key", sorted(set(settings_of(Settings))))
def test_every_setting_stands_in_the_administrators_page(key: str) -> None:
    assert f"`{key}`" in ADMINISTRATORS


def test_the_administrators_page_names_no_setting_that_does_not_exist() -> None:
    table = ADMINISTRATORS.split("## Instellingen")[1].split("\n## ")[0]
    assert set(re.findall(r"^\| `([a-z_.]+)` \|", table, re.MULTILINE)) <= set(settings_of(Settings))


def test_every_command_and_option_stands_in_the_administrators_page() -> None:
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    assert commands
    for name, command in commands.items():
        assert f"`python -m bot {name}" in ADMINISTRATORS
        for option in (one for parameter in command.params for one in parameter.opts if one.startswith("--")):
            assert option in ADMINISTRATORS


def test_every_command_that_a_page_shows_exists() -> None:
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    for text in (README, ADMINISTRATORS, ARCHITECTURE):
        assert set(re.findall(r"(?:python -m bot|run --rm bot) ([a-z-]+)", text)) <= set(commands)


def test_the_example_settings_load(tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets/matrix-password").write_text("made-up")
    (tmp_path / "secrets/sealing-key").write_text("A" * 43 + "=")
    example = tmp_path / "schakelbot.toml"
    example.write_text((ROOT / "schakelbot.example.toml").read_text())
    assert load(example, {}).matrix.user_id == "@schakelbot:zorg.example"


def test_the_example_area_loads() -> None:
    assert read_area(ROOT / "area.example.toml").regions


def test_what_the_administrators_page_shows_as_toml_is_toml() -> None:
    shown = re.findall(r"```toml\n(.*?)```", ADMINISTRATORS, re.DOTALL)
    assert shown
    for text in shown:
        assert tomllib.loads(text)["intake"]["sources"]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_leads_somewhere(document: str) -> None:
    file = ROOT / document
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", file.read_text()):
        assert target.startswith("https://") or (file.parent / target).exists(), target


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_heading_that_a_page_links_to_is_there(document: str) -> None:
    text = (ROOT / document).read_text()
    headings = {heading.lower().replace(" ", "-") for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= headings


@pytest.mark.parametrize("page", [README, ARCHITECTURE], ids=["README.md", "architecture.md"])
def test_every_place_that_a_page_names_is_there(page: str) -> None:
    folders = "bot|commands|config|demo|docs|domain|storage|tests|texts"
    named = set(re.findall(rf"`((?:{folders})/[\w./-]*)`", page))
    assert named
    assert [place for place in named if not (ROOT / place).exists()] == []


@pytest.mark.parametrize("name", SERVICES)
def test_no_container_can_do_more_than_it_must(name: str) -> None:
    service = SERVICES[name]
    user, _, group = service["user"].partition(":")
    assert int(user) > 0
    assert int(group) > 0
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    assert service["restart"] == "unless-stopped"
    assert service["healthcheck"]["test"]


@pytest.mark.parametrize("name", SERVICES)
def test_every_image_has_a_version(name: str) -> None:
    _, _, version = SERVICES[name]["image"].partition(":")
    assert re.fullmatch(r"v?\d+\.\d+\.\d+", version)


@pytest.mark.parametrize("name", SERVICES)
def test_ports_open_to_this_machine_alone(name: str) -> None:
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[name]["ports"])


def test_bot_and_homeserver_meet_on_a_network_that_leads_nowhere() -> None:
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert all("inside" in service["networks"] for service in SERVICES.values())


def test_secrets_are_files_and_never_stand_in_the_compose_file() -> None:
    assert all(set(secret) == {"file"} for secret in COMPOSE["secrets"].values())
    given = SERVICES["bot"]["environment"]
    assert {name: value for name, value in given.items() if "PASSWORD" in name or "KEY" in name} == {
        "SCHAKELBOT_MATRIX__PASSWORD_FILE": "/run/secrets/matrix-password",
        "SCHAKELBOT_SEAL__KEY_FILE": "/run/secrets/sealing-key",
    }
    assert set(SERVICES["bot"]["secrets"]) == set(COMPOSE["secrets"])


def test_the_homeserver_is_the_version_that_we_test_with() -> None:
    locked = re.search(r"^matrix-synapse==([\d.]+)", (ROOT / "requirements-dev.txt").read_text(), re.MULTILINE)
    assert locked is not None
    assert SERVICES["synapse"]["image"] == f"matrixdotorg/synapse:v{locked[1]}"


def test_the_image_of_the_bot_has_the_version_of_the_project() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert SERVICES["bot"]["image"] == f"schakelbot:{version}"
    assert f"## [{version}]" in (ROOT / "CHANGELOG.md").read_text()


def test_nobody_makes_an_account_by_themselves_and_every_room_is_encrypted() -> None:
    assert SYNAPSE["enable_registration"] is False
    assert SYNAPSE["encryption_enabled_by_default_for_room_type"] == "all"
    assert not [name for name in SYNAPSE if name.endswith("secret")]


def test_the_settings_that_the_image_fixes_exist() -> None:
    (fixed,) = (line for line in DOCKERFILE if line.startswith("ENV "))
    values = dict(pair.split("=", 1) for pair in shlex.split(fixed.removeprefix("ENV ")))
    given = {name: value for name, value in values.items() if name.startswith("SCHAKELBOT_")}
    needed = {
        "SCHAKELBOT_MATRIX__HOMESERVER": SERVICES["bot"]["environment"]["SCHAKELBOT_MATRIX__HOMESERVER"],
        "SCHAKELBOT_MATRIX__USER_ID": "@schakelbot:zorg.example",
        "SCHAKELBOT_SEAL__KEY": "A" * 43 + "=",
    }
    settings = load(None, given | needed)
    assert settings.data == Path("/data")
    assert SERVICES["bot"]["ports"] == [f"127.0.0.1:{settings.intake.port}:{settings.intake.port}"]


def test_the_image_holds_what_runs_and_nothing_else() -> None:
    copied = {line.split()[1] for line in DOCKERFILE if line.startswith("COPY ") and "--from" not in line}
    packages = set(tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["root_packages"])
    assert copied == packages - {"demo"} | {"requirements.txt"}
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert kept == copied


def test_the_image_does_not_run_as_root() -> None:
    users = [line.removeprefix("USER ") for line in DOCKERFILE if line.startswith("USER ")]
    assert users == [SERVICES["bot"]["user"]]


def test_the_image_installs_only_what_the_lock_knows() -> None:
    (install,) = (line for line in DOCKERFILE if "pip install" in line)
    assert "--require-hashes" in install

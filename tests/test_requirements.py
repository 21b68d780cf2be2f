"""The requirements name what the code imports: nothing more, and nothing that only comes along with something else."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[1]
BOT = ("bot", "commands", "config", "domain", "storage", "texts")
OTHERS = ("benchmarks", "demo", "tests")
# Run, or loaded by name, and imported nowhere: time zones where the system has none; checks; the homeserver; the lock.
NOT_IMPORTED = {"tzdata"}
WITH_ANOTHER = {"pydantic-core"}  # released together with pydantic, at one version only
TOOLS = {"import-linter", "matrix-synapse", "mypy", "pytest-asyncio", "pytest-timeout", "ruff", "uv"}


def named(file: str) -> set[str]:
    """The packages in a requirements file, as their authors spell them, in lower case."""
    lines = (ROOT / file).read_text().splitlines()
    return {re.split(r"[<>=\[]", line)[0].strip().lower() for line in lines if line and line[0].isalpha()}


def imported(packages: Iterable[str]) -> set[str]:
    """The packages of others that our code imports."""
    ours = {*BOT, *OTHERS, "__future__"}
    known = packages_distributions()
    modules = set()
    for package in packages:
        for file in (ROOT / package).rglob("*.py"):
            if "node_modules" in file.parts:
                continue
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                match node:
                    case ast.Import(names=names):
                        modules |= {name.name.partition(".")[0] for name in names}
                    case ast.ImportFrom(module=str(module), level=0):
                        modules.add(module.partition(".")[0])
    others = modules - ours - set(sys.stdlib_module_names)
    return {known[module][0].lower().replace("_", "-") for module in others if module in known} - WITH_ANOTHER


def test_what_the_bot_imports_is_named_and_nothing_else() -> None:
    assert named("requirements.in") == imported(BOT) | NOT_IMPORTED


def test_what_only_demo_measures_and_tests_import_is_named_apart() -> None:
    assert named("requirements-dev.in") - TOOLS == imported(OTHERS) - imported(BOT) - TOOLS

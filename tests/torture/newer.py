"""Newer versions of the bot, made up: each brings one migration, which rebuilds tables that are full of rows."""

from __future__ import annotations

import shutil
from pathlib import Path

from alembic.script import ScriptDirectory

from storage.schema import MIGRATIONS

MIGRATION = '''"""Made up: three tables get a column, and are copied for it, row by row."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "{revision}", "{before}"


def upgrade() -> None:
    for name in ("outbox", "zorgvragen", "teams"):
        with op.batch_alter_table(name, recreate="always") as table:
            table.add_column(sa.Column("made_up_{revision}", sa.String()))
'''


def release(migrations: Path) -> str:
    """Add one migration to those in the directory (our own, where there is none yet); returns its revision."""
    if not migrations.exists():
        shutil.copytree(MIGRATIONS, migrations, ignore=shutil.ignore_patterns("__pycache__"))
    before = ScriptDirectory(str(migrations)).get_current_head() or ""
    revision = f"{int(before) + 1:04}"
    file = migrations / "versions" / f"{revision}_made_up.py"
    file.write_text(MIGRATION.format(revision=revision, before=before))
    return revision

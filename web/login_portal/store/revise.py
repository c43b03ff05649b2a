"""Writes the next migration step: what the described tables have and the steps so far do not make.

`python -m web.login_portal.store.revise "what changes"` after a change of the described tables; then read the new
file, and commit it with the change. A step that was never released may be deleted and written anew.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.operations.ops import MigrateOperation, UpgradeOps
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine

from appliance.core.errors import Refused
from web.login_portal.store.migrate import FOLDER, bring_up_to_date, newest
from web.login_portal.store.tables import every_table

HEAD = '''"""{words}."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "{revision}", {before}


def upgrade() -> None:
    """Take this step."""
    {calls}
'''


def differences() -> list[MigrateOperation]:
    """What the described tables have and the steps so far do not make; empty when they agree."""
    empty = create_engine("sqlite://")
    if any((FOLDER / "versions").glob("0*.py")):
        bring_up_to_date(empty)
    with empty.connect() as connection:
        context = MigrationContext.configure(connection, opts={"render_as_batch": True})
        found = produce_migrations(context, every_table()).upgrade_ops
    empty.dispose()
    return list(found.ops) if found is not None else []


def written(words: str, revision: str, before: str | None, found: list[MigrateOperation]) -> str:
    """The text of a step, one function a change, so that each fits a screen."""
    tables = [getattr(change, "table_name", "") or "" for change in found]
    names = [f"_change_{number}_{table}" for number, table in enumerate(tables, start=1)]
    calls = "\n    ".join(f"{name}()" for name in names)
    text = HEAD.format(words=words, revision=revision, before=repr(before), calls=calls)
    for name, change in zip(names, found, strict=True):
        body = render_python_code(UpgradeOps(ops=[change]), render_as_batch=True)
        lines = [line for line in body.splitlines() if "# ###" not in line]
        text += f"\n\ndef {name}() -> None:\n    " + "\n".join(lines).strip() + "\n"
    return text


def main(words: str) -> Path:
    """Write the step. Raises Refused when there is nothing to write."""
    found = differences()
    if not found:
        raise Refused("The steps make every described table already")
    steps = sorted((FOLDER / "versions").glob("0*.py"))
    before = newest() if steps else None
    revision = f"{len(steps) + 1:04d}"
    name = re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")
    path = FOLDER / "versions" / f"{revision}_{name}.py"
    path.write_text(written(words, revision, before, found))
    for act in (("check", "--fix", "--quiet"), ("format", "--quiet")):
        subprocess.run((sys.executable, "-m", "ruff", *act, str(path)), check=True)
    return path


if __name__ == "__main__":
    sys.stdout.write(f"{main(sys.argv[1])}\n")

"""Where the browser is that begins an application's sign-in, so that strangers on their way can be counted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0005", "0004"


def upgrade() -> None:
    """Take this step."""
    _change_1_authorizations()


def _change_1_authorizations() -> None:
    with op.batch_alter_table("authorizations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("source", sa.String(), server_default="", nullable=False))
        batch_op.create_index(batch_op.f("ix_authorizations_source"), ["source"], unique=False)

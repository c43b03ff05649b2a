"""Pushed requests, keys of applications, and applications that are disabled."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0006", "0005"


def upgrade() -> None:
    """Take this step."""
    _change_1_pushed_requests()
    _change_2_pushed_requests()
    _change_3_applications()


def _change_1_pushed_requests() -> None:
    op.create_table(
        "pushed_requests",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("application", sa.String(), nullable=False),
        sa.Column("sent", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("expires", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )


def _change_2_pushed_requests() -> None:
    with op.batch_alter_table("pushed_requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pushed_requests_source"), ["source"], unique=False)


def _change_3_applications() -> None:
    with op.batch_alter_table("applications", schema=None) as batch_op:
        batch_op.add_column(sa.Column("public_key", sa.String(), server_default="", nullable=False))
        batch_op.add_column(
            sa.Column("pushed", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(sa.Column("disabled", sa.Float(), nullable=True))

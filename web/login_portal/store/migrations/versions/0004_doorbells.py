"""The doorbells of tokens that wait for another server's push."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0004", "0003"


def upgrade() -> None:
    """One table more."""
    op.create_table(
        "doorbells",
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("made", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("address"),
        sa.UniqueConstraint("device"),
    )

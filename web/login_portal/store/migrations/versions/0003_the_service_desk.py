"""The service desk."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0003", "0002"


def upgrade() -> None:
    """Take this step."""
    _change_1_audit()
    _change_2_audit()
    _change_3_browsers()
    _change_4_dispatches()
    _change_5_dispatches()
    _change_6_drafts()
    _change_7_issues()
    _change_8_issues()
    _change_9_particulars()
    _change_10_reports()
    _change_11_reports()
    _change_12_token_states()
    _change_13_token_states()


def _change_1_audit() -> None:
    op.create_table(
        "audit",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("whom", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def _change_2_audit() -> None:
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_act"), ["act"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_actor"), ["actor"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_whom"), ["whom"], unique=False)


def _change_3_browsers() -> None:
    op.create_table(
        "browsers",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("seen", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def _change_4_dispatches() -> None:
    op.create_table(
        "dispatches",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def _change_5_dispatches() -> None:
    with op.batch_alter_table("dispatches", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dispatches_person"), ["person"], unique=False)
        batch_op.create_index(batch_op.f("ix_dispatches_state"), ["state"], unique=False)


def _change_6_drafts() -> None:
    op.create_table(
        "drafts",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def _change_7_issues() -> None:
    op.create_table(
        "issues",
        sa.Column("ticket", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("serial", sa.String(), nullable=False),
        sa.Column("ends", sa.Float(), nullable=True),
        sa.Column("code", sa.LargeBinary(), nullable=True),
        sa.Column("told", sa.Float(), nullable=True),
        sa.Column("request", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("ticket"),
    )


def _change_8_issues() -> None:
    with op.batch_alter_table("issues", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_issues_request"), ["request"], unique=False)


def _change_9_particulars() -> None:
    op.create_table(
        "particulars",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("email", sa.String(), server_default="", nullable=False),
        sa.Column("role", sa.String(), server_default="", nullable=False),
        sa.Column("source", sa.String(), server_default="", nullable=False),
        sa.Column("blocked", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("person"),
    )


def _change_10_reports() -> None:
    op.create_table(
        "reports",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("last", sa.Float(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("acknowledged", sa.Float(), nullable=True),
        sa.Column("by", sa.String(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def _change_11_reports() -> None:
    with op.batch_alter_table("reports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reports_acknowledged"), ["acknowledged"], unique=False)
        batch_op.create_index(batch_op.f("ix_reports_person"), ["person"], unique=False)


def _change_12_token_states() -> None:
    op.create_table(
        "token_states",
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("seen", sa.Float(), nullable=True),
        sa.Column("software", sa.String(), server_default="", nullable=False),
        sa.Column("storage", sa.String(), server_default="", nullable=False),
        sa.Column("clock", sa.String(), server_default="", nullable=False),
        sa.Column("ends", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("token"),
    )


def _change_13_token_states() -> None:
    with op.batch_alter_table("token_states", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_token_states_ends"), ["ends"], unique=False)

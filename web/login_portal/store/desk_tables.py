"""The tables of the service desk, on the portal's one set of tables. Codes and bodies stand here sealed."""

from __future__ import annotations

from sqlalchemy import Column, Float, Integer, LargeBinary, String, Table

from web.login_portal.store.schema import LONG, metadata

particulars = Table(
    "particulars",
    metadata,
    Column("person", String, primary_key=True),
    Column("email", String, nullable=False, server_default=""),
    Column("role", String, nullable=False, server_default=""),
    Column("source", String, nullable=False, server_default=""),
    Column("blocked", Float),
)

audit = Table(
    "audit",
    metadata,
    Column("id", LONG, primary_key=True, autoincrement=True),
    Column("at", Float, nullable=False, index=True),
    Column("actor", String, nullable=False, index=True),
    Column("act", String, nullable=False, index=True),
    Column("whom", String, nullable=False, index=True),
    Column("note", String, nullable=False),
)

reports = Table(
    "reports",
    metadata,
    Column("id", LONG, primary_key=True, autoincrement=True),
    Column("at", Float, nullable=False),
    Column("last", Float, nullable=False),
    Column("kind", String, nullable=False),
    Column("person", String, nullable=False, index=True),
    Column("note", String, nullable=False),
    Column("times", Integer, nullable=False),
    Column("acknowledged", Float, index=True),
    Column("by", String, nullable=False, server_default=""),
)

token_states = Table(
    "token_states",
    metadata,
    Column("token", String, primary_key=True),
    Column("seen", Float),
    Column("software", String, nullable=False, server_default=""),
    Column("storage", String, nullable=False, server_default=""),
    Column("clock", String, nullable=False, server_default=""),
    Column("ends", Float, index=True),
)

issues = Table(
    "issues",
    metadata,
    Column("ticket", String, primary_key=True),
    Column("by", String, nullable=False),
    Column("way", String, nullable=False),
    Column("serial", String, nullable=False),
    Column("ends", Float),
    Column("code", LargeBinary),
    Column("told", Float),
    Column("request", String, nullable=False, index=True),
)

dispatches = Table(
    "dispatches",
    metadata,
    Column("id", LONG, primary_key=True, autoincrement=True),
    Column("at", Float, nullable=False),
    Column("channel", String, nullable=False),
    Column("person", String, nullable=False, index=True),
    Column("body", LargeBinary, nullable=False),
    Column("state", String, nullable=False, index=True),
    Column("reason", String, nullable=False, server_default=""),
)

browsers = Table(
    "browsers",
    metadata,
    Column("id", String, primary_key=True),
    Column("seen", Float, nullable=False),
)

drafts = Table(
    "drafts",
    metadata,
    Column("id", String, primary_key=True),
    Column("by", String, nullable=False),
    Column("at", Float, nullable=False),
    Column("text", LargeBinary, nullable=False),
)

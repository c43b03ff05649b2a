"""The tables. Secrets stand here only sealed or as a keyed hash; times are Unix seconds in UTC."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
)

metadata = MetaData()
LONG = BigInteger().with_variant(
    Integer(), "sqlite"
)  # 64 bits on both; only INTEGER counts by itself

people = Table(
    "people",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("display", String, nullable=False),
    Column("phone", String, nullable=False),
    Column("password", String, nullable=False),
    Column("match", String, nullable=False),
    Column("made", Float, nullable=False),
    Column("password_until", Float),
)

locks = Table(
    "locks",
    metadata,
    Column("account", String, primary_key=True),
    Column("person", String, nullable=False),
    Column("since", Float, nullable=False),
    Column("source", String, nullable=False, index=True),
    Column("note", String, nullable=False),
    Column("request", String, nullable=False),
    Column("reported", Float),
)

misses = Table(
    "misses",
    metadata,
    Column("id", LONG, primary_key=True, autoincrement=True),
    Column("account", String, nullable=False, index=True),
    Column("strike", String, nullable=False),
    Column("place", String, nullable=False),
    Column("at", Float, nullable=False),
)

quiet = Table(
    "quiet",
    metadata,
    Column("person", String, primary_key=True),
    Column("until", Float, nullable=False),
)

tickets = Table(
    "tickets",
    metadata,
    Column("id", String, primary_key=True),
    Column("person", String, nullable=False, index=True),
    Column("secret", LargeBinary, nullable=False),
    Column("language", String, nullable=False),
    Column("expires", Float, nullable=False),
    Column("stage", String, nullable=False),
    Column("tries_left", Integer, nullable=False),
    Column("sent_to", String, nullable=False, default=""),
    Column("card", String, nullable=False, default=""),
    Column("code", String, nullable=False, default=""),
    Column("device", String, nullable=False, default=""),
    Column("grant", String, nullable=False, default=""),
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", String, primary_key=True),
    Column("person", String, nullable=False, index=True),
    Column("sign_key", String, nullable=False),
    Column("serial", String, nullable=False),
    Column("software", String, nullable=False),
    Column("storage", String, nullable=False),
    Column("seed", LargeBinary, nullable=False),
    Column("last_step", Integer, nullable=False, default=-1),
    Column("made", Float, nullable=False),
    Column("revoked", Float),
    Column("told", Float),
)

requests = Table(
    "requests",
    metadata,
    Column("id", String, primary_key=True),
    Column("person", String, nullable=False, index=True),
    Column("service", String, nullable=False),
    Column("place", String, nullable=False),
    Column("match", String, nullable=False),
    Column("number", String, nullable=False),
    Column("issued", Float, nullable=False),
    Column("expires", Float, nullable=False),
    Column("outcome", String, index=True),
    Column("ended", Float),
    Column("asks", String, nullable=False, server_default="login"),
    Column("note", String, nullable=False, server_default=""),
)

letters = Table(
    "letters",
    metadata,
    Column("cursor", LONG, primary_key=True, autoincrement=True),
    Column("device", String, nullable=False, index=True),
    Column("request", String, nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("text", String, nullable=False),
    Column("expires", Float, nullable=False),
    Column("open", Boolean, nullable=False),
    sqlite_autoincrement=True,
)

doorbells = Table(
    "doorbells",
    metadata,
    Column("address", String, primary_key=True),
    Column("device", String, nullable=False, unique=True),
    Column("made", Float, nullable=False),
)

answers = Table(
    "answers",
    metadata,
    Column("device", String, primary_key=True),
    Column("count", LONG, primary_key=True, autoincrement=False),
    Column("digest", String, nullable=False),
    Column("at", Float, nullable=False),
)

assertions = Table(
    "assertions",
    metadata,
    Column("device", String, primary_key=True),
    Column("jti", String, primary_key=True),
    Column("expires", Float, nullable=False, index=True),
)

strikes = Table(
    "attempts",
    metadata,
    Column("key", String, primary_key=True),
    Column("fails", Integer, nullable=False),
    Column("until", Float, nullable=False),
    Column("at", Float, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", String, primary_key=True),
    Column("person", String, nullable=False, index=True),
    Column("level", String, nullable=False),
    Column("how", String, nullable=False),
    Column("request", String, nullable=False),
    Column("ticket", String, nullable=False),
    Column("made", Float, nullable=False),
    Column("seen", Float, nullable=False),
    Column("account", String, nullable=False, server_default=""),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", LONG, primary_key=True, autoincrement=True),
    Column("at", Float, nullable=False),
    Column("recipient", String, nullable=False),
    Column("text", String, nullable=False),
)

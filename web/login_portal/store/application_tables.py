"""The tables of applications and passkeys. Codes and access tokens stand here only as keyed hashes, signing keys only
sealed; times are Unix seconds in UTC.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, Integer, LargeBinary, String, Table, false

from web.login_portal.store.schema import LONG, metadata

applications = Table(
    "applications",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("secret", String, nullable=False),
    Column("redirects", String, nullable=False),
    Column("after_sign_out", String, nullable=False),
    Column("kiosk", String, nullable=False),
    Column("tell", String, nullable=False),
    Column("made", Float, nullable=False),
    Column("public_key", String, nullable=False, server_default=""),
    Column("pushed", Boolean, nullable=False, server_default=false()),
    Column("disabled", Float),
)

application_keys = Table(
    "application_keys",
    metadata,
    Column("id", String, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("public", String, nullable=False),
    Column("signs_from", Float, nullable=False),
)

authorizations = Table(
    "authorizations",
    metadata,
    Column("id", String, primary_key=True),
    Column("application", String, nullable=False),
    Column("redirect", String, nullable=False),
    Column("scope", String, nullable=False),
    Column("state", String, nullable=False),
    Column("nonce", String, nullable=False),
    Column("challenge", String, nullable=False),
    Column("fresh", Boolean, nullable=False),
    Column("longest_ago", Float),
    Column("hint", String, nullable=False),
    Column("browser", String, nullable=False, index=True),
    Column("waits_for", String, nullable=False, index=True),
    Column("made", Float, nullable=False),
    Column("source", String, nullable=False, server_default="", index=True),
)

pushed_requests = Table(
    "pushed_requests",
    metadata,
    Column("name", String, primary_key=True),
    Column("application", String, nullable=False),
    Column("sent", String, nullable=False),
    Column("source", String, nullable=False, index=True),
    Column("expires", Float, nullable=False),
)

authorization_codes = Table(
    "authorization_codes",
    metadata,
    Column("code", String, primary_key=True),
    Column("application", String, nullable=False),
    Column("redirect", String, nullable=False),
    Column("scope", String, nullable=False),
    Column("nonce", String, nullable=False),
    Column("challenge", String, nullable=False),
    Column("person", String, nullable=False),
    Column("session", String, nullable=False),
    Column("how", String, nullable=False),
    Column("auth_time", Float, nullable=False),
    Column("expires", Float, nullable=False),
    Column("used", Float),
    Column("copied", Boolean, nullable=False, default=False),
)

access_tokens = Table(
    "access_tokens",
    metadata,
    Column("token", String, primary_key=True),
    Column("origin", String, nullable=False, index=True),
    Column("application", String, nullable=False),
    Column("person", String, nullable=False),
    Column("session", String, nullable=False),
    Column("scope", String, nullable=False),
    Column("expires", Float, nullable=False),
)

application_sessions = Table(
    "application_sessions",
    metadata,
    Column("session", String, primary_key=True),
    Column("application", String, primary_key=True),
    Column("person", String, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("due", Float, nullable=False),
)

backchannel_requests = Table(
    "backchannel_requests",
    metadata,
    Column("id", String, primary_key=True),
    Column("application", String, nullable=False),
    Column("request", String, nullable=False),
    Column("person", String, nullable=False),
    Column("scope", String, nullable=False),
    Column("interval", Integer, nullable=False),
    Column("polled", Float, nullable=False),
    Column("expires", Float, nullable=False),
    Column("taken", Float),
)

passkeys = Table(
    "passkeys",
    metadata,
    Column("id", String, primary_key=True),
    Column("person", String, nullable=False, index=True),
    Column("name", String, nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", LONG, nullable=False),
    Column("bound", Boolean, nullable=False),
    Column("made", Float, nullable=False),
    Column("used", Float),
)

passkey_challenges = Table(
    "passkey_challenges",
    metadata,
    Column("browser", String, primary_key=True),
    Column("purpose", String, primary_key=True),
    Column("challenge", LargeBinary, nullable=False),
    Column("expires", Float, nullable=False),
)

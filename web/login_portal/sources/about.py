"""Where a directory is and how people stand in it, as the configuration says. Knows nothing of connections."""

from __future__ import annotations

from dataclasses import dataclass, field

from appliance.core.errors import DeskTokenError
from web.login_portal.rules.addresses import is_loopback


@dataclass(frozen=True, slots=True)
class About:
    """Where the directory is and how people stand in it. `find` has `{name}` where the user name goes.

    `name` is the attribute that holds the one name by which the portal knows a person, whatever was typed. `tls` is
    `start`, `ldaps` or `none`; `policy` is the entry of the default password policy. Seconds.
    """

    host: str
    port: int
    base: str
    reader: str
    reader_password: str = field(repr=False)
    tls: str = "start"
    ca_file: str = ""
    find: str = "(&(objectClass=person)(uid={name}))"
    group: str = ""
    name: str = "uid"
    display: str = "cn"
    phone: str = "mobile"
    email: str = "mail"
    policy: str = ""
    active_directory: bool = False
    patience: float = 5.0


def checked(about: About) -> About:
    """The same, if it can work. Raises DeskTokenError."""
    if about.find.count("{name}") < 1 or about.tls not in {"start", "ldaps", "none"}:
        raise DeskTokenError("[directory] has a wrong find or tls")
    if about.tls == "none" and not is_loopback(about.host):
        raise DeskTokenError("A directory is asked over TLS, unless it is on this machine")
    return about

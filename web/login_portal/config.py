"""What a portal is told when it starts: one frozen record, made by the command and passed on as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from web.login_portal.outside import NOTHING, Outside
from web.login_portal.rules.addresses import Origin, is_loopback


@dataclass(frozen=True, slots=True)
class BrokerDoors:
    """Where an MQTT broker is, as host and port: the door that devices are sent to, and the portal's own."""

    devices: tuple[str, int]
    portal: tuple[str, int]


@dataclass(frozen=True, slots=True)
class Config:
    """Where the data lies, what the portal is called, and which places it can name.

    `places` pairs a network with the words that a person recognises ("Office, second floor"). `database` is the
    address of a PostgreSQL database; empty for SQLite in the data folder. Without a `broker` letters go by
    the embedded carrier alone. Ended requests are kept `keep_days`. `outside` is what the portal reaches beside its
    browsers and tokens.
    """

    data: Path
    origin: Origin
    service: str = "Werkplek"
    places: tuple[tuple[str, str], ...] = ()
    database: str = field(default="", repr=False)
    broker: BrokerDoors | None = None
    keep_days: int = 90
    outside: Outside = NOTHING

    @property
    def demo(self) -> bool:
        """Whether this portal stands on the loopback without TLS: only then may pages show the outbox."""
        host = self.origin.url.partition("//")[2].rpartition(":")[0]
        return not self.origin.secure and is_loopback(host)

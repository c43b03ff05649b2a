"""What a portal is told when it starts: one frozen record, made by the command and passed on as values."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from web.login_portal.outside import NOTHING, Outside
from web.login_portal.rules.addresses import Origin, is_loopback


@dataclass(frozen=True, slots=True)
class Config:
    """Where the data lies, what the portal is called, and which places it can name.

    `places` pairs a network with the words that a person recognises ("Office, second floor"); `outside` is what the
    portal reaches beside its browsers and tokens.
    """

    data: Path
    origin: Origin
    service: str = "Werkplek"
    places: tuple[tuple[str, str], ...] = ()
    outside: Outside = NOTHING

    @property
    def demo(self) -> bool:
        """Whether this portal stands on the loopback without TLS: only then may pages show the outbox."""
        host = self.origin.url.partition("//")[2].rpartition(":")[0]
        return not self.origin.secure and is_loopback(host)

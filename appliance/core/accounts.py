"""Accounts as the device shows them, and the codes they give. Secrets live in the vault, never here."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What an account can do: PORTAL signs logins and shows codes, PUSH only signs; a CONTAINER is
    a tie to a server that hands out others; the rest only show codes.
    """

    PORTAL = "portal"
    TOTP = "totp"
    HOTP = "hotp"
    PUSH = "push"
    CONTAINER = "container"


@dataclass(frozen=True, slots=True)
class Account:
    """One linked account. `origin` is the https origin of its portal or push server, empty for foreign codes.

    `must_pin` is a PIN that the service asks for; `unchecked` says that its server's certificate is not looked at,
    which is shown for ever after; `to_type` that a text of this device still has to be typed at the server;
    `unfinished` that a container has begun to renew its accounts and its server must still be asked for the rest.
    """

    id: str
    kind: Kind
    label: str
    issuer: str
    digits: int = 6
    period: int = 30
    origin: str = ""
    must_pin: bool = False
    unchecked: bool = False
    to_type: bool = False
    unfinished: bool = False


@dataclass(frozen=True, slots=True)
class Profile:
    """What the portal last said of a person: until when the password is good (None = not said), in Unix seconds.

    `match` is how it matches approvals: press, number, scan, or nothing when it did not say.
    """

    account: str
    person: str
    password_until: float | None
    fetched: float
    match: str = ""

    def days_left(self, wall: float) -> int | None:
        """Whole days until the password ends, 0 on its last day; None when nobody said."""
        return (
            None
            if self.password_until is None
            else max(0, int((self.password_until - wall) // 86400))
        )


@dataclass(frozen=True, slots=True)
class Code:
    """Digits with their own validity window in Unix seconds; `valid_to` is None for a counter code."""

    account: str
    digits: str = field(repr=False)
    valid_from: float
    valid_to: float | None

    def holds_at(self, wall: float) -> bool:
        """Whether the code may be on the screen at this time."""
        return self.valid_from <= wall and (self.valid_to is None or wall < self.valid_to)

    def seconds_left(self, wall: float) -> int | None:
        """Whole seconds until the next code, at least 1; None for a counter code."""
        return None if self.valid_to is None else max(1, int(self.valid_to - wall + 0.999))

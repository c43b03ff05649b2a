"""Who may do what at the service desk. A role is a step on one ladder: whoever may act may look."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from appliance.core.errors import DeskTokenError, Refused


class Role(StrEnum):
    """What a person is at the service desk; NOBODY sees no desk page at all."""

    NOBODY = ""
    READER = "reader"
    DESK = "desk"
    ADMIN = "admin"


LADDER = (Role.NOBODY, Role.READER, Role.DESK, Role.ADMIN)


class NotAllowed(DeskTokenError):
    """This needs a higher role at the service desk."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person of the service desk, or the portal's own command line."""

    name: str
    role: Role
    person: str = ""

    def may(self, role: Role) -> bool:
        """Whether this role is held, or a higher one."""
        return LADDER.index(self.role) >= LADDER.index(role)

    def needs(self, role: Role) -> None:
        """Raises NotAllowed for a lower role."""
        if not self.may(role):
            raise NotAllowed("This needs a higher role at the service desk")


COMMAND = Actor("command", Role.ADMIN)


def role(untrusted: str) -> Role:
    """The role of this name; `none` takes it away. Raises Refused."""
    if untrusted == "none":
        return Role.NOBODY
    try:
        return Role(untrusted)
    except ValueError as wrong:
        raise Refused("A role is reader, desk, admin or none") from wrong

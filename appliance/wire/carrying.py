"""What the courier asks of the authenticator: which lines to keep, what to carry, and where to bring what came.

It carries what it can neither read nor make; no reply has a place for a secret or a code.
"""

from __future__ import annotations

import msgspec

from appliance.wire import safekeeping
from appliance.wire.call import Done, Rows


class Links(msgspec.Struct, frozen=True):
    """Courier: which portals to keep a line to. Blocks up to `wait` seconds until the list differs from `known`."""

    known: str = ""
    wait: float = 0.0


class Link(msgspec.Struct, frozen=True):
    """One line to keep: the portal's origin and the device's id there (both public).

    For a push token: the address to poll, its serial, the seconds to `rest`, and whether its TLS is `unchecked`.
    """

    id: str
    origin: str
    device: str
    kind: str = "portal"
    rest: float = 0.0
    unchecked: bool = False


class LinkList(msgspec.Struct, frozen=True):
    """All lines to keep and the way to go; `mark` changes whenever one does, `stirred` when a poll is worth it.

    `moves` counts how often the network came, went or became another one.
    """

    mark: str
    links: tuple[Link, ...]
    way: safekeeping.Way = safekeeping.Way()
    stirred: int = 0
    moves: int = 0


class NextErrand(msgspec.Struct, frozen=True):
    """Courier: the next thing to carry, waiting up to `wait` seconds for one."""

    wait: float = 25.0


class Errand(msgspec.Struct, frozen=True):
    """One HTTP exchange to make, written by the authenticator; the body is signed or sealed text."""

    id: str
    verb: str
    url: str
    body: str = ""
    kind: str = "application/jose"
    unchecked: bool = False


class ErrandList(msgspec.Struct, frozen=True):
    """No errand or one."""

    errands: tuple[Errand, ...] = ()


class ErrandDone(msgspec.Struct, frozen=True):
    """Courier: how it went: an HTTP status and body (at most 64 KiB), or `trouble` (a value of `Trouble`).

    `server_time` is the portal's clock from the Date header in Unix seconds, 0 when unknown.
    """

    id: str
    status: int = 0
    body: str = ""
    trouble: str = ""
    server_time: float = 0.0


class Assertion(msgspec.Struct, frozen=True):
    """Courier: a client assertion (RFC 7523) for this link, of fixed form; the time may come from the portal."""

    link: str
    server_time: float = 0.0


class Signed(msgspec.Struct, frozen=True):
    """A signed assertion."""

    jwt: str


class Deliver(msgspec.Struct, frozen=True):
    """Courier: a letter arrived for this link."""

    link: str
    letter: str


class Taken(msgspec.Struct, frozen=True):
    """Whether the letter was shown or was known already; `reason` names why not, without its content."""

    taken: bool
    reason: str = ""


class Line(msgspec.Struct, frozen=True):
    """Courier: the state of one link: connected, or a value of `Trouble`."""

    link: str
    state: str
    server_time: float = 0.0


OF_COURIER: Rows = {
    "Links": (Links, LinkList),
    "NextErrand": (NextErrand, ErrandList),
    "ErrandDone": (ErrandDone, Done),
    "Assertion": (Assertion, Signed),
    "Deliver": (Deliver, Taken),
    "Line": (Line, Done),
}

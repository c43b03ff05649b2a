"""The control socket: what each process may ask of the authenticator. No reply has a place for a secret or a code.

A call is `{"method": …, "parameters": {…}}`, a reply `{"parameters": {…}}` or `{"error": …}`. Each role has a
socket under `control/`, and the kernel's word for who calls (SO_PEERCRED) must fit it. `CALLS` is all there is to ask.
"""

from __future__ import annotations

import msgspec

from appliance.wire import linking, polling, safekeeping, service, updates, upkeep


class Call(msgspec.Struct, frozen=True):
    """One call as it stands on the wire; the parameters are decoded by the method's own record."""

    method: str
    parameters: msgspec.Raw = msgspec.Raw(b"{}")


class Reply(msgspec.Struct, frozen=True, omit_defaults=True):
    """One reply: parameters, or an error with an English sentence from the catalogue."""

    parameters: msgspec.Raw = msgspec.Raw(b"{}")
    error: str = ""


class Done(msgspec.Struct, frozen=True):
    """It was taken; nothing more to say."""


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


class Status(msgspec.Struct, frozen=True):
    """Page, console: how the device is."""

    since: int = -1
    wait: float = 0.0


class StatusReply(msgspec.Struct, frozen=True):
    """How the device is, never a secret. `version` counts changes; `bell` is where push gateways must post, if any."""

    serial: str
    software: str
    trust: str
    storage: str
    parts: dict[str, str]
    accounts: tuple[AccountRow, ...]
    waiting: int
    stage: str
    settings: dict[str, str]
    page_open: bool
    version: int
    sealed: bool = False
    bell: str = ""


class AccountRow(msgspec.Struct, frozen=True):
    """One account as the page may know it; `unchecked` says that its server's certificate is not looked at."""

    id: str
    kind: str
    label: str
    issuer: str
    origin: str
    unchecked: bool = False


class Paste(msgspec.Struct, frozen=True):
    """Page: a pasted link or code text; the person at the device still holds the button."""

    text: str

    def __repr__(self) -> str:
        return "Paste(…)"


class Show(msgspec.Struct, frozen=True):
    """Page: a picture of a QR code (at most 8 MiB), read by the scanner."""

    data: bytes

    def __repr__(self) -> str:
        return "Show(…)"


class Confirm(msgspec.Struct, frozen=True):
    """Page: the confirm code from the SMS."""

    digits: str

    def __repr__(self) -> str:
        return "Confirm(…)"


class Rename(msgspec.Struct, frozen=True):
    """Page: another label for an account."""

    account: str
    label: str


class Change(msgspec.Struct, frozen=True):
    """Page: another value for a setting."""

    key: str
    value: str


class AskReset(msgspec.Struct, frozen=True):
    """Page, console: ask for a reset; only a hold on the device does it."""


class AskScan(msgspec.Struct, frozen=True):
    """Page: ask for a scan; only a hold on the device starts it."""


class TryPin(msgspec.Struct, frozen=True):
    """Page: the 8-digit code from the panel that lets a browser in (checklist rows 22, 23)."""

    digits: str

    def __repr__(self) -> str:
        return "TryPin(…)"


class Admitted(msgspec.Struct, frozen=True):
    """Whether the code was right, and how many tries are left before a new hold is needed."""

    admitted: bool
    tries_left: int


class Identify(msgspec.Struct, frozen=True):
    """Console: serial and version."""


class Identity(msgspec.Struct, frozen=True):
    """Who this device is."""

    serial: str
    software: str


CALLS: dict[str, dict[str, tuple[type[msgspec.Struct], type[msgspec.Struct]]]] = {
    "courier": {
        "Links": (Links, LinkList),
        "NextErrand": (NextErrand, ErrandList),
        "ErrandDone": (ErrandDone, Done),
        "Assertion": (Assertion, Signed),
        "Deliver": (Deliver, Taken),
        "Line": (Line, Done),
        **polling.OF_COURIER,
        **updates.of_courier(Done),
    },
    "page": {
        "Status": (Status, StatusReply),
        "TryPin": (TryPin, Admitted),
        "Paste": (Paste, Done),
        "Show": (Show, Done),
        "Confirm": (Confirm, Done),
        **linking.of_page(Done),
        "Rename": (Rename, Done),
        "Change": (Change, Done),
        "AskReset": (AskReset, Done),
        "AskScan": (AskScan, Done),
        "Reorder": (upkeep.Reorder, Done),
        "AskRemove": (upkeep.AskRemove, Done),
        "AskPower": (upkeep.AskPower, Done),
        "AskClock": (upkeep.AskClock, Done),
        "AskNetwork": (upkeep.AskNetwork, Done),
        "AskSearch": (upkeep.AskSearch, Done),
        "AskTest": (upkeep.AskTest, Done),
        "Try": (upkeep.Try, Done),
        "Panel": (upkeep.Panel, upkeep.PanelReply),
        "Condition": (upkeep.Condition, upkeep.ConditionReply),
        "Waiting": (upkeep.Waiting, upkeep.WaitingList),
        "AuditLog": (upkeep.AuditLog, upkeep.AuditReply),
        "Journal": (upkeep.Journal, upkeep.JournalReply),
        "Network": (upkeep.Network, upkeep.NetworkState),
        **updates.of_page(Done),
        **safekeeping.calls(Done),
    },
    "console": {
        "Identify": (Identify, Identity),
        "Status": (Status, StatusReply),
        **service.calls(Done, AskReset, Change),
    },
    "steward": upkeep.of_steward(Done),
    "porter": {
        "Names": (upkeep.Names, upkeep.NameList),
        "Certificate": (upkeep.Certificate, Done),
    },
    "updater": updates.of_updater(Done),
}
CAP = 12 * 1024 * 1024

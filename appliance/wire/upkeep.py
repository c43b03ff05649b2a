"""What the page may ask for the upkeep of a device, and what the steward and the porter are told of it.

The page asks and reads states; a Wi-Fi password goes in and is handed to the steward once, and no reply to the page
has a place for it. The steward speaks to the system bus, the porter to the browsers; neither sees anything else.
"""

from __future__ import annotations

import msgspec

from appliance.wire.call import Done, Rows


class Reorder(msgspec.Struct, frozen=True):
    """Page: the accounts in another order, all of them by id."""

    accounts: tuple[str, ...]


class AskRemove(msgspec.Struct, frozen=True):
    """Page: ask to remove an account; only a hold on the device does it."""

    account: str


class AskPower(msgspec.Struct, frozen=True):
    """Page: ask to `restart` or to switch `off`; only a hold on the device does it."""

    what: str


class AskClock(msgspec.Struct, frozen=True):
    """Page: ask to set the clock to this Unix time; only a hold on the device does it."""

    wall: float


class Wireless(msgspec.Struct, frozen=True):
    """How to join a network: empty `ssid` means the cable, empty `address` means that the network gives one.

    `address` is written with its prefix (192.0.2.10/24); `country` is the two letters of ISO 3166-1,
    or 00 for one that nobody named.
    """

    ssid: str
    country: str
    passphrase: str = ""
    address: str = ""
    gateway: str = ""
    resolver: str = ""
    hidden: bool = False

    def __repr__(self) -> str:
        return "Wireless(…)"


class AskNetwork(msgspec.Struct, frozen=True):
    """Page: ask for another network; only a hold on the device changes it."""

    wireless: Wireless


class AskSearch(msgspec.Struct, frozen=True):
    """Page: look for Wi-Fi networks now; the next `Network` has them."""


class AskTest(msgspec.Struct, frozen=True):
    """Page: run the self-test; the panel shows it and the status tells the parts."""


class Try(msgspec.Struct, frozen=True):
    """Page: let the `sound` or the `light` of the device be heard or seen once."""

    part: str


class Panel(msgspec.Struct, frozen=True):
    """Page: what is on the panel now."""


class PanelReply(msgspec.Struct, frozen=True):
    """The panel with every figure masked, as packed one-bit rows; `lit` False is a dark panel."""

    width: int
    height: int
    bits: bytes
    lit: bool


class Condition(msgspec.Struct, frozen=True):
    """Page: the gauges of the device."""


class ConditionReply(msgspec.Struct, frozen=True):
    """Measured just now; None is unknown. `by_hand`: a technician set the clock and nothing confirmed it since.
    `proxy_login`: a name and a password for the proxy are stored.

    `seen` is when a portal was last reached, in seconds ago, by account."""

    wall: float
    up_seconds: float
    temperature: float | None = None
    undervolted: bool | None = None
    disk_free: int | None = None
    disk_size: int | None = None
    seen: dict[str, float] = {}
    tested: dict[str, str] = {}
    by_hand: bool = False
    proxy_login: bool = False


class Waiting(msgspec.Struct, frozen=True):
    """Page: who is waiting for an answer at this token."""


class WaitingRow(msgspec.Struct, frozen=True):
    """Somebody who is signing in: as whom, where to, from where, and how many seconds are left."""

    account: str
    service: str
    place: str
    seconds_left: int


class WaitingList(msgspec.Struct, frozen=True):
    """All who wait, first come first."""

    rows: tuple[WaitingRow, ...]


class Journal(msgspec.Struct, frozen=True):
    """Page: the last lines of the device's log."""


class JournalReply(msgspec.Struct, frozen=True):
    """Past-tense facts, oldest first, each `seconds ago, level, words`; never a secret."""

    rows: tuple[tuple[float, str, str], ...]


class AuditLog(msgspec.Struct, frozen=True):
    """Page: the audit log as it is exported."""


class AuditReply(msgspec.Struct, frozen=True):
    """One line of JSON an entry, each bound to the one before it; no secret, name or code."""

    lines: tuple[str, ...]


class Nearby(msgspec.Struct, frozen=True):
    """A Wi-Fi network that was heard; `ssid` is made printable, `signal` is 0 to 100."""

    ssid: str
    signal: int
    secured: bool


class Network(msgspec.Struct, frozen=True):
    """Page: the network as the steward reported it last."""


class NetworkState(msgspec.Struct, frozen=True):
    """Steward: how the network is; `time_server` is what the clock is set by, `searching`: it is looking around.

    `steward` False in a reply means that nobody on this device looks after it.
    """

    steward: bool = False
    connected: bool = False
    kind: str = ""
    ssid: str = ""
    signal: int = 0
    addresses: tuple[str, ...] = ()
    country: str = ""
    nearby: tuple[Nearby, ...] = ()
    trouble: str = ""
    time_server: str = ""
    searching: bool = False


class NextOrder(msgspec.Struct, frozen=True):
    """Steward: the next thing to do, waiting up to `wait` seconds for one."""

    wait: float = 25.0


class Order(msgspec.Struct, frozen=True):
    """One thing for the steward: `network`, `search`, `restart`, `off` or `clock`."""

    id: str
    what: str
    wireless: Wireless | None = None
    wall: float = 0.0

    def __repr__(self) -> str:
        return f"Order({self.what})"


class OrderList(msgspec.Struct, frozen=True):
    """No order or one. `life` names the time since the last reset: a network of ours from an earlier one is forgotten.

    Empty means that nothing may be concluded now.
    """

    orders: tuple[Order, ...] = ()
    life: str = ""


class OrderDone(msgspec.Struct, frozen=True):
    """Steward: how it went; `trouble` is an English sentence from the catalogue, empty when it worked."""

    id: str
    trouble: str = ""


class NetworkMoved(msgspec.Struct, frozen=True):
    """Steward: the network came, went, or is another one; every line hangs on what was there before."""


class Report(msgspec.Struct, frozen=True):
    """Steward: the network now."""

    network: NetworkState


class Names(msgspec.Struct, frozen=True):
    """Porter: the names and addresses of this device, and the life it is in.

    Blocks up to `wait` seconds until they differ from what is `known`.
    """

    known: tuple[str, ...] = ()
    wait: float = 0.0
    life: str = ""


class NameList(msgspec.Struct, frozen=True):
    """What browsers may call this device: its serial's name first. Another `life` needs another certificate."""

    names: tuple[str, ...]
    life: str = ""


class Certificate(msgspec.Struct, frozen=True):
    """Porter: the SHA-256 of the certificate that browsers get, as 64 capital hexadecimal digits, for the panel."""

    fingerprint: str


OF_PAGE: Rows = {
    "Reorder": (Reorder, Done),
    "AskRemove": (AskRemove, Done),
    "AskPower": (AskPower, Done),
    "AskClock": (AskClock, Done),
    "AskNetwork": (AskNetwork, Done),
    "AskSearch": (AskSearch, Done),
    "AskTest": (AskTest, Done),
    "Try": (Try, Done),
    "Panel": (Panel, PanelReply),
    "Condition": (Condition, ConditionReply),
    "Waiting": (Waiting, WaitingList),
    "AuditLog": (AuditLog, AuditReply),
    "Journal": (Journal, JournalReply),
    "Network": (Network, NetworkState),
}
OF_STEWARD: Rows = {
    "NextOrder": (NextOrder, OrderList),
    "OrderDone": (OrderDone, Done),
    "Report": (Report, Done),
    "NetworkMoved": (NetworkMoved, Done),
}
OF_PORTER: Rows = {"Names": (Names, NameList), "Certificate": (Certificate, Done)}

"""What the technician's line may ask of a device: how it is, to try its parts, to provide it, to seal it.

Everything but reading and asking works only while the line is open: before sealing, or for a while after a hold on the
device. A Wi-Fi password goes in and comes out to nobody; no reply names an account or holds a code.
"""

from __future__ import annotations

import msgspec

from appliance.wire import upkeep
from appliance.wire.call import Done, Rows
from appliance.wire.upkeep import Wireless


class Service(msgspec.Struct, frozen=True):
    """Console: the device as a technician may know it."""


class ServiceReply(msgspec.Struct, frozen=True):
    """How it is. `open_for` is the seconds for which the line is still open, -1 while it is so until the sealing.

    `asked` is the question that stands on the panel now (`seal`, `service` or nothing); `orders` tells how each order
    of this line ended: empty while it runs, `done`, or a sentence. `seen` are the keys of the trial that goes on, and
    `decoded` is `looking`, `right`, `wrong` or why the camera saw nothing. `counted` is the number of linked accounts.
    """

    serial: str
    software: str
    sealed: bool
    open_for: float
    board: str
    boards: tuple[str, ...]
    keys: tuple[str, ...]
    language: str
    portals: tuple[str, ...]
    fingerprint: str
    storage: str
    trust: str
    wall: float
    counted: int
    asked: str = ""
    trying: str = ""
    seen: tuple[str, ...] = ()
    decoded: str = ""
    parts: dict[str, str] = {}
    tested: dict[str, str] = {}
    orders: dict[str, str] = {}


class AskSeal(msgspec.Struct, frozen=True):
    """Console: ask to close this line for good; only a hold on the device does it."""


class AskService(msgspec.Struct, frozen=True):
    """Console: ask to open this line of a sealed device for a while; only a hold on the device does it."""


class Ordered(msgspec.Struct, frozen=True):
    """It was passed on under this number; `ServiceReply.orders` tells how it ended."""

    id: str


class Join(msgspec.Struct, frozen=True):
    """Console: use this network."""

    wireless: Wireless

    def __repr__(self) -> str:
        return "Join(…)"


class SetClock(msgspec.Struct, frozen=True):
    """Console: set the clock to this Unix time."""

    wall: float


class SetPortals(msgspec.Struct, frozen=True):
    """Console: the only portals that this device may be linked with, by origin; none allows every https one."""

    origins: tuple[str, ...]


class SetBoard(msgspec.Struct, frozen=True):
    """Console: the hardware profile to start with from the next start on, by its file's name."""

    name: str


class TryPart(msgspec.Struct, frozen=True):
    """Console: `light` or `sound` once; `panel`, `keys` or `camera` for a minute; anything else ends the trial.

    `text` is what the code in front of the camera must say.
    """

    part: str
    text: str = ""


OF_CONSOLE: Rows = {
    "AskClock": (upkeep.AskClock, Done),
    "Service": (Service, ServiceReply),
    "AskSeal": (AskSeal, Done),
    "AskService": (AskService, Done),
    "Join": (Join, Ordered),
    "SetClock": (SetClock, Ordered),
    "SetPortals": (SetPortals, Done),
    "SetBoard": (SetBoard, Done),
    "TryPart": (TryPart, Done),
    "AskSearch": (upkeep.AskSearch, Done),
    "AskTest": (upkeep.AskTest, Done),
    "Condition": (upkeep.Condition, upkeep.ConditionReply),
    "Network": (upkeep.Network, upkeep.NetworkState),
}

"""What the device page asks for beyond accounts and settings: wishes, orders for the steward, gauges.

Holds a Wi-Fi password between the call and the hold, in memory, and gives it to the steward once. The consumer uses
it; only `orders` and `names` may be asked from other threads.
"""

from __future__ import annotations

import queue
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Condition as Bell

from msgspec.structs import replace

from appliance.authenticator.gauges import Gauges
from appliance.authenticator.journal import Journal
from appliance.core.accounts import Account
from appliance.core.clock_trust import Now, Trust
from appliance.core.errors import Refused
from appliance.core.events import Event
from appliance.core.masking import masked
from appliance.core.requests import Request
from appliance.core.screen import Screen
from appliance.core.wishes import Granted, Kind, Wish, Wished
from appliance.credentials.wifi import Wifi
from appliance.hardware.ports import Frame
from appliance.wire.local_name import local_name
from appliance.wire.upkeep import (
    AskClock,
    AskNetwork,
    AskPower,
    AskRemove,
    ConditionReply,
    NetworkState,
    Order,
    PanelReply,
    WaitingRow,
    Wireless,
)

MOST_ORDERS, MOST_NAMES = 8, 32
NO_STEWARD = "Nobody on this token looks after that"
EARLIEST = 1_700_000_000.0
ANYWHERE = "00"


@dataclass
class Upkeep:
    """The state of it. `host` names the device to browsers, `seen` is when a portal was last reached.

    `moves` counts how often the network came, went or became another one.
    `life` is the vault's name for the time since the last reset; the steward is told it once the goodbyes are away.
    """

    host: str = ""
    gauges: Gauges | None = None
    journal: Journal | None = None
    fingerprint: str = ""
    screen: Screen | None = None
    paint: Callable[[Screen, str], Frame] | None = None
    network: NetworkState = field(default_factory=NetworkState)
    tested: dict[str, str] = field(default_factory=dict)
    seen: dict[str, float] = field(default_factory=dict)
    waiting: tuple[Request, ...] = ()
    life: str = ""
    told_steward: str = ""
    moves: int = 0
    _asked: Order | None = None
    _clock: str = ""
    _orders: queue.Queue[Order] = field(default_factory=lambda: queue.Queue(MOST_ORDERS))
    _bell: Bell = field(default_factory=Bell)
    _names: tuple[str, ...] = ()

    def wish(
        self, asked: AskRemove | AskPower | AskNetwork | AskClock, accounts: tuple[Account, ...]
    ) -> Event:
        """Remember what exactly is asked, and put it before the person. Raises Refused for what cannot be done."""
        number = secrets.token_hex(8)
        match asked:
            case AskRemove():
                found = [account for account in accounts if account.id == asked.account]
                if not found:
                    raise Refused("There is no such account")
                self._asked = Order(asked.account, Kind.REMOVE.value)
                return Wished(Wish(number, Kind.REMOVE, found[0].label))
            case AskPower() if asked.what in ("restart", "off"):
                return self._for_steward(Order(number, asked.what), Kind(asked.what))
            case AskNetwork():
                wireless = asked.wireless
                order = Order(number, "network", wireless=wireless)
                return self._for_steward(order, Kind.NETWORK, wireless.ssid)
            case AskClock() if asked.wall > EARLIEST:
                return self._for_steward(Order(number, "clock", wall=asked.wall), Kind.CLOCK)
        raise Refused("That is not one of the choices")

    def scanned(self, found: Wifi) -> Event:
        """Put a scanned network before the person; the radio's country stays as it is. Raises Refused."""
        country = self.network.country or ANYWHERE
        wireless = Wireless(found.name, country, found.password, hidden=found.hidden)
        order = Order(secrets.token_hex(8), "network", wireless=wireless)
        return self._for_steward(order, Kind.WIFI, found.name)

    def granted(self, wish: Wish) -> str:
        """The person held: pass the order on. Gives the account to remove, or nothing."""
        asked, self._asked = self._asked, None
        if asked is None:
            raise Refused("That was not asked")
        if wish.kind is Kind.REMOVE:
            return asked.id
        self.order(asked)
        return ""

    def refused(self) -> None:
        """Nobody wanted it: forget what was asked, its password too."""
        self._asked = None

    def order(self, order: Order) -> None:
        """Put something before the steward. Raises Refused when there is none, or it has too much to do."""
        if not self.network.steward:
            raise Refused(NO_STEWARD)
        try:
            self._orders.put_nowait(order)
        except queue.Full as full:
            raise Refused("The device is busy") from full
        self._clock = order.id if order.what == "clock" else self._clock

    def search(self) -> None:
        """Have the steward look around; it is told until the next report. Raises Refused."""
        self.order(Order("", "search"))
        self.network = replace(self.network, searching=True)

    def next_order(self, wait: float) -> Order | None:
        """For the steward's thread: the next order, once."""
        try:
            return self._orders.get(timeout=max(0.001, wait))
        except queue.Empty:
            return None

    def done(self, order: str, trouble: str) -> Event:
        """The steward has done something."""
        return Granted(order, trouble[:120])

    def set_clock(self, order: str, trouble: str) -> bool:
        """Whether it was the order to set the clock, and it worked. True once."""
        if not order or order != self._clock:
            return False
        self._clock = ""
        return not trouble

    def reported(self, network: NetworkState) -> None:
        """The network as it is now."""
        with self._bell:
            self.network = network
            self._bell.notify_all()

    def names(self, known: tuple[str, ...], life: str, wait: float) -> tuple[tuple[str, ...], str]:
        """What browsers may call this device, and its life; waits while that is what the caller knows."""
        with self._bell:
            self._bell.wait_for(lambda: (self._now(), self.life) != (known, life), wait)
            return self._now(), self.life

    def begins(self, life: str) -> None:
        """A new life: the porter hears of it at once, the steward when nothing of the old one needs the network."""
        with self._bell:
            self.life, self.told_steward = life, ""
            self._bell.notify_all()

    def condition(self, now: Now, up: float) -> ConditionReply:
        """The gauges, read now."""
        disk = self.gauges.disk() if self.gauges else None
        return ConditionReply(
            wall=now.wall,
            up_seconds=up,
            temperature=self.gauges.temperature() if self.gauges else None,
            undervolted=self.gauges.undervolted() if self.gauges else None,
            disk_free=disk[0] if disk else None,
            disk_size=disk[1] if disk else None,
            seen={account: max(0.0, now.monotonic - at) for account, at in self.seen.items()},
            tested=dict(self.tested),
            by_hand=now.trust is Trust.SET,
        )

    def who_waits(self, now: Now) -> tuple[WaitingRow, ...]:
        """Everybody with an open request."""
        return tuple(
            WaitingRow(r.account, r.service, r.place, max(0, int(r.deadline - now.monotonic)))
            for r in self.waiting
        )

    def picture(self, language: str) -> PanelReply:
        """The panel as it is now, with every figure masked. Raises Refused before the first screen."""
        if self.screen is None or self.paint is None:
            raise Refused("The device is busy")
        frame = self.paint(masked(self.screen), language)
        return PanelReply(frame.width, frame.height, frame.bits, frame.lit)

    def forget(self) -> None:
        """After a reset nothing of it is left."""
        self._asked = None
        self.seen.clear()
        self.tested.clear()

    def _for_steward(self, order: Order, kind: Kind, about: str = "") -> Event:
        if not self.network.steward:
            raise Refused(NO_STEWARD)
        self._asked = order
        return Wished(Wish(order.id, kind, about))

    def _now(self) -> tuple[str, ...]:
        bare = (address.partition("/")[0] for address in self.network.addresses)
        local = (local_name(self.host),) if self.host else ()
        return (*local, *sorted(bare))[:MOST_NAMES]

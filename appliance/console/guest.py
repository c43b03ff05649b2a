"""Answers whoever speaks Improv on the line, so that any Improv web page can give the device its Wi-Fi.

It is offered only while the line is open; a sealed device is silent, as one that never spoke Improv. The country of the
radio stays as it is: Improv has no word for it. "Cannot connect" is said before the page's own thirty seconds are over.
"""

from __future__ import annotations

from dataclasses import dataclass

from appliance.core.errors import DeskTokenError
from appliance.wire import improv
from appliance.wire.call import Done
from appliance.wire.client import Caller
from appliance.wire.improv import Asked, Command, Error, NotImprov, Packet, State, Type
from appliance.wire.local_name import local_name
from appliance.wire.service import Join, Ordered, Service, ServiceReply
from appliance.wire.upkeep import AskSearch, Network, NetworkState, Wireless

JOIN_SECONDS, LOOK_EVERY = 25.0, 1.0
ANYWHERE, NAME = "00", "Desk Token"
MOST_NETWORKS = 20


@dataclass(frozen=True, slots=True)
class Joining:
    """A network is being joined: the order's number, and when to give up."""

    order: str
    until: float


@dataclass
class Guest:
    """One line's guest. `host` is the machine's own name, where its page is found."""

    desk: Caller
    host: str
    _joining: Joining | None = None
    _next_look: float = 0.0

    def answer(self, packet: Packet, now: float) -> bytes:
        """What to say to this packet; nothing while the line is closed or nobody is there to ask."""
        if packet.type != Type.RPC:
            return b""
        try:
            device = self.desk.call(Service(), ServiceReply)
            if device.open_for == 0.0:
                return b""
            return self._answer(improv.asked(packet), device, now)
        except NotImprov as wrong:
            return improv.error(wrong.error)
        except DeskTokenError:
            return improv.error(Error.UNKNOWN)

    def pass_time(self, now: float) -> bytes:
        """Whether the network was joined, once a second while one is being joined."""
        if self._joining is None or now < self._next_look:
            return b""
        self._next_look = now + LOOK_EVERY
        try:
            device = self.desk.call(Service(), ServiceReply)
        except DeskTokenError:
            return self._failed() if now >= self._joining.until else b""
        ended = device.orders.get(self._joining.order, "")
        if ended == "done" and self._network().connected:
            self._joining = None
            return improv.state(State.PROVISIONED) + improv.result(Command.WIFI, self._page())
        if ended not in ("", "done") or now >= self._joining.until:
            return self._failed()
        return b""

    def _answer(self, asked: Asked, device: ServiceReply, now: float) -> bytes:
        clear = improv.error(Error.NONE)
        match asked:
            case Asked(Command.WIFI, (ssid, password)):
                return clear + self._join(ssid, password, now)
            case Asked(Command.GET_STATE):
                return self._state()
            case Asked(Command.INFO):
                told = (NAME, device.software, device.board, f"{NAME} {device.serial}")
                return clear + improv.result(Command.INFO, *told)
            case Asked(Command.SCAN):
                return clear + self._scan()
            case Asked(Command.HOST_NAME, texts):
                own = self.host.lower()
                good = texts in ((), (own,))
                return clear + improv.result(asked.command, own) if good else _bad_name()
            case Asked(Command.DEVICE_NAME, texts):
                own = f"{NAME} {device.serial}"
                good = texts in ((), (own,))
                return clear + improv.result(asked.command, own) if good else _bad_name()
        return improv.error(Error.BAD_PACKET)

    def _join(self, ssid: str, password: str, now: float) -> bytes:
        country = self._network().country or ANYWHERE
        try:
            order = self.desk.call(Join(Wireless(ssid, country, password)), Ordered)
        except DeskTokenError:
            return self._failed()
        self._joining = Joining(order.id, now + JOIN_SECONDS)
        self._next_look = now + LOOK_EVERY
        return improv.state(State.PROVISIONING)

    def _state(self) -> bytes:
        if self._joining is not None:
            return improv.state(State.PROVISIONING)
        if not self._network().connected:
            return improv.state(State.READY)
        url = improv.result(Command.GET_STATE, self._page())
        return improv.state(State.PROVISIONED) + url

    def _scan(self) -> bytes:
        """What was heard last, strongest first, and an empty result at the end; a new look is ordered too."""
        self.desk.call(AskSearch(), Done)
        rows = (
            improv.result(
                Command.SCAN,
                near.ssid,
                str(near.signal // 2 - 100),
                "YES" if near.secured else "NO",
            )
            for near in self._network().nearby[:MOST_NETWORKS]
        )
        return b"".join(rows) + improv.result(Command.SCAN)

    def _page(self) -> str:
        return f"https://{local_name(self.host)}"

    def _network(self) -> NetworkState:
        return self.desk.call(Network(), NetworkState)

    def _failed(self) -> bytes:
        self._joining = None
        return improv.state(State.READY) + improv.error(Error.CANNOT_CONNECT)


def _bad_name() -> bytes:
    """The name stands on the label: another one is refused."""
    return improv.error(Error.BAD_HOST_NAME)

"""Does one order after another and reports the network after each. It decides nothing: the hold came before."""

from __future__ import annotations

import logging
from contextlib import suppress

from jeepney import DBusAddress
from msgspec.structs import replace

from appliance.core.errors import DeskTokenError
from appliance.steward.bus import Bus, BusTrouble
from appliance.steward.networks import Networks
from appliance.steward.profile import WORLD
from appliance.wire.call import Done
from appliance.wire.client import Caller
from appliance.wire.upkeep import NetworkState, NextOrder, Order, OrderDone, OrderList, Report

WAIT = 10.0
LOGIN = DBusAddress(
    "/org/freedesktop/login1", "org.freedesktop.login1", "org.freedesktop.login1.Manager"
)
TIME = DBusAddress(
    "/org/freedesktop/timedate1", "org.freedesktop.timedate1", "org.freedesktop.timedate1"
)
SYNC = DBusAddress(
    "/org/freedesktop/timesync1", "org.freedesktop.timesync1", "org.freedesktop.timesync1.Manager"
)
SUPPLICANT = "fi.w1.wpa_supplicant1"
log = logging.getLogger("steward")


class Steward:
    """The hands at the bus. `turn` waits for at most one order."""

    def __init__(self, bus: Bus, desk: Caller) -> None:
        self._bus = bus
        self._desk = desk
        self._networks = Networks(bus)
        self._country = ""
        self._life = ""
        self._follow_time()
        self._report()

    def _follow_time(self) -> None:
        """The network's time is switched on: a power cut may have come while it rested."""
        with suppress(BusTrouble):
            if self._bus.get(TIME, "CanNTP") and not self._bus.get(TIME, "NTP"):
                self._bus.call(TIME, "SetNTP", "bb", True, False)

    def turn(self) -> None:
        """Wait for an order, do it, say how it went, and report the network. Raises PeerTrouble."""
        told = self._desk.call(NextOrder(WAIT), OrderList, WAIT)
        self._live(told.life)
        for order in told.orders:
            trouble = self._done(order)
            if order.id:
                self._desk.call(OrderDone(order.id, trouble), Done)
        self._report()

    def _live(self, life: str) -> None:
        """After a reset the networks of the life before are forgotten, their passwords too (checklist row 36)."""
        if life in ("", self._life):
            return
        try:
            forgotten = self._networks.forget_lives_but(life)
        except BusTrouble as trouble:
            log.info("networks not looked through: %s", trouble)
            return
        self._life = life
        if forgotten:
            log.info("networks forgotten count=%d", forgotten)

    def _done(self, order: Order) -> str:
        try:
            self._do(order)
        except DeskTokenError as trouble:
            log.info("order failed what=%s: %s", order.what, trouble)
            return str(trouble)
        log.info("order done what=%s", order.what)
        return ""

    def _do(self, order: Order) -> None:
        match order.what:
            case "network" if order.wireless is not None:
                self._networks.join(order.wireless, self._life)
                if order.wireless.country != WORLD:
                    self._settle_in(order.wireless.country)
            case "search":
                self._networks.search()
            case "restart":
                self._bus.call(LOGIN, "Reboot", "b", False)
            case "off":
                self._bus.call(LOGIN, "PowerOff", "b", False)
            case "clock":
                self._set_clock(order.wall)
            case _:
                raise BusTrouble("There is no such call")

    def _set_clock(self, wall: float) -> None:
        """By hand: timedated refuses while it follows the network, so that rests for a moment and then goes on."""
        follows = bool(self._bus.get(TIME, "NTP"))
        if follows:
            self._bus.call(TIME, "SetNTP", "bb", False, False)
        try:
            self._bus.call(TIME, "SetTime", "xbb", int(wall * 1_000_000), False, False)
        finally:
            if follows:
                self._bus.call(TIME, "SetNTP", "bb", True, False)

    def _settle_in(self, country: str) -> None:
        """Tell the radio its country, as far as it listens; NetworkManager has no word for it."""
        self._country = country or self._country
        root = DBusAddress("/fi/w1/wpa_supplicant1", SUPPLICANT, SUPPLICANT)
        for path in self._bus.get(root, "Interfaces") or ():
            part = DBusAddress(path, SUPPLICANT, f"{SUPPLICANT}.Interface")
            self._bus.put(part, "Country", "s", self._country)

    def _report(self) -> None:
        try:
            state = self._networks.state(self._country)
            server = str(self._bus.get(SYNC, "ServerName") or "")
            state = replace(state, time_server=server[:253])
        except BusTrouble as trouble:
            state = NetworkState(trouble=str(trouble))
        self._desk.call(Report(state), Done)

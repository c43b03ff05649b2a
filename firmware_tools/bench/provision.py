"""Gives a device what it needs, step by step, over the line. A step that is done already is not done again.

So whatever stopped it, a pulled cable or Ctrl-C, beginning again goes on where it was. A device is finished when it is
sealed, and not before.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import msgspec

from appliance.core.errors import DeskTokenError, Refused
from appliance.wire.asking import Change
from appliance.wire.call import Done
from appliance.wire.client import Caller, Declined
from appliance.wire.service import (
    AskSeal,
    AskService,
    Join,
    Ordered,
    Service,
    ServiceReply,
    SetBoard,
    SetClock,
    SetPortals,
)
from appliance.wire.upkeep import Network, NetworkState, Wireless
from firmware_tools.bench.wanted import Wanted
from firmware_tools.ctrl_c import pause
from firmware_tools.words import _

KEPT, CLOSE = ("synced", "holdover", "rtc"), 5.0
START_SECONDS = 30.0
NETWORK_SECONDS, CLOCK_SECONDS, PERSON_SECONDS, LOOK = 60.0, 20.0, 90.0, 0.2
STEPS = {
    "open": _("open the line"),
    "language": _("language"),
    "profile": _("hardware profile"),
    "portal": _("portal"),
    "clock": _("clock"),
    "network": _("network"),
    "seal": _("seal"),
}


class Step(msgspec.Struct, frozen=True):
    """One step and how it went: `done`, `was` (already so), or `hold` (a person must hold on the token now)."""

    name: str
    how: str


@dataclass(frozen=True, slots=True)
class Times:
    """The clocks and the waiting of this computer, so that a test passes its own."""

    wall: Callable[[], float] = time.time
    monotonic: Callable[[], float] = time.monotonic
    pause: Callable[[float], None] = pause


def provision(desk: Caller, wanted: Wanted, times: Times, *, seal: bool) -> Iterator[Step]:
    """Every step, each told when it is over. Raises a DeskTokenError that names what to do; begin again then."""
    device = awake(desk, times)
    if device.open_for == 0.0:
        yield from _opened(desk, times)
    yield _language(desk, wanted, device)
    yield _profile(desk, wanted, device)
    yield _portals(desk, wanted, device)
    yield _clock(desk, device, times)
    yield _network(desk, wanted, times)
    if seal:
        yield from _sealed(desk, times)


def awake(desk: Caller, times: Times) -> ServiceReply:
    """How the device is, as soon as it is all there: a plug starts it, and its parts come up one after another.

    Raises Declined when they are not there after half a minute.
    """
    until = times.monotonic() + START_SECONDS
    while True:
        try:
            return look(desk)
        except Declined:
            if times.monotonic() >= until:
                raise
        times.pause(LOOK)


def look(desk: Caller) -> ServiceReply:
    """How the device is now."""
    return desk.call(Service(), ServiceReply)


def _opened(desk: Caller, times: Times) -> Iterator[Step]:
    yield Step("open", "hold")
    _held(desk, AskService(), "service", lambda device: device.open_for != 0.0, times)
    yield Step("open", "done")


def _sealed(desk: Caller, times: Times) -> Iterator[Step]:
    if look(desk).sealed:
        yield Step("seal", "was")
        return
    yield Step("seal", "hold")
    _held(desk, AskSeal(), "seal", lambda device: device.sealed, times)
    yield Step("seal", "done")


def _held(
    desk: Caller,
    ask: AskSeal | AskService,
    asked: str,
    there: Callable[[ServiceReply], bool],
    times: Times,
) -> None:
    """Ask, and ask again when the question went away, until somebody held. Raises Refused when nobody does."""
    until = times.monotonic() + PERSON_SECONDS
    while times.monotonic() < until:
        device = look(desk)
        if there(device):
            return
        if device.asked != asked:
            desk.call(ask, Done)
        times.pause(LOOK)
    raise Refused(_("Nobody held the button on the token; begin again"))


def _language(desk: Caller, wanted: Wanted, device: ServiceReply) -> Step:
    if not wanted.language or device.language == wanted.language:
        return Step("language", "was")
    desk.call(Change("language", wanted.language), Done)
    return Step("language", "done")


def _profile(desk: Caller, wanted: Wanted, device: ServiceReply) -> Step:
    if not wanted.profile or device.board == wanted.profile:
        return Step("profile", "was")
    desk.call(SetBoard(wanted.profile), Done)
    return Step("profile", "done")


def _portals(desk: Caller, wanted: Wanted, device: ServiceReply) -> Step:
    if not wanted.portals or device.portals == wanted.portals:
        return Step("portal", "was")
    desk.call(SetPortals(wanted.portals), Done)
    return Step("portal", "done")


def _clock(desk: Caller, device: ServiceReply, times: Times) -> Step:
    """A clock that the network or a battery keeps is left alone, and one that was set by hand and is right."""
    close = abs(device.wall - times.wall()) < CLOSE
    if device.trust in KEPT or (device.trust == "set" and close):
        return Step("clock", "was")
    _ordered(desk, desk.call(SetClock(times.wall()), Ordered), CLOCK_SECONDS, times)
    return Step("clock", "done")


def _network(desk: Caller, wanted: Wanted, times: Times) -> Step:
    if not wanted.ssid:
        return Step("network", "was")
    now, until = desk.call(Network(), NetworkState), times.monotonic() + START_SECONDS
    while not now.steward and times.monotonic() < until:
        times.pause(LOOK)
        now = desk.call(Network(), NetworkState)
    if now.connected and now.ssid == wanted.ssid:
        return Step("network", "was")
    wireless = Wireless(wanted.ssid, wanted.country, wanted.passphrase, hidden=wanted.hidden)
    _ordered(desk, desk.call(Join(wireless), Ordered), NETWORK_SECONDS, times)
    _connected(desk, times)
    return Step("network", "done")


def _connected(desk: Caller, times: Times) -> None:
    """An order is done when the radio has it; the network comes seconds later, or never with a wrong password."""
    until = times.monotonic() + NETWORK_SECONDS
    while not desk.call(Network(), NetworkState).connected:
        if times.monotonic() >= until:
            raise Refused(_("The network was not joined; check its name and password"))
        times.pause(LOOK)


def _ordered(desk: Caller, order: Ordered, seconds: float, times: Times) -> None:
    """Wait until the device has done it. Raises DeskTokenError with the device's own sentence."""
    until = times.monotonic() + seconds
    while times.monotonic() < until:
        ended = look(desk).orders.get(order.id, "")
        if ended == "done":
            return
        if ended:
            raise DeskTokenError(ended)
        times.pause(LOOK)
    raise Refused(_("The device took too long; look at the network and begin again"))

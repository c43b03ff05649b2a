"""Tries every part of a device: some the device knows by itself, some a person must see, press or hear.

No test can do harm. What a person answers is asked through `Person`; without one those parts are `skipped`,
never `good`.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from typing import Protocol

import msgspec

from appliance.core.errors import DeskTokenError
from appliance.wire.call import Done
from appliance.wire.client import Caller
from appliance.wire.service import TryPart
from appliance.wire.upkeep import Condition, ConditionReply, Network, NetworkState
from firmware_tools.bench.provision import Times, look
from firmware_tools.words import _

KEYS_SECONDS, CAMERA_SECONDS, LOOK = 60.0, 60.0, 0.1
PARTS = {
    "clock": _("clock"),
    "storage": _("storage"),
    "supply": _("power supply"),
    "network": _("network"),
    "portal": _("portal"),
    "panel": _("panel"),
    "keys": _("keys"),
    "light": _("light"),
    "sound": _("sound"),
    "camera": _("camera"),
}
QUESTIONS = {
    "panel": _("Are there even squares in a whole frame on the panel?"),
    "light": _("Did the light go on?"),
    "sound": _("Did it make a sound?"),
}


class Part(msgspec.Struct, frozen=True):
    """One part: `good`, `bad` or `skipped`, and a word about it (a state or a name, never a sentence)."""

    name: str
    verdict: str
    about: str = ""


class Person(Protocol):
    """Whoever sits before the device."""

    def answers(self, question: str) -> bool:
        """Yes or no."""

    def presses(self, keys: tuple[str, ...]) -> None:
        """Is asked to press each of these keys."""

    def shows(self, text: str) -> None:
        """Is asked to hold a code with this text before the camera."""


class Report(msgspec.Struct, frozen=True):
    """A whole test of one device."""

    serial: str
    software: str
    fingerprint: str
    at: float
    parts: tuple[Part, ...]

    @property
    def good(self) -> bool:
        """Whether nothing is bad."""
        return all(part.verdict != "bad" for part in self.parts)


def selftest(desk: Caller, person: Person | None, times: Times) -> Iterator[Part]:
    """Each part as it is done. Raises a DeskTokenError when the line is lost or closed."""
    yield from _known(desk)
    for part in ("panel", "keys", "light", "sound", "camera"):
        if person is None:
            yield Part(part, "skipped")
            continue
        try:
            tried = _tried(desk, part, person, times)
        finally:
            # whatever ended it, also Ctrl-C, must not be hidden by a line that is gone
            with contextlib.suppress(DeskTokenError):
                desk.call(TryPart("none"), Done)
        yield tried


def report(desk: Caller, parts: tuple[Part, ...], times: Times) -> Report:
    """All parts together, with what the device says of itself: for its label, the book and `--into`."""
    device = look(desk)
    return Report(device.serial, device.software, device.fingerprint, round(times.wall(), 1), parts)


def _known(desk: Caller) -> Iterator[Part]:
    device, gauges = look(desk), desk.call(Condition(), ConditionReply)
    network = desk.call(Network(), NetworkState)
    yield Part("clock", _good(device.trust != "unknown"), device.trust)
    yield Part("storage", _good(device.parts.get("storage") != "bad"), device.storage)
    supply = "skipped" if gauges.undervolted is None else _good(not gauges.undervolted)
    yield Part("supply", supply)
    known = network.steward and not network.trouble
    yield Part("network", _good(network.connected) if known else "skipped", network.kind)
    linked = "portal" in device.parts and device.counted > 0
    yield Part("portal", _good(device.parts.get("portal") == "good") if linked else "skipped")


def _tried(desk: Caller, part: str, person: Person, times: Times) -> Part:
    if part == "keys":
        return _keys(desk, person, times)
    if part == "camera":
        return _camera(desk, person, times)
    desk.call(TryPart(part), Done)
    return Part(part, _good(person.answers(QUESTIONS[part])))


def _keys(desk: Caller, person: Person, times: Times) -> Part:
    wanted = look(desk).keys
    desk.call(TryPart("keys"), Done)
    person.presses(wanted)
    until, seen = times.monotonic() + KEYS_SECONDS, frozenset[str]()
    while times.monotonic() < until and not seen >= set(wanted):
        times.pause(LOOK)
        seen |= set(look(desk).seen)
    missing = [key for key in wanted if key not in seen]
    return Part("keys", _good(not missing), " ".join(missing))


def _camera(desk: Caller, person: Person, times: Times) -> Part:
    text = f"DESK-TOKEN-{secrets.token_hex(4).upper()}"
    desk.call(TryPart("camera", text), Done)
    person.shows(text)
    until, seen = times.monotonic() + CAMERA_SECONDS, "looking"
    while times.monotonic() < until and seen == "looking":
        times.pause(LOOK)
        seen = look(desk).decoded
    return Part("camera", _good(seen == "right"), seen)


def _good(good: bool) -> str:
    return "good" if good else "bad"

"""Laws of the lists that a technician brings to the bench: a batch to provide, a fleet, and what the portal knows."""

from __future__ import annotations

import re
from types import ModuleType

from firmware_tools.bench import wanted
from firmware_tools.bench.countries import COUNTRIES
from firmware_tools.fleet import boxes
from firmware_tools.fleet import inventory as fleet
from tests.fuzz.verdict import hold, is_one_line, our_sentences

PLAIN = re.compile(r"[A-Za-z0-9-]*", re.ASCII)


def batch(untrusted: bytes, parser: ModuleType = wanted) -> None:
    """`wanted.read_batch`: devices that can all be provided, each once; or every bad row, and no device."""
    try:
        devices = parser.read_batch(untrusted)
    except parser.BadRows as bad:
        names_rows(bad)
        return
    hold(1 <= len(devices) <= parser.MOST_ROWS, "a batch of nothing, or beyond all measure")
    for mark in ("name", "serial"):
        known = [getattr(device, mark) for device in devices if getattr(device, mark)]
        hold(len(set(known)) == len(known), "a device stands there twice")
    for device in devices:
        hold(PLAIN.fullmatch(device.name + device.serial), "a strange name or serial number")
        hold(len(device.name) <= 63 and len(device.serial) <= 32, "a name or serial is too long")
        hold(all(at.startswith(("https://", "http://")) for at in device.portals), "no portal")
        hold(device.language in ("", "nl", "en"), "a language that no token speaks")
        radio(device)


def radio(device: wanted.Wanted) -> None:
    """What holds of its Wi-Fi."""
    hold(device.passphrase not in repr(device) or not device.passphrase, "a password in its words")
    hold(bool(device.ssid) == (device.country in COUNTRIES), "a radio without its country")
    hold(device.ssid or not device.passphrase, "a password of no network")
    hold(len(device.ssid.encode()) <= 32, "a network's name is too long")
    hold(not device.passphrase or 8 <= len(device.passphrase.encode()) <= 63, "no such password")
    is_one_line(device.ssid + device.passphrase, 128)


def inventory(untrusted: bytes, parser: ModuleType = fleet) -> None:
    """`inventory.read_inventory`: devices with an address and a mark each; or every bad row, and none is asked."""
    try:
        tokens = parser.read_inventory(untrusted)
    except parser.BadRows as bad:
        names_rows(bad)
        return
    hold(len({token.address for token in tokens}) == len(tokens), "an address stands there twice")
    for token in tokens:
        hold(token.address.startswith(("https://", "http://")), "an address that is none")
        hold(not token.address.rstrip("/").count("/") > 2, "an address with a path")
        hold(len(token.fingerprint) == 52 and PLAIN.fullmatch(token.fingerprint), "no mark")
        hold(token.code == "" or (len(token.code) == 8 and token.code.isdecimal()), "no code")
        hold(not token.code or token.code in token.name or token.code not in repr(token), "a code")
        is_one_line(token.name, 64)


def portal_list(untrusted: bytes, parser: ModuleType = boxes) -> None:
    """`boxes.read_portal` and `merged`: every linked box once, in order, and lines that a terminal only prints."""
    try:
        tokens = parser.read_portal(untrusted)
    except parser.BadRows as bad:
        names_rows(bad)
        return
    answers = [parser.Answered("one", *_told(tokens)), parser.Answered("two", trouble="no")]
    found = list(parser.merged(tokens, answers if len(tokens) % 2 else ()))
    known = [box.serial for box in found if box.serial]
    hold(known == sorted(set(known)), "a box stands there twice, or out of order")
    linked = {token.serial for token in tokens if token.state == "linked"}
    hold(linked - {""} <= set(known), "a linked box is lost")
    people = sorted(person for box in found for person in box.people)
    hold(people == sorted(t.person for t in tokens if t.state == "linked"), "people are lost")
    for box in found:
        for words in (box.serial, *box.people, box.software, box.storage, box.clock, box.seen):
            is_one_line(words, 256)


def _told(tokens: tuple[boxes.PortalToken, ...]) -> tuple[str, str, str, str]:
    """What the first box of the list says itself: sometimes what the portal knows, sometimes not."""
    if not tokens:
        return ("DT-0", "1", "file", "synced")
    first = tokens[0]
    return (first.serial, first.software.upper(), "synced", first.storage.lower())


def names_rows(bad: wanted.BadRows) -> None:
    """The refusal names lines and reasons, and nothing of what stood there."""
    hold(str(bad) in our_sentences(), "a refusal says something that is not in our source")
    hold(bad.rows, "a list was refused without a reason")
    hold(all(why in our_sentences() for _line, why in bad.rows), "a reason has the row's words")
    hold(all(line >= 0 for line, _why in bad.rows), "a line that is none")

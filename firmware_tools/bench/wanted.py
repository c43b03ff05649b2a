"""What a device is to be given, and a whole batch of it from a CSV file: every bad row is told, and then none is used.

Pure. No Wi-Fi password prints. Columns: name, serial, ssid, passphrase, country, hidden, portal, language, profile.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

import msgspec

from appliance.core.errors import DeskTokenError
from appliance.wire.config_file import is_origin
from appliance.wording import LANGUAGES
from firmware_tools.bench.countries import COUNTRIES
from firmware_tools.words import _

NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
SERIAL = re.compile(r"[A-Za-z0-9-]{4,32}", re.ASCII)
PROFILE = re.compile(r"[a-z0-9][a-z0-9-]{0,63}", re.ASCII)
MOST_BYTES, MOST_ROWS = 1024 * 1024, 5000


class BadRows(DeskTokenError):
    """The batch cannot be used; `rows` has the line and the reason of each bad row."""

    def __init__(self, rows: tuple[tuple[int, str], ...]) -> None:
        super().__init__(_("The batch has bad rows; nothing was done"))
        self.rows = rows


class Wanted(msgspec.Struct, frozen=True):
    """One device. Empty means: leave it as it is."""

    name: str = ""
    serial: str = ""
    ssid: str = ""
    passphrase: str = ""
    country: str = ""
    hidden: bool = False
    portals: tuple[str, ...] = ()
    language: str = ""
    profile: str = ""

    def __repr__(self) -> str:
        return f"Wanted({self.name!r})"


def faults(wanted: Wanted) -> Iterator[str]:
    """Each thing that is wrong with it, in a sentence."""
    if wanted.name and not NAME.fullmatch(wanted.name):
        yield _("A name has small letters, digits and hyphens, at most 63")
    if wanted.serial and not SERIAL.fullmatch(wanted.serial):
        yield _("A serial number has 4 to 32 letters, digits and hyphens")
    yield from _wifi_faults(wanted)
    if not all(map(is_origin, wanted.portals)):
        yield _("Each portal is an https address without a path")
    if wanted.language not in ("", *LANGUAGES):
        yield _("The language is nl or en")
    if wanted.profile and not PROFILE.fullmatch(wanted.profile):
        yield _("That is not the name of a profile")


def _wifi_faults(wanted: Wanted) -> Iterator[str]:
    if not wanted.ssid:
        if wanted.passphrase or wanted.country:
            yield _("A Wi-Fi password or country without a network")
        return
    if len(wanted.ssid.encode()) > 32 or not wanted.ssid.isprintable():
        yield _("A network's name has at most 32 letters")
    if wanted.country not in COUNTRIES:
        yield _("The Wi-Fi country is two capitals, for example NL; without it the radio stays off")
    fits = 8 <= len(wanted.passphrase.encode()) <= 63 and wanted.passphrase.isprintable()
    if wanted.passphrase and not fits:
        yield _("A Wi-Fi password has 8 to 63 letters")


def read_batch(untrusted: bytes) -> tuple[Wanted, ...]:
    """All devices of a CSV file with a heading line, comma or semicolon. Raises BadRows with every bad row."""
    try:
        text = untrusted[: MOST_BYTES + 1].decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise BadRows(((0, _("The file is not UTF-8 text")),)) from wrong
    first = text.partition("\n")[0]
    rows = csv.DictReader(io.StringIO(text), delimiter=";" if ";" in first else ",", strict=True)
    try:
        found = [(rows.line_num, row) for row in rows]
        headings = set(rows.fieldnames or ())
    except csv.Error as wrong:
        raise BadRows(((rows.line_num, _("The line is not CSV")),)) from wrong
    known = {field.name for field in msgspec.structs.fields(Wanted)} - {"portals"} | {"portal"}
    twice = len(rows.fieldnames or ()) != len(headings)
    if not headings or twice or not headings <= known or len(untrusted) > MOST_BYTES:
        raise BadRows(((1, _("The first line names the columns: name, serial, ssid, …")),))
    devices = [_device(row) for _line, row in found]
    bad = tuple(_bad(devices, [line for line, _ in found]))
    if bad or not devices or len(devices) > MOST_ROWS:
        raise BadRows(bad or ((1, _("There are no devices in this file, or too many")),))
    return tuple(device for device in devices if device)


def _device(row: dict[str, str]) -> Wanted | None:
    if None in row or None in row.values():
        return None
    cells = {key: value.strip() for key, value in row.items()}
    portals = tuple(cells.pop("portal", "").split())
    hidden = cells.pop("hidden", "").lower() in ("yes", "ja", "1")
    return msgspec.convert({**cells, "portals": portals, "hidden": hidden}, Wanted)


def _bad(devices: list[Wanted | None], lines: list[int]) -> Iterator[tuple[int, str]]:
    seen: set[str] = set()
    for line, device in zip(lines, devices, strict=True):
        if device is None:
            yield line, _("The line has more or fewer columns than the heading")
            continue
        yield from ((line, fault) for fault in faults(device))
        for key in filter(None, (device.name, device.serial)):
            if key in seen:
                yield line, _("Another row has that name or serial number")
            seen.add(key)

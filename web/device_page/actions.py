"""What pages and API can do, once for both: look at what was typed, then ask the authenticator.

Raises Unfit with a sentence for whoever typed it, before anything is asked. Nothing here can read a secret.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from appliance.core.errors import DeskTokenError, Refused
from appliance.core.settings import Settings, change
from appliance.wire.asking import AskReset, Change, Confirm, Paste, Rename, Show, StatusReply
from appliance.wire.call import Done
from appliance.wire.client import Caller
from appliance.wire.fixed_address import fixed_address
from appliance.wire.linking import Words
from appliance.wire.upkeep import (
    AskClock,
    AskNetwork,
    AskPower,
    AskRemove,
    Reorder,
    Try,
    Wireless,
)
from web.device_page.places import comes_from

PICTURE_CAP, TEXT_CAP, LABEL_CAP, SSID_CAP = 8 * 1024 * 1024, 4096, 64, 32
WORDS_CAP = 128
PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF")
CODE = re.compile(r"[0-9]{6}", re.ASCII)
COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)


class Unfit(DeskTokenError):
    """What was typed cannot be used; `str()` is the English sentence that says what would fit."""


def _(english: str) -> str:
    """Marks a sentence for the catalogue; it is translated where it is shown."""
    return english


def paste(desk: Caller, untrusted_text: str) -> None:
    """A pasted link. The person at the token still holds the button."""
    text = untrusted_text.strip()
    if not text:
        raise Unfit(_("Paste the link first."))
    if len(text) > TEXT_CAP:
        raise Unfit(_("That text is too long to be a link."))
    desk.call(Paste(text), Done)


def picture(desk: Caller, untrusted_data: bytes) -> None:
    """A picture of a QR code, for the scanner; this process looks at its first bytes only."""
    if not untrusted_data:
        raise Unfit(_("Choose a picture first."))
    if len(untrusted_data) > PICTURE_CAP:
        raise Unfit(_("That is too big. A picture may be at most 8 MB."))
    if not untrusted_data.startswith(PICTURES):
        raise Unfit(_("That is not a picture. Use PNG, JPEG or WebP."))
    desk.call(Show(untrusted_data), Done, 20.0)


def confirm(desk: Caller, untrusted_code: str) -> None:
    """The code from the SMS."""
    digits = re.sub(r"[ \-\u00a0]", "", untrusted_code[:32])
    if not CODE.fullmatch(digits):
        raise Unfit(_("The code has 6 digits."))
    desk.call(Confirm(digits), Done)


def words(desk: Caller, untrusted_words: str) -> None:
    """The words that a server asks for; they are neither trimmed nor changed."""
    if not 1 <= len(untrusted_words) <= WORDS_CAP or _unprintable(untrusted_words):
        raise Unfit(_("Type 1 to 128 ordinary characters."))
    desk.call(Words(untrusted_words), Done)


def rename(desk: Caller, now: StatusReply, account: str, untrusted_label: str) -> None:
    """Another name for an account."""
    label = " ".join(untrusted_label.split())
    if not label or len(label) > LABEL_CAP or not label.isprintable():
        raise Unfit(_("A name has 1 to 64 ordinary characters."))
    _known(now, account)
    desk.call(Rename(account, label), Done)


def move(desk: Caller, now: StatusReply, account: str, by: int) -> None:
    """Put an account so many places further up (negative) or down."""
    _known(now, account)
    order = [row.id for row in now.accounts]
    place = order.index(account)
    order.remove(account)
    order.insert(max(0, min(len(order), place + by)), account)
    desk.call(Reorder(tuple(order)), Done)


def reorder(desk: Caller, now: StatusReply, accounts: tuple[str, ...]) -> None:
    """The accounts in this order, all of them."""
    if sorted(accounts) != sorted(row.id for row in now.accounts):
        raise Unfit(_("Those are not the accounts of this token"))
    desk.call(Reorder(accounts), Done)


def ask_remove(desk: Caller, now: StatusReply, account: str) -> None:
    """Ask for a removal; the hold on the token does it."""
    _known(now, account)
    desk.call(AskRemove(account), Done)


def ask_network(desk: Caller, untrusted: Wireless) -> None:
    """Ask for another network; the hold on the token does it."""
    ssid = untrusted.ssid
    if len(ssid.encode(errors="replace")) > SSID_CAP or _unprintable(ssid):
        raise Unfit(_("A network's name has at most 32 letters"))
    if ssid and not COUNTRY.fullmatch(untrusted.country):
        raise Unfit(_("Choose the country first"))
    if untrusted.passphrase and not 8 <= len(untrusted.passphrase.encode(errors="replace")) <= 63:
        raise Unfit(_("A Wi-Fi password has 8 to 63 letters"))
    try:
        fixed_address(untrusted.address, untrusted.gateway, untrusted.resolver)
    except Refused as wrong:
        raise Unfit(str(wrong)) from wrong
    desk.call(AskNetwork(untrusted), Done)


def ask_clock(desk: Caller, wall: float) -> None:
    """Ask to set the clock; the hold on the token does it."""
    if not 1_700_000_000 < wall < 4_100_000_000:
        raise Unfit(_("That is not a time of today."))
    desk.call(AskClock(wall), Done)


def ask_power(desk: Caller, what: str) -> None:
    """Ask for a `restart`, or to switch `off`; the hold on the token does it."""
    if what not in ("restart", "off"):
        raise Unfit(_("That is not one of the choices"))
    desk.call(AskPower(what), Done)


def ask_reset(desk: Caller, now: StatusReply, untrusted_serial: str) -> None:
    """Ask to erase everything; the serial was typed, and the hold on the token does it."""
    if untrusted_serial[:128].strip().casefold() != now.serial.casefold():
        raise Unfit(_("That is not the serial number. Nothing was erased."))
    desk.call(AskReset(), Done)


@dataclass(frozen=True, slots=True)
class Visit:
    """Who changes settings: those of now, and from which address."""

    settings: Mapping[str, str]
    origin: str


def unfit_settings(changed: Mapping[str, str], visit: Visit) -> dict[str, str]:
    """What is wrong with these values, by setting, also when they would lock out whoever sends them."""
    troubles = {}
    for key, value in changed.items():
        try:
            change(Settings(), key, value)
        except Refused as refused:
            troubles[key] = str(refused)
    if not troubles and {"page_from", "page_networks"} & changed.keys():
        after = {"page_from": "local", "page_networks": "", **visit.settings, **changed}
        listed = change(Settings(), "page_networks", after["page_networks"]).page_networks
        if not comes_from(visit.origin, after["page_from"], listed):
            key = "page_networks" if "page_networks" in changed else "page_from"
            troubles[key] = _("That would shut out the computer that you use now.")
    return troubles


def change_settings(desk: Caller, changed: Mapping[str, str], visit: Visit) -> None:
    """All of these settings, or none when one does not fit."""
    for said in unfit_settings(changed, visit).values():
        raise Unfit(said)
    for key, value in changed.items():
        desk.call(Change(key, value), Done)


def try_part(desk: Caller, part: str) -> None:
    """Let the sound be heard, or the light be seen."""
    if part not in ("sound", "light"):
        raise Unfit(_("That is not one of the choices"))
    desk.call(Try(part), Done)


def _known(now: StatusReply, account: str) -> None:
    if account not in {row.id for row in now.accounts}:
        raise Unfit(_("That account is gone."))


def _unprintable(words: str) -> bool:
    return any(unicodedata.category(c)[0] == "C" for c in words)

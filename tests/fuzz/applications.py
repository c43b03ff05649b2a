"""Laws of what applications say of themselves: names, addresses to go back to, values, and words for a panel."""

from __future__ import annotations

from types import ModuleType
from urllib.parse import urlsplit

from appliance.core.errors import Refused
from tests.fuzz.one_time import text_of
from tests.fuzz.verdict import hold, says_nothing
from web.login_portal.rules import application_words


def words(untrusted: bytes, parser: ModuleType = application_words) -> None:
    """The first line says which: an address is where it seems to be, a message is one line, a value is plain."""
    which, _, text = text_of(untrusted).partition("\n")
    try:
        {"address": _address, "message": _message, "name": _name}.get(which, _value)(text, parser)
    except Refused as refusal:
        says_nothing(refusal)


def _address(text: str, parser: ModuleType) -> None:
    where = urlsplit(parser.address(text))
    hold(where.scheme in ("http", "https"), "an address of another scheme")
    hold("@" not in where.netloc and "\\" not in where.netloc, "an address with a name before it")
    hold("#" not in text and text.isascii() and text.isprintable(), "an address with a fragment")
    near = where.hostname in ("localhost", "127.0.0.1", "::1") or str(where.hostname)[:4] == "127."
    hold(where.scheme == "https" or near, "an address in the clear")


def _message(text: str, parser: ModuleType) -> None:
    shown = parser.binding_message(text)
    hold(len(shown) <= parser.LONGEST_MESSAGE, "a message is too long for a panel")
    hold(shown.isprintable(), "a message has control signs")
    hold(shown == " ".join(shown.split()) or shown.endswith("…"), "a message is not one line")


def _name(text: str, parser: ModuleType) -> None:
    hold(0 < len(parser.application_name(text)) <= 32, "a name that cannot be shown")
    known = parser.application_id(text)
    hold(known in ("", text) and known.isascii(), "an id is not what was sent")


def _value(text: str, parser: ModuleType) -> None:
    parser.is_plain({"state": text, "login_hint": text})
    if parser.is_plain({"nonce": text}):
        hold(text.isascii() and text.isprintable(), "a plain value is not plain")
        hold('"' not in text and "\\" not in text, "a plain value has a quote")

"""What an application may be called, where it may be reached, and what it may put on a token's panel.

Sources: RFC 9700 section 4.1 (exact redirect addresses); RFC 8252 section 7.3 (loopback); CIBA Core 1.0 section 7.1.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from appliance.core.errors import Refused
from web.login_portal.rules.addresses import is_loopback
from web.login_portal.rules.names import label

LONGEST_MESSAGE, LONGEST_ADDRESS, LONGEST_VALUE = 32, 512, 4096
MOST_ADDRESSES = 20
_ID = re.compile(r"[a-z0-9-]{1,64}", re.ASCII)
# no backslash: browsers read it as a slash
_ADDRESS = re.compile(r"https?://[!-\[\]-~]+", re.ASCII)
_PLAIN = re.compile(r"[ !#-\[\]-~]*", re.ASCII)
_VISIBLE = re.compile(r"[ -~]*", re.ASCII)
_FOR_PEOPLE = ("login_hint", "ui_locales", "binding_message", "user_code")


def application_name(untrusted: str) -> str:
    """The name that pages and panels show. Raises Refused."""
    name = label(untrusted, 32)
    if not name:
        raise Refused("An application has a name of 1 to 32 characters")
    return name


def application_id(untrusted: str) -> str:
    """An application's id, or empty when it cannot be one."""
    return untrusted if _ID.fullmatch(untrusted) else ""


def address(untrusted: str) -> str:
    """Where browsers are sent back to: https, or http on the loopback, without a fragment. Raises Refused."""
    try:
        parts = urlsplit(untrusted)
        named = parts.hostname is not None and "@" not in parts.netloc and parts.port != 0
    except ValueError as wrong:
        raise Refused("An address must look like https://application.example.org/back") from wrong
    good = _ADDRESS.fullmatch(untrusted) and len(untrusted) <= LONGEST_ADDRESS and named
    if not good or "#" in untrusted:
        raise Refused("An address must look like https://application.example.org/back")
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise Refused("An address must be https; plain http is only for the loopback address")
    return untrusted


def is_plain(values: dict[str, str]) -> bool:
    """Whether every value is short, and printable ASCII where it is not for people (RFC 6749 appendix A)."""
    return all(
        len(value) <= LONGEST_VALUE and (name in _FOR_PEOPLE or _signs(name).fullmatch(value))
        for name, value in values.items()
    )


def _signs(name: str) -> re.Pattern[str]:
    """A state is given back as it came; what may stand in an error's description has no quotes."""
    return _VISIBLE if name == "state" else _PLAIN


def binding_message(untrusted: str) -> str:
    """A kiosk's own words for the panel: one line, clipped. Raises Refused for signs that could deceive the reader."""
    words = " ".join(untrusted.split())
    if not words.isprintable():
        raise Refused("A binding message is one line of plain characters")
    return words if len(words) <= LONGEST_MESSAGE else f"{words[: LONGEST_MESSAGE - 1]}…"

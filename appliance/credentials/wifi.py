"""Reads `WIFI:T:WPA;S:name;P:password;H:true;;`, as it stands on routers and boards. Refuses, never repairs.

There is no standard; the form is the one that phones share: fields end with a semicolon, a backslash takes the next
character as it is. The password lives in the record only and never prints.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from appliance.core.troubles import Trouble
from appliance.credentials.candidates import NotTaken

SCHEME = "wifi:"
LONGEST, MOST_FIELDS = 512, 16
LONGEST_NAME, LEAST_PASSWORD, MOST_PASSWORD = 32, 8, 63
FIELD = re.compile(r"(?P<key>[A-Za-z0-9]{1,4}):(?P<value>(?:[^\\;]|\\.)*);", re.DOTALL)
ESCAPE = re.compile(r"\\(.)", re.DOTALL)
KNOWN = frozenset("TSPH")
PERSONAL = frozenset({"WPA", "WPA2", "WPA3", "WPA2/WPA3", "SAE"})
OPEN = frozenset({"", "NOPASS"})


@dataclass(frozen=True, slots=True)
class Wifi:
    """A wireless network to join; an open one has no password."""

    name: str
    password: str = field(default="", repr=False)
    hidden: bool = False


def parse(untrusted_text: str) -> Wifi:
    """The network this text names. Raises NotTaken, whose words carry nothing of the text."""
    if len(untrusted_text) > LONGEST:
        raise NotTaken(Trouble.TOO_LONG, "This code is too long")
    values = _fields(untrusted_text)
    name, password = _plain(values.get("S", "")), _plain(values.get("P", ""))
    kind = values.get("T", "").upper()
    if not 1 <= len(_bytes(name)) <= LONGEST_NAME or not _is_printable(name + password):
        raise _unfit()
    if kind in PERSONAL or (kind == "" and password):
        if not LEAST_PASSWORD <= len(_bytes(password)) <= MOST_PASSWORD:
            raise _unfit()
    elif kind not in OPEN:
        raise _unfit()
    else:
        password = ""
    return Wifi(name, password, values.get("H", "").lower() in ("true", "1"))


def _fields(untrusted_text: str) -> dict[str, str]:
    """The known fields; every character belongs to a field, and the last semicolon may be missing or doubled."""
    rest = untrusted_text.strip()
    if rest[: len(SCHEME)].lower() != SCHEME:
        raise _unfit()
    rest = rest[len(SCHEME) :].removesuffix(";") + ";"
    values: dict[str, str] = {}
    at = count = 0
    while at < len(rest) and rest[at:] != ";":
        found, count = FIELD.match(rest, at), count + 1
        if found is None or count > MOST_FIELDS or found["key"].upper() in values:
            raise _unfit()
        if found["key"].upper() in KNOWN:
            values[found["key"].upper()] = found["value"]
        at = found.end()
    return values


def _plain(escaped: str) -> str:
    """The value without the quotes that keep a name from being read as a number, and without escapes."""
    quoted = len(escaped) > 1 and escaped[0] == escaped[-1] == '"' and escaped[-2] != "\\"
    return ESCAPE.sub(r"\1", escaped[1:-1] if quoted else escaped)


def _bytes(words: str) -> bytes:
    return words.encode("utf-8", "surrogatepass")


def _is_printable(words: str) -> bool:
    return all(unicodedata.category(letter)[0] != "C" for letter in words)


def _unfit() -> NotTaken:
    return NotTaken(Trouble.WIFI_UNFIT, "This Wi-Fi code cannot be used")

"""JSON in its canonical form (RFC 8785), for the values that privacyIDEA signs: no numbers with a fraction."""

from __future__ import annotations

import json

from appliance.core.errors import Refused

LARGEST = 2**53 - 1
Value = None | bool | int | str | list["Value"] | dict[str, "Value"]


def canonical(value: object) -> str:
    """The one text of this value. Raises Refused for a value that has none here."""
    match value:
        case None | bool():
            return json.dumps(value)
        case int() if abs(value) <= LARGEST:
            return str(value)
        case str():
            return _text(value)
        case list():
            return "[" + ",".join(map(canonical, value)) + "]"
        case dict():
            ordered = sorted(value.items(), key=lambda pair: _order(pair[0]))
            return "{" + ",".join(f"{_text(k)}:{canonical(v)}" for k, v in ordered) + "}"
    raise Refused("The server's words are not valid")


def _order(key: str) -> bytes:
    """Keys stand in the order of their UTF-16 code units (section 3.2.3)."""
    return key.encode("utf-16-be", "surrogatepass")


def _text(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)

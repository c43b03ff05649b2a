"""The list of a fleet, from a CSV file: name, address, fingerprint, code. Every bad row is told, and then none is used.

`fingerprint` is the mark of the page's certificate as label and panel show it; `code` is the eight digits that a panel
shows after a hold, without which its page lets nobody in. A code never prints.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

import msgspec

from appliance.wire.config_file import is_origin
from firmware_tools.bench.wanted import BadRows
from firmware_tools.words import _

MARK = re.compile(r"[A-Z2-7]{52}", re.ASCII)
CODE = re.compile(r"[0-9]{8}", re.ASCII)
COLUMNS = {"name", "address", "fingerprint", "code"}
MOST_BYTES, LONGEST_NAME = 16 * 1024 * 1024, 64


class Token(msgspec.Struct, frozen=True):
    """One device of the fleet."""

    name: str
    address: str
    fingerprint: str
    code: str = ""

    def __repr__(self) -> str:
        return f"Token({self.name!r})"


def read_inventory(untrusted: bytes) -> tuple[Token, ...]:
    """All devices. Raises BadRows with every bad row."""
    try:
        text = untrusted[: MOST_BYTES + 1].decode("utf-8-sig")
        delimiter = ";" if ";" in text.partition("\n")[0] else ","
        rows = csv.DictReader(io.StringIO(text), delimiter=delimiter, strict=True)
        found = [(rows.line_num, row) for row in rows]
    except (UnicodeDecodeError, csv.Error) as wrong:
        raise BadRows(((0, _("The line is not CSV")),)) from wrong
    named, headings = rows.fieldnames or (), set(rows.fieldnames or ())
    whole = len(named) == len(headings) and len(untrusted) <= MOST_BYTES
    if not whole or not {"name", "address", "fingerprint"} <= headings <= COLUMNS:
        raise BadRows(
            ((1, _("The first line names the columns: name, address, fingerprint, code")),)
        )
    tokens = [(line, _token(row)) for line, row in found]
    faults = [(line, fault) for line, token in tokens for fault in _faults(token)]
    if bad := (*faults, *_twice(tokens)):
        raise BadRows(bad)
    return tuple(token for _line, token in tokens if token)


def _twice(tokens: list[tuple[int, Token | None]]) -> Iterator[tuple[int, str]]:
    seen: set[str] = set()
    for line, token in tokens:
        if token and token.address in seen:
            yield line, _("Another row has that address")
        seen.add(token.address if token else "")


def _token(row: dict[str, str]) -> Token | None:
    if None in row or None in row.values():
        return None
    cells = {key: value.strip() for key, value in row.items()}
    marks = {
        "fingerprint": cells["fingerprint"].replace(" ", ""),
        "code": cells.get("code", "").replace(" ", ""),
    }
    return msgspec.convert({**cells, **marks}, Token)


def _faults(token: Token | None) -> Iterator[str]:
    if token is None:
        yield _("The line has more or fewer columns than the heading")
        return
    if len(token.name) > LONGEST_NAME or not token.name.isprintable():
        yield _("A name is one line of at most 64 letters")
    if not is_origin(token.address):
        yield _("The address is https and a name or number, without a path")
    if not MARK.fullmatch(token.fingerprint):
        yield _("The fingerprint has 52 letters and digits, as on the label")
    if token.code and not CODE.fullmatch(token.code):
        yield _("The code has eight digits")

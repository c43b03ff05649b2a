"""A file of people and their tokens, as an office writes it: CSV with a heading. Judged whole: every bad line is named,
and a file with one bad line is no file.

Columns: name, display, phone, email, match, password, role, serial, until. Only `name` must be there.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, field

from appliance.core.errors import Refused
from web.login_portal.rules import names
from web.login_portal.rules.expiry import end_of_day
from web.login_portal.rules.mail import address
from web.login_portal.rules.roles import Role, role

COLUMNS = ("name", "display", "phone", "email", "match", "password", "role", "serial", "until")
LONGEST, MOST_ROWS = 2_000_000, 20_000
_SERIAL = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:")


@dataclass(frozen=True, slots=True)
class Row:
    """One line: a person, and the serial number of the token that they get, on loan `until` then."""

    line: int
    name: str
    display: str = ""
    phone: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    match: str = "number"
    password: str = field(default="", repr=False)
    role: Role = Role.NOBODY
    serial: str = ""
    until: float | None = None


@dataclass(frozen=True, slots=True)
class Bad:
    """A line that will not do (1 is the heading), and why, as a sentence of the catalogue."""

    line: int
    why: str


def parse(untrusted: bytes) -> tuple[list[Row], list[Bad]]:
    """All rows, and all that is wrong. Never raises for what stands in the file."""
    try:
        lines = _lines(untrusted)
    except Refused as refusal:
        return [], [Bad(1, str(refusal))]
    heading, rest = lines[0][1], lines[1:]
    rows: list[Row] = []
    bad: list[Bad] = []
    seen: dict[str, int] = {}
    for number, cells in rest:
        try:
            row = _row(number, heading, cells)
            if row.name in seen:
                raise Refused("This user name stands in the file twice")
        except Refused as refusal:
            bad.append(Bad(number, str(refusal)))
            continue
        seen[row.name] = number
        rows.append(row)
    return rows, bad


def _lines(untrusted: bytes) -> list[tuple[int, list[str]]]:
    """The lines with their numbers, empty ones left out; the first is a heading we know. Raises Refused."""
    if len(untrusted) > LONGEST:
        raise Refused("The file is too large")
    try:
        text = untrusted.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise Refused("The file is not UTF-8 text") from wrong
    if "\0" in text:
        raise Refused("The file is not UTF-8 text")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text), delimiter=";" if ";" in first else ",", strict=True)
    try:
        read = [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader]
    except csv.Error as wrong:
        raise Refused("The quotes of this file do not close") from wrong
    found = [(number, cells) for number, cells in read if any(cells)]
    heading = [cell.casefold() for cell in found[0][1]] if found else []
    if "name" not in heading or set(heading) - set(COLUMNS) or len(set(heading)) != len(heading):
        raise Refused(
            "The first line names the columns: name, display, phone, email, match, password, role, serial, until"
        )
    if len(found) > MOST_ROWS:
        raise Refused("The file is too large")
    return [(found[0][0], heading), *found[1:]]


def _row(number: int, heading: list[str], cells: list[str]) -> Row:
    if len(cells) > len(heading):
        raise Refused("This line has more cells than the heading")
    said = {key: cell for key, cell in zip(heading, cells, strict=False) if cell}
    name = names.new_login_name(said.pop("name", ""))
    checked = {key: _CHECKS[key](cell) for key, cell in said.items()}
    if "password" in said:
        names.new_password(said["password"], name)
    if "until" in said and "serial" not in said:
        raise Refused("A loan needs the serial number of its token")
    return Row(number, name, **checked)  # type: ignore[arg-type]


def serial(untrusted: str) -> str:
    """A token's serial number, empty for any. Raises Refused."""
    if len(untrusted) > 64 or not _SERIAL.issuperset(untrusted):
        raise Refused("A serial number has letters, digits and - _ . : only")
    return untrusted


_CHECKS: dict[str, Callable[[str], object]] = {
    "display": names.label,
    "phone": names.label,
    "email": address,
    "match": names.match_policy,
    "password": str,
    "role": role,
    "serial": serial,
    "until": end_of_day,
}

"""The inventory of a fleet: what the portal knows of each box, beside what the boxes say themselves. Pure.

A box is known by its serial number; several people may share one. Where portal and box differ, the box is right.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

import msgspec

from appliance.wire.portal_list import COLUMNS, LINKED, PortalToken
from firmware_tools.bench.wanted import BadRows
from firmware_tools.words import _

MOST_BYTES, LONGEST_CELL = 64 * 1024 * 1024, 256


class Answered(msgspec.Struct, frozen=True):
    """What one box of the list said when it was asked; or why it did not."""

    name: str
    serial: str = ""
    software: str = ""
    trust: str = ""
    storage: str = ""
    trouble: str = ""


class Box(msgspec.Struct, frozen=True):
    """One box of the inventory. `seen` is when the portal last heard it; `remarks` are what needs a person's eye."""

    serial: str
    name: str = ""
    people: tuple[str, ...] = ()
    software: str = ""
    storage: str = ""
    clock: str = ""
    seen: str = ""
    remarks: tuple[str, ...] = ()


def read_portal(untrusted: bytes) -> tuple[PortalToken, ...]:
    """The portal's list (`desk-portal token export`). Raises BadRows with every bad row."""
    try:
        text = untrusted[: MOST_BYTES + 1].decode("utf-8-sig")
        rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        found = [(rows.line_num, row) for row in rows]
    except (UnicodeDecodeError, csv.Error) as wrong:
        raise BadRows(((0, _("The line is not CSV")),)) from wrong
    if tuple(rows.fieldnames or ()) != COLUMNS or len(untrusted) > MOST_BYTES:
        raise BadRows(((1, _("This is not the list that `desk-portal token export` writes")),))
    bad = tuple(line for line, row in found if None in row or None in row.values())
    if bad:
        why = _("The line has more or fewer columns than the heading")
        raise BadRows(tuple((line, why) for line in bad))
    strange = tuple(line for line, row in found if not all(map(_is_plain, row.values())))
    if strange:
        why = _("The line has signs that do not print, or a cell that is too long")
        raise BadRows(tuple((line, why) for line in strange))
    return tuple(PortalToken(**{key: _cell(row[key]) for key in COLUMNS}) for _line, row in found)


def merged(portal: Iterable[PortalToken], answers: Iterable[Answered]) -> Iterator[Box]:
    """Every box once, by serial number; those that did not say theirs come last."""
    linked: dict[str, list[PortalToken]] = {}
    for token in portal:
        if token.state == LINKED:
            linked.setdefault(token.serial, []).append(token)
    asked = tuple(answers)
    said = {answer.serial: answer for answer in asked if answer.serial}
    for serial in sorted(linked.keys() | said.keys()):
        yield _box(serial, linked.get(serial, []), said.get(serial))
    for answer in asked:
        if not answer.serial:
            yield Box("", answer.name, remarks=(answer.trouble,))


def _box(serial: str, tokens: list[PortalToken], answer: Answered | None) -> Box:
    newest = max(tokens, key=lambda token: token.seen, default=None)
    known = (newest.software, newest.storage, newest.clock) if newest else ("", "", "")
    told = (answer.software, answer.storage, answer.trust) if answer else known
    return Box(
        serial,
        answer.name if answer else "",
        tuple(sorted(token.person for token in tokens)),
        *told,
        seen=newest.seen if newest else "",
        remarks=tuple(_remarks(newest, answer)),
    )


def _remarks(newest: PortalToken | None, answer: Answered | None) -> Iterator[str]:
    if newest is None:
        yield _("The portal does not know it")
    elif not newest.seen:
        yield _("The portal has never heard it")
    if newest and answer and newest.software != answer.software:
        yield _("The portal has another version of it")
    if newest and answer and newest.storage != answer.storage:
        yield _("The portal has another storage level of it")


def _is_plain(cell: str) -> bool:
    """Whether a terminal only prints it; the list is read by people, and its names were typed by others."""
    return len(cell) <= LONGEST_CELL and cell.isprintable()


def _cell(text: str) -> str:
    """A cell without the mark that keeps a spreadsheet from running it."""
    return text.removeprefix("'")

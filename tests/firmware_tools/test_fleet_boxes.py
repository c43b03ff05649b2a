"""The inventory of a fleet: the portal's list and the boxes' own words become one, and bad rows are all told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.wire.portal_list import COLUMNS, REVOKED, PortalToken
from firmware_tools.bench.wanted import BadRows
from firmware_tools.fleet.boxes import Answered, Box, merged, read_portal
from firmware_tools.fleet.inventory import read_inventory
from web.login_portal.rules.tables_of_text import written

TOLD = PortalToken(
    "d1", "jan", "DT-1", "1.2.0", "tpm2", "SYNCED", "2026-11-01", "2026-11-23", "linked"
)
MARK = "A2Q7MW4X" * 6 + "K5RT"


def token(**changed: str) -> PortalToken:
    return PortalToken(**{**{key: getattr(TOLD, key) for key in COLUMNS}, **changed})


def boxes(portal: list[PortalToken], *answers: Answered) -> list[Box]:
    return list(merged(portal, answers))


def test_what_the_portal_writes_is_what_the_tool_reads() -> None:
    rows = [TOLD, token(person="=cmd()", seen="")]
    text = written([COLUMNS, *([getattr(row, key) for key in COLUMNS] for row in rows)])
    assert list(read_portal(text.encode())) == rows


def test_a_box_that_people_share_is_one_box_and_was_seen_when_any_of_them_was() -> None:
    (box,) = boxes([TOLD, token(token="d2", person="kim", seen="2026-11-24")])
    assert (box.serial, box.people, box.seen) == ("DT-1", ("jan", "kim"), "2026-11-24")


def test_a_token_that_was_revoked_is_no_part_of_the_fleet() -> None:
    assert boxes([token(state=REVOKED)]) == []


def test_the_box_is_right_about_itself_and_the_difference_is_told() -> None:
    (box,) = boxes([TOLD], Answered("desk-1", "DT-1", "1.3.0", "HOLDOVER", "file"))
    assert (box.name, box.software, box.storage, box.clock) == (
        "desk-1",
        "1.3.0",
        "file",
        "HOLDOVER",
    )
    assert len(box.remarks) == 2


def test_a_box_that_the_portal_does_not_know_and_one_that_is_silent_are_told() -> None:
    silent = Answered("gone", trouble="The token does not answer; is its page open?")
    known, unknown, lost = boxes([token(seen="")], Answered("new", "DT-9", "1.2.0"), silent)
    assert known.remarks == ("The portal has never heard it",)
    assert unknown.remarks == ("The portal does not know it",)
    assert (lost.name, lost.remarks) == ("gone", (silent.trouble,))


def test_every_bad_row_of_the_portals_list_is_told() -> None:
    heading = ",".join(COLUMNS)
    with pytest.raises(BadRows) as bad:
        read_portal(f"{heading}\na,b\n{','.join('abcdefghi')}\nx\n".encode())
    assert [line for line, _why in bad.value.rows] == [2, 4]
    with pytest.raises(BadRows):
        read_portal(b"name,address\n")


@given(st.binary(max_size=300))
def test_whatever_the_file_holds_it_is_a_list_or_bad_rows(text: bytes) -> None:
    for untrusted in (text, ",".join(COLUMNS).encode() + b"\n" + text):
        try:
            read_portal(untrusted)
        except BadRows as bad:
            str(bad)


def test_one_token_twice_in_the_list_is_told_before_any_is_asked() -> None:
    rows = f"name,address,fingerprint\na,https://a.local,{MARK}\nb,https://a.local,{MARK}\n"
    with pytest.raises(BadRows) as bad:
        read_inventory(rows.encode())
    assert [line for line, _why in bad.value.rows] == [3]

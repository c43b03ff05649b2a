"""The audit trail: what stands in it, what never does, its filter, and an export in which no cell is a formula."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.web.login_portal.conftest import World
from tests.web.login_portal.desk.conftest import Desk
from tests.web.login_portal.device import Device
from tests.web.login_portal.person import Person
from tests.web.login_portal.test_locking import lock
from web.login_portal import audit
from web.login_portal.rules.tables_of_text import cell, written


def test_a_sign_in_leaves_its_trail(world: World, desk: Desk, jan: Person, token: Device) -> None:
    jan.sign_in()
    token.answer(world.letters(token)[0], "approve", jan.element("match-number"))
    jan.get("/waiting")
    jan.post("/waiting/finish")
    acts = [act for _, act, whom in desk.trail(name="jan") if whom == "jan"]
    assert acts[:2] == ["signed in", "login approved"]
    assert {"token linked", "confirm code sent", "enrolment issued"} <= set(acts)


def test_no_code_password_or_secret_stands_in_the_trail(
    world: World, desk: Desk, token: Device
) -> None:
    desk.act("issue", by="screen", way="spoken")
    code = world.sms_code()
    with world.portal.database.reading() as reading:
        told = repr(audit.find(reading, audit.Wanted(), 1000))
    assert token.grant is not None
    for secret in (code, token.grant.seed.secret, "correct horse"):
        assert secret not in told


def test_the_filter_finds_by_person_act_and_day(world: World, desk: Desk) -> None:
    desk.act("contact", phone="", email="")
    world.clock.now += 3 * 86400
    desk.browser.sign_in("dora")
    desk.browser.post("/waiting/code", {"code": desk.token.code(world.clock())})
    pages = {
        "name=JAN&act=contact+changed": 1,
        "name=nobody": 0,
        "act=contact+changed&since=2027-01-15&until=2027-01-15": 1,
        "act=contact+changed&since=2027-01-16": 0,
        "act=%3Cscript%3E": 0,
    }
    for query, found in pages.items():
        desk.browser.get(f"/desk/audit?{query}")
        assert desk.browser.text.count("<tr>") == (found + 1 if found else 0), query
    assert desk.browser.get("/desk/audit?since=yesterday").status_code == 422
    assert desk.browser.get("/desk/audit.csv?since=yesterday").status_code == 422


def test_older_entries_come_page_by_page(world: World, desk: Desk) -> None:
    with world.portal.database.writing() as writing:
        for number in range(120):
            audit.add(writing, "x", "counted", world.clock(), note=str(number))
    desk.browser.get("/desk/audit?act=counted")
    assert desk.browser.text.count("<tr>") == 51
    assert "before=" in desk.browser.text


def test_the_export_is_a_file_that_runs_nothing(world: World, desk: Desk) -> None:
    with world.portal.database.writing() as writing:
        audit.add(writing, "=cmd|'/c calc'!A1", "@SUM(1)", world.clock(), whom="+1", note='-2"x')
    reply = desk.browser.get("/desk/audit.csv")
    assert reply.headers["Content-Disposition"].startswith("attachment")
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    rows = list(csv.reader(io.StringIO(desk.browser.text)))
    assert rows[0] == ["time", "actor", "act", "whom", "note"]
    hostile = next(row for row in rows if "SUM" in row[2])
    assert hostile[1:] == ["'=cmd|'/c calc'!A1", "'@SUM(1)", "'+1", "'-2\"x"]
    assert ("dora", "audit exported", "") in desk.trail()


@given(st.text(max_size=30))
def test_no_text_becomes_a_formula(text: str) -> None:
    assert not cell(text).lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@given(st.lists(st.lists(st.text(max_size=12), min_size=3, max_size=3), max_size=5))
def test_a_table_reads_back_as_it_was(rows: list[list[str]]) -> None:
    plain = [[text.replace("\r", " ").replace("\0", " ") for text in row] for row in rows]
    read = list(csv.reader(io.StringIO(written(plain), newline="")))
    assert read == [[cell(text) for text in row] for row in plain]


@pytest.mark.parametrize("sign", "=+-@")
def test_each_dangerous_sign_is_guarded(sign: str) -> None:
    assert cell(f"{sign}1") == f"'{sign}1"
    assert cell(f"  {sign}1") == f"'  {sign}1"
    assert cell(f"1{sign}1") == f"1{sign}1"


@pytest.mark.usefixtures("token")
def test_the_trail_speaks_the_readers_language(world: World, desk: Desk) -> None:
    """Nobody at the desk has to know what the records call a way, a role, or the portal itself."""
    desk.act("issue", by="screen", way="spoken")
    lock(world)
    desk.browser.get("/desk/audit", Accept_Language="nl")
    notes = desk.browser.text.split("<tbody>")[1]
    for dutch in (
        "mondeling door de servicedesk",
        "het portaal",
        "5 × om",
        "een code van het token",
    ):
        assert dutch in notes
    for raw in (">portal<", ">command<", ">spoken<", ">sms<"):
        assert raw not in re.sub(r"\s", "", notes)

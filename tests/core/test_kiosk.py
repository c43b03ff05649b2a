"""A token that several people share shows initials at rest, whole names in a request, and changes nothing by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from appliance.core import desk as rules
from appliance.core.accounts import Code
from appliance.core.events import OpeningAsked, PageOpened, Requested, ScanAsked, Ticked
from appliance.core.flow import Facts
from appliance.core.flows import enrolment, home, menu, page, sign_in
from appliance.core.gestures import Held
from appliance.core.kiosk import initials
from appliance.core.screen import Ask
from appliance.core.settings import Settings
from tests.painting.facts import FACTS, LOGIN, NOW

SHARED = replace(FACTS, settings=Settings(kiosk=True))
CODE = Code("a1", "276210", NOW.wall - 10, NOW.wall + 20)


def desk(facts: Facts) -> rules.Desk:
    return rules.start(facts.now, facts.accounts, facts.settings, facts.device)


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("J. de Vries", "J… d… V…"),
        ("j.devries@spoor.example", "j…d…"),
        ("Éva-Lotte", "É…-L…"),
        ("kluis", "k…"),
        ("", ""),
    ],
)
def test_a_name_at_rest_is_its_initials(label: str, shown: str) -> None:
    assert initials(label) == shown


def test_home_shows_initials_and_a_request_the_whole_name() -> None:
    at_rest = home.view(home.Home("a1", CODE), SHARED)
    assert "devries" not in repr(at_rest)
    assert "devries" in repr(home.view(home.Home("a1", CODE), FACTS))
    asked = rules.step(desk(SHARED), Requested(LOGIN)).desk
    assert isinstance(asked.mode, sign_in.Asking)
    body = rules.view(asked).body
    assert isinstance(body, Ask)
    assert "Ada de Vries" in repr(body)


def test_its_menu_changes_and_removes_nothing() -> None:
    shown = menu.items(menu.Menu(), SHARED)
    for item in (menu.RESET, menu.SETTINGS, menu.PIN, menu.SCAN, menu.PROFILE, menu.UPDATE):
        assert item not in shown
    assert {menu.CODE, menu.PAGE, menu.TEST, menu.open_requests(SHARED)} <= set(shown)
    assert menu.RESET in menu.items(menu.Menu(), FACTS)


def test_a_scan_that_the_page_asked_for_is_in_its_menu() -> None:
    asked = rules.step(desk(SHARED), ScanAsked()).desk
    assert isinstance(asked.mode, menu.Menu)
    chosen = menu.items(asked.mode, asked.facts)[asked.mode.chosen]
    assert chosen == menu.SCAN
    held = rules.step(asked, Held(NOW.monotonic + 2, NOW.monotonic + 3)).desk
    assert isinstance(held.mode, enrolment.Scanning)


def test_it_stays_lit_for_five_minutes() -> None:
    for facts, dark in ((FACTS, True), (SHARED, False)):
        later = replace(NOW, monotonic=NOW.monotonic + 290)
        assert rules.step(desk(facts), Ticked(later)).desk.dark is dark
    much_later = replace(NOW, monotonic=NOW.monotonic + 301)
    assert rules.step(desk(SHARED), Ticked(much_later)).desk.dark


def test_the_cable_opens_the_page_only_while_there_is_nothing_to_guard() -> None:
    empty = rules.step(desk(replace(FACTS, accounts=())), OpeningAsked())
    assert [type(effect).__name__ for effect in empty.effects] == ["OpenPage"]
    opened = rules.step(empty.desk, PageOpened("http://10.55.0.1", "12345678", 1700.0)).desk
    assert isinstance(opened.mode, page.Open)
    for guarded in (
        desk(FACTS),
        replace(desk(FACTS), facts=replace(FACTS, accounts=(), pins=("",))),
    ):
        refused = rules.step(guarded, OpeningAsked())
        assert refused.effects == ()
        assert isinstance(refused.desk.mode, home.Home)

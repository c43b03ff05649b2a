"""What somebody hears on the sign-in pages who has them read out: a trouble with its field, and a page that moves on.

What every page must have, a walk through all of them looks at: `tests.web.heard`, wherever a page is looked at.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.web.heard import spoken
from tests.web.login_portal.device import Device
from tests.web.login_portal.door import Door, open_door
from tests.web.login_portal.person import PASSWORD
from tests.web.login_portal.test_more_looks import calm

CHANGES = """() => new Promise((done) => {
  const place = document.getElementById("seconds-left"), said = [place.textContent];
  new MutationObserver(() => {
    said.push(place.textContent);
    if (new Set(said).size > 2) done(said);
  }).observe(place, { childList: true, characterData: true, subtree: true });
})"""


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """The sign-in, open."""
    with open_door(tmp_path_factory.mktemp("heard") / "portal") as opened:
        yield opened


@pytest.fixture(params=["nl", "en"])
def door(doors: Door, request: pytest.FixtureRequest) -> Door:
    """The same in this language, and with nobody tired of questions."""
    doors.page.goto("about:blank")  # a page that is live would leave while its name is written
    calm(doors)
    doors.page.evaluate(f"window.name = '{request.param}'")
    return doors


def test_a_trouble_is_heard_with_the_field_that_it_is_about(door: Door) -> None:
    page, origin = door.page, door.served.origin
    door.sign_in("nobody", "wrong")
    told = page.inner_text("#trouble")
    field = page.locator("#password")
    expect(field).to_be_focused()
    expect(field).to_have_accessible_description(" ".join(told.split()))
    expect(field).to_have_attribute("aria-invalid", "true")
    door.sign_in("jan")
    page.goto(f"{origin}/waiting/code")
    page.fill("#code", "000000")
    door.presses("#send-code")
    expect(page.locator("#code")).to_be_focused()
    expect(page.locator("#code")).to_have_attribute("aria-invalid", "true")
    assert page.title().startswith(("Fout: ", "Error: "))


def test_without_script_the_focus_is_on_the_field_as_well(door: Door) -> None:
    engine = door.page.context.browser
    assert engine is not None
    plain = engine.new_context(java_script_enabled=False, locale="nl").new_page()
    plain.goto(f"{door.served.origin}/sign-in")
    plain.fill("#name", "nobody")
    plain.fill("#password", "wrong")
    plain.press("#password", "Enter")
    expect(plain.locator("#password:focus[aria-describedby=trouble]")).to_be_visible()
    plain.context.close()


def test_somebody_who_was_signed_out_hears_it_at_the_first_field(door: Door) -> None:
    page = door.page
    page.goto(f"{door.served.origin}/sign-in?ended")
    expect(page.locator("#name")).to_be_focused()
    told = " ".join(page.inner_text("#session-ended").split())
    expect(page.locator("#name")).to_have_accessible_description(told)


def test_the_number_to_match_is_read_where_it_stands(door: Door) -> None:
    door.sign_in("jan")
    number = door.page.inner_text("#match-number")
    words = [name for role, name, _ in spoken(door.page) if role == "StaticText"]
    roles = {role for role, _, _ in spoken(door.page)}
    assert 0 < words.index(number) < words.index("Werkplek", 1)
    assert "status" not in roles


def test_the_waiting_page_says_how_it_ended(door: Door) -> None:
    page = door.page
    door.sign_in("jan")
    page.focus("#enter-code")
    before = page.title()
    door.answer("deny")
    expect(page.locator("#ended")).to_be_focused()
    assert page.inner_text("#ended") in page.title() != before
    page.keyboard.press("Tab")
    expect(page.locator("#again")).to_be_focused()


def test_every_step_of_linking_is_said(door: Door) -> None:
    page, said = door.page, list[str]()
    name = f"lin{door.language}"
    door.served.portal.add_person(name, PASSWORD, display="Lin Smit", phone="0612345678")
    door.sign_in(name)
    said.append(page.title())
    device = Device(door.wire, f"DT-{name}")
    ticket = device.scan(page.input_value("#link-text"))
    expect(page.locator("[data-stage=scanned]")).to_be_focused()
    said.append(page.title())
    device.show_card(ticket)
    expect(page.locator("[data-stage=sent]")).to_be_focused()
    said.append(page.title())
    device.confirm(ticket, "000000")
    expect(page.locator(".trouble")).to_be_focused()
    said.append(page.title())
    assert len(set(said)) == 4


def test_the_countdown_changes_once_a_second_and_is_never_announced(door: Door) -> None:
    door.sign_in("jan")
    said = door.page.evaluate(CHANGES)
    assert len(said) == len(set(said))
    assert door.page.get_attribute(".timer", "role") == "timer"
    assert door.page.locator(".timer[aria-live], [aria-live] .timer").count() == 0


def test_a_qr_stays_dark_on_light_whatever_colours_are_forced(door: Door) -> None:
    page = door.page
    door.sign_in("kim")
    page.emulate_media(forced_colors="active", color_scheme="dark")
    ground = page.evaluate("getComputedStyle(document.getElementById('qr')).backgroundColor")
    page.emulate_media(forced_colors="none", color_scheme="light")
    assert ground == "rgb(255, 255, 255)"

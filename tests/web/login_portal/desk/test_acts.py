"""What the desk does to people and tokens: it works at once, it is written down, and a refused act changes nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.web.login_portal.conftest import World
from tests.web.login_portal.desk.conftest import Desk
from tests.web.login_portal.device import Device
from tests.web.login_portal.person import PASSWORD, Person
from tests.web.login_portal.test_locking import lock, standing
from web.login_portal import people, reports
from web.login_portal.admission import admitted


def test_a_folder_shows_the_token_as_it_says_it_is(world: World, desk: Desk, token: Device) -> None:
    said = {"software": "1.2.3", "storage": "TPM 2", "clock": "holdover"}
    origin = world.portal.config.origin.url
    assert token.ask_access(token.assertion(origin, world.clock(), **said)).status_code == 200
    text = desk.folder()
    for words in ("DT-0001", "1.2.3", "security chip", "kept since the last check"):
        assert words in text


def test_a_token_may_say_nothing_of_itself(world: World, desk: Desk, token: Device) -> None:
    origin = world.portal.config.origin.url
    assert token.ask_access(token.assertion(origin, world.clock())).status_code == 200
    assert "not said yet" in desk.folder()


def test_revoking_a_token_ends_it_at_once(world: World, desk: Desk, token: Device) -> None:
    assert desk.act("revoke", token=token.id) == 303
    world.portal.sweep()
    origin = world.portal.config.origin.url
    assert token.ask("/device/v1/profile", origin, world.clock()).status_code == 403
    assert ("dora", "token revoked", "jan") in desk.trail()
    assert desk.act("revoke", token=token.id) == 422


def test_a_token_is_revoked_in_its_owners_folder_only(desk: Desk, token: Device) -> None:
    assert desk.act("revoke", name="dora", token=token.id) == 422
    assert desk.act("revoke", token="") == 422


def test_unlocking_takes_the_lock_the_peace_and_the_wrong_codes_away(
    world: World, desk: Desk, token: Device
) -> None:
    stranger = lock(world)
    desk.browser.sign_in("dora")
    desk.browser.post("/waiting/code", {"code": desk.token.code(world.clock())})
    assert "Wrong passwords" in desk.folder()
    assert desk.act("unlock") == 303
    assert standing(stranger) == "unlocked"
    assert ("dora", "account unlocked", "jan") in desk.trail()
    assert token.id


def test_a_blocked_person_is_out_at_once_and_stays_out(
    world: World, desk: Desk, jan: Person, token: Device
) -> None:
    jan.sign_in()
    jan.post("/waiting/code", {"code": token.code(world.clock())})
    waiting = world.browser()
    waiting.sign_in()
    assert desk.act("block") == 303
    assert jan.get("/account").headers["Location"] == "/sign-in"
    assert waiting.get("/waiting").headers["Location"] == "/sign-in"
    again = world.browser()
    assert again.sign_in().status_code == 403
    assert "This account is closed for now" in again.text
    assert world.browser().sign_in(password="wrong").status_code == 401
    assert desk.act("let-in") == 303
    assert world.browser().sign_in().headers["Location"] == "/waiting"
    assert {("dora", "person blocked", "jan"), ("dora", "person let in again", "jan")} <= set(
        desk.trail()
    )


def test_nobody_blocks_themselves(desk: Desk) -> None:
    assert desk.act("block", name="dora") == 422
    assert desk.browser.get("/desk").status_code == 200


def test_a_lost_box_is_ended_as_a_whole(world: World, desk: Desk) -> None:
    """A kiosk's token holds many people, each with keys of their own."""
    kiosk = []
    for name in ("kim", "lee"):
        world.portal.add_person(name, PASSWORD, phone="0612345678")
        person = world.browser()
        person.sign_in(name)
        kiosk.append(world.link(person, world.device("KIOSK-1")))
    desk.browser.get("/desk/boxes/KIOSK-1")
    assert "2 people are linked on this token." in desk.browser.text
    desk.browser.post("/desk/boxes/KIOSK-1/revoke")
    assert "0 people are linked on this token." in desk.browser.text
    for one in kiosk:
        origin = world.portal.config.origin.url
        assert one.ask("/device/v1/profile", origin, world.clock()).status_code == 403
    assert [entry[2] for entry in desk.trail(act="token revoked")] == ["lee", "kim"]


def test_contact_is_saved_whole_or_not_at_all(desk: Desk) -> None:
    assert desk.act("contact", phone="0699999999", email="jan@example.org") == 303
    assert 'value="jan@example.org"' in desk.folder()
    for email in ("jan", "a@b\r\nBcc: x@y.nl", "jan@example.org,eve@example.org"):
        assert desk.act("contact", phone="0600000000", email=email) == 422
    assert 'value="0699999999"' in desk.folder()
    assert desk.act("contact", phone="06\x07", email="") == 422


def test_a_report_is_acknowledged_once_and_by_name(world: World, desk: Desk, token: Device) -> None:
    world.browser().sign_in()
    token.answer(world.letters(token)[-1], "report")
    with world.portal.database.reading() as reading:
        (report,) = reports.listed(reading)
    desk.browser.post(f"/desk/reports/{report.id}")
    assert "Nothing waits for you." in desk.browser.text
    desk.browser.get("/desk?all")
    assert "Seen by dora" in desk.browser.text
    desk.browser.post(f"/desk/reports/{report.id}")
    assert [entry for entry in desk.trail() if entry[1] == "report acknowledged"] == [
        ("dora", "report acknowledged", "")
    ]


def test_people_are_found_by_any_part_of_a_name(world: World, desk: Desk) -> None:
    world.portal.add_person("els", PASSWORD, display="Els 100% van_Dijk")
    for wanted, found in (("VRIES", 1), ("100%", 1), ("%", 1), ("_", 1), ("'; --", 0), ("\\", 0)):
        desk.browser.get("/desk/people?q=" + wanted.replace("%", "%25"))
        assert desk.browser.text.count('class="what"') == found, wanted


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999", "2"])
def test_a_page_that_does_not_exist_is_no_error(desk: Desk, page: str) -> None:
    assert desk.browser.get(f"/desk/people?page={page}").status_code == 200


def test_people_come_a_page_at_a_time(world: World, desk: Desk) -> None:
    hashed = world.portal.passwords.hash(PASSWORD)
    with world.portal.database.writing() as writing:
        for number in range(60):
            people.add(writing, f"n{number:03}", hashed, 1.0, display="", phone="", match="press")
    desk.browser.get("/desk/people?page=3")
    assert "Page 3 of 3" in desk.browser.text
    assert desk.browser.text.count('class="what"') == 12


def test_an_unknown_person_ticket_or_box_is_not_found(desk: Desk) -> None:
    for path in (
        "people/p0",
        "enrolments/x",
        "enrolments/x/state",
        "enrolments/x/paper",
        "boxes/x",
    ):
        assert desk.browser.get(f"/desk/{path}").status_code == 404
    assert desk.browser.post("/desk/people/p0/unlock").status_code in {404, 422}


def test_every_act_says_who_did_it(desk: Desk, at_desk: Callable[..., Desk], token: Device) -> None:
    other = at_desk("otto")
    other.act("revoke", token=token.id)
    desk.act("contact", phone="", email="")
    acts = {(actor, act) for actor, act, whom in desk.trail() if whom == "jan"}
    assert {("otto", "token revoked"), ("dora", "contact changed")} <= acts


def test_a_blocked_person_is_kept_out_where_no_password_is_judged_too(
    world: World, desk: Desk
) -> None:
    """By passkey, from a kiosk, and on with what an application was given: all ask here."""
    desk.act("block")
    with world.portal.database.reading() as reading:
        assert admitted(reading, desk.person()) is None
    desk.act("let-in")
    with world.portal.database.reading() as reading:
        assert admitted(reading, desk.person()) is not None

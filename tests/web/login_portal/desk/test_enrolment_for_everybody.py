"""Linking without a telephone: on paper, by mail, by letter, by voice, by a colleague's word; and loans."""

from __future__ import annotations

import re

import pytest

from tests.web.login_portal.conftest import World
from tests.web.login_portal.desk.conftest import Desk
from tests.web.login_portal.device import Device
from tests.web.login_portal.person import PASSWORD, Person
from web.login_portal import inbox, issues, outbox, tickets

LATER = "2027-02-01"


def issue(desk: Desk, name: str = "jan", **form: str) -> str:
    """Hand out an enrolment; its page."""
    desk.browser.get("/desk")
    reply = desk.browser.post(
        f"/desk/people/{desk.person(name)}/issue", {"by": "screen", "way": "sms", **form}
    )
    assert reply.status_code == 303, desk.browser.text
    return reply.headers["Location"]


def link_of(desk: Desk, page: str) -> str:
    """What a camera reads from the QR of this page."""
    with desk.world.portal.database.reading() as reading:
        row = tickets.with_id(reading, page.rpartition("/")[2])
    assert row is not None
    return desk.world.portal.enrolments.link(row)


def told_code(desk: Desk, page: str) -> str:
    desk.browser.post(f"{page}/code", {"checked": "yes"})
    found = re.search(r'id="code">(\d{3}) (\d{3})<', desk.browser.text)
    return found[1] + found[2] if found else ""


@pytest.fixture
def kim(world: World) -> Person:
    """Somebody without a telephone, who waits for a code on the page."""
    world.portal.add_person("kim", PASSWORD, display="Kim de Boer")
    person = world.browser()
    person.sign_in("kim")
    return person


def test_a_qr_on_the_desks_screen_links_with_an_sms(world: World, desk: Desk) -> None:
    page, device = issue(desk), world.device()
    assert 'id="qr"' in desk.browser.text
    ticket = device.scan(link_of(desk, page))
    assert device.show_card(ticket).json()["sent_to"] == "*** 78"
    assert device.confirm(ticket, world.sms_code()).status_code == 200
    desk.browser.get(page)
    assert 'data-stage="linked"' in desk.browser.text
    assert ("dora", "enrolment issued", "jan") in desk.trail()


def test_a_spoken_code_is_shown_once_after_the_check(world: World, desk: Desk) -> None:
    page, device = issue(desk, way="spoken"), world.device()
    assert told_code(desk, page) == ""
    ticket = device.scan(link_of(desk, page))
    assert device.show_card(ticket).json()["sent_to"] == "Service desk"
    desk.browser.post(f"{page}/code", {})
    assert 'id="code"' not in desk.browser.text
    code = told_code(desk, page)
    assert told_code(desk, page) == ""
    assert ("dora", "confirm code told", "jan") in desk.trail()
    assert device.confirm(ticket, code).status_code == 200
    with world.portal.database.reading() as reading:
        assert outbox.latest(reading)[0].recipient == "0611111111"


def test_a_letters_code_exists_before_the_scan_and_works_after_it(world: World, desk: Desk) -> None:
    page, device = issue(desk, by="paper", way="letter"), world.device()
    code = told_code(desk, page)
    assert len(code) == 6
    world.clock.now += 13 * 86400
    ticket = device.scan(link_of(desk, page))
    device.show_card(ticket)
    assert device.confirm(ticket, code).status_code == 200
    assert told_code(desk, page) == ""


def test_the_page_to_print_holds_the_qr_and_no_code(world: World, desk: Desk) -> None:
    page = issue(desk, by="paper", way="letter")
    with world.portal.database.reading() as reading:
        code = issues.kept(issues.of(reading, page.rpartition("/")[2]), world.portal.keys)
    desk.browser.get(f"{page}/paper")
    assert 'id="qr"' in desk.browser.text
    assert code not in desk.browser.text


def test_a_mail_brings_the_link_and_never_the_code(world: World, desk: Desk) -> None:
    assert desk.act("issue", by="mail", way="sms") == 422
    desk.act("contact", phone="+31612345678", email="jan@example.org")
    page = issue(desk, by="mail")
    with world.portal.database.reading() as reading:
        (mail,) = [one for one in outbox.latest(reading) if one.recipient == "jan@example.org"]
    link = link_of(desk, page)
    assert link in mail.text
    device = world.device()
    ticket = device.scan(link)
    device.show_card(ticket)
    assert world.sms_code() not in mail.text
    assert device.confirm(ticket, world.sms_code()).status_code == 200


def test_only_the_named_token_may_use_it(world: World, desk: Desk) -> None:
    page = issue(desk, serial="DT-7777")
    other, named = world.device("DT-0001"), world.device("DT-7777")
    ticket = other.scan(link_of(desk, page))
    assert other.show_card(ticket).status_code == 403
    named.scan(link_of(desk, page))
    assert named.show_card(ticket).status_code == 202


def test_a_loan_ends_by_itself_and_wipes_the_token(world: World, desk: Desk) -> None:
    page, device = issue(desk, until=LATER), world.device()
    ticket = device.scan(link_of(desk, page))
    device.show_card(ticket)
    device.confirm(ticket, world.sms_code())
    assert "on loan until" in desk.folder()
    world.clock.now += 16 * 86400
    world.portal.sweep()
    origin = world.portal.config.origin.url
    assert device.ask("/device/v1/profile", origin, world.clock()).status_code == 200
    world.clock.now += 3 * 86400
    world.portal.sweep()
    with world.portal.database.reading() as reading:
        last = inbox.parting(reading, device.id, 0, world.clock())
    assert [device.open(posted.text).kind for posted in last] == ["revoke"]
    assert ("portal", "token revoked", "jan") in desk.trail()


def test_a_loan_that_ended_before_it_began_is_refused(desk: Desk) -> None:
    assert desk.act("issue", by="screen", way="sms", until="2020-01-01") == 422
    assert desk.act("issue", by="screen", way="sms", until="soon") == 422


@pytest.mark.parametrize(
    "form", [{"by": "pigeon"}, {"way": "shout"}, {"serial": "a b"}, {"serial": "x" * 65}]
)
def test_a_form_that_nobody_could_send_changes_nothing(desk: Desk, form: dict[str, str]) -> None:
    assert desk.act("issue", **{"by": "screen", "way": "sms", **form}) == 422
    assert [entry for entry in desk.trail(act="enrolment issued") if entry[2] == "jan"] == []


def test_a_persons_own_qr_is_not_the_desks_to_see(desk: Desk, kim: Person) -> None:
    assert kim.link()
    folder = desk.folder("kim")
    found = re.search(r"/desk/enrolments/([^\"]+)", folder)
    assert found is not None
    desk.browser.get(f"/desk/enrolments/{found[1]}")
    assert "<svg" not in desk.browser.text
    desk.browser.get(f"/desk/enrolments/{found[1]}/paper")
    assert "<svg" not in desk.browser.text


def test_the_desk_tells_the_code_of_a_persons_own_enrolment(
    world: World, desk: Desk, kim: Person
) -> None:
    device = world.device("DT-KIM")
    ticket = device.scan(kim.link())
    device.show_card(ticket)
    assert (
        device.confirm(ticket, told_code(desk, f"/desk/enrolments/{ticket.id}")).status_code == 200
    )


def vouch_letter(world: World, token: Device) -> str:
    return next(x for x in world.letters(token) if token.open(x).kind == "vouch")


def test_a_colleague_vouches_on_their_own_token(world: World, kim: Person, token: Device) -> None:
    device = world.device("DT-KIM")
    ticket = device.scan(kim.link())
    device.show_card(ticket)
    kim.get("/link")
    kim.post("/link/vouch", {"colleague": "JAN"})
    assert 'id="asking"' in kim.text
    letter = vouch_letter(world, token)
    opened = token.open(letter)
    assert (opened.note, opened.match, opened.person) == ("Kim de Boer", "press", "Jan de Vries")
    assert token.answer(letter, "approve") == "approved"
    kim.get("/link")
    code = kim.element("vouched-code")
    assert device.confirm(ticket, code).status_code == 200


@pytest.mark.parametrize("verdict", ["deny", "report", "block"])
def test_without_a_yes_there_is_no_code(
    world: World, kim: Person, token: Device, verdict: str
) -> None:
    device = world.device("DT-KIM")
    device.show_card(device.scan(kim.link()))
    kim.get("/link")
    kim.post("/link/vouch", {"colleague": "jan"})
    token.answer(vouch_letter(world, token), verdict)
    kim.get("/link")
    assert 'id="vouched-code"' not in kim.text
    assert 'id="not-vouched"' in kim.text


def test_naming_a_colleague_tells_nothing_about_the_name(
    world: World, kim: Person, token: Device
) -> None:
    device, pages = world.device("DT-KIM"), []
    device.show_card(device.scan(kim.link()))
    for colleague in ("jan", "nobody-at-all", "kim", "'; DROP TABLE people; --"):
        kim.get("/link")
        kim.post("/link/vouch", {"colleague": colleague})
        pages.append(re.sub(r'value="[^"]+"|data-left="\d+"|\d+:\d\d', "", kim.text))
        world.clock.now += 121
        world.portal.sweep()
    assert len(set(pages)) == 1
    assert token.id


def test_somebody_with_a_telephone_needs_no_colleague(
    world: World, jan: Person, desk: Desk
) -> None:
    jan.sign_in()
    device = world.device("DT-NEW")
    device.show_card(device.scan(jan.link()))
    jan.get("/link")
    jan.post("/link/vouch", {"colleague": "dora"})
    assert [x for x in world.letters(desk.token) if desk.token.open(x).kind == "vouch"] == []


def test_a_vouch_lets_no_browser_in(world: World, kim: Person, token: Device) -> None:
    device = world.device("DT-KIM")
    device.show_card(device.scan(kim.link()))
    kim.get("/link")
    kim.post("/link/vouch", {"colleague": "jan"})
    token.answer(vouch_letter(world, token), "approve")
    for path in ("/waiting/finish", "/link/finish"):
        kim.post(path)
        assert kim.get("/account").headers["Location"] == "/sign-in"


def test_a_colleague_is_not_bombed_with_vouching(world: World, token: Device) -> None:
    for number in range(5):
        world.portal.add_person(f"new{number}", PASSWORD)
        person, device = world.browser(), world.device(f"DT-{number}")
        person.sign_in(f"new{number}")
        device.show_card(device.scan(person.link()))
        person.get("/link")
        person.post("/link/vouch", {"colleague": "jan"})
    assert len(world.letters(token)) == 3


def test_the_desk_may_name_the_colleague(world: World, desk: Desk, token: Device) -> None:
    world.portal.add_person("kim", PASSWORD)
    page, device = issue(desk, "kim", way="colleague"), world.device("DT-KIM")
    ticket = device.scan(link_of(desk, page))
    device.show_card(ticket)
    desk.browser.get(page)
    desk.browser.post(f"{page}/vouch", {"colleague": "jan"})
    assert 'id="asking"' in desk.browser.text
    assert told_code(desk, page) == ""
    token.answer(vouch_letter(world, token), "approve")
    desk.browser.get(page)
    assert device.confirm(ticket, desk.browser.element("code")).status_code == 200


def test_several_tokens_of_one_person_all_hear_and_one_answers(
    world: World, desk: Desk, token: Device, jan: Person
) -> None:
    page, second = issue(desk), world.device("DT-0002")
    ticket = second.scan(link_of(desk, page))
    second.show_card(ticket)
    second.confirm(ticket, world.sms_code())
    jan.sign_in()
    number = jan.element("match-number")
    assert second.answer(world.letters(second)[-1], "approve", number) == "approved"
    assert token.open(world.letters(token)[-1]).kind == "closed"

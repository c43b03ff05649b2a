"""Linking a token: one QR, one token, five tries, ten minutes; a lost reply never half-links."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from appliance.wire import enrolment
from appliance.wire.jose import public
from appliance.wire.letters import ENROLMENTS
from tests.web.login_portal.conftest import World
from tests.web.login_portal.device import Device
from tests.web.login_portal.person import PASSWORD, Person
from web.login_portal import people
from web.login_portal.rules.roles import COMMAND

pytestmark = pytest.mark.both_stores


@pytest.fixture
def looking(jan: Person) -> Person:
    """Jan in front of the enrolment QR."""
    jan.sign_in()
    return jan


def stage(person: Person) -> str:
    reply = person.get("/link/state")
    assert reply.json is not None
    return str(reply.json["state"]).split()[0]


def test_the_page_moves_on_with_the_token(world: World, looking: Person) -> None:
    device, link = world.device(), looking.link()
    assert stage(looking) == "shown"
    ticket = device.scan(link)
    assert stage(looking) == "scanned"
    device.show_card(ticket)
    assert stage(looking) == "sent"
    device.confirm(ticket, world.sms_code())
    assert stage(looking) == "linked"
    looking.get("/link")
    assert "Linking is complete" in looking.text
    looking.post("/link/finish")
    assert looking.element("person") == "Jan de Vries"
    assert looking.element("how") == "the Desk Token you have just linked"


def test_the_grant_names_the_account_and_gives_its_codes(world: World, token: Device) -> None:
    assert token.grant is not None
    assert (token.grant.person, token.grant.label) == ("Jan de Vries", "jan")
    assert len(token.grant.seed.secret) == 32
    assert len(token.code(world.clock())) == 6


def test_the_qr_is_for_the_session_that_asked_only(world: World, looking: Person) -> None:
    link = looking.link()
    assert world.browser().get("/link").headers["Location"] == "/sign-in"
    assert link.startswith("http://127.0.0.1:8443/e#")
    assert looking.page is not None
    assert looking.page.headers["Cache-Control"] == "no-store"


def test_five_wrong_codes_and_the_ticket_is_dead(world: World, looking: Person) -> None:
    device = world.device()
    ticket = device.scan(looking.link())
    device.show_card(ticket)
    right = world.sms_code()
    wrong = "000000" if right != "000000" else "000001"
    left = [device.confirm(ticket, wrong).json()["tries_left"] for _ in range(5)]
    assert left == [4, 3, 2, 1, 0]
    assert device.confirm(ticket, right).status_code == 410
    looking.get("/link")
    assert "no longer works" in looking.text
    looking.post("/link/new")
    assert looking.link()


def test_the_page_says_that_a_code_was_wrong(world: World, looking: Person) -> None:
    device = world.device()
    ticket = device.scan(looking.link())
    device.show_card(ticket)
    device.confirm(ticket, "x")
    looking.get("/link")
    assert "Tries left: 4." in looking.text


def test_a_ticket_expires_after_ten_minutes(world: World, looking: Person) -> None:
    device = world.device()
    ticket = device.scan(looking.link())
    world.clock.now += 599
    assert device.show_card(ticket).status_code == 202
    world.clock.now += 1
    assert device.confirm(ticket, world.sms_code()).status_code == 410
    assert device.wire.get(f"/device/v1/enrolments/{ticket.id}").status_code == 410


def test_an_unknown_ticket_is_not_found(world: World) -> None:
    reply = world.device().wire.get("/device/v1/enrolments/AAAAAAAAAAAAAAAAAAAAAA")
    assert reply.status_code == 404
    assert reply.headers["content-type"] == "application/problem+json"


def test_a_new_qr_kills_the_older_one(world: World, looking: Person) -> None:
    device = world.device()
    ticket = device.scan(looking.link())
    looking.post("/link/new")
    assert device.show_card(ticket).status_code == 410


def test_a_second_token_cannot_join_a_ticket(world: World, looking: Person) -> None:
    first, second = world.device(), world.device("DT-0002")
    ticket = first.scan(looking.link())
    assert first.show_card(ticket).status_code == 202
    second.scan(looking.link())
    assert second.show_card(ticket).status_code == 409
    assert second.confirm(ticket, world.sms_code()).status_code == 403


def test_a_card_shown_twice_sends_one_message(world: World, looking: Person) -> None:
    device = world.device()
    ticket = device.scan(looking.link())
    assert [device.show_card(ticket).status_code for _ in range(2)] == [202, 202]
    looking.get("/outbox")
    assert looking.text.count("Your code to link") == 1


def test_a_card_of_somebody_who_never_saw_the_qr_is_refused(world: World, looking: Person) -> None:
    device = world.device()
    ticket = device.scan(looking.link())
    foreign = enrolment.Ticket(ticket.origin, bytes(16))
    body = enrolment.seal_card(_card(device), foreign)
    reply = device.wire.post(f"/device/v1/enrolments/{ticket.id}/device", content=body)
    assert reply.status_code == 403


def _card(device: Device) -> enrolment.Card:
    return enrolment.Card(public(device.signing), public(device.agreeing), "x", "x", "x")


def test_a_code_without_a_card_is_refused(world: World, looking: Person) -> None:
    device = world.device()
    ticket = device.scan(looking.link())
    assert device.confirm(ticket, "123456").status_code == 409


def test_a_lost_grant_is_given_again_and_links_once(world: World, looking: Person) -> None:
    device = world.device()
    ticket = device.scan(looking.link())
    device.show_card(ticket)
    first = device.confirm(ticket, world.sms_code())
    again = device.confirm(ticket, world.sms_code())
    assert first.text == again.text
    looking.get("/link")
    looking.post("/link/finish")
    assert looking.text.count("linked on") == 1


def test_a_half_made_link_is_no_link_after_a_restart(
    make_world: Callable[..., World], world: World, looking: Person
) -> None:
    device = world.device()
    device.show_card(device.scan(looking.link()))
    restarted = make_world()
    jan = restarted.browser()
    jan.sign_in()
    assert "Link your Desk Token" in jan.text


def test_a_link_survives_a_restart(make_world: Callable[..., World], token: Device) -> None:
    restarted = make_world()
    jan = restarted.browser()
    jan.sign_in()
    assert "Confirm on your Desk Token" in jan.text
    assert len(restarted.letters(token)) == 1


@pytest.mark.usefixtures("token")
def test_a_password_alone_links_no_second_token(jan: Person) -> None:
    jan.sign_in()
    assert jan.post("/link/new").status_code == 403
    assert jan.get("/link").headers["Location"] == "/waiting"


def test_without_a_telephone_the_service_desk_tells_the_code(world: World) -> None:
    world.portal.add_person("kim", PASSWORD)
    kim, device = world.browser(), world.device()
    kim.sign_in("kim")
    reply = device.show_card(device.scan(kim.link()))
    assert reply.json()["sent_to"] == "Service desk"
    kim.get("/link")
    assert "Call the service desk" in kim.text


def test_the_masked_number_shows_two_digits(world: World, looking: Person) -> None:
    device = world.device()
    reply = device.show_card(device.scan(looking.link()))
    assert reply.json() == {"sent_to": "*** 78", "tries_left": 5}


@pytest.mark.parametrize(
    ("odd", "words"),
    [
        ("serial", "DT\x1b]0;x\x07"),
        ("software", "DT-1\tjan\nDT-2"),
        ("storage", "TPM\u202e2"),
        ("serial", "D\0T"),
    ],
)
def test_a_token_says_nothing_of_itself_that_a_terminal_would_obey(
    world: World, looking: Person, odd: str, words: str
) -> None:
    device = world.device()
    ticket = device.scan(looking.link())
    said = {"serial": "DT-0001", "software": "1.0", "storage": "TPM 2", odd: words}
    card = enrolment.Card(public(device.signing), public(device.agreeing), **said)
    reply = device.wire.post(
        f"{ENROLMENTS}/{ticket.id}/device", content=enrolment.seal_card(card, ticket)
    )
    assert reply.status_code == 403
    assert stage(looking) == "scanned"


def test_a_code_is_sent_also_when_the_demos_file_cannot_be_written(
    world: World, looking: Person
) -> None:
    file = world.portal.config.data / "outbox.txt"
    file.unlink(missing_ok=True)
    file.mkdir()
    assert world.link(looking, world.device()).id


def test_a_code_that_went_to_a_number_of_before_counts_no_longer(
    world: World, looking: Person
) -> None:
    device = world.device()
    ticket = device.scan(looking.link())
    device.show_card(ticket)
    old = world.sms_code()
    with world.portal.database.reading() as reading:
        jan = people.named(reading, "jan")
    assert jan is not None
    change = (COMMAND, jan.id, "+31687654321", "")
    world.portal.service_desk.set_contact(*change, world.clock())
    assert device.confirm(ticket, old).status_code == 403
    world.clock.now += 120
    looking.post("/link/again")
    assert device.confirm(ticket, world.sms_code()).status_code == 200

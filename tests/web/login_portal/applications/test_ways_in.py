"""What an approval is called, per way; and the ways through the pages that end at an application all the same."""

from __future__ import annotations

import pytest

from tests.web.login_portal.applications.relying import (
    Relying,
    approve,
    onward,
    register,
    sent_back,
    walk,
)
from tests.web.login_portal.conftest import World
from tests.web.login_portal.device import Device
from tests.web.login_portal.person import PASSWORD, Person
from web.login_portal.rules import approval
from web.login_portal.rules.roles import COMMAND


def begin(person: Person, relying: Relying, name: str = "jan") -> None:
    """From the application to the page after the password."""
    walk(person, relying.wish())
    assert person.page is not None
    person.post(person.page.request.path, {"name": name, "password": PASSWORD})


def claims(relying: Relying, person: Person) -> dict[str, object]:
    told = relying.change(sent_back(person.get(onward(person)))["code"]).json
    assert told is not None
    return relying.read(told["id_token"])


def test_a_typed_code_is_a_password_and_a_code(world: World, jan: Person, token: Device) -> None:
    rooster = register(world)
    begin(jan, rooster)
    jan.post("/waiting/code", {"code": token.code(world.clock())})
    said = claims(rooster, jan)
    assert (said["acr"], said["amr"]) == ("urn:desk-token:code", ["pwd", "otp", "mfa"])


def test_a_hold_alone_and_a_scan_have_their_own_names(world: World) -> None:
    rooster = register(world)
    for policy in ("press", "scan"):
        world.portal.add_person(policy, PASSWORD, display=policy, phone="0612345678", match=policy)
        person = world.browser()
        person.sign_in(policy)
        device = world.link(person, world.device(policy))
        person.post("/sign-out")
        begin(person, rooster, policy)
        letter = world.letters(device)[-1]
        sign_in = world.portal.sign_ins.look(device.open(letter).jti)
        assert sign_in is not None
        device.answer(letter, "approve", world.portal.sign_ins.expected(sign_in))
        person.post("/waiting/finish")
        assert claims(rooster, person)["acr"] == f"urn:desk-token:{policy}"


def test_somebody_who_links_a_first_token_arrives_as_well(world: World) -> None:
    rooster, jan = register(world), world.browser()
    begin(jan, rooster)
    world.link(jan, world.device())
    jan.get("/link")
    jan.post("/link/finish")
    assert claims(rooster, jan)["acr"] == "urn:desk-token:linked"


def test_a_wrong_password_does_not_lose_the_application(
    world: World, jan: Person, token: Device
) -> None:
    rooster = register(world)
    walk(jan, rooster.wish(login_hint="jan"))
    assert 'value="jan"' in jan.text
    assert jan.page is not None
    jan.post(jan.page.request.path, {"name": "jan", "password": "wrong one"})
    assert jan.element("for-whom") == "to Rooster"
    jan.post(jan.page.request.path, {"name": "jan", "password": PASSWORD})
    approve(world, jan, token)
    assert "code" in sent_back(jan.get(onward(jan)))


def test_a_password_that_opens_nothing_does_not_lose_the_application_either(world: World) -> None:
    bo, rooster = world.browser(), register(world)
    person = world.portal.add_person("bo", PASSWORD)
    world.portal.service_desk.block(COMMAND, person.id, blocked=True, now=world.clock())
    walk(bo, rooster.wish())
    assert bo.page is not None
    path = bo.page.request.path
    bo.post(path, {"name": "bo", "password": PASSWORD})
    assert "closed for now" in bo.text
    assert bo.element("for-whom") == "to Rooster"
    assert f'action="{path}"' in bo.text


def test_a_no_leads_back_to_the_sign_in_for_the_application(
    world: World, jan: Person, token: Device
) -> None:
    rooster = register(world)
    begin(jan, rooster)
    token.answer(world.letters(token)[-1], "deny")
    jan.get("/waiting")
    assert 'href="/sign-in/for/' in jan.text
    begin(jan, rooster)
    approve(world, jan, token)
    assert "code" in sent_back(jan.get(onward(jan)))


def test_two_tabs_for_two_applications_do_not_mix(world: World, jan: Person, token: Device) -> None:
    rooster, verlof = register(world), register(world, "Verlof")
    walk(jan, rooster.wish())
    assert jan.page is not None
    first = jan.page.request.path
    walk(jan, verlof.wish(state="st-2"))
    jan.get(first)
    jan.post(first, {"name": "jan", "password": PASSWORD})
    assert jan.element("service") == "Rooster"
    approve(world, jan, token)
    assert sent_back(jan.get(onward(jan)))["state"] == "st-1"


def test_a_wish_belongs_to_its_browser(world: World, jan: Person, token: Device) -> None:
    """Somebody else's address is of no use: whoever is sent it signs in to the portal and to nothing else."""
    eve, rooster = world.browser(), register(world)
    walk(eve, rooster.wish())
    assert eve.page is not None
    path = eve.page.request.path
    jan.get(path)
    assert jan.element("for-whom") == "to Werkplek"
    jan.post(path, {"name": "jan", "password": PASSWORD})
    approve(world, jan, token)
    assert jan.element("person") == "Jan de Vries"
    wish = path.rpartition("/")[2]
    for page in (f"/authorized/{wish}", f"/go-on/{wish}"):
        assert jan.get(page).status_code == 400
    assert eve.get(f"/authorized/{wish}").headers["Location"] == path


def test_a_wish_dies_after_a_quarter_of_an_hour(world: World, jan: Person) -> None:
    walk(jan, register(world).wish())
    assert jan.page is not None
    path = jan.page.request.path
    world.clock.now += 901
    jan.get(path)
    assert jan.element("for-whom") == "to Werkplek"
    assert jan.get(path.replace("/sign-in/for", "/authorized")).status_code == 400


@pytest.mark.parametrize("name", ["%00", "a" * 28, "A" * 28, "a" * 900, "%F0%9F%98%80", "..%2F"])
def test_a_wish_that_never_was_is_only_words(jan: Person, name: str) -> None:
    assert jan.get(f"/sign-in/for/{name}").status_code in (200, 404)
    for page in ("/go-on", "/authorized"):
        assert jan.get(f"{page}/{name}").status_code in (400, 404)


@pytest.mark.parametrize(("wanted", "title"), [("nl", "Inloggen"), ("en-GB nl", "Sign in")])
def test_the_application_may_say_the_language(world: World, wanted: str, title: str) -> None:
    person, rooster = world.browser(), register(world)
    walk(person, rooster.wish(ui_locales=wanted))
    assert title in person.text
    person.post("/language", {"language": "en", "back": "/sign-in"})
    walk(person, rooster.wish(ui_locales="nl"))
    assert "Sign in" in person.text


def test_a_language_change_stays_with_the_application(world: World, jan: Person) -> None:
    walk(jan, register(world).wish())
    assert jan.page is not None
    jan.post("/language", {"language": "nl", "back": jan.page.request.path})
    assert "Inloggen" in jan.text
    assert "Rooster" in jan.element("for-whom")


def test_hardware_is_claimed_only_when_every_token_has_it() -> None:
    assert approval.kept_in(["TPM 2", "Pi firmware key"]) == "hwk"
    assert approval.kept_in(["TPM 2", "plain file"]) == "swk"
    assert approval.kept_in([]) == "swk"


def test_a_visit_that_another_site_began_signs_nobody_out(
    world: World, jan: Person, token: Device
) -> None:
    """The browser leaves our strict cookie at home then; it comes once more by itself, with it."""
    begin(jan, register(world))
    approve(world, jan, token)
    stranger = world.browser()
    cross = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate"}
    reply = stranger.get("/authorize?client_id=a&state=%22%3E<b>", **cross)
    assert reply.status_code == 200
    assert "Set-Cookie" not in reply.headers
    assert onward(stranger) == f"{stranger.origin}/authorize?client_id=a&amp;state=%22%3E%3Cb%3E"
    assert onward_of(stranger, "//evil.example/").startswith(f"{stranger.origin}/")
    assert jan.get("/account", **cross).status_code == 200


def onward_of(person: Person, path: str) -> str:
    """Where somebody is sent who comes to this very path from elsewhere."""
    cross = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    odd = {"PATH_INFO": path}
    person.page = person.client.get(
        "/", base_url=person.origin, headers=cross, environ_overrides=odd
    )
    return onward(person)

"""Applications at the service desk: seen by readers, changed by admins, a secret shown once, each act written down."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.web.login_portal.applications.relying import BACK, Relying, register, signed_in, walk
from tests.web.login_portal.applications.signing import key_pair
from tests.web.login_portal.conftest import World
from tests.web.login_portal.desk.conftest import Desk
from tests.web.login_portal.device import Device
from tests.web.login_portal.person import Person
from web.login_portal import audit
from web.login_portal.audit import Wanted
from web.login_portal.rules.roles import COMMAND, Actor, NotAllowed, Role

NEW = "/desk/applications/new"
FORM = {"name": "Verlof", "redirects": BACK, "proof": "secret"}


def shown(desk: Desk, name: str) -> str:
    found = re.search(rf'id="{name}"[^>]*value="([^"]+)"', desk.browser.text)
    assert found is not None
    return found[1]


def acts(world: World) -> list[str]:
    with world.portal.database.reading() as reading:
        found = audit.find(reading, Wanted())
    return [f"{one.actor}: {one.act}: {one.note}" for one in found if "application" in one.act]


def add(admin: Desk, **changed: str) -> int:
    admin.browser.get(NEW)
    return admin.browser.post(NEW, {**FORM, **changed}).status_code


def path(admin: Desk) -> str:
    return f"/desk/applications/{admin.browser.element('client')}"


def test_an_admin_connects_an_application_that_then_signs_people_in(
    world: World, admin: Desk, jan: Person, token: Device
) -> None:
    assert add(admin) == 200
    verlof = Relying(world, admin.browser.element("client"), shown(admin, "secret"))
    code = signed_in(world, jan, token, verlof)["code"]
    assert verlof.change(code).status_code == 200
    assert acts(world) == [f"ada: application added: Verlof ({verlof.id})"]


def test_its_secret_is_shown_once(admin: Desk) -> None:
    add(admin)
    secret = shown(admin, "secret")
    assert admin.browser.page is not None
    assert admin.browser.page.headers["Cache-Control"] == "no-store"
    for place in (path(admin), "/desk/applications", "/desk/audit"):
        assert secret not in admin.browser.get(place).text


def test_asking_twice_makes_one_application(world: World, admin: Desk) -> None:
    """As somebody does who loads the page with the secret again."""
    assert add(admin) == 200
    assert add(admin, name=" VERLOF ") == 422
    assert "There is an application with this name already" in admin.browser.text
    assert len(world.portal.applications.registrations.listed(COMMAND)) == 1


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"name": ""}, "An application has a name of 1 to 32 characters"),
        ({"redirects": ""}, "An application needs an address to send people back to"),
        ({"redirects": "http://rooster.example.org/"}, "An address must be https"),
        ({"redirects": f"{BACK}\njavascript:alert(1)"}, "An address must look like"),
        ({"redirects": "\n".join([BACK] * 21)}, "at most 20 addresses"),
        ({"after": "x"}, "An address must look like"),
        ({"tell": "x"}, "An address must look like"),
        ({"kiosk": "shout"}, "Matching is press, number or scan"),
        ({"kiosk": "press", "proof": "none"}, "A kiosk needs a secret"),
        ({"proof": "faith"}, "with a secret, with a key, or not at all"),
        ({"proof": "key"}, "The public key is missing"),
        ({"proof": "key", "key": "x"}, "A public key is RSA"),
        ({"proof": "key", "key": "-----BEGIN PRIVATE KEY-----"}, "This is a private key"),
    ],
    ids=str,
)
def test_a_wrong_form_says_what_is_wrong_and_keeps_what_was_typed(
    world: World, admin: Desk, changed: dict[str, str], sentence: str
) -> None:
    assert add(admin, **changed) == 422
    assert sentence in admin.browser.text
    assert world.portal.applications.registrations.listed(COMMAND) == []
    if changed.get("name") != "":
        assert 'value="Verlof"' in admin.browser.text


def test_a_key_needs_no_secret_and_none_is_shown(admin: Desk) -> None:
    assert add(admin, proof="key", key=key_pair()[1], pushed="yes") == 200
    assert 'id="secret"' not in admin.browser.text
    assert "its own key" in admin.browser.text
    assert "always (PAR)" in admin.browser.text
    assert admin.browser.post(f"{path(admin)}/secret").status_code == 422


def test_a_disabled_application_is_unknown_at_once_until_it_is_enabled(
    world: World, admin: Desk, jan: Person, token: Device
) -> None:
    rooster = register(world)
    code = signed_in(world, jan, token, rooster)["code"]
    access = rooster.change(code).json["access_token"]  # type: ignore[index]
    here = f"/desk/applications/{rooster.id}"
    admin.browser.get(here)
    assert admin.browser.post(f"{here}/disable").status_code == 303
    assert 'id="disabled"' in admin.browser.text
    assert rooster.about(access).status_code == 401
    assert walk(jan, rooster.wish()).status_code == 400
    assert rooster.post("/openid/par", {}).json["error"] == "invalid_client"  # type: ignore[index]
    assert admin.browser.post(f"{here}/enable").status_code == 303
    assert walk(jan, rooster.wish()).status_code == 302
    assert acts(world)[:2] == [
        f"ada: application enabled: Rooster ({rooster.id})",
        f"ada: application disabled: Rooster ({rooster.id})",
    ]


def test_a_new_secret_ends_the_old_one(world: World, admin: Desk) -> None:
    rooster = register(world)
    admin.browser.get(f"/desk/applications/{rooster.id}")
    assert admin.browser.post(f"/desk/applications/{rooster.id}/secret").status_code == 200
    fresh = shown(admin, "secret")
    asked = {"grant_type": "authorization_code", "code": "x"}
    assert rooster.post("/openid/token", asked).json["error"] == "invalid_client"  # type: ignore[index]
    reply = rooster.post("/openid/token", asked, fresh)
    assert reply.json["error"] == "invalid_grant"  # type: ignore[index]


def test_a_removed_application_is_gone(world: World, admin: Desk, jan: Person) -> None:
    rooster = register(world)
    here = f"/desk/applications/{rooster.id}"
    admin.browser.get(here)
    assert admin.browser.post(f"{here}/remove").status_code == 303
    assert "The application was removed." in admin.browser.text
    assert admin.browser.get(here).status_code == 404
    assert walk(jan, rooster.wish()).status_code == 400
    for act in ("disable", "enable", "remove"):
        assert admin.browser.post(f"{here}/{act}").status_code == 404


@pytest.mark.parametrize("role", [Role.READER, Role.DESK])
def test_others_look_and_touch_nothing(
    at_desk: Callable[..., Desk], world: World, role: Role
) -> None:
    rooster, other = register(world), at_desk("rita", role)
    here = f"/desk/applications/{rooster.id}"
    assert other.browser.get("/desk/applications").status_code == 200
    assert 'id="new"' not in other.browser.text
    assert other.browser.get(here).status_code == 200
    assert 'id="acts-head"' not in other.browser.text
    assert other.browser.get(NEW).status_code == 403
    for act in (NEW, *(f"{here}/{act}" for act in ("disable", "enable", "remove", "secret"))):
        assert other.browser.post(act, FORM).status_code == 403
    assert [one.disabled for one in world.portal.applications.registrations.listed(COMMAND)] == [
        None
    ]


def test_every_act_checks_the_role_itself(world: World) -> None:
    """Also when a page forgets to."""
    desk, nobody, clerk = (
        world.portal.applications.registrations,
        Actor("x", Role.NOBODY),
        Actor("y", Role.DESK),
    )
    rooster = register(world)
    for look in (lambda: desk.listed(nobody), lambda: desk.look(nobody, rooster.id)):
        with pytest.raises(NotAllowed):
            look()
    for act in (desk.disable, desk.enable, desk.remove, desk.renew_secret):
        with pytest.raises(NotAllowed):
            act(clerk, rooster.id)


def test_a_name_that_could_be_markup_is_only_a_name(admin: Desk) -> None:
    add(admin, name="<b>x</b>")
    admin.browser.get("/desk/applications")
    assert "&lt;b&gt;x&lt;/b&gt;" in admin.browser.text

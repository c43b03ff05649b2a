"""Who gets through to the desk: a role, and a sign-in with a token. Everybody else finds no such page."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.web.login_portal.conftest import World
from tests.web.login_portal.desk.conftest import Desk
from tests.web.login_portal.device import Device
from tests.web.login_portal.person import PASSWORD
from web.login_portal.rules.roles import COMMAND, Actor, NotAllowed, Role

PLACES = [
    "/desk",
    "/desk/people",
    "/desk/audit",
    "/desk/audit.csv",
    "/desk/import",
    "/desk/applications",
    "/desk/applications/new",
    "/desk/boxes/x",
]


@pytest.mark.parametrize("path", PLACES)
def test_without_a_sign_in_there_is_no_desk(world: World, path: str) -> None:
    assert world.browser().get(path).headers["Location"] == "/sign-in"


@pytest.mark.usefixtures("token")
@pytest.mark.parametrize("path", PLACES)
def test_a_password_alone_opens_no_desk(world: World, path: str) -> None:
    jan = world.browser()
    jan.sign_in()
    assert jan.get(path).headers["Location"] == "/sign-in"


@pytest.mark.parametrize("path", PLACES)
def test_somebody_without_a_role_finds_no_such_page(world: World, token: Device, path: str) -> None:
    jan = world.browser()
    jan.sign_in()
    jan.post("/waiting/code", {"code": token.code(world.clock())})
    assert jan.get(path).status_code == 404
    assert 'id="to-desk"' not in jan.get("/account").text


def test_linking_a_token_is_no_sign_in_with_one(world: World) -> None:
    person = world.portal.add_person("dora", PASSWORD, phone="0611111111")
    world.portal.service_desk.set_role(COMMAND, person.id, Role.ADMIN, world.clock())
    dora = world.browser()
    dora.sign_in("dora")
    world.link(dora, world.device())
    dora.get("/link")
    dora.post("/link/finish")
    assert dora.get("/desk").status_code == 404


def test_the_desk_opens_for_a_role_and_a_token(desk: Desk) -> None:
    assert desk.browser.get("/desk").status_code == 200
    assert 'id="to-desk"' in desk.browser.get("/account").text


def test_a_reader_looks_and_touches_nothing(at_desk: Callable[..., Desk], world: World) -> None:
    reader = at_desk("rita", Role.READER)
    assert "unlock" not in reader.folder()
    for act in ("unlock", "block", "let-in", "contact", "role", "issue", "revoke"):
        assert reader.act(act) == 403
    for path in ("/desk/import", "/desk/enrolments/x", "/desk/enrolments/x/paper"):
        assert reader.browser.get(path).status_code == 403
    assert reader.browser.post("/desk/reports/1").status_code == 403
    assert reader.browser.post("/desk/boxes/x/revoke").status_code == 403
    assert world.portal.service_desk.actor(reader.person()).role is Role.NOBODY


def test_the_desk_imports_nothing_and_gives_no_roles(desk: Desk) -> None:
    assert desk.act("role", role="admin") == 403
    assert desk.browser.get("/desk/import").status_code == 403
    assert desk.browser.post("/desk/import/apply", {"draft": "x"}).status_code == 403


def test_an_admin_gives_a_role_and_never_to_themselves(admin: Desk, world: World) -> None:
    assert admin.act("role", role="reader") == 303
    assert world.portal.service_desk.actor(admin.person()).role is Role.READER
    assert ("ada", "role changed", "jan") in admin.trail()
    assert admin.act("role", name="ada", role="reader") == 422
    assert admin.act("role", role="emperor") == 422


def test_a_role_that_is_taken_away_ends_at_the_next_click(desk: Desk, world: World) -> None:
    world.portal.service_desk.set_role(COMMAND, desk.id, Role.NOBODY, world.clock())
    assert desk.browser.get("/desk").status_code == 404


def test_every_act_of_the_story_checks_the_role_itself(world: World) -> None:
    """Also when a page forgets to."""
    nobody, portal, now = Actor("x", Role.NOBODY), world.portal, world.clock()
    acts: list[Callable[[], object]] = [
        lambda: portal.service_desk.folder(nobody, "p", now),
        lambda: portal.service_desk.revoke(nobody, "t", now),
        lambda: portal.service_desk.revoke_box(nobody, "s", now),
        lambda: portal.service_desk.unlock(nobody, "p", now),
        lambda: portal.service_desk.block(nobody, "p", blocked=True, now=now),
        lambda: portal.service_desk.set_role(nobody, "p", Role.ADMIN, now),
        lambda: portal.service_desk.set_contact(nobody, "p", "", "", now),
        lambda: portal.service_desk.acknowledge(nobody, 1, now),
        lambda: portal.service_desk.told_code(nobody, "t", now),
        lambda: portal.importing.apply(nobody, b""),
        lambda: portal.importing.keep(nobody, b""),
        lambda: portal.importing.take(nobody, ""),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()

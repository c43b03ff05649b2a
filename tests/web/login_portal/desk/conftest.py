"""Somebody at the service desk: signed in with password and token like everybody; and a desk with a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from tests.web.login_portal.conftest import World
from tests.web.login_portal.desk.counter import Counter, open_counter
from tests.web.login_portal.device import Device
from tests.web.login_portal.person import PASSWORD, Person
from web.login_portal import audit, people
from web.login_portal.audit import Wanted
from web.login_portal.rules.roles import COMMAND, Role


@dataclass
class Desk:
    """A browser at the desk, its owner's token, and what the test looks up."""

    world: World
    browser: Person
    token: Device
    id: str

    def person(self, name: str = "jan") -> str:
        with self.world.portal.database.reading() as reading:
            found = people.named(reading, name)
        assert found is not None
        return found.id

    def act(self, act: str, name: str = "jan", **form: str) -> int:
        """Post one act on a person; the status of its reply."""
        return self.browser.post(f"/desk/people/{self.person(name)}/{act}", form).status_code

    def folder(self, name: str = "jan") -> str:
        self.browser.get(f"/desk/people/{self.person(name)}")
        return self.browser.text

    def trail(self, **wanted: str) -> list[tuple[str, str, str]]:
        with self.world.portal.database.reading() as reading:
            found = audit.find(reading, Wanted(**wanted))  # type: ignore[arg-type]
        return [(one.actor, one.act, one.whom) for one in found]


@pytest.fixture
def at_desk(world: World) -> Callable[..., Desk]:
    """Puts somebody with a role at the desk."""

    def sit(name: str = "dora", role: Role = Role.DESK) -> Desk:
        person = world.portal.add_person(name, PASSWORD, display=name.title(), phone="0611111111")
        browser, device = world.browser(), world.device(f"DT-{name}")
        browser.sign_in(name)
        world.link(browser, device)
        world.portal.service_desk.set_role(COMMAND, person.id, role, world.clock())
        browser = world.browser()
        browser.sign_in(name)
        browser.post("/waiting/code", {"code": device.code(world.clock())})
        return Desk(world, browser, device, person.id)

    return sit


@pytest.fixture
def desk(at_desk: Callable[..., Desk]) -> Desk:
    """Dora of the service desk."""
    return at_desk()


@pytest.fixture
def admin(at_desk: Callable[..., Desk]) -> Desk:
    """Ada, who may import and give roles."""
    return at_desk("ada", Role.ADMIN)


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    """The desk, open, and Ada at it."""
    with open_counter(tmp_path_factory.mktemp("desk") / "portal") as opened:
        yield opened

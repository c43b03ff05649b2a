"""A person of the directory is one person of the portal, by whatever name: one token, one count of tries, one lock."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable

import pytest

from tests.web.login_portal.conftest import Turned, World
from tests.web.login_portal.slapd import READER_PASSWORD, Slapd
from web.login_portal import people
from web.login_portal.sources.directory import Directory
from web.login_portal.sources.verdicts import Word

pytestmark = pytest.mark.xdist_group("slapd")


@pytest.fixture
def name() -> str:
    return f"els{secrets.token_hex(4)}"


def test_a_wrong_password_for_the_readers_own_name_is_a_wrong_password(directory: Slapd) -> None:
    everything = Directory(directory.about(find="(cn={name})", name="cn"), Turned(time.time()))
    assert everything.judge("portal", "wrong").word is Word.WRONG
    assert everything.judge("portal", READER_PASSWORD).word is Word.FITS


def test_a_person_has_one_name_however_it_is_typed(
    make_world: Callable[..., World], directory: Slapd, name: str
) -> None:
    directory.add_person(name, uid=[name, f"second {name}"], mobile="0612345678")
    world = make_world("one", directory=directory.about())
    person = world.browser()
    person.sign_in(name)
    world.link(person, world.device())
    for typed in (f"second {name}", f"second   {name}"):
        assert world.browser().sign_in(typed).headers["Location"] == "/waiting"
    with world.portal.database.reading() as reading:
        assert [one.name for one in people.everybody(reading)] == [name]


def test_a_second_name_gives_no_second_five_tries_and_opens_no_lock(
    make_world: Callable[..., World], directory: Slapd, name: str
) -> None:
    directory.add_person(name, uid=[name, f"second {name}"])
    world = make_world("tries", directory=directory.about())
    for number in range(8):
        world.clock.now += 300
        last = world.browser().sign_in(name if number % 2 else f"second {name}", "wrong")
        if "/locked" in last.headers.get("Location", ""):
            break
    assert number == 4
    world.clock.now += 300
    for typed in (name, f"second {name}"):
        assert world.browser().sign_in(typed).headers["Location"] == "/locked"


def test_nobody_of_the_directory_becomes_somebody_of_the_table(
    make_world: Callable[..., World], directory: Slapd, name: str
) -> None:
    directory.add_person(name, uid=[name, f"second {name}"])
    world = make_world("table", directory=directory.about())
    world.portal.add_person(name, "the table's own password")
    assert world.browser().sign_in(f"second {name}").status_code == 401
    sure = world.browser().sign_in(name, "the table's own password")
    assert sure.headers["Location"] == "/link"

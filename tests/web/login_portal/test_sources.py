"""One contract for every source of people: the built-in table, a real OpenLDAP server, a real Active Directory."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from appliance.core.errors import Refused
from tests.web.login_portal.domain import WHY_NOT, Domain
from tests.web.login_portal.slapd import PASSWORD, Slapd
from web.login_portal import particulars, people
from web.login_portal.clock import system_clock
from web.login_portal.sources.built_in import BuiltIn
from web.login_portal.sources.directory import Directory
from web.login_portal.sources.hashing import Hasher
from web.login_portal.sources.verdicts import Source, Word
from web.login_portal.store.database import open_database

pytestmark = pytest.mark.xdist_group("slapd")
HOSTILE = [
    "*",
    "jan)(uid=*",
    "*)(objectClass=*",
    "jan*",
    "jan\\2a",
    "(|(uid=*))",
    "\0",
    "jan\0x",
    "",
    " ",
]


@dataclass(frozen=True)
class Sourced:
    """A source, and how a person comes into it."""

    source: Source
    add: Callable[[str], None]


REAL_DOMAIN = pytest.param(
    "active_directory",
    marks=[pytest.mark.xdist_group("samba"), pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)],
)


@pytest.fixture(params=["table", "directory", REAL_DOMAIN])
def sourced(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Sourced]:
    if request.param != "table":
        running: Slapd | Domain = request.getfixturevalue(request.param)

        def add_there(name: str) -> None:
            running.add_person(name, mobile="+31612345678", mail=f"{name}@example.org")

        yield Sourced(Directory(running.about(), system_clock), add_there)
        return
    database, hasher = open_database(tmp_path), Hasher()

    def add_here(name: str) -> None:
        with database.writing() as writing:
            hashed = hasher.hash(PASSWORD)
            about = {"display": name.title(), "phone": "+31612345678", "match": "number"}
            person = people.add(writing, name, hashed, 1.0, **about)
            particulars.change(writing, person.id, email=f"{name}@example.org")

    yield Sourced(BuiltIn(database, hasher), add_here)
    database.close()


@pytest.fixture
def name(sourced: Sourced) -> str:
    """Somebody new in the source."""
    made = f"jan{secrets.token_hex(4)}"
    sourced.add(made)
    return made


def test_the_right_password_fits_and_tells_who_it_is(sourced: Sourced, name: str) -> None:
    verdict = sourced.source.judge(name, PASSWORD)
    assert verdict.word is Word.FITS
    assert verdict.known is not None
    known = verdict.known
    assert (known.name, known.display) == (name, name.title())
    assert (known.phone, known.email) == ("+31612345678", f"{name}@example.org")


@pytest.mark.parametrize(
    "password", ["wrong", "", PASSWORD + " ", PASSWORD.upper(), "\0", "x" * 300]
)
def test_any_other_password_is_wrong(sourced: Sourced, name: str, password: str) -> None:
    assert sourced.source.judge(name, password).word is Word.WRONG


def test_a_name_is_found_in_any_case_and_without_the_spaces_around_it(
    sourced: Sourced, name: str
) -> None:
    verdict = sourced.source.judge(f"  {name.upper()} ", PASSWORD)
    assert verdict.known is not None
    assert verdict.known.name == name


@pytest.mark.parametrize("untrusted", HOSTILE)
def test_a_hostile_name_is_nobody(sourced: Sourced, name: str, untrusted: str) -> None:
    assert name
    for password in (PASSWORD, "wrong", ""):
        assert sourced.source.judge(untrusted, password).word is Word.WRONG


def test_an_unknown_name_is_as_wrong_as_a_wrong_password(sourced: Sourced, name: str) -> None:
    unknown = sourced.source.judge(f"x{name}", PASSWORD)
    assert (unknown.word, unknown.known) == (Word.WRONG, None)


def test_a_person_can_be_looked_up_without_a_password(sourced: Sourced, name: str) -> None:
    known = sourced.source.look(name)
    assert known is not None
    assert known.display == name.title()
    assert sourced.source.look(f"x{name}") is None


def test_a_changed_password_is_the_only_one_that_fits(sourced: Sourced, name: str) -> None:
    sourced.source.change(name, PASSWORD, "another good password", None)
    assert sourced.source.judge(name, PASSWORD).word is Word.WRONG
    assert sourced.source.judge(name, "another good password").word is Word.FITS


def test_nobody_changes_a_password_without_the_old_one(sourced: Sourced, name: str) -> None:
    with pytest.raises(Refused):
        sourced.source.change(name, "wrong", "another good password", None)
    assert sourced.source.judge(name, PASSWORD).word is Word.FITS


def test_no_password_stands_in_a_repr(sourced: Sourced, name: str) -> None:
    assert "+316" not in repr(sourced.source.judge(name, PASSWORD))
    assert PASSWORD not in repr(sourced.source)

"""Active Directory, as a real domain controller speaks it: names, dates, shut accounts, its own lock, new passwords."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.web.login_portal.conftest import Turned, World
from tests.web.login_portal.domain import FIND, PASSWORD, SUFFIX, WHY_NOT, Domain
from web.login_portal import people
from web.login_portal.rules.expiry import DAY
from web.login_portal.sources.directory import Directory, word_of_refusal
from web.login_portal.sources.verdicts import SourceGone, Word

needs_domain = pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)
pytestmark = pytest.mark.xdist_group("samba")
LONG_AGO = 132_000_000_000_000_000  # a day of April 2019
NEVER_ENDS, SHUT = 0x10200, 0x202


@pytest.fixture
def name() -> str:
    return f"ada{secrets.token_hex(4)}"


def source(domain: Domain, **changed: object) -> Directory:
    return Directory(domain.about(**changed), Turned(time.time()))


@needs_domain
def test_a_person_is_one_by_either_of_their_names(active_directory: Domain, name: str) -> None:
    active_directory.add_person(name, mobile="+31612345678", mail=f"{name}@example.org")
    told = [
        source(active_directory).judge(typed, PASSWORD)
        for typed in (name, name.upper(), f"{name}@{SUFFIX}", f"{name}@{SUFFIX}".upper())
    ]
    assert {verdict.word for verdict in told} == {Word.FITS}
    assert len({verdict.known for verdict in told}) == 1
    known = told[0].known
    assert known is not None
    assert (known.name, known.display, known.phone) == (name, name.title(), "+31612345678")


@needs_domain
def test_the_domain_says_when_the_password_ends(active_directory: Domain, name: str) -> None:
    active_directory.add_person(name)
    known = source(active_directory).look(name)
    assert known is not None
    assert known.until == pytest.approx(time.time() + 42 * DAY, abs=120)
    active_directory.add_person(f"{name}e", NEVER_ENDS)
    for_ever = source(active_directory).look(f"{name}e")
    assert for_ever is not None
    assert for_ever.until is None


@needs_domain
@pytest.mark.parametrize(
    ("about", "word"),
    [
        ({"control": SHUT}, Word.DISABLED),
        ({"accountExpires": LONG_AGO}, Word.DISABLED),
        ({"logonHours": bytes(21)}, Word.DISABLED),
        ({"userWorkstations": "ELSEWHERE"}, Word.DISABLED),
        ({"pwdLastSet": 0}, Word.EXPIRED),
    ],
    ids=["shut", "account expired", "not at this hour", "not from here", "must be changed"],
)
def test_what_stands_in_the_way_is_told_only_to_its_owner(
    active_directory: Domain, name: str, about: dict[str, Any], word: Word
) -> None:
    active_directory.add_person(name, **about)
    assert source(active_directory).judge(name, PASSWORD).word is word
    assert source(active_directory).judge(name, "wrong").word is Word.WRONG


@needs_domain
def test_the_domains_own_lock_reads_like_a_wrong_password_and_stands_in_the_log(
    make_world: Callable[..., World], active_directory: Domain, name: str
) -> None:
    active_directory.add_person(name)
    for _ in range(9):
        source(active_directory).judge(name, "wrong")
    assert source(active_directory).judge(name, PASSWORD).word is Word.LOCKED
    world = make_world("locked", directory=active_directory.about())
    assert world.browser().sign_in(name).status_code == 401
    assert any("locked in the directory" in line for line in world.log.lines)


@needs_domain
@pytest.mark.parametrize(("way", "port"), [("start", 389), ("ldaps", 636)])
def test_it_is_asked_over_tls_in_both_ways(
    active_directory: Domain, name: str, way: str, port: int
) -> None:
    active_directory.add_person(name)
    asked = source(active_directory, tls=way, port=port)
    assert asked.judge(name, PASSWORD).word is Word.FITS
    asked.check()


@needs_domain
def test_it_takes_no_password_in_the_clear(active_directory: Domain) -> None:
    with pytest.raises(SourceGone, match="takes no passwords without TLS"):
        source(active_directory, tls="none", port=389).check()


@needs_domain
def test_the_parts_of_the_domain_that_lie_elsewhere_are_not_asked(
    active_directory: Domain, name: str
) -> None:
    """A search of the whole domain is answered with referrals to a host that no test can reach."""
    active_directory.add_person(name)
    begin = time.monotonic()
    assert source(active_directory, patience=20.0).judge(name, PASSWORD).word is Word.FITS
    assert time.monotonic() - begin < 15


@needs_domain
def test_a_group_within_the_group_counts_by_the_rule_in_chain(
    active_directory: Domain, name: str
) -> None:
    dn = active_directory.add_person(name)
    outer = active_directory.add_group(f"outer {name}")
    inner = active_directory.add_group(f"inner {name}")
    active_directory.change(outer, member=inner)
    asked = source(active_directory, find=f"(&{FIND}(memberOf:1.2.840.113556.1.4.1941:={outer}))")
    assert asked.judge(name, PASSWORD).word is Word.WRONG
    active_directory.change(inner, member=dn)
    assert asked.judge(name, PASSWORD).word is Word.FITS


@needs_domain
def test_somebody_signs_in_links_and_changes_the_password(
    make_world: Callable[..., World], active_directory: Domain, name: str
) -> None:
    active_directory.add_person(name, mobile="0612345678")
    world = make_world("domain", directory=active_directory.about())
    world.clock.now = time.time()
    person = world.browser()
    assert person.sign_in(f"{name}@{SUFFIX}").headers["Location"] == "/link"
    world.link(person, world.device())
    person.get("/link")
    person.post("/link/finish")
    before = until(world, name)
    new = "another good password"
    person.get("/account/password")
    changed = person.post("/account/password", {"old": PASSWORD, "new": new})
    assert changed.headers["Location"] == "/account?changed"
    assert until(world, name) > before
    world.clock.now += 60
    assert world.browser().sign_in(name).status_code == 401
    world.clock.now += 60
    assert world.browser().sign_in(name, new).headers["Location"] == "/waiting"


def until(world: World, name: str) -> float:
    with world.portal.database.reading() as reading:
        person = people.named(reading, name)
    assert person is not None
    assert person.password_until is not None
    return person.password_until


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("525", Word.WRONG),
        ("52e", Word.WRONG),
        ("530", Word.DISABLED),
        ("531", Word.DISABLED),
        ("532", Word.EXPIRED),
        ("533", Word.DISABLED),
        ("701", Word.DISABLED),
        ("773", Word.EXPIRED),
        ("775", Word.LOCKED),
        ("999", Word.WRONG),
    ],
)
def test_each_reason_of_a_refused_bind_has_its_word(code: str, word: Word) -> None:
    said = "80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data "
    assert word_of_refusal(f"{said}{code}, v2580") is word


@pytest.mark.parametrize("said", ["", "data", "data 52", "Invalid credentials", "data 532x"])
def test_other_words_of_a_refused_bind_are_a_wrong_password(said: str) -> None:
    assert word_of_refusal(said) is Word.WRONG

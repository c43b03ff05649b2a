"""The directory beyond the contract: expiry, shut accounts, groups, TLS, referrals, and a server that is gone."""

from __future__ import annotations

import secrets
import socket
import time

import pytest
from sqlalchemy import text

from tests.web.login_portal.conftest import Turned, World
from tests.web.login_portal.eavesdropper import listening_in
from tests.web.login_portal.slapd import BASE, GROUP, PASSWORD, POLICY, Slapd
from web.login_portal.rules.directory import disabled, escaped, max_age, must_change, password_until
from web.login_portal.sources.about import About
from web.login_portal.sources.directory import Directory
from web.login_portal.sources.verdicts import Source, SourceGone, Word

pytestmark = pytest.mark.xdist_group("slapd")
DAY = 86400.0


@pytest.fixture
def name() -> str:
    return f"els{secrets.token_hex(4)}"


def source(directory: Slapd, now: float | None = None, **changed: object) -> Directory:
    return Directory(directory.about(**changed), Turned(time.time() if now is None else now))


def until(one: Source, name: str) -> float | None:
    verdict = one.judge(name, PASSWORD)
    assert verdict.known is not None
    return verdict.known.until


def test_shadow_days_say_when_the_password_ends(directory: Slapd, name: str) -> None:
    directory.add_person(name, "shadowAccount", shadowLastChange="20000", shadowMax="90")
    assert until(source(directory), name) == 20090 * DAY


def test_the_policy_says_when_the_password_ends(directory: Slapd, name: str) -> None:
    directory.add_person(name)
    ends = until(source(directory, policy=POLICY), name)
    assert ends == pytest.approx(time.time() + 90 * DAY, abs=300)


def test_active_directory_says_when_the_password_ends(directory: Slapd, name: str) -> None:
    ticks = (1_800_000_000 + 11_644_473_600) * 10_000_000
    dn = directory.add_person(
        name, "likeActiveDirectory", msDS_UserPasswordExpiryTimeComputed=ticks
    )
    assert until(source(directory), name) == 1_800_000_000.0
    directory.change(dn, **{"msDS-UserPasswordExpiryTimeComputed": str(0x7FFFFFFFFFFFFFFF)})
    assert until(source(directory), name) is None
    directory.change(dn, **{"msDS-UserPasswordExpiryTimeComputed": "0"})
    assert until(source(directory), name) is None


def test_without_that_attribute_the_domains_policy_says_it(directory: Slapd, name: str) -> None:
    half, kind = 1_800_000_000, "likeActiveDirectory"
    ticks = (half + 11_644_473_600) * 10_000_000
    dn = directory.add_person(name, kind, pwdLastSet=ticks, userAccountControl="512")
    policy = f"cn=domain of {name},{BASE}"
    directory.add(policy, ["person", kind], sn="domain", maxPwdAge=-36_288_000_000_000)
    asked = source(directory, half + DAY, policy=policy)
    assert until(asked, name) == half + 42 * DAY
    assert (
        source(directory, half + 43 * DAY, policy=policy).judge(name, PASSWORD).word is Word.EXPIRED
    )
    directory.change(dn, userAccountControl=str(0x10200))
    assert until(asked, name) is None


def test_a_day_that_no_calendar_can_show_is_no_day() -> None:
    assert password_until({"shadowlastchange": "99999999999", "shadowmax": "90"}, None) is None
    computed = {"msds-userpasswordexpirytimecomputed": str(0x7FFFFFFFFFFFFFFE)}
    assert password_until(computed, None) is None


def test_a_policy_for_ever_is_written_in_two_ways() -> None:
    assert max_age({"maxpwdage": str(-0x8000000000000000)}) is None
    assert max_age({"maxpwdage": "0"}) is None
    assert max_age({"maxpwdage": "-36288000000000"}) == 42 * DAY


def test_a_password_that_must_be_changed_first_is_told_only_to_its_owner(
    directory: Slapd, name: str
) -> None:
    dn = directory.add_person(name, "likeActiveDirectory", pwdLastSet="0", userAccountControl="512")
    assert source(directory).judge(name, PASSWORD).word is Word.EXPIRED
    assert source(directory).judge(name, "wrong").word is Word.WRONG
    directory.change(dn, userAccountControl=str(0x10200))
    assert source(directory).judge(name, PASSWORD).word is Word.FITS


def test_a_directory_that_says_nothing_says_nothing(directory: Slapd, name: str) -> None:
    directory.add_person(name)
    assert until(source(directory), name) is None


@pytest.mark.parametrize(
    ("kind", "about"),
    [
        ("likeActiveDirectory", {"userAccountControl": "514"}),
        ("likeActiveDirectory", {"accountExpires": "132000000000000000"}),
        ("shadowAccount", {"shadowExpire": "19000"}),
    ],
    ids=["active directory", "its date", "shadow"],
)
def test_a_shut_account_is_told_only_to_its_owner(
    directory: Slapd, name: str, kind: str, about: dict[str, str]
) -> None:
    directory.add_person(name, kind, **about)
    assert source(directory).judge(name, PASSWORD).word is Word.DISABLED
    assert source(directory).judge(name, "wrong").word is Word.WRONG


@pytest.mark.parametrize("never", ["0", str(0x7FFFFFFFFFFFFFFF)])
def test_an_account_that_never_expires_is_open(directory: Slapd, name: str, never: str) -> None:
    directory.add_person(name, "likeActiveDirectory", accountExpires=never)
    assert source(directory).judge(name, PASSWORD).word is Word.FITS


def test_only_people_of_the_group_are_let_in(directory: Slapd, name: str) -> None:
    dn = directory.add_person(name)
    staff = source(directory, group=GROUP)
    assert staff.judge(name, PASSWORD).word is Word.WRONG
    directory.change(GROUP, member=dn)
    assert staff.judge(name, PASSWORD).word is Word.FITS


def test_two_entries_of_one_name_are_nobody(directory: Slapd, name: str) -> None:
    directory.add_person(name)
    directory.add(
        f"cn=other,uid={name},{BASE}", ["inetOrgPerson"], uid=name, sn="x", userPassword=PASSWORD
    )
    assert source(directory).judge(name, PASSWORD).word is Word.WRONG


def test_a_password_that_the_policy_refuses_changes_nothing(directory: Slapd, name: str) -> None:
    directory.add_person(name)
    with pytest.raises(Exception, match="does not take this password"):
        source(directory).change(name, PASSWORD, "short", None)
    assert source(directory).judge(name, PASSWORD).word is Word.FITS


def test_no_referral_is_followed(directory: Slapd, name: str) -> None:
    directory.add_person(name)
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        elsewhere.setblocking(False)
        there = f"ldap://127.0.0.1:{elsewhere.getsockname()[1]}/{BASE}"
        directory.add(f"cn={name},{BASE}", ["referral", "extensibleObject"], ref=there, cn=name)
        assert source(directory).judge(name, PASSWORD).word is Word.FITS
        with pytest.raises(BlockingIOError):
            elsewhere.accept()


def test_without_tls_the_reader_is_not_let_in(directory: Slapd, name: str) -> None:
    with pytest.raises(SourceGone, match="takes no passwords without TLS"):
        source(directory, tls="none").judge(name, PASSWORD)


def test_a_wrong_reader_is_the_portals_trouble_and_not_the_persons(
    directory: Slapd, name: str
) -> None:
    directory.add_person(name)
    with pytest.raises(SourceGone, match="does not let the portal's reader in"):
        source(directory, reader_password="wrong").judge(name, PASSWORD)


def test_a_base_that_is_not_there_is_said(directory: Slapd, name: str) -> None:
    with pytest.raises(SourceGone, match=r"lacks the entry of \[directory\] base"):
        source(directory, base=f"ou=nowhere,{BASE}").judge(name, PASSWORD)


def test_a_server_that_is_gone_or_silent_is_said_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        about = About("127.0.0.1", port, BASE, "cn=x", "y", patience=0.3)
        with pytest.raises(SourceGone):
            Directory(about, time.time).judge("jan", PASSWORD)
    with pytest.raises(SourceGone):
        Directory(about, time.time).judge("jan", PASSWORD)


def test_a_name_nobody_has_costs_the_directory_the_same_calls(directory: Slapd, name: str) -> None:
    directory.add_person(name)
    counted = [_operations(directory, who) for who in (name, f"x{name}")]
    assert counted[0] == counted[1]


def _operations(directory: Slapd, name: str) -> int:
    """How many connections a try with a wrong password opens, seen from between the two ends."""
    with listening_in(directory.port) as ear:
        source(directory, port=ear.port).judge(name, "wrong")
    return ear.connections


@pytest.mark.parametrize("sign", ["(", ")", "*", "\\", "\0"])
def test_no_sign_means_anything_in_a_filter(sign: str) -> None:
    assert escaped(f"a{sign}b") == f"a\\{ord(sign):02x}b"


@pytest.mark.parametrize("rubbish", ["", "x", "-1", "99999999999999999999999", "1e9", "20269999"])
def test_rubbish_in_an_attribute_is_no_date_and_no_crash(rubbish: str) -> None:
    names = (
        "msds-userpasswordexpirytimecomputed",
        "pwdchangedtime",
        "shadowlastchange",
        "shadowmax",
        "pwdlastset",
    )
    assert password_until(dict.fromkeys(names, rubbish), 90.0) is None
    states = ("useraccountcontrol", "shadowexpire", "accountexpires", "pwdlastset")
    assert isinstance(disabled(dict.fromkeys(states, rubbish), 1.0), bool)
    assert isinstance(must_change(dict.fromkeys(states, rubbish), None, 1.0), bool)
    assert max_age({"pwdmaxage": rubbish, "maxpwdage": rubbish}) in (None, 20269999.0)


def test_somebody_of_the_directory_signs_in_and_links_a_token(
    make_world: object, directory: Slapd, name: str
) -> None:
    directory.add_person(
        name, "shadowAccount", shadowLastChange="20900", shadowMax="30", mobile="0612345678"
    )
    world: World = make_world("outside", directory=directory.about())  # type: ignore[operator]
    person = world.browser()
    assert person.sign_in(name).headers["Location"] == "/link"
    token = world.link(person, world.device())
    person.get("/link")
    person.post("/link/finish")
    assert person.element("person") == name.title()
    assert (
        token.ask("/device/v1/profile", world.portal.config.origin.url, world.clock()).status_code
        == 200
    )
    with world.portal.database.reading() as reading:
        stored = reading.execute(text("SELECT password, password_until FROM people")).one()
    assert stored == ("!", 20930 * DAY)


def test_a_directory_that_is_gone_locks_nobody_out(
    make_world: object, directory: Slapd, name: str
) -> None:
    directory.add_person(name)
    about = directory.about()
    gone = About("127.0.0.1", 1, BASE, "cn=x", "y", patience=0.3)
    world: World = make_world("gone", directory=gone)  # type: ignore[operator]
    person = world.browser()
    for _ in range(8):
        assert person.sign_in(name).status_code == 503
        assert "Signing in is not possible now" in person.text
    assert any(line.startswith("passwords not judged") for line in world.log.lines)
    back: World = make_world("gone", directory=about)  # type: ignore[operator]
    assert back.browser().sign_in(name).headers["Location"] == "/link"


def test_a_name_of_the_built_in_table_never_reaches_the_directory(make_world: object) -> None:
    gone = About("127.0.0.1", 1, BASE, "cn=x", "y", patience=0.3)
    world: World = make_world("both", directory=gone)  # type: ignore[operator]
    world.portal.add_person("jan", PASSWORD)
    assert world.browser().sign_in("jan").headers["Location"] == "/link"
    assert world.browser().sign_in("jan", "wrong").status_code == 401


def test_a_closed_account_is_said_in_plain_words(
    make_world: object, directory: Slapd, name: str
) -> None:
    directory.add_person(name, "likeActiveDirectory", userAccountControl="514")
    world: World = make_world("shut", directory=directory.about())  # type: ignore[operator]
    person = world.browser()
    assert person.sign_in(name).status_code == 403
    assert "This account is closed for now" in person.text
    assert person.sign_in(name, "wrong").status_code == 401

"""Backups, unchecked servers and the proxy's login at a whole authenticator: what matters waits for a hold."""

from __future__ import annotations

import base64
import logging
from pathlib import Path

import msgspec
import pytest

from appliance.authenticator.backup_file import unseal
from appliance.wire.asking import Admitted, Change, TryPin
from appliance.wire.call import Done
from appliance.wire.carrying import LinkList, Links
from appliance.wire.client import Declined
from appliance.wire.safekeeping import (
    AskCodes,
    AskOpening,
    AskRestore,
    AskServer,
    BackupFile,
    Backups,
    BackupState,
    DropPlan,
    DropServer,
    MakeBackup,
    ProxyLogin,
    ReadBackup,
)
from appliance.wire.upkeep import AskRemove, AuditLog, AuditReply, Condition, ConditionReply
from tests.authenticator.scripted import Person
from tests.authenticator.test_page_calls import TOTP, code_on, let_in

PASSPHRASE, SECRET = "vier woorden op een bankje", b"12345678901234567890"


@pytest.fixture
def person(person: Person) -> Person:
    person.link(TOTP)
    let_in(person)
    return person


def state(person: Person) -> BackupState:
    return person.page.call(Backups(), BackupState)


def make(person: Person) -> BackupFile:
    return person.page.call(MakeBackup(PASSPHRASE), BackupFile, 20.0)


def granted(person: Person, ask: msgspec.Struct) -> None:
    """Ask, and hold the button for three seconds."""
    person.page.call(ask, Done)
    person.sees("Asked on the page")
    person.wait(1.0)
    person.press(3.2)
    person.sees("Done")
    person.wait(1.0)
    person.tap()


def with_codes(person: Person) -> bytes:
    person.page.call(Change("backup_codes", "on"), Done)
    granted(person, AskCodes())
    made = make(person)
    assert made.with_codes
    return made.data


@pytest.mark.parametrize(
    ("call", "reply"),
    [
        (AskCodes(), Done),
        (AskServer("pi.example"), Done),
        (AskRestore("x"), Done),
        (DropPlan(), Done),
        (DropServer("pi.example"), Done),
        (ProxyLogin("a", "b"), Done),
        (Backups(), BackupState),
        (MakeBackup(PASSPHRASE), BackupFile),
        (ReadBackup(b"{}", PASSPHRASE), Done),
    ],
)
def test_a_closed_page_can_do_none_of_it(
    tmp_path: Path, call: msgspec.Struct, reply: type[msgspec.Struct]
) -> None:
    person = Person(tmp_path)
    with pytest.raises(Declined, match="closed"):
        person.page.call(call, reply)
    person.stop()
    person.booth.close()


def test_codes_are_in_a_backup_only_by_setting_and_hold_and_only_once(person: Person) -> None:
    assert (state(person).others, state(person).allowed) == (1, False)
    with pytest.raises(Declined, match="keep codes out"):
        person.page.call(AskCodes(), Done)
    plain = make(person)
    assert (plain.with_codes, unseal(plain.data, PASSPHRASE).codes) == (False, ())
    opened = unseal(with_codes(person), PASSPHRASE)
    assert [codes.secret for codes in opened.codes] == [SECRET]
    assert not make(person).with_codes
    assert not state(person).granted


def test_a_tap_or_no_hold_keeps_codes_out_and_a_grant_ends_by_itself(person: Person) -> None:
    person.page.call(Change("backup_codes", "on"), Done)
    person.page.call(AskCodes(), Done)
    person.sees("Asked on the page")
    person.wait(1.0)
    person.tap()
    assert not state(person).granted
    granted(person, AskCodes())
    assert state(person).granted
    person.wait(301.0)
    assert not state(person).granted
    assert not make(person).with_codes


def test_a_restore_says_all_it_will_do_and_does_it_by_a_hold(person: Person) -> None:
    person.page.call(Change("brightness", "42"), Done)
    file = with_codes(person)
    (account,) = person.status().accounts
    granted(person, AskRemove(account.id))
    person.page.call(Change("brightness", "96"), Done)
    person.page.call(ReadBackup(file, PASSPHRASE), Done, 20.0)
    said = state(person).plan
    assert said is not None
    assert [(row.now, row.then) for row in said.changes] == [("96", "42")]
    assert (said.come, said.here, said.anew) == (("jan · Rail",), (), ())
    assert person.status().settings["brightness"] == "96"
    with pytest.raises(Declined, match="Read the backup"):
        person.page.call(AskRestore("another"), Done)
    granted(person, AskRestore(said.number))
    assert person.status().settings["brightness"] == "42"
    assert [row.label for row in person.status().accounts] == ["jan"]
    assert state(person).plan is None
    what = [line for line in person.page.call(AuditLog(), AuditReply).lines if "restore" in line]
    assert len(what) == 1


def test_a_restore_after_a_change_in_between_does_nothing(person: Person) -> None:
    person.page.call(Change("brightness", "42"), Done)
    file = make(person).data
    person.page.call(Change("brightness", "96"), Done)
    person.page.call(ReadBackup(file, PASSPHRASE), Done, 20.0)
    said = state(person).plan
    assert said is not None
    person.page.call(Change("brightness", "60"), Done)
    person.page.call(AskRestore(said.number), Done)
    person.sees("Asked on the page")
    person.wait(1.0)
    person.press(3.2)
    person.sees("It did not work")
    assert person.status().settings["brightness"] == "60"


@pytest.mark.parametrize(
    ("file", "passphrase", "sentence"),
    [
        (b"", PASSPHRASE, "no backup"),
        (b"PK\x03\x04", PASSPHRASE, "no backup"),
        (b"{" * 100_000, PASSPHRASE, "no backup"),
        (b"{" + b" " * 1024 * 1024 + b"}", PASSPHRASE, "no backup"),
        (None, "een heel andere wachtzin", "passphrase or the backup"),
        (None, "x" * 5000, "passphrase or the backup"),
    ],
)
def test_what_is_no_backup_or_the_wrong_passphrase_changes_nothing(
    person: Person, file: bytes | None, passphrase: str, sentence: str
) -> None:
    data = make(person).data if file is None else file
    with pytest.raises(Declined, match=sentence):
        person.page.call(ReadBackup(data, passphrase), Done, 20.0)
    assert state(person).plan is None


def test_a_plan_does_not_outlive_the_open_page(person: Person) -> None:
    person.page.call(ReadBackup(make(person).data, PASSPHRASE), Done, 20.0)
    assert state(person).plan is not None
    let_in(person)
    assert state(person).plan is None


def test_a_server_is_left_unchecked_by_a_hold_and_checked_again_by_a_call(person: Person) -> None:
    with pytest.raises(Declined, match="Only a hold"):
        person.page.call(Change("server_exceptions", "pi.example"), Done)
    for wrong in ("", "a, b", "https://pi.example"):
        with pytest.raises(Declined):
            person.page.call(AskServer(wrong), Done)
    granted(person, AskServer("PI.example"))
    assert person.status().settings["server_exceptions"] == "pi.example"
    granted(person, AskServer("lab:8443"))
    person.page.call(Change("server_exceptions", "pi.example"), Done)
    person.page.call(DropServer("pi.example"), Done)
    assert person.status().settings["server_exceptions"] == ""


def test_the_proxys_login_goes_to_the_courier_and_to_nobody_else(
    person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    person.page.call(Change("proxy", "http://proxy.example:3128"), Done)
    person.page.call(Change("no_proxy", "intern.example"), Done)
    person.page.call(ProxyLogin("jan", "PLANTED-woord"), Done)
    way = person.courier.call(Links(), LinkList).way
    assert (way.proxy, way.without) == ("http://proxy.example:3128", ("intern.example",))
    assert (way.name, way.password) == ("jan", "PLANTED-woord")
    assert person.page.call(Condition(), ConditionReply).proxy_login
    with pytest.raises(Declined, match="cannot be used"):
        person.page.call(ProxyLogin("a:b", "x"), Done)
    seen = [repr(person.status()), repr(way), repr(ProxyLogin("jan", "PLANTED-woord")), caplog.text]
    seen += [repr(unseal(make(person).data, PASSPHRASE))]
    stored = b"".join(
        path.read_bytes() for path in (person.folder / "state").rglob("*") if path.is_file()
    )
    assert not any("PLANTED" in each for each in seen)
    assert b"PLANTED" not in stored
    person.page.call(ProxyLogin("", ""), Done)
    assert not person.page.call(Condition(), ConditionReply).proxy_login
    person.page.call(Change("proxy", ""), Done)
    assert person.courier.call(Links(), LinkList).way.proxy == ""


def test_no_planted_secret_leaves_but_under_the_seal(
    person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    file = with_codes(person)
    person.page.call(ReadBackup(file, PASSPHRASE), Done, 20.0)
    forms = (SECRET, SECRET.hex().encode(), base64.b32encode(SECRET), base64.b64encode(SECRET))
    replies = [
        msgspec.json.encode(state(person)),
        msgspec.json.encode(person.status()),
        msgspec.json.encode(person.page.call(AuditLog(), AuditReply)),
        caplog.text.encode(),
        file,
    ]
    for reply in replies:
        assert not any(form in reply for form in (*forms, PASSPHRASE.encode()))
    assert SECRET in unseal(file, PASSPHRASE).codes[0].secret


def test_the_cable_opens_the_page_of_an_empty_token_and_the_code_stands_on_the_panel(
    tmp_path: Path,
) -> None:
    person = Person(tmp_path)
    person.sees("Desk Token")
    person.page.call(AskOpening(), Done)
    code = code_on(person).replace(" ", "")
    assert len(code) == 8
    assert person.page.call(TryPin(code), Admitted).admitted
    person.page.call(AskOpening(), Done)
    assert person.page.call(Backups(), BackupState).others == 0
    person.stop()
    person.booth.close()


def test_the_cable_opens_nothing_when_there_is_an_account(tmp_path: Path) -> None:
    person = Person(tmp_path)
    person.link(TOTP)
    person.page.call(AskOpening(), Done)
    person.sync()
    assert (person.title, person.status().page_open) == ("jan", False)
    person.stop()
    person.booth.close()

"""Containers against the real server: registered, synchronised, rolled over and ended, by scan, menu and reset."""

from __future__ import annotations

from appliance.authenticator import effects_runner, leaving
from appliance.core.accounts import Kind
from appliance.core.effects import GiveCode, UpdateAccount, Wipe
from appliance.core.events import CodeReady
from tests.interop.administrator import PrivacyIdea
from tests.interop.device import Device


def registered(server: PrivacyIdea, desk: Device, *serials: str) -> str:
    """A container with these tokens, scanned and held for."""
    made = server.ask("POST", "/container/init", type="smartphone")
    serial = str(made["result"]["value"]["container_serial"])
    for token in serials:
        server.ask("POST", f"/container/{serial}/add", serial=token)
    desk.scans(server.container_code(serial))
    assert "Link this account?" in desk.words
    desk.hold()
    return serial


def state(server: PrivacyIdea, serial: str) -> str:
    found = server.ask("GET", f"/container/?container_serial={serial}")
    return str(found["result"]["value"]["containers"][0]["info"].get("registration_state"))


def code_of(desk: Device, serial: str) -> str:
    kept = [desk.work.vault.kept(account.id) for account in desk.desk.accounts]
    account = next(k.id for k in kept if k.name == serial)
    (ready,) = effects_runner.run(desk.work, GiveCode(account), desk.desk, desk.now)
    assert isinstance(ready, CodeReady)
    return ready.code.digits


def secret_of(desk: Device, serial: str) -> bytes:
    kept = [desk.work.vault.kept(account.id) for account in desk.desk.accounts]
    return next(k.secret for k in kept if k.name == serial)


def held(desk: Device) -> set[str]:
    kept = (desk.work.vault.kept(account.id) for account in desk.desk.accounts)
    return {k.name for k in kept if k.name}


def container(desk: Device) -> str:
    return next(a.id for a in desk.desk.accounts if a.kind is Kind.CONTAINER)


def synchronised(desk: Device) -> None:
    desk.live(*effects_runner.run(desk.work, UpdateAccount(container(desk)), desk.desk, desk.now))


def test_a_registered_container_brings_its_codes(server: PrivacyIdea, desk: Device) -> None:
    timed, counted = server.make("totp"), server.make("hotp")
    serial = registered(server, desk, timed.serial, counted.serial)
    assert "Link complete" in desk.words
    assert state(server, serial) == "registered"
    assert held(desk) == {timed.serial, counted.serial}
    assert server.accepts(timed.serial, code_of(desk, timed.serial))
    assert server.accepts(counted.serial, code_of(desk, counted.serial))


def test_a_push_token_of_a_container_is_linked_without_another_hold(
    server: PrivacyIdea, desk: Device
) -> None:
    push = server.make("push")
    registered(server, desk, push.serial)
    desk.key()
    assert "Link complete" in desk.words
    desk.tap()
    server.signs_in(push.serial)
    assert desk.polls() == "request"


def test_update_account_brings_what_came_later_and_renews_nothing(
    server: PrivacyIdea, desk: Device
) -> None:
    first, later = server.make("totp"), server.make("totp")
    serial = registered(server, desk, first.serial)
    before = code_of(desk, first.serial)
    server.ask("POST", f"/container/{serial}/add", serial=later.serial)
    desk.tap()
    desk.hold()
    desk.chooses("Update account")
    assert "Up to date" in desk.words
    assert held(desk) == {first.serial, later.serial}
    assert server.accepts(first.serial, before)


def test_a_rollover_renews_every_token(server: PrivacyIdea, desk: Device) -> None:
    token = server.make("totp")
    serial = registered(server, desk, token.serial)
    old = secret_of(desk, token.serial)
    desk.tap()
    code = server.container_code(serial, rollover=True)
    desk.scans(code)
    desk.hold()
    assert "Link complete" in desk.words
    assert held(desk) == {token.serial}
    assert [a.kind for a in desk.desk.accounts].count(Kind.CONTAINER) == 1
    assert secret_of(desk, token.serial) != old
    assert server.accepts(token.serial, code_of(desk, token.serial))


def test_a_reset_ends_the_registration(server: PrivacyIdea, desk: Device) -> None:
    serial = registered(server, desk, server.make("totp").serial)
    desk.live(*effects_runner.run(desk.work, Wipe(), desk.desk, desk.now))
    assert desk.desk.accounts == ()
    assert state(server, serial) != "registered"


def test_removing_the_container_ends_it_and_leaves_its_codes(
    server: PrivacyIdea, desk: Device
) -> None:
    token = server.make("totp")
    serial = registered(server, desk, token.serial)
    desk.live(*leaving.removed(desk.work, container(desk), desk.now))
    assert state(server, serial) != "registered"
    assert held(desk) == {token.serial}


def test_a_container_that_the_server_ended_says_so(server: PrivacyIdea, desk: Device) -> None:
    serial = registered(server, desk)
    server.ask("POST", f"/container/register/{serial}/terminate")
    desk.tap()
    desk.hold()
    desk.chooses("Update account")
    assert "The server let it go" in desk.words

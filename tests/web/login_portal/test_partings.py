"""The end of a token at the portal: it counts for nothing at once, and hears of it with one last signed letter."""

from __future__ import annotations

import pytest

from appliance.wire.paths import FAREWELL, PROFILE
from firmware_tools.fleet.boxes import read_portal
from tests.web.login_portal.conftest import World
from tests.web.login_portal.device import Device
from tests.web.login_portal.person import Person

pytestmark = pytest.mark.both_stores


def test_a_revoked_token_counts_for_nothing(world: World, jan: Person, token: Device) -> None:
    jan.sign_in()
    letter, number = world.letters(token)[0], jan.element("match-number")
    world.portal.partings.revoke(token.id, world.clock())
    assert token.send(token.answer_text(letter, "approve", number)).status_code == 403
    reply = jan.post("/waiting/code", {"code": token.code(world.clock())})
    assert reply.status_code == 422
    asked = token.ask(PROFILE, world.portal.config.origin.url, world.clock())
    assert asked.status_code == 403


def test_it_is_told_by_one_letter_that_waits_for_it(
    world: World, jan: Person, token: Device
) -> None:
    jan.sign_in()
    world.portal.partings.revoke(token.id, world.clock())
    assert world.letters(token) == []
    for _ in range(3):
        world.portal.sweep()
        world.clock.now += 200 * 86400
    (letter,) = world.letters(token)
    opened = token.open(letter)
    assert (opened.kind, opened.aud, opened.iss) == (
        "revoke",
        token.id,
        world.portal.config.origin.url,
    )
    origin = world.portal.config.origin.url
    assert token.ask_access(token.assertion(origin, world.clock())).status_code == 200


def test_an_erased_token_ends_itself(world: World, jan: Person, token: Device) -> None:
    origin = world.portal.config.origin.url
    assert token.ask(FAREWELL, origin, world.clock()).status_code == 200
    assert token.ask(FAREWELL, origin, world.clock()).status_code == 403
    world.portal.sweep()
    assert world.letters(token) == []
    assert jan.sign_in().headers["Location"] == "/link"


def test_nobody_else_ends_a_token(world: World, jan: Person, token: Device) -> None:
    origin = world.portal.config.origin.url
    forger = Device(token.wire, grant=token.grant)
    assert forger.ask(FAREWELL, origin, world.clock()).status_code == 403
    wrong = token.ask(FAREWELL, origin, world.clock(), aud=f"{origin}{PROFILE}")
    assert wrong.status_code == 403
    assert jan.sign_in().headers["Location"] == "/waiting"


def test_the_desk_lists_and_revokes_by_command(world: World, token: Device) -> None:
    listed = world.command("token", "list").output.split("\t")
    assert listed[:3] == [token.id, "jan", "DT-0001"]
    assert listed[-1] == "linked\n"
    assert f"\n{token.id} revoked\n" in world.command("token", "revoke", token.id).output
    assert world.command("token", "list").output.endswith("revoked\n")
    again = world.command("token", "revoke", token.id)
    assert (again.exit_code, again.output) == (1, "Error: This token is not linked\n")


def test_the_list_for_the_technicians_holds_no_key_and_no_seed(world: World, token: Device) -> None:
    (row,) = read_portal(world.command("token", "export").stdout.encode())
    assert (row.token, row.person, row.serial, row.state) == (token.id, "jan", "DT-0001", "linked")
    assert row.linked.endswith("Z")
    world.command("token", "revoke", token.id)
    (row,) = read_portal(world.command("token", "export").stdout.encode())
    assert row.state == "revoked"

"""The strongest match: 128 bits from the login page's own QR. And peace for whoever asked for it."""

from __future__ import annotations

import re

from click.testing import CliRunner

from tests.web.login_portal.conftest import World
from tests.web.login_portal.device import Device
from tests.web.login_portal.person import PASSWORD, Person
from web.login_portal.command import main
from web.login_portal.quiet import QUIET


def scanning(world: World) -> tuple[Person, Device, str]:
    """Somebody who matches by scanning, at the waiting page; the code is what the camera reads there."""
    world.portal.add_person("els", PASSWORD, display="Els", phone="0612345678", match="scan")
    els = world.browser()
    els.sign_in("els")
    device = world.link(els, world.device())
    els.post("/sign-out")
    els.sign_in("els")
    request = next(x for x in world.letters(device))
    sign_in = world.portal.sign_ins.look(device.open(request).jti)
    assert sign_in is not None
    return els, device, world.portal.sign_ins.expected(sign_in)


def test_the_page_shows_a_code_and_the_letter_does_not(world: World) -> None:
    els, device, secret = scanning(world)
    letter = world.letters(device)[0]
    assert device.open(letter).match == "scan"
    assert re.fullmatch(r"[A-Z2-7]{26}", secret)
    assert secret not in repr(device.open(letter))
    assert 'id="qr"' in els.text
    assert 'id="match-number"' not in els.text


def test_the_scanned_code_lets_this_browser_in(world: World) -> None:
    els, device, secret = scanning(world)
    assert device.answer(world.letters(device)[0], "approve", secret) == "approved"
    els.get("/waiting")
    els.post("/waiting/finish")
    assert els.element("person") == "Els"


def test_the_code_of_another_page_ends_the_login(world: World) -> None:
    _, device, secret = scanning(world)
    first = world.letters(device)[0]
    other = world.browser()
    other.sign_in("els")
    assert device.answer(world.letters(device)[1], "approve", secret) == "mismatch"
    other.get("/waiting")
    assert "another sign-in page" in other.text
    assert device.answer(first, "approve", secret) == "approved"


def test_a_yes_without_a_code_ends_the_login(world: World) -> None:
    _, device, _ = scanning(world)
    assert device.answer(world.letters(device)[0], "approve", "") == "mismatch"


def test_the_code_stands_in_no_store_and_no_log(world: World) -> None:
    _, device, secret = scanning(world)
    device.answer(world.letters(device)[0], "approve", secret)
    folder = world.portal.config.data
    stored = b"".join(path.read_bytes() for path in folder.glob("portal.db*"))
    assert secret.encode() not in stored
    assert secret not in "\n".join(world.log.lines)


def test_the_desk_sets_the_match_by_command(world: World, jan: Person, token: Device) -> None:
    data = ["--data", str(world.portal.config.data)]
    assert CliRunner().invoke(main, ["user", "set-match", "jan", "scan", *data]).exit_code == 0
    jan.sign_in()
    assert token.open(world.letters(token)[0]).match == "scan"
    assert CliRunner().invoke(main, ["user", "set-match", "nobody", "scan", *data]).exit_code == 1


def test_block_me_brings_a_quarter_of_an_hour_of_peace(
    world: World, jan: Person, token: Device
) -> None:
    jan.sign_in()
    assert token.answer(world.letters(token)[0], "block") == "blocked"
    jan.get("/waiting")
    assert 'data-outcome="blocked"' in jan.text
    assert any(line.startswith("service desk told") for line in world.log.lines)
    world.clock.now += QUIET - 1
    stranger = world.browser()
    stranger.sign_in()
    assert 'id="in-peace"' in stranger.text
    assert world.letters(token) == []
    world.clock.now += 2
    world.browser().sign_in()
    assert [token.open(x).kind for x in world.letters(token)] == ["login"]


def test_in_peace_a_typed_code_still_signs_in(world: World, jan: Person, token: Device) -> None:
    jan.sign_in()
    token.answer(world.letters(token)[0], "block")
    world.clock.now += 31
    jan.sign_in()
    jan.post("/waiting/code", {"code": token.code(world.clock())})
    assert jan.element("person") == "Jan de Vries"


def test_in_peace_no_unlock_request_is_sent_either(
    world: World, jan: Person, token: Device
) -> None:
    jan.sign_in()
    token.answer(world.letters(token)[0], "block")
    for _ in range(5):
        jan.sign_in(password="wrong")
        world.clock.now += 30
    assert 'id="locked"' in jan.text
    assert world.letters(token) == []

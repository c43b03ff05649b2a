"""Planted secrets are searched in everything that leaves the portal or stays on disk in the clear."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from appliance.core.errors import StorageTrouble
from appliance.wire import enrolment
from tests.web.login_portal.conftest import World
from tests.web.login_portal.device import Device
from tests.web.login_portal.person import PASSWORD, Person
from web.login_portal.keys import load_or_make


def test_no_secret_stands_in_log_or_store(world: World, jan: Person, tmp_path: Path) -> None:
    jan.sign_in(password="a wrong password that was typed")
    jan.sign_in()
    link = jan.link()
    device = world.link(jan, world.device())
    code = world.sms_code()
    jan.post("/sign-out")
    jan.sign_in()
    number, cookie = (
        jan.element("match-number"),
        jan.client.get_cookie("portal-session", domain="127.0.0.1"),
    )
    digits = device.code(world.clock())
    jan.post("/waiting/code", {"code": digits})
    assert device.grant is not None
    assert cookie is not None
    ticket = enrolment.parse_link(link)
    seed = device.grant.seed.secret
    planted = [PASSWORD, "a wrong password", link.partition("#")[2], seed, cookie.value, jan.word]
    log = "\n".join(world.log.lines)
    for secret in [*planted, digits, code, number + " "]:
        assert secret not in log
    stored = b"".join(path.read_bytes() for path in (tmp_path / "portal").glob("portal.db*"))
    raw = [
        ticket.secret,
        base64.b32decode(seed),
        device.signing.as_dict(private=True)["d"].encode(),
    ]
    for secret in [*(text.encode() for text in planted), *raw, digits.encode()]:
        assert secret not in stored


def test_the_log_tells_the_story_without_names(world: World, jan: Person, token: Device) -> None:
    jan.sign_in()
    token.answer(world.letters(token)[0], "deny")
    request = token.open(token_letter(world, token)).jti
    told = [line for line in world.log.lines if request in line]
    assert [line.split(" request=")[0] for line in told] == [
        "password accepted",
        "letter published",
        "answer taken",
        "request ended",
    ]
    assert "Vries" not in "\n".join(world.log.lines)


def token_letter(world: World, token: Device) -> str:
    """The last letter the portal signed for this token, also when it is withdrawn."""
    from sqlalchemy import select

    from web.login_portal.store.schema import letters

    with world.portal.database.reading() as reading:
        found = select(letters.c.text).where(letters.c.device == token.id)
        return str(reading.execute(found.order_by(letters.c.cursor.desc())).scalar())


def test_a_typed_name_cannot_forge_a_line_in_the_log(world: World) -> None:
    world.browser().sign_in("x\npassword accepted request=1", "wrong")
    assert all("\n" not in line and "accepted" not in line for line in world.log.lines)


def test_nothing_secret_is_in_a_repr(world: World, token: Device) -> None:
    assert token.grant is not None
    shown = repr(world.portal)
    for secret in (str(world.portal.keys.master), token.grant.seed.secret, PASSWORD):
        assert secret not in shown


def test_keys_are_made_once_and_are_for_their_owner_only(tmp_path: Path) -> None:
    first, second = load_or_make(tmp_path / "k"), load_or_make(tmp_path / "k")
    assert first.master == second.master
    assert first.signing.as_dict(private=True) == second.signing.as_dict(private=True)
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "k").iterdir()} == {0o600}


def test_a_sealed_record_opens_only_in_its_own_place(tmp_path: Path) -> None:
    keys = load_or_make(tmp_path)
    sealed = keys.seal(b"seed", "tokens:a")
    assert keys.open(sealed, "tokens:a") == b"seed"
    with pytest.raises(StorageTrouble):
        keys.open(sealed, "tokens:b")
    with pytest.raises(StorageTrouble):
        keys.open(sealed[:-1] + bytes([sealed[-1] ^ 1]), "tokens:a")

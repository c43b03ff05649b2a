"""The doorbell: an address that cannot be guessed, a letter that says no more than poll now, and an answer at once."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
from joserfc.jwk import OKPKey

from appliance.wire.paths import RELAY, RING
from appliance.wire.relay import FORM, Doorbell
from tests.web.login_portal.conftest import World
from tests.web.login_portal.device import Device


@pytest.fixture
def bell(world: World, token: Device) -> Doorbell:
    reply = token.ask(RELAY, world.portal.config.origin.url, world.clock())
    assert reply.status_code == 200
    return msgspec.json.decode(reply.text, type=Doorbell)


def rings(world: World, address: object, *, as_json: bool = True) -> int:
    body = {"to": address, "title": "Werk"}
    client, base = world.app.test_client(), world.portal.config.origin.url
    sent = {"json": body} if as_json else {"data": body}
    return client.post(RING, base_url=base, **sent).status_code


def test_a_token_is_given_one_address_and_keeps_it(
    world: World, token: Device, bell: Doorbell
) -> None:
    origin = world.portal.config.origin.url
    again = token.ask(RELAY, origin, world.clock())
    assert msgspec.json.decode(again.text, type=Doorbell) == bell
    assert bell.url == origin + RING
    assert FORM.fullmatch(bell.address)
    assert bell.address not in "".join(world.log.lines)


@pytest.mark.parametrize("as_json", [True, False])
def test_a_ring_lays_one_signed_letter_ready(
    world: World, token: Device, bell: Doorbell, as_json: bool
) -> None:
    assert rings(world, bell.address, as_json=as_json) == 202
    (text,) = world.letters(token)
    letter = token.open(text)
    assert (letter.kind, letter.aud, letter.person, letter.service) == (
        "doorbell",
        token.id,
        "",
        "",
    )
    assert "Werk" not in text


def test_rings_of_one_moment_are_one_letter_and_later_ones_take_its_place(
    world: World, token: Device, bell: Doorbell
) -> None:
    assert [rings(world, bell.address) for _ in range(5)] == [202] * 5
    (first,) = world.letters(token)
    world.clock.now += 5
    assert rings(world, bell.address) == 202
    (second,) = world.letters(token)
    assert first != second


@pytest.mark.parametrize("address", ["", "A" * 32, "A" * 31, "x" * 4000, 7, None, ["A"]])
def test_nobody_waits_behind_another_address(
    world: World, token: Device, bell: Doorbell, address: object
) -> None:
    assert bell.address != address
    assert rings(world, address) == 404
    assert world.letters(token) == []


def test_a_revoked_token_is_not_rung_for(world: World, token: Device, bell: Doorbell) -> None:
    world.portal.partings.revoke(token.id, world.clock())
    assert rings(world, bell.address) == 404


def test_only_a_linked_token_is_given_an_address(world: World, token: Device) -> None:
    stranger = replace(token, signing=OKPKey.generate_key("Ed25519", private=True))
    reply = stranger.ask(RELAY, world.portal.config.origin.url, world.clock())
    assert reply.status_code == 403


@pytest.mark.parametrize("deep", ["[" * 30_000, '{"to":' * 10_000])
def test_a_ring_that_nests_without_end_rings_nobody(world: World, deep: str) -> None:
    client, base = world.app.test_client(), world.portal.config.origin.url
    reply = client.post(RING, base_url=base, data=deep, content_type="application/json")
    assert reply.status_code == 404


def test_a_clock_that_was_put_back_silences_no_bell(
    world: World, token: Device, bell: Doorbell
) -> None:
    assert rings(world, bell.address) == 202
    (before,) = world.letters(token)
    world.clock.now -= 3600
    assert rings(world, bell.address) == 202
    (after,) = world.letters(token)
    assert after != before

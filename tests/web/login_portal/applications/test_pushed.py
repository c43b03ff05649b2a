"""Requests that an application pushes ahead of its browser (RFC 9126), by hand and with a library of other hands."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest
from requests_oauth2client import ClientSecretBasic, OAuth2Client, PrivateKeyJwt
from requests_oauth2client.exceptions import InvalidClient
from werkzeug.test import TestResponse

from tests.web.login_portal.applications.over_http import linked
from tests.web.login_portal.applications.relying import (
    BACK,
    Relying,
    approve,
    onward,
    register,
    sent_back,
    walk,
)
from tests.web.login_portal.applications.signing import key_pair
from tests.web.login_portal.applications.test_with_a_real_client import signs_in
from tests.web.login_portal.conftest import World
from tests.web.login_portal.device import Device
from tests.web.login_portal.person import PASSWORD, Person
from tests.web.login_portal.served import Served
from web.login_portal.applications import pushed
from web.login_portal.applications.registry import Wanted
from web.login_portal.rules.roles import COMMAND


@pytest.fixture
def rooster(world: World) -> Relying:
    return register(world)


def push(relying: Relying, key: str | None = None, **changed: str) -> TestResponse:
    sent = dict(parse_qsl(urlsplit(relying.wish(**changed)).query))
    return relying.post("/openid/par", sent, key)


def brought(relying: Relying, name: str) -> str:
    """The address to which the browser is sent with a pushed request."""
    return f"/authorize?{urlencode({'client_id': relying.id, 'request_uri': name})}"


def name_of(reply: TestResponse) -> str:
    assert reply.status_code == 201, reply.text
    assert reply.json is not None
    return str(reply.json["request_uri"])


def test_a_browser_brings_only_the_name_of_a_pushed_request(
    world: World, jan: Person, token: Device, rooster: Relying
) -> None:
    reply = push(rooster)
    assert reply.json is not None
    assert reply.json["expires_in"] == 90
    assert reply.headers["Cache-Control"] == "no-store"
    walk(jan, brought(rooster, name_of(reply)))
    assert jan.element("for-whom") == "to Rooster"
    jan.post(jan.page.request.path, {"name": "jan", "password": PASSWORD})  # type: ignore[union-attr]
    approve(world, jan, token)
    back = sent_back(jan.get(onward(jan)))
    assert back["state"] == "st-1"
    assert rooster.change(back["code"]).status_code == 200


def test_a_pushed_request_works_once(jan: Person, rooster: Relying) -> None:
    name = name_of(push(rooster))
    assert walk(jan, brought(rooster, name)).status_code == 200
    assert walk(jan, brought(rooster, name)).status_code == 400
    assert 'id="refused"' in jan.text


def test_a_pushed_request_dies_after_a_minute_and_a_half(
    world: World, jan: Person, rooster: Relying
) -> None:
    name = name_of(push(rooster))
    world.clock.now += pushed.LIFE
    assert walk(jan, brought(rooster, name)).status_code == 400


def test_nobody_else_can_use_a_pushed_request(world: World, jan: Person, rooster: Relying) -> None:
    name, other = name_of(push(rooster)), register(world, "Verlof")
    assert walk(jan, brought(other, name)).status_code == 400
    assert walk(jan, brought(rooster, name)).status_code == 200


def test_what_the_browser_adds_to_a_pushed_request_counts_for_nothing(
    jan: Person, rooster: Relying
) -> None:
    path = f"{brought(rooster, name_of(push(rooster)))}&redirect_uri=https://evil.example"
    assert walk(jan, path).status_code == 200
    assert "evil" not in jan.text


def test_an_application_may_want_only_pushed_requests(world: World, jan: Person) -> None:
    strict = register(world, "Strikt", pushed=True)
    assert walk(jan, strict.wish()).status_code == 400
    assert walk(jan, brought(strict, name_of(push(strict)))).status_code == 200


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"redirect_uri": "https://evil.example/back"}, "invalid_request"),
        ({"redirect_uri": ""}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"max_age": "soon"}, "invalid_request"),
        ({"nonce": "é"}, "invalid_request"),
        ({"request": "x.y.z"}, "request_not_supported"),
        ({"request_uri": "urn:ietf:params:oauth:request_uri:x"}, "invalid_request"),
    ],
    ids=str,
)
def test_a_wrong_request_is_told_to_the_application_and_sends_nobody_anywhere(
    rooster: Relying, changed: dict[str, str], error: str
) -> None:
    reply = push(rooster, **changed)
    assert reply.status_code == 400
    assert reply.json is not None
    assert reply.json["error"] == error
    assert "Location" not in reply.headers


@pytest.mark.parametrize("key", ["", "wrong"])
def test_an_application_proves_itself_before_it_pushes(rooster: Relying, key: str) -> None:
    reply = push(rooster, key)
    assert reply.json is not None
    assert (reply.status_code in (400, 401), reply.json["error"]) == (True, "invalid_client")


def test_an_application_pushes_only_for_itself(world: World, rooster: Relying) -> None:
    other = register(world, "Verlof")
    assert push(rooster, client_id=other.id).status_code == 400


def test_strangers_fill_no_table(world: World) -> None:
    """A public application's requests cost nothing to push; of one source the oldest gives way."""
    desk_app = register(world, "Desk", confidential=False)
    names = [name_of(push(desk_app, "")) for _ in range(pushed.MOST_HERE + 1)]
    jan = world.browser()
    assert walk(jan, brought(desk_app, names[0])).status_code == 400
    assert walk(jan, brought(desk_app, names[-1])).status_code == 200


def test_old_pushed_requests_are_forgotten(world: World, rooster: Relying) -> None:
    push(rooster)
    world.clock.now += pushed.LIFE
    world.portal.tidy()
    with world.portal.database.reading() as reading:
        assert reading.execute(pushed.pushed_requests.select()).all() == []


def library(portal: Served, auth: object) -> OAuth2Client:
    """The library's client, which finds every address by discovery."""
    return OAuth2Client.from_discovery_endpoint(
        f"{portal.origin}/.well-known/openid-configuration",
        portal.origin,
        auth=auth,  # type: ignore[arg-type]
        redirect_uri=BACK,
        testing=True,  # the portal of this test is on the loopback, without TLS
    )


@pytest.mark.parametrize("proof", ["secret", "key"])
def test_a_real_library_pushes_its_request_and_gets_its_tokens(
    portal: Served, http: httpx.Client, proof: str
) -> None:
    private, public = key_pair()
    wanted = Wanted("Rooster", (BACK,), pushed=True, public_key=public if proof == "key" else "")
    made = portal.portal.applications.registrations.add(COMMAND, wanted)
    me = made.application.id
    auth = PrivateKeyJwt(me, private) if proof == "key" else ClientSecretBasic(me, made.secret)
    client = library(portal, auth)
    asked = client.authorization_request(scope="openid profile")
    given = client.pushed_authorization_request(asked)
    device = linked(portal, http)
    back = signs_in(portal, http, device, str(given).removeprefix(portal.origin))
    reply = asked.validate_callback(f"{BACK}?{urlencode(back)}")
    tokens = client.authorization_code(reply)
    assert tokens.id_token is not None
    assert tokens.id_token.acr == "urn:desk-token:number"
    assert client.userinfo(tokens)["name"] == "Jan de Vries"


def test_a_real_library_with_a_wrong_secret_hears_no(portal: Served) -> None:
    made = portal.portal.applications.registrations.add(COMMAND, Wanted("Rooster", (BACK,)))
    client = library(portal, ClientSecretBasic(made.application.id, "wrong"))
    asked = client.authorization_request(scope="openid")
    with pytest.raises(InvalidClient):
        client.pushed_authorization_request(asked)

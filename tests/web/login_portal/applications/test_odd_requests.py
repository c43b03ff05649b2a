"""Requests at the edge of what an application may send: what is ignored, who is answered for, and who proves what."""

from __future__ import annotations

import base64

import httpx
import pytest

from tests.web.login_portal.applications.relying import (
    BACK,
    Relying,
    approve,
    register,
    sent_back,
    signed_in,
    walk,
)
from tests.web.login_portal.conftest import World
from tests.web.login_portal.device import Device
from tests.web.login_portal.person import PASSWORD, Person
from tests.web.login_portal.served import Served
from web.login_portal.applications.registry import Wanted
from web.login_portal.rules.roles import COMMAND


@pytest.fixture
def rooster(world: World) -> Relying:
    return register(world)


def id_token(rooster: Relying, code: str) -> str:
    told = rooster.change(code).json
    assert told is not None
    return str(told["id_token"])


@pytest.mark.parametrize(
    "unknown",
    [{"claims": '{"id_token":{"acr":{"essential":true}}}'}, {"vendor_note": "é" * 5000}],
)
def test_a_name_that_nobody_knows_here_is_ignored(
    world: World, jan: Person, token: Device, rooster: Relying, unknown: dict[str, str]
) -> None:
    signed_in(world, jan, token, rooster)
    assert "code" in sent_back(walk(jan, rooster.wish(**unknown)))


def test_nobody_is_answered_for_with_somebody_elses_session(
    world: World, jan: Person, token: Device, rooster: Relying
) -> None:
    of_jan = id_token(rooster, signed_in(world, jan, token, rooster)["code"])
    world.portal.add_person("piet", PASSWORD, display="Piet", phone="+31612345670")
    piet = world.browser()
    piet.sign_in("piet")
    device = world.link(piet, world.device("DT-0002"))
    piet.sign_in("piet")
    approve(world, piet, device)
    world.clock.now += 5
    assert "code" in sent_back(walk(piet, rooster.wish(prompt="none")))
    back = sent_back(walk(piet, rooster.wish(prompt="none", id_token_hint=of_jan)))
    assert back["error"] == "login_required"
    walk(piet, rooster.wish(id_token_hint=of_jan))
    assert piet.element("for-whom") == "to Rooster"
    assert "code" in sent_back(walk(jan, rooster.wish(prompt="none", id_token_hint=of_jan)))


def test_an_application_that_proves_itself_twice_is_refused(
    world: World, jan: Person, token: Device, rooster: Relying
) -> None:
    other = register(world, "Tweede")
    code = signed_in(world, jan, token, rooster)["code"]
    for sent in (
        {"client_secret": rooster.key},
        {"client_assertion": "x"},
        {"client_id": other.id},
    ):
        reply = rooster.change(code, **sent)
        assert (reply.status_code, reply.json["error"]) == (400, "invalid_request")  # type: ignore[index]
    both = {"client_id": rooster.id, "client_secret": rooster.key, "client_assertion": "x"}
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, **both}
    assert rooster.post("/openid/token", form, key="").status_code == 400
    assert rooster.change(code, client_id=rooster.id).status_code == 200


@pytest.mark.parametrize("path", ["/openid/backchannel", "/openid/par", "/openid/token"])
def test_an_id_written_in_its_longer_form_is_the_same_id(portal: Served, path: str) -> None:
    """RFC 6749 section 2.3.1: id and secret are form-encoded before they are joined; some encode every dash."""
    wanted = Wanted("Rooster", (BACK,), kiosk="number")
    made = portal.portal.applications.registrations.add(COMMAND, wanted)
    words = (made.application.id, made.secret)
    longer = ":".join(word.replace("-", "%2D").replace("_", "%5F") for word in words)
    proof = base64.b64encode(longer.encode()).decode()
    reply = httpx.post(
        portal.origin + path,
        data={"client_id": words[0]},
        headers={"Authorization": f"Basic {proof}"},
    )
    said = reply.json()
    assert "proves itself once" not in said.get("error_description", "")
    assert said["error"] != "invalid_client"


@pytest.mark.parametrize("path", ["/openid/backchannel", "/openid/par", "/openid/token"])
@pytest.mark.parametrize("proof", ["rubbish", "eDp5", ""])
def test_whoever_does_not_prove_itself_is_told_how_it_should(
    portal: Served, path: str, proof: str
) -> None:
    """RFC 6749 section 5.2 wants the scheme that was used, RFC 7617 section 2 the realm with it."""
    headers = {"Authorization": f"Basic {proof}"} if proof else {}
    form = {"grant_type": "authorization_code", "code": "x"}
    reply = httpx.post(portal.origin + path, data=form, headers=headers)
    assert (reply.status_code, reply.json()["error"]) == (401, "invalid_client")
    assert reply.headers["WWW-Authenticate"].startswith('Basic realm="desk-portal", ')

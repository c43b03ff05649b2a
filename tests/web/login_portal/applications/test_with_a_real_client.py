"""The portal over real HTTP with a client library of other hands (idpyoidc), which checks everything it is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from idpyoidc.client.exception import OidcServiceError

from tests.hardware.bodies import soon
from tests.web.login_portal.applications.demo_application import (
    DemoApplication,
    at,
    demo_application,
)
from tests.web.login_portal.applications.over_http import letter, linked, page, post
from tests.web.login_portal.device import Device
from tests.web.login_portal.person import PASSWORD
from tests.web.login_portal.served import Served
from web.login_portal.applications.asking import KIOSK_GRANT
from web.login_portal.applications.registry import Wanted
from web.login_portal.rules.roles import COMMAND


@pytest.fixture
def application(portal: Served) -> Iterator[DemoApplication]:
    with demo_application(portal.origin, at(portal.portal)) as running:
        yield running


def signs_in(portal: Served, http: httpx.Client, device: Device, begin: str) -> dict[str, str]:
    """Jan goes from the application through the portal and back; what the application gets."""
    seen = page(http, begin)
    path = seen.url.path
    seen = post(http, seen, path, name="jan", password=PASSWORD)
    number = re.search(r'id="match-number">(\d+)<', seen.text)
    assert number is not None
    assert device.answer(letter(portal, device), "approve", number[1]) == "approved"
    seen = post(http, seen, "/waiting/finish")
    onward = re.search(r'url=(/authorized/[a-z]+)"', seen.text)
    assert onward is not None
    back = http.get(onward[1]).headers["Location"]
    return dict(parse_qsl(urlsplit(back).query))


def test_a_real_library_takes_what_the_portal_gives(
    portal: Served, http: httpx.Client, application: DemoApplication
) -> None:
    device = linked(portal, http)
    heard = application.finish(signs_in(portal, http, device, application.begin()))
    assert heard["userinfo"]["name"] == "Jan de Vries"
    assert heard["id_token"]["acr"] == "urn:desk-token:number"
    assert heard["id_token"]["amr"] == ["pwd", "swk", "user", "mfa"]
    left = application.party.logout(
        state=application.state, post_logout_redirect_uri=f"{application.url}/bye"
    )
    gone = http.get(left["url"])
    assert gone.headers["Location"].startswith(f"{application.url}/bye")
    assert http.get("/account").headers["Location"] == "/sign-in"


def test_a_real_library_hears_that_its_person_signed_out(
    portal: Served, http: httpx.Client, application: DemoApplication
) -> None:
    device = linked(portal, http)
    application.finish(signs_in(portal, http, device, application.begin()))
    post(http, http.get("/account"), "/sign-out")
    assert soon(lambda: application.left == [application.state])


def test_a_code_that_was_begun_elsewhere_cannot_be_planted(
    portal: Served, http: httpx.Client, application: DemoApplication
) -> None:
    """The verifier in this application's hands is not the one that the code was asked with."""
    device = linked(portal, http)
    planted = signs_in(portal, http, device, application.begin())
    mine = dict(parse_qsl(urlsplit(application.begin()).query))["state"]
    with pytest.raises(OidcServiceError, match="invalid_grant"):
        application.finish({**planted, "state": mine})


def test_without_a_session_the_library_hears_that_a_sign_in_is_needed(
    http: httpx.Client, application: DemoApplication
) -> None:
    begun = application.begin(prompt="none")
    back = dict(parse_qsl(urlsplit(page(http, begun).headers["Location"]).query))
    assert application.finish(back)["error"] == "login_required"


def test_a_kiosk_over_http(portal: Served, http: httpx.Client) -> None:
    device = linked(portal, http)
    made = portal.portal.applications.registrations.add(
        COMMAND, Wanted("Sleutelkast", (), (), "number")
    )
    auth = (made.application.id, made.secret)
    about = http.get("/.well-known/openid-configuration").json()
    ask = {"scope": "openid", "login_hint": "jan", "binding_message": "A17"}
    told = httpx.post(about["backchannel_authentication_endpoint"], data=ask, auth=auth).json()
    device.answer(letter(portal, device), "approve", told["number"])
    wanted = {"grant_type": KIOSK_GRANT, "auth_req_id": told["auth_req_id"]}
    given = httpx.post(about["token_endpoint"], data=wanted, auth=auth).json()
    bearer = {"Authorization": f"Bearer {given['access_token']}"}
    assert set(httpx.get(about["userinfo_endpoint"], headers=bearer).json()) == {"sub"}

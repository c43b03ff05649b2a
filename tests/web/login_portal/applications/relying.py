"""An application's side of a sign-in, by hand: what it sends, and what it makes of the reply."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet
from werkzeug.test import TestResponse

from tests.web.login_portal.conftest import World
from tests.web.login_portal.device import Device
from tests.web.login_portal.person import Person
from web.login_portal.applications.registry import Wanted
from web.login_portal.rules.roles import COMMAND

BACK = "https://rooster.example.org/back"
AFTER = "https://rooster.example.org/bye"


@dataclass
class Relying:
    """One registered application."""

    world: World
    id: str
    key: str = field(repr=False)
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    @property
    def challenge(self) -> str:
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    def wish(self, **changed: str) -> str:
        """The address it sends a browser to; an empty value leaves a name out."""
        sent = {
            "response_type": "code",
            "client_id": self.id,
            "redirect_uri": BACK,
            "scope": "openid profile",
            "state": "st-1",
            "nonce": "no-1",
            "code_challenge": self.challenge,
            "code_challenge_method": "S256",
        }
        kept = {name: value for name, value in {**sent, **changed}.items() if value}
        return f"/authorize?{urlencode(kept)}"

    def post(self, path: str, sent: dict[str, str], key: str | None = None) -> TestResponse:
        given = self.key if key is None else key
        auth = (self.id, given) if given else None
        base = self.world.portal.config.origin.url
        return self.world.app.test_client().post(path, base_url=base, data=sent, auth=auth)

    def change(self, given: str, **changed: str) -> TestResponse:
        """The code for tokens."""
        sent = {"grant_type": "authorization_code", "code": given, "redirect_uri": BACK}
        sent |= {"code_verifier": self.verifier}
        return self.post("/openid/token", {**sent, **changed})

    def read(self, id_token: str) -> dict[str, object]:
        """The claims, checked with the published keys."""
        base = self.world.portal.config.origin.url
        keys = self.world.app.test_client().get("/openid/keys", base_url=base).json
        return dict(jwt.decode(id_token, KeySet.import_key_set(keys), ["RS256"]).claims)

    def about(self, access: str) -> TestResponse:
        headers = {"Authorization": f"Bearer {access}"}
        base = self.world.portal.config.origin.url
        return self.world.app.test_client().get("/openid/userinfo", base_url=base, headers=headers)


def register(world: World, name: str = "Rooster", **changed: object) -> Relying:
    """An application with one address."""
    wanted = {"name": name, "redirects": (BACK,), "after_sign_out": (AFTER,), **changed}
    made = world.portal.applications.registrations.add(COMMAND, Wanted(**wanted))  # type: ignore[arg-type]
    return Relying(world, made.application.id, made.secret)


def approve(world: World, person: Person, device: Device) -> None:
    """The person says yes on the token, with the number of the page, and the page goes on."""
    number = person.element("match-number")
    assert device.answer(world.letters(device)[-1], "approve", number) == "approved"
    person.post("/waiting/finish")


def walk(person: Person, path: str) -> TestResponse:
    """Follow a browser's way until it wants to leave the portal or a page is shown."""
    reply = person.get(path)
    while reply.status_code == 303 and reply.headers["Location"].startswith("/"):
        reply = person.get(reply.headers["Location"])
    return reply


def sent_back(reply: TestResponse) -> dict[str, str]:
    """What the application gets with the browser that comes back to it."""
    assert reply.status_code in (302, 303), reply.get_data(as_text=True)
    assert reply.headers["Location"].startswith(f"{BACK}?")
    return dict(parse_qsl(urlsplit(reply.headers["Location"]).query))


def onward(person: Person) -> str:
    """Where the page that the browser looks at goes by itself."""
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', person.text)
    assert found is not None, person.text
    return found[1]


def signed_in(world: World, person: Person, device: Device, relying: Relying) -> dict[str, str]:
    """The whole way: from the application to the code."""
    walk(person, relying.wish())
    path = f"/sign-in/for/{re.search(r'action=./sign-in/for/([a-z]+)', person.text)[1]}"  # type: ignore[index]
    person.post(path, {"name": "jan", "password": "correct horse battery"})
    approve(world, person, device)
    return sent_back(person.get(onward(person)))

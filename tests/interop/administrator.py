"""A privacyIDEA administrator's hands: policies, tokens, logins and containers through the server's own REST API."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

REALM = "werk"
ADMIN = "admin"
PROVIDER = "privacyidea.lib.smsprovider.HttpSMSProvider.HttpSMSProvider"
GATEWAY = {
    "HTTP_METHOD": "POST",
    "SEND_DATA_AS_JSON": "yes",
    "ALLOW_PUSH": "yes",
    "CHECK_SSL": "yes",
    "to": "{phone}",
}


@dataclass
class Token:
    """A token as the server made it: its serial and the text of its QR code."""

    serial: str
    url: str
    detail: dict[str, Any] = field(default_factory=dict)

    @property
    def parameters(self) -> dict[str, str]:
        """What stands behind the question mark."""
        return {key: values[0] for key, values in parse_qs(urlsplit(self.url).query).items()}


class PrivacyIdea:
    """One running server and its administrator."""

    def __init__(self, url: str, password: str) -> None:
        self.url = url
        self.http = httpx.Client(base_url=url, timeout=30.0, trust_env=False)
        said = self.http.post("/auth", data={"username": ADMIN, "password": password}).json()
        self._admin = {"Authorization": said["result"]["value"]["token"]}
        self._count = 0

    def close(self) -> None:
        """Leave."""
        self.http.close()

    def call(self, verb: str, path: str, **data: object) -> dict[str, Any]:
        """One call of the administrator; what was said, whatever it was."""
        said = self.http.request(verb, path, json=data or None, headers=self._admin)
        return dict(said.json())

    def ask(self, verb: str, path: str, **data: object) -> dict[str, Any]:
        """The same, where the server must say yes."""
        said = self.call(verb, path, **data)
        assert said["result"]["status"], said["result"]
        return said

    @contextmanager
    def policy(self, scope: str, **actions: object) -> Iterator[None]:
        """A policy that holds meanwhile."""
        self._count += 1
        name = f"p{self._count}"
        self.ask("POST", f"/policy/{name}", scope=scope, action=_actions(actions), priority=1)
        try:
            yield
        finally:
            self.ask("DELETE", f"/policy/{name}")

    def standing_policy(self, name: str, scope: str, **actions: object) -> None:
        """A policy that stays; one that holds meanwhile goes before it."""
        self.ask("POST", f"/policy/{name}", scope=scope, action=_actions(actions), priority=9)

    def user_realm(self, passwords: str) -> None:
        """A realm of users from this passwd file."""
        about = {"type": "passwdresolver", "fileName": passwords}
        self.ask("POST", "/resolver/mensen", **about)
        self.ask("POST", f"/realm/{REALM}", resolvers="mensen")

    def make(self, kind: str, **more: object) -> Token:
        """A new token of this kind with the PIN 1234."""
        detail = self.ask("POST", "/token/init", type=kind, genkey=1, pin="1234", **more)["detail"]
        shown = detail.get("pushurl") or detail.get("googleurl") or {}
        return Token(detail["serial"], shown.get("value", ""), detail)

    def delete(self, serial: str) -> None:
        """The token is gone."""
        self.ask("DELETE", f"/token/{serial}")

    def signs_in(self, serial: str, **more: object) -> str:
        """Somebody types the PIN of this token: a push challenge goes out; gives the transaction."""
        said = self.http.post("/validate/check", data={"serial": serial, "pass": "1234", **more})
        detail = said.json()["detail"]
        assert "transaction_id" in detail, said.json()
        return str(detail["transaction_id"])

    def user_signs_in(self, user: str) -> dict[str, Any]:
        """A user of the realm types the PIN; what the server says."""
        form = {"user": user, "realm": REALM, "pass": "1234"}
        return dict(self.http.post("/validate/check", data=form).json())

    def status(self, transaction: str) -> str:
        """How the challenge stands: pending, accept, declined or cancelled."""
        said = self.http.get(f"/validate/polltransaction/{transaction}").json()
        return str(said["detail"]["challenge_status"])

    def finishes(self, serial: str, transaction: str, words: str = "") -> bool:
        """The login page goes on: whether the person is in."""
        form = {"serial": serial, "transaction_id": transaction, "pass": words}
        return bool(self.http.post("/validate/check", data=form).json()["result"]["value"])

    def accepts(self, serial: str, code: str) -> bool:
        """Whether this one-time code is right now."""
        form = {"serial": serial, "otponly": 1, "pass": code}
        said = self.http.post("/validate/check", data=form).json()
        return bool(said["result"].get("value"))

    def container_code(self, serial: str, *, rollover: bool = False) -> str:
        """The text of the QR code that registers this container, or rolls it over to another device."""
        about = {"container_serial": serial, "rollover": rollover}
        with self.policy("container", privacyIDEA_server_url=self.url):
            made = self.ask("POST", "/container/register/initialize", **about)
        return str(made["result"]["value"]["container_url"]["value"])

    def gateway(self, name: str, url: str) -> None:
        """A push gateway that rings at this address: the settings that our own page tells administrators to type."""
        options = {"URL": url, **GATEWAY}
        about = {f"option.{key}": value for key, value in options.items()}
        self.ask("POST", "/smsgateway", name=name, module=PROVIDER, **about)

    def info(self, serial: str) -> dict[str, Any]:
        """What the server knows of this token."""
        found = self.ask("GET", f"/token/?serial={serial}")["result"]["value"]["tokens"]
        return dict(found[0])


def _actions(actions: dict[str, object]) -> str:
    return ", ".join(
        name if value is True else f"{name}={value}" for name, value in actions.items()
    )

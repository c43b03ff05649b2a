"""A tiny application of another company: its OpenID Connect side is idpyoidc's, its pages are three lines long.

It keeps one session, for one browser; that is enough to see who came in and how.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, make_response, redirect, request
from idpyoidc.client.defaults import DEFAULT_KEY_DEFS
from idpyoidc.client.oauth2.stand_alone_client import backchannel_logout
from idpyoidc.client.rp_handler import RPHandler
from waitress.server import create_server

from web.login_portal.applications.registry import Wanted
from web.login_portal.portal import Portal
from web.login_portal.rules.roles import COMMAND

NAME = "Rooster"
Register = Callable[[str, str], tuple[str, str]]


def at(portal: Portal) -> Register:
    """Registers it at a portal of this very process; its id and its secret."""

    def register(back: str, bye: str) -> tuple[str, str]:
        tell = bye.replace("/bye", "/hear")
        made = portal.applications.registrations.add(
            COMMAND, Wanted(NAME, (back,), (bye,), tell=tell)
        )
        return made.application.id, made.secret

    return register


@dataclass
class DemoApplication:
    """The application as it runs; `heard` is what the library made of the last sign-in."""

    url: str
    portal_url: str
    credentials: tuple[str, str] = field(repr=False)
    heard: dict[str, Any] = field(default_factory=dict)
    wants: dict[str, str] = field(default_factory=dict)

    left: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        services = {
            name: {"class": f"idpyoidc.client.oidc.{path}"}
            for name, path in {
                "discovery": "provider_info_discovery.ProviderInfoDiscovery",
                "authorization": "authorization.Authorization",
                "accesstoken": "access_token.AccessToken",
                "userinfo": "userinfo.UserInfo",
                "end_session": "end_session.EndSession",
            }.items()
        }
        pkce = {
            "function": "idpyoidc.client.oauth2.add_on.pkce.add_support",
            "kwargs": {"code_challenge_length": 64, "code_challenge_method": "S256"},
        }
        about = {
            "issuer": self.portal_url,
            "client_type": "oidc",
            "client_id": self.credentials[0],
            "client_secret": self.credentials[1],
            "redirect_uris": [f"{self.url}/back"],
            "post_logout_redirect_uris": [f"{self.url}/bye"],
            "response_types_supported": ["code"],
            "scopes_supported": ["openid", "profile"],
            "token_endpoint_auth_method": "client_secret_basic",
            "add_ons": {"pkce": pkce},
            "services": services,
        }
        keys = {"key_defs": DEFAULT_KEY_DEFS}  # in memory: without this the library writes files
        configs = {self.portal_url: about}
        self.party = RPHandler(base_url=self.url, client_configs=configs, key_conf=keys)
        self.state = ""

    def begin(self, **wants: str) -> str:
        """The address that the browser is sent to."""
        asked = {"scope": ["openid", "profile"], **wants}
        return str(self.party.begin(issuer_id=self.portal_url, req_args=asked))

    def finish(self, sent: dict[str, str]) -> dict[str, Any]:
        """What the library hears from the portal for this reply, all checks made."""
        self.heard = dict(self.party.finalize(self.portal_url, sent))
        self.state = sent.get("state", "")
        return self.heard

    def pages(self) -> Flask:
        """Its three pages."""
        app = Flask("demo application")
        app.add_url_rule("/", "home", self.home)
        app.add_url_rule("/back", "back", self.back)
        app.add_url_rule("/bye", "bye", lambda: _page("bye", "Tot ziens"))
        app.add_url_rule("/leave", "leave", self.leave)
        app.add_url_rule("/hear", "hear", self.hear, methods=["POST"])
        return app

    def home(self) -> Response:
        return make_response(redirect(self.begin(**self.wants)))

    def back(self) -> Response:
        heard = self.finish(request.args.to_dict())
        if "error" in heard:
            return _page("error", str(heard["error"]))
        return _page("welcome", f"Welkom {heard['userinfo']['name']}")

    def leave(self) -> Response:
        left = self.party.logout(state=self.state)
        return make_response(redirect(str(left["url"])))

    def hear(self) -> Response:
        """The portal says that somebody signed out; the library checks whether it is true."""
        client = self.party.issuer2rp[self.portal_url]
        self.left.append(backchannel_logout(client, request_args=request.form.to_dict()))
        return Response(status=200)


def _page(name: str, words: str) -> Response:
    return Response(f"<html lang=nl><title>{NAME}</title><main><h1 id={name}>{words}</h1></main>")


@contextmanager
def demo_application(portal_url: str, register: Register) -> Iterator[DemoApplication]:
    """The application at a free port, registered at the portal with its addresses."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        application = DemoApplication(url, portal_url, register(f"{url}/back", f"{url}/bye"))
        server = create_server(application.pages(), map={}, sockets=[listening], threads=4)
        threading.Thread(target=server.run, daemon=True).start()
        yield application
        server.close()

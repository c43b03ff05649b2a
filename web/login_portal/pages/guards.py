"""What every page request passes before a handler sees it, and what every reply carries, errors too.

Source: checklist rows 25, 26 and 27; ASVS 5.0 sections 3.4 and 3.5.
"""

from __future__ import annotations

from dataclasses import dataclass
from hmac import compare_digest

from flask import Flask, Response, abort, g, request
from werkzeug.urls import iri_to_uri

from web.login_portal.applications.metadata import AUTHORIZE, END_SESSION
from web.login_portal.pages import browser
from web.login_portal.pages.rendering import go, page
from web.login_portal.portal import Portal
from web.login_portal.rules.addresses import own_post
from web.login_portal.sessions import Level

DEVICE_API = "/device/"
MACHINES = (DEVICE_API, "/openid/", "/.well-known/")
FROM_ELSEWHERE = (AUTHORIZE, END_SESSION)
GOING_ON = ("/waiting/finish", "/link/finish")
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "X-Frame-Options": "DENY",
}
_TLS = "max-age=31536000; includeSubDomains"


@dataclass(frozen=True, slots=True)
class Guards:
    """The guards of one portal."""

    portal: Portal

    def register(self, app: Flask) -> None:
        """Stand at the door of this application."""
        app.before_request(self.host)
        app.before_request(self.once_more)
        app.before_request(self.browser)
        app.before_request(self.post)
        app.after_request(self.headers)

    def host(self) -> None:
        """A Host that is not ours reaches no handler (DNS rebinding)."""
        if request.headers.get("Host", "").lower() not in self.portal.config.origin.hosts:
            abort(421)

    def once_more(self) -> Response | None:
        """A visit that another site began comes without our strict cookies: the browser comes once more by itself.

        Without this a link to us would give a new cookie to somebody who is signed in, and so sign them out.
        """
        headers, name = request.headers, browser.cookie_name(self.portal, "session")
        began = headers.get("Sec-Fetch-Site"), headers.get("Sec-Fetch-Mode")
        if (
            request.method != "GET"
            or began != ("cross-site", "navigate")
            or name in request.cookies
        ):
            return None
        scheme = self.portal.config.origin.url.partition(":")[0]
        onward = iri_to_uri(f"{scheme}://{request.headers['Host']}{request.full_path}")
        return page("once_more.html", onward=onward)

    def browser(self) -> None:
        """Know the browser, for everything but what machines ask."""
        if not request.path.startswith((*MACHINES, "/static/")):
            g.browser = browser.recognise(self.portal)

    def post(self) -> Response | None:
        """A POST must come from one of our own pages and carry this browser's word.

        Of two tabs that go on by themselves the second carries the word of before: it follows, and nothing is done.
        """
        if request.method in {"GET", "HEAD", "OPTIONS"} or "browser" not in g:
            return None
        if request.path in FROM_ELSEWHERE:  # these only turn the form into an address
            return None
        headers, word = request.headers, request.form.get("csrf", "")
        ours = own_post(
            self.portal.config.origin, headers.get("Origin"), headers.get("Sec-Fetch-Site")
        )
        if ours and compare_digest(word.encode(), g.browser.csrf.encode()):
            return None
        session = g.browser.session
        if ours and request.path in GOING_ON and session and session.level is Level.SIGNED_IN:
            return go("/sign-in")
        self.portal.log.note("post refused", path=request.path)
        return abort(403)

    def headers(self, response: Response) -> Response:
        """What every reply carries."""
        for name, value in _HEADERS.items():
            response.headers[name] = value
        if not request.path.startswith("/static/"):
            response.headers["Cache-Control"] = "no-store"
        if self.portal.config.origin.secure:
            response.headers["Strict-Transport-Security"] = _TLS
        browser.set_cookies(self.portal, response)
        return response

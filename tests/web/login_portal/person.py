"""A person with a browser, over Flask's test client: reads the forms' words from the page and posts like a browser."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from web.login_portal.portal import Portal

PASSWORD = "correct horse battery"


@dataclass
class Person:
    """One browser. `page` is the last page it got."""

    client: FlaskClient
    origin: str
    page: TestResponse | None = None
    word: str = ""

    @property
    def text(self) -> str:
        assert self.page is not None
        return self.page.get_data(as_text=True)

    def get(self, path: str, **headers: str) -> TestResponse:
        self.page = self.client.get(path, base_url=self.origin, headers=_words(headers))
        found = re.search(r'name="csrf" value="([^"]+)"', self.text)
        self.word = found[1] if found else self.word
        return self.page

    def post(self, path: str, form: dict[str, str] | None = None, **headers: str) -> TestResponse:
        """Post with the word of the last page, from the portal's own origin; follows to the next page."""
        if self.page is None:
            self.get("/sign-in")
        self.page = self.client.post(
            path,
            base_url=self.origin,
            data={"csrf": self.word, **(form or {})},
            headers=_words({"Origin": self.origin, **headers}),
        )
        reply = self.page
        if reply.status_code == 303:
            self.get(reply.headers["Location"])
        return reply

    def sign_in(self, name: str = "jan", password: str = PASSWORD) -> TestResponse:
        self.get("/sign-in")
        return self.post("/sign-in", {"name": name, "password": password})

    def element(self, name: str) -> str:
        """The text of the element with this id."""
        found = re.search(rf'id="{name}"[^>]*>([^<]*)<', self.text)
        assert found is not None, f"no {name} on the page"
        return found[1].strip()

    def link(self) -> str:
        found = re.search(r'id="link-text" value="([^"]+)"', self.text)
        assert found is not None, "no enrolment link on the page"
        return found[1]


def _words(headers: dict[str, str]) -> dict[str, str]:
    return {"Accept-Language": "en", **{key.replace("_", "-"): x for key, x in headers.items()}}


def browser(app: Flask, portal: Portal) -> Person:
    """A new browser without cookies."""
    return Person(app.test_client(), portal.config.origin.url)

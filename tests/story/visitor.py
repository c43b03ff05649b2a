"""A visitor of the portal without a browser: forms, cookies and the token in the form, as HTTP carries them."""

from __future__ import annotations

import html
import re

import httpx

CSRF = re.compile(r'name="csrf" value="([^"]+)"')


class Visitor:
    """One browser session at the portal."""

    def __init__(self, portal: str) -> None:
        headers = {"Accept-Language": "nl", "Origin": portal}
        self._http = httpx.Client(
            base_url=portal, headers=headers, follow_redirects=True, trust_env=False
        )
        self.page = ""

    def opens(self, path: str) -> str:
        """Open a page."""
        self.page = self._http.get(path).text
        return self.page

    def sends(self, path: str, **fields: str) -> str:
        """Send a form of the page that is open."""
        found = CSRF.search(self.page)
        assert found, "there is no form on the page"
        self.page = self._http.post(path, data={"csrf": found[1], **fields}).text
        return self.page

    def signs_in(self, name: str, password: str) -> str:
        """Give user name and password."""
        self.opens("/sign-in")
        return self.sends("/sign-in", name=name, password=password)

    def value(self, pattern: str) -> str:
        """What a pattern with one group finds on the page that is open."""
        found = re.search(pattern, self.page, re.DOTALL)
        assert found, f"{pattern} is not on the page"
        return html.unescape(found[1]).strip()

    def link(self) -> str:
        """The enrolment link of the page, as text."""
        return self.value(r'id="link-text" value="([^"]+)"')

    def number(self) -> str:
        """The number to match."""
        return self.value(r'id="match-number">\s*(\d\d)')

    def confirm_code(self) -> str:
        """The newest code in the demo's outbox."""
        self.opens("/outbox")
        return self.value(r'class="text">[^<]*?\b(\d{6})\b')

    def outcome(self) -> str:
        """How the waiting page has moved on."""
        self.opens("/waiting")
        found = re.search(r'data-outcome="([a-z]+)"', self.page)
        return found[1] if found else ""

    def close(self) -> None:
        """Leave."""
        self._http.close()

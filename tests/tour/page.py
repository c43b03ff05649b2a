"""The person's browser: a real Chromium, driven by what is on its pages."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, sync_playwright

PATIENCE_MS = 20_000
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


@contextmanager
def engine() -> Iterator[Browser]:
    """A fresh browser without pages."""
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        raise RuntimeError("Chromium is not installed; make setup installs it")
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    with sync_playwright() as play:
        started = play.chromium.launch(
            executable_path=path, args=[*sandbox, *quiet, "--disable-quic"]
        )
        try:
            yield started
        finally:
            started.close()


@contextmanager
def browser(width: int = 1100, height: int = 900, language: str = "nl-NL") -> Iterator[Page]:
    """One page of a fresh browser in this language."""
    with engine() as started:
        size = {"width": width, "height": height}
        page = started.new_context(viewport=size, locale=language).new_page()  # type: ignore[arg-type]
        page.set_default_timeout(PATIENCE_MS)
        yield page


class Portal:
    """What a person does at the sign-in portal."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url

    def gives_password(self, name: str, password: str) -> None:
        """The first factor."""
        self.page.goto(f"{self.url}/sign-in")
        self.page.fill("#name", name)
        self.page.fill("#password", password)
        self.page.click("#sign-in")

    def number(self) -> str:
        """The number to match, from the waiting page."""
        return self.page.inner_text("#match-number").strip()

    def confirm_code(self) -> str:
        """The newest code in the demo's outbox, in a tab of its own."""
        outbox = self.page.context.new_page()
        outbox.goto(f"{self.url}/outbox")
        words = outbox.inner_text("#messages li .text >> nth=0")
        outbox.close()
        digits = "".join(part for part in words.replace(".", " ").split() if part.isdigit())
        return digits[:6]

    def ends_as(self, outcome: str) -> None:
        """Wait until the waiting page has moved on to this ending."""
        self.page.wait_for_selector(f"#ended[data-outcome={outcome}]")

    def is_signed_in(self, how: str) -> None:
        """Wait until the browser is in, by itself."""
        self.page.wait_for_selector(f"#signed-in[data-how={how}]")

    def types_code(self, digits: str) -> None:
        """Voer code handmatig in."""
        self.page.click("#enter-code")
        self.page.fill("#code", digits)
        self.page.click("#send-code")

    def signs_out(self) -> None:
        """Leave, and be at the sign-in page again."""
        self.page.click("#sign-out")
        self.page.wait_for_selector("#sign-in")

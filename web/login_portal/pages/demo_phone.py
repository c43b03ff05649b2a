"""The demo's text messages on a page. It exists on a loopback portal only; elsewhere there is no such address."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, Response, abort

from web.login_portal.outbox import Message, latest
from web.login_portal.pages.rendering import page, state
from web.login_portal.portal import Portal


@dataclass(frozen=True, slots=True)
class DemoPhonePages:
    """The outbox page."""

    portal: Portal

    def register(self, app: Flask) -> None:
        """Put these pages in the application."""
        app.add_url_rule("/outbox", "outbox", self.show, methods=["GET"])
        app.add_url_rule("/outbox/state", "outbox_state", self.state, methods=["GET"])

    def show(self) -> Response:
        """The latest messages, newest first."""
        self._only_in_demo()
        with self.portal.database.reading() as reading:
            messages = latest(reading)
        return page("outbox.html", messages=messages, count=_count(messages))

    def state(self) -> Response:
        """When the newest message came, for the script."""
        self._only_in_demo()
        with self.portal.database.reading() as reading:
            return state(_count(latest(reading)), 0)

    def _only_in_demo(self) -> None:
        if not self.portal.config.demo:
            abort(404)


def _count(messages: list[Message]) -> str:
    return "none" if not messages else repr(messages[0].at)

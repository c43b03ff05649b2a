"""A person at a portal that really listens, without a browser: goes on by itself, and reads a form's word."""

from __future__ import annotations

import re
import time

import httpx

from tests.web.login_portal.device import Device
from tests.web.login_portal.person import PASSWORD
from tests.web.login_portal.served import Served
from web.login_portal import inbox, outbox


def page(http: httpx.Client, path: str) -> httpx.Response:
    """Go there and on, within the portal."""
    reply = http.get(path)
    while reply.is_redirect and reply.headers["Location"].startswith("/"):
        reply = http.get(reply.headers["Location"])
    return reply


def post(http: httpx.Client, seen: httpx.Response, path: str, **form: str) -> httpx.Response:
    word = re.search(r'name="csrf" value="([^"]+)"', seen.text)
    assert word is not None
    reply = http.post(path, data={"csrf": word[1], **form})
    return page(http, reply.headers["Location"]) if reply.is_redirect else reply


def linked(portal: Served, http: httpx.Client) -> Device:
    """A token that is linked to Jan, over HTTP."""
    device = Device(http)
    login = {"name": "jan", "password": PASSWORD}
    seen = post(http, http.get("/sign-in"), "/sign-in", **login)
    found = re.search(r'id="link-text" value="([^"]+)"', seen.text)
    assert found is not None
    ticket = device.scan(found[1])
    device.show_card(ticket)
    with portal.portal.database.reading() as reading:
        code = re.search(r"\d{6}", outbox.latest(reading)[0].text)
    assert code is not None
    assert device.confirm(ticket, code[0]).status_code == 200
    http.cookies.clear()
    return device


def letter(portal: Served, device: Device) -> str:
    with portal.portal.database.reading() as reading:
        return inbox.after(reading, device.id, 0, time.time())[-1].text

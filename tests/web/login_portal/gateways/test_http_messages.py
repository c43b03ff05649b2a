"""The HTTP gateway: the configured request exactly, every value escaped where it goes, one try, no redirect."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs
from xml.etree import ElementTree as ET

import pytest

from appliance.core.errors import DeskTokenError
from tests.web.login_portal.conftest import World
from tests.web.login_portal.person import PASSWORD
from web.login_portal.gateways.http_messages import HttpMessages, checked
from web.login_portal.gateways.sender import NotSent, Unsure
from web.login_portal.outbox import Message

NASTY = '"Jan" & <b>é€</b> \\ \r\nX-Evil: 1 {secret} {number} %0A\''


@dataclass
class Provider:
    """A provider that keeps what it got and answers as told."""

    origin: str = ""
    status: int = 200
    says: bytes = b'{"ok": true}'
    location: str = ""
    got: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def provider() -> Iterator[Provider]:
    """A provider on the loopback."""
    made = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            made.got.append((self.command, self.path, dict(self.headers), body))
            self.send_response(made.status)
            if made.location:
                self.send_header("Location", made.location)
            self.send_header("Content-Length", str(len(made.says)))
            self.end_headers()
            self.wfile.write(made.says)

        do_GET = do_POST  # noqa: N815 (the library's words)

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.origin = f"http://127.0.0.1:{server.server_address[1]}"
    running = threading.Thread(target=server.serve_forever, daemon=True)
    running.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        running.join(10)


@pytest.fixture
def there() -> Iterator[Provider]:
    with provider() as made:
        yield made


def message(text: str = NASTY) -> Message:
    return Message(1.0, "+31612345678", text)


def test_json_holds_exactly_what_was_meant(there: Provider) -> None:
    body = '{"to": "{number}", "body": "{text}"}'
    HttpMessages(f"{there.origin}/v1/send", body, secret="s3").send(message())
    verb, path, _, got = there.got[0]
    assert (verb, path) == ("POST", "/v1/send")
    assert json.loads(got) == {"to": "+31612345678", "body": NASTY}


def test_a_form_holds_exactly_what_was_meant(there: Provider) -> None:
    HttpMessages(there.origin, "to={number}&text={text}", kind="form").send(message())
    assert parse_qs(there.got[0][3].decode()) == {"to": ["+31612345678"], "text": [NASTY]}


def test_xml_holds_exactly_what_was_meant(there: Provider) -> None:
    text = NASTY.replace("\r\n", " ")
    HttpMessages(there.origin, '<m to="{number}">{text}</m>', kind="xml").send(message(text))
    read = ET.fromstring(there.got[0][3])  # noqa: S314 (our own request)
    assert (read.get("to"), read.text) == ("+31612345678", text)


def test_an_address_and_headers_take_values_too(there: Provider) -> None:
    headers = {"Authorization": "Bearer {secret}"}
    about = HttpMessages(
        f"{there.origin}/send/{{number}}?m={{text}}", method="GET", headers=headers, secret="s3cret"
    )
    about.send(message("a b/c&d"))
    verb, path, got, _ = there.got[0]
    assert (verb, path) == ("GET", "/send/%2B31612345678?m=a%20b%2Fc%26d")
    assert got["Authorization"] == "Bearer s3cret"


def test_no_value_begins_another_header(there: Provider) -> None:
    with pytest.raises(NotSent):
        HttpMessages(there.origin, headers={"X-Text": "{text}"}).send(message())
    assert there.got == []


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 302])
def test_a_refusal_is_surely_not_sent_and_tried_once(there: Provider, status: int) -> None:
    there.status, there.location = status, f"{there.origin}/elsewhere"
    with pytest.raises(NotSent):
        HttpMessages(there.origin, "{}").send(message())
    assert len(there.got) == 1


def test_trouble_of_the_provider_means_nobody_knows(there: Provider) -> None:
    there.status = 503
    with pytest.raises(Unsure):
        HttpMessages(there.origin, "{}").send(message())
    assert len(there.got) == 1


def test_the_reply_may_say_no_behind_a_good_status(there: Provider) -> None:
    there.says = b'{"ok": false}'
    with pytest.raises(NotSent):
        HttpMessages(there.origin, "{}", says='"ok": true').send(message())


def test_a_provider_that_is_gone_is_surely_not_sent() -> None:
    with pytest.raises(NotSent):
        HttpMessages("http://127.0.0.1:1", "{}").send(message())


@pytest.mark.parametrize(
    "about",
    [
        {"url": "http://sms.example.org"},
        {"url": "ftp://127.0.0.1"},
        {"url": "https://{number}.example.org"},
        {"url": "https://sms.example.org", "kind": "yaml"},
        {"url": "https://sms.example.org", "says": "("},
    ],
)
def test_what_cannot_work_is_refused_at_the_start(about: dict[str, str]) -> None:
    with pytest.raises(DeskTokenError):
        checked(HttpMessages(**about))  # type: ignore[arg-type]


def test_the_secret_is_in_no_repr() -> None:
    about = HttpMessages("https://x", secret="canary", headers={"A": "canary"})
    assert "canary" not in repr(about)


def test_a_confirm_code_goes_through_it_once(
    make_world: Callable[..., World], there: Provider
) -> None:
    about = HttpMessages(f"{there.origin}/send", '{"to": "{number}", "text": "{text}"}')
    world = make_world("provider", http=about)
    world.portal.add_person("jan", PASSWORD, phone="+31612345678")
    jan, device = world.browser(), world.device()
    jan.sign_in()
    ticket = device.scan(jan.link())
    for _ in range(2):
        assert device.show_card(ticket).status_code == 202
    while world.portal.dispatch.send_next():
        pass
    (sent,) = [json.loads(body) for _, _, _, body in there.got]
    assert sent["to"] == "+31612345678"
    code = re.search(r"\d{6}", sent["text"])
    assert code is not None
    assert device.confirm(ticket, code[0]).status_code == 200

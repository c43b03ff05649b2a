"""Mail: one message with its picture, over a real SMTP conversation; and no name or address begins another header."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy

import pytest

from appliance.core.errors import DeskTokenError
from web.login_portal.gateways.sender import NotSent, Unsure
from web.login_portal.gateways.smtp import Smtp, checked
from web.login_portal.outbox import Message

PICTURE = b"\x89PNG\r\n\x1a\nnot a real picture"


@dataclass
class MailServer:
    """A mail server that keeps what it got; `says` replaces its reply to a command."""

    port: int = 0
    says: dict[str, bytes] = field(default_factory=dict)
    got: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A mail server on the loopback."""
    made = MailServer()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 mail.test\r\n")
            for line in self.rfile:
                word = line[:4].strip().upper().decode("ascii", "replace")
                said = made.says.get(word, b"354 go\r\n" if word == "DATA" else b"250 ok\r\n")
                if word == "RCPT":
                    made.recipients.append(line.decode().strip().lower())
                self.wfile.write(said)
                if word == "QUIT" or not said:
                    return
                if word == "DATA" and said.startswith(b"354"):
                    made.got.append(b"".join(iter(self.rfile.readline, b".\r\n")))
                    self.wfile.write(made.says.get("END", b"250 ok\r\n"))

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        made.port = server.server_address[1]
        running = threading.Thread(target=server.serve_forever, daemon=True)
        running.start()
        yield made
        server.shutdown()
        running.join(10)


@pytest.fixture
def there() -> Iterator[MailServer]:
    with mail_server() as made:
        yield made


def sender(there: MailServer, **changed: object) -> Smtp:
    known = {"host": "127.0.0.1", "sender": "portal@example.org", "port": there.port, "tls": "none"}
    return Smtp(**{**known, **changed})  # type: ignore[arg-type]


def mail(to: str = "jan@example.org", about: str = "Koppel uw Desk Token") -> Message:
    return Message(1_800_000_000.0, to, "Hallo Jan,\n\n.\nDag é€\n", "p1", about, PICTURE)


def test_a_mail_arrives_whole_with_its_picture(there: MailServer) -> None:
    sender(there).send(mail())
    read = message_from_bytes(there.got[0], policy=policy.default)
    assert (read["To"], read["From"]) == ("jan@example.org", "portal@example.org")
    assert read["Subject"] == "Koppel uw Desk Token"
    body, picture = read.get_body(), next(read.iter_attachments())
    assert body is not None
    assert body.get_content().strip().endswith("Dag é€")
    assert picture.get_content() == PICTURE
    assert there.recipients == ["rcpt to:<jan@example.org>"]


@pytest.mark.parametrize(
    "to",
    ["jan@example.org\r\nBcc: evil@example.org", "jan@example.org, evil@example.org", "jan", "",
     "<jan@example.org>", "jan@example.org\n", "jan@-x.org", '"a b"@example.org'],
)  # fmt: skip
def test_an_address_cannot_begin_another_header(there: MailServer, to: str) -> None:
    if to.strip() == "jan@example.org":
        sender(there).send(mail(to))
        assert there.got[0].count(b"To:") == 1
        return
    with pytest.raises(NotSent):
        sender(there).send(mail(to))
    assert there.got == []


@pytest.mark.parametrize("about", ["a\r\nBcc: evil@example.org", "a\nb", "x" * 500, "a\0"])
def test_a_subject_cannot_begin_another_header(there: MailServer, about: str) -> None:
    with pytest.raises(NotSent):
        sender(there).send(mail(about=about))
    assert there.got == []


@pytest.mark.parametrize(
    ("word", "said"),
    [("RCPT", b"550 no\r\n"), ("MAIL", b"451 later\r\n"), ("END", b"554 no\r\n")],
)
def test_a_refusal_is_surely_not_sent(there: MailServer, word: str, said: bytes) -> None:
    there.says[word] = said
    with pytest.raises(NotSent):
        sender(there).send(mail())


def test_a_server_that_hangs_up_after_the_message_means_nobody_knows(there: MailServer) -> None:
    there.says["END"] = b""
    with pytest.raises(Unsure):
        sender(there, patience=0.5).send(mail())


def test_a_server_that_is_gone_is_surely_not_sent() -> None:
    with pytest.raises(NotSent):
        Smtp("127.0.0.1", "portal@example.org", 1, "none").send(mail())


def test_no_mail_goes_out_in_the_clear(there: MailServer) -> None:
    with pytest.raises(NotSent):
        sender(there, tls="start").send(mail())
    with pytest.raises(DeskTokenError):
        checked(Smtp("mail.example.org", "portal@example.org", tls="none"))

"""Errands: carried within bounds, four at a time, and every failure told apart by what would cure it."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Barrier, Thread

import pytest
from joserfc.jwk import OKPKey

from appliance.courier.broker_lines import BrokerLines
from appliance.courier.errand_desk import ErrandDesk, carry
from appliance.courier.exchange import default_trust, is_allowed, new_client, no_trust
from appliance.wire.call import Done
from appliance.wire.carrying import Errand, ErrandDone, ErrandList, NextErrand
from appliance.wire.client import ControlClient
from tests.courier.control_double import ControlDouble
from tests.courier.scripted_portal import ScriptedPortal
from tests.courier.server_certificate import server_contexts

OK = b"HTTP/1.1 200 OK\r\nDate: Mon, 23 Nov 2026 03:00:00 GMT\r\n"


@contextmanager
def answering(respond: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that reads a request's head and then does as told; its origin."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                with closing(connection):
                    try:
                        connection.recv(65536)
                        respond(connection)
                    except OSError:
                        continue

        Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)


def carried(url: str, body: str = "") -> ErrandDone:
    with new_client(default_trust()) as client:
        return carry(
            Errand("e1", "POST" if body else "GET", url, body),
            client,
            time.monotonic,
            BrokerLines(),
        )


def test_an_answer_comes_back_with_its_status_body_and_the_portals_clock() -> None:
    with answering(lambda c: c.sendall(OK + b"Content-Length: 5\r\n\r\nhello")) as origin:
        done = carried(origin + "/x")
    assert (done.status, done.body, done.trouble) == (200, "hello", "")
    assert done.server_time == 1795402800.0


def test_row_16_a_redirect_is_reported_and_not_followed() -> None:
    away = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
    with answering(lambda c: c.sendall(away)) as origin:
        done = carried(origin)
    assert (done.status, done.trouble) == (302, "portal-down")


def test_row_16_a_body_above_the_cap_is_refused_whatever_it_announces() -> None:
    flood = OK + b"\r\n" + b"x" * (64 * 1024 + 1)
    with answering(lambda c: c.sendall(flood)) as origin:
        assert carried(origin).trouble == "portal-down"
    with answering(lambda c: c.sendall(OK + b"\r\n" + b"x" * 64 * 1024)) as origin:
        assert len(carried(origin).body) == 64 * 1024


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n",
        b"this is not HTTP\r\n\r\n",
        OK + b"Content-Length: 50\r\n\r\ncut off",
        OK + b"Content-Length: 2\r\n\r\n\xff\xfe",
        OK + b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\nhi",
    ],
)
def test_a_broken_answer_means_that_the_portal_is_down(answer: bytes) -> None:
    with answering(lambda c: c.sendall(answer)) as origin:
        assert carried(origin).trouble == "portal-down"


def test_nobody_listening_means_no_network() -> None:
    with socket.create_server(("127.0.0.1", 0)) as briefly:
        port = briefly.getsockname()[1]
    assert carried(f"http://127.0.0.1:{port}").trouble == "no-network"


def test_row_14_a_certificate_that_nobody_vouches_for_is_told_apart(tmp_path: Path) -> None:
    serving, knowing = server_contexts(tmp_path)
    portal = ScriptedPortal(OKPKey.generate_key("Ed25519"), serving)
    portal.broken = 404
    assert carried(portal.origin).trouble == "not-trusted"
    with new_client(knowing) as client:
        assert (
            carry(Errand("e", "GET", portal.origin), client, time.monotonic, BrokerLines()).status
            == 404
        )
    portal.close()


def test_only_a_server_that_its_owner_named_is_used_without_a_look_at_its_certificate(
    tmp_path: Path,
) -> None:
    portal = ScriptedPortal(OKPKey.generate_key("Ed25519"), server_contexts(tmp_path)[0])
    portal.broken = 404
    with new_client(no_trust()) as careless, new_client(default_trust()) as careful:
        errand = Errand("e", "GET", portal.origin, unchecked=True)
        assert carry(errand, careless, time.monotonic, BrokerLines()).status == 404
        assert carry(errand, careful, time.monotonic, BrokerLines()).trouble == "not-trusted"
    portal.close()


def test_row_14_a_portal_that_speaks_no_tls_is_not_trusted() -> None:
    with answering(lambda c: c.sendall(OK + b"Content-Length: 0\r\n\r\n")) as origin:
        assert carried(origin.replace("http:", "https:")).trouble == "not-trusted"


def test_row_14_the_trust_in_use_checks_chain_and_name() -> None:
    trust = default_trust()
    assert trust.verify_mode is ssl.CERT_REQUIRED
    assert trust.check_hostname
    assert trust.minimum_version >= ssl.TLSVersion.TLSv1_2


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://portal.example/e", True),
        ("http://127.0.0.1:8000", True),
        ("http://localhost:8000/x", True),
        ("http://portal.example", False),
        ("http://127.0.0.1.evil.example", False),
        ("http://127.0.0.1@evil.example", False),
        ("https://user:pw@portal.example", False),
        ("file:///etc/passwd", False),
        ("https://a.example/\r\nX: y", False),
        ("https://" + "a" * 3000, False),
    ],
)
def test_plain_http_is_for_this_machine_only(url: str, allowed: bool) -> None:
    assert is_allowed(url) is allowed
    assert allowed or carried(url).trouble == "not-https"


def test_errands_are_carried_four_at_a_time(tmp_path: Path) -> None:
    together = Barrier(4, timeout=20)
    waiting = [f"e{n}" for n in range(4)]

    def respond(connection: socket.socket) -> None:
        together.wait()
        connection.sendall(OK + b"Content-Length: 0\r\n\r\n")

    def each_on_its_own(connection: socket.socket) -> None:
        copy = connection.dup()

        def answer() -> None:
            with copy:
                respond(copy)

        Thread(target=answer, daemon=True).start()

    def following(_ask: NextErrand) -> ErrandList:
        return ErrandList((Errand(waiting.pop(), "GET", origin),)) if waiting else ErrandList()

    answers = {"NextErrand": following, "ErrandDone": lambda _: Done()}
    desk = ControlDouble(tmp_path / "s", "courier", answers)
    control = ControlClient(tmp_path / "s", "courier")
    with (
        closing(control),
        answering(each_on_its_own) as origin,
        new_client(default_trust()) as client,
    ):
        errands = ErrandDesk(control, lambda: client, time.monotonic, BrokerLines())
        thread = Thread(target=errands.run, daemon=True)
        thread.start()
        for name in ("e0", "e1", "e2", "e3"):
            done = desk.wait_for(lambda call, n=name: isinstance(call, ErrandDone) and call.id == n)
            assert done.status == 200
        errands.stop()
        desk.close()
        thread.join(20)
        assert not thread.is_alive()

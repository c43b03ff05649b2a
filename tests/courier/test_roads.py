"""Exchanges through a real proxy on this machine: what goes through it, what goes around it, and what it may see."""

from __future__ import annotations

import base64
import logging
import os
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from select import select
from socket import create_connection
from threading import Event, Thread

import pytest

from appliance.core.troubles import Trouble
from appliance.courier.exchange import ExchangeFailed, Question, ask
from appliance.courier.line_keeper import LineKeeper
from appliance.courier.roads import Roads, client_for
from appliance.wire.call import Done
from appliance.wire.carrying import Errand, ErrandDone, ErrandList, Link, LinkList, Links
from appliance.wire.client import ControlClient
from appliance.wire.safekeeping import Way
from appliance.wire.updates import FetchList
from tests.courier.control_double import ControlDouble
from tests.courier.server_certificate import server_contexts
from tests.hardware.bodies import soon

LOGIN = ("jan", "PLANTED-woord")


@dataclass
class Proxy:
    """A proxy that knows one server under any name. `lines` is what it was asked, `wants` the login it asks for."""

    lines: list[str] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    wants: str = ""
    server: tuple[str, int] = ("127.0.0.1", 0)
    url: str = ""


class Portal(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ja")

    def log_message(self, *_: object) -> None: ...


def listening(
    handler: type[BaseHTTPRequestHandler], tls: ssl.SSLContext | None = None
) -> ThreadingHTTPServer:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    Thread(target=server.serve_forever, daemon=True).start()
    return server


def tunnel(proxy: Proxy) -> type[BaseHTTPRequestHandler]:
    class Tunnel(BaseHTTPRequestHandler):
        def do_CONNECT(self) -> None:
            login = self.headers.get("Proxy-Authorization", "")
            proxy.lines.append(self.path)
            proxy.logins.append(login)
            if proxy.wants and login != proxy.wants:
                self.send_error(407)
                return
            with create_connection(proxy.server, 20) as line:
                self.send_response(200)
                self.end_headers()
                ends = {self.connection: line, line: self.connection}
                while ready := select(list(ends), [], [], 20)[0]:
                    for end in ready:
                        part = end.recv(65536)
                        if not part:
                            return
                        ends[end].sendall(part)

        def log_message(self, *_: object) -> None: ...

    return Tunnel


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[tuple[Proxy, ssl.SSLContext]]:
    serving, knowing = server_contexts(tmp_path)
    made = Proxy()
    portal, front = listening(Portal, serving), listening(tunnel(made))
    made.server, made.url = portal.server_address, f"http://127.0.0.1:{front.server_port}"
    yield made, knowing
    for each in (front, portal):
        each.shutdown()
        each.server_close()


def get(trust: ssl.SSLContext, way: Way, url: str) -> str:
    with client_for(trust, way) as client:
        return ask(client, Question("GET", url, {}), time.monotonic).body


def test_a_portal_is_reached_through_the_proxy_which_sees_only_its_name(
    proxy: tuple[Proxy, ssl.SSLContext],
) -> None:
    made, trust = proxy
    assert get(trust, Way(made.url), "https://portal.example/api/inbox?after=7") == "ja"
    assert made.lines == ["portal.example:443"]
    assert made.logins == [""]


def test_names_without_the_proxy_and_this_machine_go_around_it(
    proxy: tuple[Proxy, ssl.SSLContext],
) -> None:
    made, trust = proxy
    port = made.server[1]
    way = Way(made.url, ("localhost.example", "192.0.2.1", "2001:db8::1"))
    for host in ("127.0.0.1", "localhost"):
        assert get(trust, way, f"https://{host}:{port}/") == "ja"
    assert made.lines == []
    assert get(trust, way, "https://other.example/") == "ja"
    assert made.lines == ["other.example:443"]
    with client_for(trust, way) as client:
        around = {pattern.pattern for pattern, road in client._mounts.items() if road is None}
    assert {"all://*localhost.example", "all://192.0.2.1", "all://[2001:db8::1]"} <= around


def test_a_login_is_given_to_the_proxy_and_written_nowhere(
    proxy: tuple[Proxy, ssl.SSLContext], caplog: pytest.LogCaptureFixture
) -> None:
    made, trust = proxy
    caplog.set_level(logging.DEBUG)
    made.wants = "Basic " + base64.b64encode(":".join(LOGIN).encode()).decode()
    with pytest.raises(ExchangeFailed) as refused:
        get(trust, Way(made.url), "https://portal.example/")
    assert refused.value.why is Trouble.PROXY
    way = Way(made.url, (), *LOGIN)
    assert get(trust, way, "https://portal.example/") == "ja"
    for said in (caplog.text, repr(way), str(refused.value)):
        assert "PLANTED" not in said
        assert made.wants not in said


def test_a_proxy_that_is_not_there_is_no_network(proxy: tuple[Proxy, ssl.SSLContext]) -> None:
    with pytest.raises(ExchangeFailed) as failed:
        get(proxy[1], Way("http://127.0.0.1:1"), "https://portal.example/")
    assert failed.value.why is Trouble.NO_NETWORK


class Runner:
    def run(self) -> None: ...

    def stop(self) -> None: ...


def test_the_courier_itself_goes_the_way_that_the_authenticator_says(
    tmp_path: Path, proxy: tuple[Proxy, ssl.SSLContext]
) -> None:
    made = proxy[0]
    made.wants = "Basic " + base64.b64encode(":".join(LOGIN).encode()).decode()
    first = LinkList("1", (), Way(made.url, ("intern.example",), *LOGIN))
    errands = [Errand("e1", "GET", "https://portal.example/api")]
    heard, over = Event(), Event()

    def next_fetch(_: object) -> FetchList:
        over.wait(20)
        return FetchList()

    def links(ask: Links) -> LinkList:
        if ask.known:
            heard.set()
        return first

    def next_errand(_: object) -> ErrandList:
        heard.wait(20)
        return ErrandList((errands.pop(),) if errands else ())

    answers = {
        "Links": links,
        "NextErrand": next_errand,
        "NextFetch": next_fetch,
        "ErrandDone": lambda _: Done(),
    }
    desk = ControlDouble(tmp_path / "control" / "courier.sock", "courier", answers)
    with (tmp_path / "log").open("wb") as log:
        courier = subprocess.Popen(
            [sys.executable, "-m", "appliance.courier", "--run", str(tmp_path)],
            env={**os.environ, "SSL_CERT_FILE": str(tmp_path / "portal.pem")},
            stderr=log,
        )
    try:
        done = desk.wait_for(lambda call: isinstance(call, ErrandDone))
    finally:
        courier.terminate()
        courier.wait(20)
        over.set()
        desk.close()
    assert isinstance(done, ErrandDone)
    assert (done.status, done.body) == (200, "ja")
    assert made.lines == ["portal.example:443"]
    said = (tmp_path / "log").read_text()
    assert "through a proxy" in said
    assert not any(secret in said for secret in (*LOGIN, made.wants, made.url))


def test_another_way_begins_every_line_anew(
    tmp_path: Path, proxy: tuple[Proxy, ssl.SSLContext]
) -> None:
    links = (Link("a", "https://portal.example", "d"),)
    lists = [
        LinkList("1", links),
        LinkList("2", links, Way(proxy[0].url)),
        LinkList("3", links, Way(proxy[0].url)),
    ]
    started: list[Link] = []
    desk = ControlDouble(
        tmp_path / "c.sock",
        "courier",
        {"Links": lambda _: lists.pop(0) if len(lists) > 1 else lists[0]},
    )
    client, roads = ControlClient(desk.path, "courier"), Roads(proxy[1])
    before = roads.shared()

    def start(link: Link) -> Runner:
        started.append(link)
        return Runner()

    keeper = LineKeeper(client, start, roads.take)
    thread = Thread(target=keeper.run, daemon=True)
    thread.start()
    assert soon(lambda: len(lists) == 1)
    keeper.stop()
    thread.join(20)
    assert started == [*links, *links]
    assert roads.shared() is not before
    client.close()
    desk.close()

"""The inbox of a portal that really listens: stream, long-poll and poll from one cursor; catch-up after a cut."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from httpx_sse import ServerSentEvent, connect_sse
from sqlalchemy import text

from appliance.wire.letters import Letter
from tests.hardware.bodies import soon
from tests.web.login_portal.conftest import ORIGIN, World
from tests.web.login_portal.device import Device
from tests.web.login_portal.person import Person
from tests.web.login_portal.served import Served, served
from web.login_portal import outbox, people, requests
from web.login_portal.carriers import Embedded
from web.login_portal.device_api.inbox_stream import InboxStream

INBOX = "/device/v1/inbox"


@dataclass
class Line:
    """A linked token with a network line to a running portal."""

    portal: Served
    device: Device
    http: httpx.Client
    access: str

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.access}"}

    def login(self) -> str:
        """A login begins; the name of its request."""
        story, request = self.portal.portal.sign_ins, requests.new_id()
        with self.portal.portal.database.reading() as reading:
            person = people.named(reading, "jan")
        assert person is not None
        assert story.begin(request, person, "here", time.time()) == 0
        return request

    def poll(self, **words: int) -> list[dict[str, object]]:
        reply = self.http.get(INBOX, params=words, headers=self.bearer)
        assert reply.status_code == 200
        found: list[dict[str, object]] = reply.json()["letters"]
        return found

    @contextmanager
    def stream(self, **headers: str) -> Iterator[Iterator[ServerSentEvent]]:
        words = {**self.bearer, **{key.replace("_", "-"): x for key, x in headers.items()}}
        with connect_sse(self.http, "GET", INBOX, headers=words) as source:
            assert source.response.status_code == 200
            yield source.iter_sse()


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    with served(tmp_path / "portal") as portal, httpx.Client(base_url=portal.origin) as http:
        device = Device(http)
        with portal.portal.database.reading() as reading:
            person = people.named(reading, "jan")
        assert person is not None
        story, now = portal.portal.enrolments, time.time()
        row = story.look(story.new_ticket(person, "en", now))
        assert row is not None
        ticket = device.scan(story.link(row))
        device.show_card(ticket)
        with portal.portal.database.reading() as reading:
            code = outbox.latest(reading)[0].text.split(" is ")[1][:6]
        assert device.confirm(ticket, code).status_code == 200
        reply = device.ask_access(device.assertion(portal.origin, now))
        assert "date" in reply.headers
        yield Line(portal, device, http, reply.json()["access_token"])


def test_a_stream_gets_a_letter_as_it_is_posted(line: Line) -> None:
    with line.stream() as events:
        request = line.login()
        event = next(events)
    assert event.event == "letter"
    assert int(event.id) > 0
    assert line.device.open(event.data).jti == request


def test_after_a_cut_the_cursor_brings_what_was_missed(line: Line) -> None:
    with line.stream() as events:
        line.login()
        first = next(events)
    missed = [line.login(), line.login()]
    with line.stream(Last_Event_ID=first.id) as events:
        caught = [line.device.open(next(events).data).jti for _ in missed]
    assert caught == missed


def test_from_zero_come_all_open_letters_and_no_ended_ones(line: Line) -> None:
    ended, open_one = line.login(), line.login()
    line.portal.portal.sign_ins.cancel(ended, time.time())
    found = [line.device.open(str(x["letter"])) for x in line.poll(after=0)]
    assert {(x.kind, x.jti if x.kind == "login" else x.request) for x in found} == {
        ("login", open_one),
        ("closed", ended),
    }


def test_a_poll_answers_at_once_and_after_the_cursor_nothing(line: Line) -> None:
    assert line.poll(after=0) == []
    line.login()
    (letter,) = line.poll(after=0)
    assert line.poll(after=int(str(letter["cursor"]))) == []


def test_a_long_poll_returns_when_a_letter_comes(line: Line) -> None:
    found: list[dict[str, object]] = []
    waiting = threading.Thread(target=lambda: found.extend(line.poll(after=0, wait=20)))
    waiting.start()
    while line.portal.carrier.streams == 0 and waiting.is_alive():
        threading.Event().wait(0.005)
    line.login()
    waiting.join(15)
    assert len(found) == 1


def test_a_long_poll_without_letters_ends_by_itself(line: Line) -> None:
    assert line.poll(after=0, wait=1) == []


@pytest.mark.parametrize("words", ["after=x", "after=1&wait=x", "after=1.5"])
def test_a_cursor_that_is_no_number_is_refused(line: Line, words: str) -> None:
    reply = line.http.get(f"{INBOX}?{words}", headers=line.bearer)
    assert reply.status_code == 400
    assert reply.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("word", ["", "Basic x", "Bearer", "Bearer x.y.z", "Bearer " + "x" * 9000])
def test_without_a_good_access_token_there_is_no_inbox(line: Line, word: str) -> None:
    assert line.http.get(INBOX, headers={"Authorization": word}).status_code == 401


def test_a_revoked_token_reads_one_letter_and_then_nothing(line: Line) -> None:
    line.login()
    with line.stream() as events:
        assert opened(line, next(events).data).kind == "login"
        line.portal.portal.partings.revoke(line.device.id, time.time())
        last = [opened(line, event.data) for event in events if event.event == "letter"]
    assert [letter.kind for letter in last] == ["revoke"]
    reply = line.http.get(INBOX, headers=line.bearer)
    (row,) = reply.json()["letters"]
    assert opened(line, row["letter"]).kind == "revoke"
    seen = line.http.get(INBOX, params={"after": row["cursor"]}, headers=line.bearer)
    assert seen.status_code == 401


def opened(line: Line, letter: str) -> Letter:
    return line.device.open(letter)


def test_a_foreign_host_reaches_no_inbox(line: Line) -> None:
    assert line.http.get(INBOX, headers={**line.bearer, "Host": "evil"}).status_code == 421


def test_a_second_host_makes_the_first_one_foreign(line: Line) -> None:
    url = line.http.base_url
    ours = url.netloc.decode()
    for hosts, status in (((ours,), b"200"), (("evil", ours), b"421"), ((ours, "evil"), b"421")):
        heads = [f"GET {INBOX}?wait=0 HTTP/1.1", *(f"Host: {host}" for host in hosts)]
        heads += [f"{name}: {word}" for name, word in line.bearer.items()]
        with socket.create_connection((url.host, url.port or 80)) as raw:
            raw.sendall("\r\n".join([*heads, "Connection: close", "", ""]).encode())
            assert raw.recv(4096).split()[1] == status


def test_only_get_reads_an_inbox(line: Line) -> None:
    assert line.http.post(INBOX, headers=line.bearer).status_code == 405


def test_a_stop_ends_open_streams_in_good_order(line: Line) -> None:
    with line.stream() as events:
        line.login()
        next(events)
        line.portal.server.should_exit = True
        assert [event for event in events if event.event == "letter"] == []


def test_pages_and_inbox_live_in_one_process(line: Line) -> None:
    with line.stream() as events:
        assert "Inloggen" in line.http.get("/sign-in").text
        line.login()
        next(events)


def asks(world: World, token: Device) -> dict[str, object]:
    """What a device asks that wants a stream."""
    access = token.ask_access(token.assertion(ORIGIN, world.clock())).json()["access_token"]
    words = {"host": "127.0.0.1:8443", "authorization": f"Bearer {access}"}
    words["accept"] = "text/event-stream"
    headers = [(name.encode(), value.encode()) for name, value in words.items()]
    return {"method": "GET", "query_string": b"", "headers": headers}


async def never() -> dict[str, str]:
    """Nothing more comes from the device."""
    await asyncio.Event().wait()
    return {}


def rename(world: World, before: str, after: str) -> None:
    with world.portal.database.writing() as writing:
        writing.execute(text(f"ALTER TABLE {before} RENAME TO {after}"))


def test_a_stream_outlives_a_store_that_is_away(world: World, jan: Person, token: Device) -> None:
    """Woken while nothing can be read, it looks again until it can."""
    carrier, sent = Embedded(), list[bytes]()

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message.get("body", b""))

    async def see(there: Callable[[], bool]) -> None:
        assert await asyncio.to_thread(soon, there)

    async def story() -> None:
        carrier.attach(asyncio.get_running_loop())
        stream = InboxStream(world.portal, carrier, again=0.01)
        reading = asyncio.create_task(stream(asks(world, token), never, send))
        await see(lambda: b": open" in b"".join(sent))
        rename(world, "letters", "away")
        carrier.ring(token.id)
        await see(lambda: "store failed" in " ".join(world.log.lines))
        rename(world, "away", "letters")
        jan.sign_in()
        await see(lambda: b"event: letter" in b"".join(sent))
        reading.cancel()

    asyncio.run(story())


def test_a_reader_that_takes_nothing_is_dropped(world: World, token: Device) -> None:
    carrier = Embedded()

    async def send(message: MutableMapping[str, object]) -> None:
        if message["type"] == "http.response.body":
            await asyncio.Event().wait()

    asyncio.run(InboxStream(world.portal, carrier, slow=0.01)(asks(world, token), never, send))
    assert carrier.streams == 0
    assert f"slow reader dropped device={token.id}" in world.log.lines

"""Messages on their way out: once each, sealed at rest, never again after a crash; the desk hears of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest
from sqlalchemy import text

from appliance.core.errors import DeskTokenError
from tests.hardware.bodies import soon
from tests.web.login_portal.conftest import World
from tests.web.login_portal.person import PASSWORD, Person
from web.login_portal import reports
from web.login_portal.dispatch import Dispatch, Queue
from web.login_portal.gateways.sender import NotSent, Unsure
from web.login_portal.outbox import Message


@dataclass
class Wire:
    """A way out that keeps what it was given, or fails as told."""

    fails: DeskTokenError | None = None
    sent: list[Message] = field(default_factory=list)

    def send(self, message: Message) -> None:
        self.sent.append(message)
        if self.fails is not None:
            raise self.fails


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def dispatch(world: World, wire: Wire) -> Dispatch:
    return replace(world.portal.dispatch, senders={"sms": wire, "mail": wire})


def post(world: World, dispatch: Dispatch, words: str = "123456") -> None:
    with world.portal.database.writing() as writing:
        Queue(dispatch, "sms").send(writing, Message(world.clock(), "+316", words, "p1"))


def states(world: World) -> list[str]:
    with world.portal.database.reading() as reading:
        rows = reading.execute(text("SELECT state FROM dispatches ORDER BY id"))
        return [row.state for row in rows]


def kinds(world: World) -> list[str]:
    with world.portal.database.reading() as reading:
        return [report.kind for report in reports.listed(reading)]


def test_each_message_goes_out_once_in_order(world: World, dispatch: Dispatch, wire: Wire) -> None:
    for words in ("one", "two"):
        post(world, dispatch, words)
    while dispatch.send_next():
        pass
    assert [message.text for message in wire.sent] == ["one", "two"]
    assert states(world) == ["sent", "sent"]
    assert kinds(world) == []


@pytest.mark.parametrize(
    ("fails", "kind"), [(NotSent("no"), "sms failed"), (Unsure("?"), "sms unsure")]
)
def test_a_failure_is_reported_and_never_tried_again(
    world: World, dispatch: Dispatch, wire: Wire, fails: DeskTokenError, kind: str
) -> None:
    wire.fails = fails
    post(world, dispatch)
    while dispatch.send_next():
        pass
    dispatch.give_up_abandoned()
    assert not dispatch.send_next()
    assert len(wire.sent) == 1
    assert kinds(world) == [kind]


def test_a_message_that_a_crash_interrupted_is_not_sent_again(
    world: World, dispatch: Dispatch, wire: Wire
) -> None:
    post(world, dispatch)
    assert dispatch._take() is not None
    world.clock.now += 301
    dispatch.give_up_abandoned()
    assert not dispatch.send_next()
    assert (wire.sent, states(world), kinds(world)) == ([], ["unsure"], ["sms unsure"])


def test_a_code_that_nobody_can_use_any_more_is_not_sent(
    world: World, dispatch: Dispatch, wire: Wire
) -> None:
    post(world, dispatch)
    world.clock.now += 601
    dispatch.give_up_abandoned()
    assert not dispatch.send_next()
    assert (wire.sent, states(world)) == ([], ["failed"])


def test_of_two_workers_one_sends(world: World, dispatch: Dispatch, wire: Wire) -> None:
    for number in range(20):
        post(world, dispatch, str(number))

    def work() -> None:
        while dispatch.send_next():
            pass

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(int(message.text) for message in wire.sent) == list(range(20))


def test_what_waits_is_sealed_and_what_went_is_gone(world: World, dispatch: Dispatch) -> None:
    def bodies() -> list[bytes]:
        with world.portal.database.reading() as reading:
            rows = reading.execute(text("SELECT body FROM dispatches"))
            return [bytes(row.body) for row in rows]

    post(world, dispatch, "canary-654321")
    assert b"654321" not in bodies()[0]
    dispatch.send_next()
    assert bodies() == [b""]
    assert "654321" not in "\n".join(world.log.lines)


def test_the_thread_sends_by_itself_and_stops(world: World, dispatch: Dispatch, wire: Wire) -> None:
    stopping = threading.Event()
    running = threading.Thread(target=dispatch.run, args=[stopping])
    running.start()
    post(world, dispatch)
    soon(lambda: bool(wire.sent))
    stopping.set()
    running.join(10)
    assert not running.is_alive()


def asks_again(person: Person) -> int:
    return person.post("/link/again").status_code


def test_a_person_gets_another_code_only_by_asking_and_not_too_often(
    world: World, jan: Person
) -> None:
    device = world.device()
    jan.sign_in()
    ticket = device.scan(jan.link())
    device.show_card(ticket)
    first = world.sms_code()
    jan.get("/link")
    assert asks_again(jan) == 429
    world.clock.now += 31
    assert asks_again(jan) == 303
    second = world.sms_code()
    assert first == second or device.confirm(ticket, first).status_code == 403
    for _ in range(3):
        world.clock.now += 31
        assert asks_again(jan) == 303
    world.clock.now += 31
    assert asks_again(jan) == 429
    assert device.confirm(ticket, world.sms_code()).status_code == 200


def test_a_sixth_message_in_an_hour_becomes_the_desks(
    make_world: Callable[..., World], world: World
) -> None:
    for _ in range(5):
        jan, device = world.browser(), world.device()
        jan.sign_in()
        device.show_card(device.scan(jan.link()))
        world.clock.now += 60
    jan, device = world.browser(), world.device()
    jan.sign_in()
    reply = device.show_card(device.scan(jan.link()))
    assert reply.json()["sent_to"] == "Service desk"
    world.portal.add_person("kim", PASSWORD, phone="0687654321")
    kim, other = world.browser(), world.device()
    kim.sign_in("kim")
    assert other.show_card(other.scan(kim.link())).json()["sent_to"] == "*** 21"
    assert make_world is not None

"""What every carrier owes a device: each letter that matters, once, whatever breaks in between; and nobody else's."""

from __future__ import annotations

import threading
import time

import pytest

from appliance.wire.letters import ANSWERS, Letter
from tests.hardware.bodies import soon
from tests.web.login_portal.carrying.conftest import SKEWED, Courier, Ways
from web.login_portal import inbox

pytestmark = [
    pytest.mark.xdist_group("carriers"),
    # paho leaves a socket to the collector when the other end hangs up during its handshake
    pytest.mark.filterwarnings("ignore:unclosed <ssl.SSLSocket:ResourceWarning"),
]


def post(ways: Ways, device: str, name: str, life: float) -> None:
    """Lay a letter of this life ready."""
    portal, now = ways.now.portal, time.time()
    letter = Letter(ways.origin, device, name, now, now + life, "login", person="Jan")
    with portal.database.writing() as writing:
        portal.sign_ins.inbox.post(writing, letter, name)


def test_a_letter_arrives_once(ways: Ways) -> None:
    courier = ways.courier(ways.token())
    assert courier.connected()
    request = ways.login()
    assert courier.hears(request)
    assert courier.times(request) == 1


def test_what_was_posted_during_a_cut_arrives_after_it(ways: Ways) -> None:
    courier = ways.courier(ways.token())
    assert courier.connected()
    before = ways.login()
    assert courier.hears(before)
    ways.cut()
    missed = ways.login()
    ways.mend()
    assert courier.hears(missed)
    assert [courier.times(x) for x in (before, missed)] == [1, 1]


def test_an_expired_letter_is_not_handed_out(ways: Ways) -> None:
    courier = ways.courier(ways.token())
    assert courier.connected()
    ways.cut()
    post(ways, courier.device.id, "short", 1.0)
    post(ways, courier.device.id, "long", 60.0)
    until = time.time() + 1.5
    assert soon(lambda: time.time() > until)
    ways.mend()
    assert courier.hears("long")
    assert courier.times("short") == 0


def test_a_duplicate_is_delivered_once(ways: Ways) -> None:
    courier = ways.courier(ways.token())
    assert courier.connected()
    request = ways.login()
    assert courier.hears(request)
    carrier = ways.now.portal.sign_ins.inbox.carrier
    with ways.now.portal.database.reading() as reading:
        again = inbox.after(reading, courier.device.id, 0, time.time())
    for letter in again:
        carrier.publish(courier.device.id, letter)
    last = ways.login()
    assert courier.hears(last)
    assert courier.times(request) == 1


def test_letters_of_many_threads_all_arrive(ways: Ways) -> None:
    courier = ways.courier(ways.token())
    assert courier.connected()
    names = [f"letter {number}" for number in range(12)]
    threads = [
        threading.Thread(target=post, args=(ways, courier.device.id, name, 60.0)) for name in names
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(courier.hears(name) for name in names)
    assert [courier.times(name) for name in names] == [1] * 12


def test_another_devices_letters_do_not_come(ways: Ways) -> None:
    mine, other = ways.courier(ways.token()), ways.courier(ways.token())
    assert mine.connected()
    assert other.connected()
    post(ways, other.device.id, "theirs", 60.0)
    post(ways, mine.device.id, "mine", 60.0)
    assert mine.hears("mine")
    assert other.hears("theirs")
    assert (mine.times("theirs"), other.times("mine")) == (0, 0)


def test_a_restart_of_what_carries_loses_nothing(ways: Ways) -> None:
    courier = ways.courier(ways.token())
    assert courier.connected()
    before = ways.login()
    assert courier.hears(before)
    if ways.broker is None:
        ways.stop_portal()
        ways.start_portal()
    else:
        ways.broker.stop()
        ways.broker.start()
    after = ways.login()
    assert courier.hears(after)
    assert [courier.times(x) for x in (before, after)] == [1, 1]


def test_an_answer_that_is_replayed_hears_the_same_and_does_nothing(ways: Ways) -> None:
    courier = ways.courier(ways.token())
    assert courier.connected()
    request = ways.login()
    assert courier.hears(request)
    answer = courier.device.answer_text(courier.letter(request), "deny")
    said = [send(ways, courier, answer) for _ in range(3)]
    assert said == [(200, '{"outcome":"denied"}')] * 3


def test_a_forged_answer_is_refused(ways: Ways) -> None:
    mine, other = ways.courier(ways.token()), ways.courier(ways.token())
    assert mine.connected()
    request = ways.login()
    assert mine.hears(request)
    forged = mine.device.answer_text(mine.letter(request), "approve", iss=other.device.id)
    assert send(ways, mine, forged)[0] == 403
    found = ways.now.portal.sign_ins.look(request)
    assert found is not None
    assert found.outcome is None


def send(ways: Ways, courier: Courier, answer: str) -> tuple[int, str]:
    """The way an errand goes: the open line to the broker, else HTTP."""
    reply = courier.lines.ask(ways.origin + ANSWERS, answer)
    assert (reply is not None) == (ways.broker is not None)
    if reply is not None:
        return reply.status, reply.body
    heard = courier.device.send(answer)
    return heard.status_code, heard.text


def test_a_device_whose_clock_is_wrong_is_served(ways: Ways) -> None:
    courier = ways.courier(ways.token(), clock=SKEWED)
    assert courier.connected()
    request = ways.login()
    assert courier.hears(request)


def test_a_revoked_token_hears_so_and_then_nothing(ways: Ways) -> None:
    courier = ways.courier(ways.token())
    assert courier.connected()
    ways.now.portal.partings.revoke(courier.device.id, time.time())
    assert soon(lambda: [x.kind for x in courier.heard()] == ["revoke"])

"""Two worker processes on one PostgreSQL: every rule holds although each request may meet another worker."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from httpx_sse import connect_sse

from appliance.wire.letters import ANSWERS, INBOX, TOKEN
from tests.web.login_portal.conftest import ORIGIN, World, new_world
from tests.web.login_portal.device import Device
from tests.web.login_portal.person import PASSWORD
from tests.web.login_portal.store.postgres import Postgres
from tests.web.login_portal.store.worker import Visitor, Worker, worker
from web.login_portal.command_options import database_of
from web.login_portal.config import Config
from web.login_portal.rules.addresses import origin

pytestmark = pytest.mark.xdist_group("two workers")


@dataclass
class Pair:
    """Two workers, and a view of their records."""

    world: World
    left: Worker
    right: Worker

    def person(self, name: str, tokens: int = 1, match: str = "press") -> list[Device]:
        """Somebody new, with so many tokens."""
        portal, made = self.world.portal, []
        person = portal.add_person(name, PASSWORD, phone="+31612345678", match=match)
        for number in range(tokens):
            row = portal.enrolments.look(portal.enrolments.new_ticket(person, "en", time.time()))
            assert row is not None
            device = self.world.device(f"DT-{number}")
            ticket = device.scan(portal.enrolments.link(row))
            device.show_card(ticket)
            assert device.confirm(ticket, self.world.sms_code()).status_code == 200
            made.append(device)
        return made

    def access(self, device: Device) -> dict[str, str]:
        form = self.assertion(device)
        return {
            "Authorization": f"Bearer {self.left.http.post(TOKEN, data=form).json()['access_token']}"
        }

    def assertion(self, device: Device) -> dict[str, str]:
        kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        signed = device.assertion(ORIGIN, time.time())
        return {
            "grant_type": "client_credentials",
            "client_assertion_type": kind,
            "client_assertion": signed,
        }


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory, postgres: Postgres) -> Iterator[Pair]:
    data, address = tmp_path_factory.mktemp("pair"), postgres.fresh()
    database_of(data, address)
    world = new_world(Config(data, origin(ORIGIN), "Werkplek", database=address))
    world.clock.now = time.time()
    with worker(data) as left, worker(data) as right:
        yield Pair(world, left, right)
    world.portal.database.close()
    assert "Traceback" not in left.log.read_text() + right.log.read_text()


def letters(pair: Pair, device: Device, at: Worker) -> list[str]:
    reply = at.http.get(INBOX, headers=pair.access(device))
    return [row["letter"] for row in reply.json()["letters"]]


def test_a_session_begun_at_one_worker_goes_on_at_the_other(pair: Pair) -> None:
    (token,) = pair.person("wandering")
    browser = Visitor()
    assert browser.try_password(pair.left, "wandering").headers["location"] == "/waiting"
    assert "/waiting/cancel" in browser.get(pair.right, "/waiting").text
    (letter,) = letters(pair, token, pair.right)
    reply = pair.right.http.post(ANSWERS, content=token.answer_text(letter, "approve"))
    assert reply.json() == {"outcome": "approved"}
    assert browser.post(pair.left, "/waiting/finish").headers["location"] == "/account"
    assert browser.get(pair.right, "/account").status_code == 200


def test_a_letter_of_one_worker_wakes_the_stream_at_the_other(pair: Pair) -> None:
    (token,) = pair.person("awaited")
    headers = pair.access(token)
    with connect_sse(pair.right.http, "GET", INBOX, headers=headers) as source:
        events = source.iter_sse()
        Visitor().try_password(pair.left, "awaited")
        began = time.monotonic()
        assert token.open(next(events).data).kind == "login"
        assert time.monotonic() - began < 10  # the next keep-alive would come after 21 s or more


def test_a_long_poll_at_the_other_worker_is_woken(pair: Pair) -> None:
    (token,) = pair.person("polled")
    headers = pair.access(token)
    found: list[str] = []
    waiting = threading.Thread(
        target=lambda: found.extend(
            pair.right.http.get(INBOX, params={"wait": 20}, headers=headers).json()["letters"]
        )
    )
    waiting.start()
    Visitor().try_password(pair.left, "polled")
    waiting.join(15)
    assert len(found) == 1


def test_requests_are_counted_over_all_workers(pair: Pair) -> None:
    pair.person("bombed")
    turns = [pair.left, pair.right, pair.left, pair.right]
    heard = [Visitor().try_password(at, "bombed").status_code for at in turns]
    assert heard == [303, 303, 303, 429]


def test_wrong_passwords_are_counted_over_all_workers_and_lock_once(pair: Pair) -> None:
    (token,) = pair.person("guessed")
    turns = [pair.left, pair.right, pair.left]
    assert [Visitor().try_password(at, "guessed", "wrong").status_code for at in turns] == [
        401,
        401,
        429,
    ]
    with ThreadPoolExecutor(8) as many:
        for _ in range(4):
            tries = [pair.left, pair.right] * 4
            list(many.map(lambda at: Visitor().try_password(at, "guessed", "wrong"), tries))
            # the delay of two seconds after the third mistake, and more
            threading.Event().wait(2.1)
            if letters(pair, token, pair.left):
                break
    assert [token.open(letter).kind for letter in letters(pair, token, pair.left)] == ["unlock"]
    assert Visitor().try_password(pair.right, "guessed").headers["location"] == "/locked"


def test_an_assertion_is_taken_once_by_all_workers_together(pair: Pair) -> None:
    (token,) = pair.person("replayed")
    form = pair.assertion(token)
    with ThreadPoolExecutor(2) as both:
        heard = list(
            both.map(lambda at: at.http.post(TOKEN, data=form).status_code, (pair.left, pair.right))
        )
    assert sorted(heard) == [200, 401]


def test_of_two_answers_at_two_workers_the_first_one_wins(pair: Pair) -> None:
    for number in range(3):
        one, other = pair.person(f"divided{number}", tokens=2)
        Visitor().try_password(pair.left, f"divided{number}")
        said = [(pair.left, one, "approve"), (pair.right, other, "deny")]
        bodies = [(at, who.answer_text(letters(pair, who, at)[0], word)) for at, who, word in said]
        with ThreadPoolExecutor(2) as both:
            heard = list(
                both.map(lambda x: x[0].http.post(ANSWERS, content=x[1]).json()["outcome"], bodies)
            )
        assert len(set(heard)) == 1
        assert heard[0] in {"approved", "denied"}


def test_a_code_is_taken_once_by_all_workers_together(pair: Pair) -> None:
    (token,) = pair.person("typed")
    browsers = [(pair.left, Visitor()), (pair.right, Visitor())]
    for at, browser in browsers:
        browser.try_password(at, "typed")
        browser.get(at, "/waiting/code")
    digits = token.code(time.time())
    with ThreadPoolExecutor(2) as both:
        heard = list(
            both.map(lambda x: x[1].post(x[0], "/waiting/code", code=digits).status_code, browsers)
        )
    assert sorted(heard) == [303, 422]


def test_a_worker_that_is_killed_loses_no_login(pair: Pair) -> None:
    (token,) = pair.person("bereft")
    data = pair.world.portal.config.data
    with worker(data) as doomed:
        Visitor().try_password(doomed, "bereft")
        doomed.process.kill()
        doomed.process.wait(20)
    (letter,) = letters(pair, token, pair.right)
    reply = pair.left.http.post(ANSWERS, content=token.answer_text(letter, "approve"))
    assert reply.json() == {"outcome": "approved"}


def test_no_log_of_a_worker_holds_a_secret(pair: Pair) -> None:
    said = pair.left.log.read_text() + pair.right.log.read_text()
    assert "password accepted" in said
    assert not re.search(rf"{PASSWORD}|eyJ|postgres@", said)

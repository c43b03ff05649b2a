"""Answers that count and answers that do not: forged, altered, foreign, repeated, two at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import Connection

from appliance.core.errors import Refused
from tests.web.login_portal.conftest import World
from tests.web.login_portal.device import Device
from tests.web.login_portal.person import PASSWORD, Person
from web.login_portal import tokens
from web.login_portal.store.database import Database, Writing

pytestmark = pytest.mark.both_stores


def open_letter(world: World, person: Person, device: Device) -> str:
    """Begin a login and return the letter the token got."""
    person.sign_in()
    return next(x for x in world.letters(device) if device.open(x).kind == "login")


def state(person: Person) -> str:
    reply = person.client.get("/waiting/state", base_url=person.origin)
    assert reply.json is not None
    return str(reply.json["state"]).split()[0]


def test_repeating_an_answer_is_harmless(world: World, jan: Person, token: Device) -> None:
    letter = open_letter(world, jan, token)
    answer = token.answer_text(letter, "approve", jan.element("match-number"))
    assert [token.send(answer).json()["outcome"] for _ in range(3)] == ["approved"] * 3


def test_a_later_answer_hears_how_it_ended(world: World, jan: Person, token: Device) -> None:
    letter = open_letter(world, jan, token)
    assert token.answer(letter, "deny") == "denied"
    assert token.answer(letter, "approve", jan.element("match-number")) == "denied"


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "https://elsewhere.example"},
        {"letter": "A" * 43},
        {"jti": "unknown"},
        {"verdict": "maybe"},
        {"count": -1},
        {"count": 2**60},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_an_altered_answer_changes_nothing(
    world: World, jan: Person, token: Device, changed: dict[str, object]
) -> None:
    letter = open_letter(world, jan, token)
    text = token.answer_text(
        letter, **{"verdict": "approve", "match": jan.element("match-number"), **changed}
    )
    reply = token.send(text)
    assert reply.status_code == 403
    assert reply.headers["content-type"] == "application/problem+json"
    assert state(jan) == "open"


def test_an_answer_under_another_key_changes_nothing(
    world: World, jan: Person, token: Device
) -> None:
    letter = open_letter(world, jan, token)
    forger = Device(token.wire, portal=token.portal, grant=token.grant)
    reply = forger.send(forger.answer_text(letter, "approve", jan.element("match-number")))
    assert reply.status_code == 403
    assert state(jan) == "open"


def test_a_forged_answer_waits_for_no_writer(world: World, jan: Person, token: Device) -> None:
    letter = open_letter(world, jan, token)
    forger = Device(token.wire, portal=token.portal, grant=token.grant)
    forged = forger.answer_text(letter, "approve", jan.element("match-number"))
    take, database = world.portal.answers.take, world.portal.database
    with ThreadPoolExecutor(1) as worker:
        with database.writing():
            wait([judging := worker.submit(take, forged, world.clock())], timeout=10)
            done = judging.done()
        with pytest.raises(Refused):
            judging.result()
    assert done


@dataclass(frozen=True)
class RevokedMeanwhile:
    """A store in which somebody else is the writer before this one, and revokes the token."""

    database: Database
    token: str

    def reading(self) -> AbstractContextManager[Connection]:
        return self.database.reading()

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        with self.database.writing() as writing:
            tokens.revoke(writing, self.token, 0.0)
        with self.database.writing() as writing:
            yield writing


def test_a_token_that_is_revoked_while_its_answer_waits_does_not_count(
    world: World, jan: Person, token: Device
) -> None:
    """Its key is read before the writers' turn."""
    letter = open_letter(world, jan, token)
    text = token.answer_text(letter, "approve", jan.element("match-number"))
    answers = world.portal.answers
    store: Any = RevokedMeanwhile(world.portal.database, token.id)
    late = replace(answers, sign_ins=replace(answers.sign_ins, database=store))
    with pytest.raises(Refused, match="not linked"):
        late.take(text, world.clock())
    assert state(jan) == "open"


def test_a_token_of_somebody_else_cannot_answer(world: World, jan: Person, token: Device) -> None:
    world.portal.add_person("eve", PASSWORD, phone="0600000000")
    eve = world.browser()
    eve.sign_in("eve")
    foreign = world.link(eve, world.device("DT-0666"))
    letter = open_letter(world, jan, token)
    reply = foreign.send(foreign.answer_text(letter, "approve", jan.element("match-number")))
    assert reply.status_code == 403
    assert state(jan) == "open"
    assert world.letters(foreign) == []


def test_a_count_is_used_for_one_answer_only(world: World, jan: Person, token: Device) -> None:
    first = open_letter(world, jan, token)
    token.answer(first, "deny")
    second_browser = world.browser()
    second = open_letter(world, second_browser, token)
    reply = token.send(token.answer_text(second, "approve", count=1))
    assert reply.status_code == 403
    assert state(second_browser) == "open"


@pytest.mark.parametrize("body", ["", "a.b", "a.b.c", "é.é.é", "x" * 16000, "." * 500])
def test_nonsense_is_refused_with_a_problem(token: Device, body: str) -> None:
    reply = token.send(body.encode())  # type: ignore[arg-type]
    assert reply.status_code == 403
    assert reply.json()["status"] == 403


def test_a_body_that_is_too_large_is_not_read(token: Device) -> None:
    assert token.send("x" * 20_000).status_code == 413


def second_token(world: World, jan: Person, token: Device) -> Device:
    """Link another token to Jan, from the account page."""
    letter = open_letter(world, jan, token)
    token.answer(letter, "approve", jan.element("match-number"))
    jan.get("/waiting")
    jan.post("/waiting/finish")
    jan.post("/link/new")
    return world.link(jan, world.device("DT-0002"))


def test_of_two_tokens_at_the_same_moment_one_wins(
    world: World, jan: Person, token: Device
) -> None:
    other = second_token(world, jan, token)
    waiting = world.browser()
    waiting.sign_in()
    number = waiting.element("match-number")
    yes = token.answer_text(world.letters(token)[-1], "approve", number)
    no = other.answer_text(world.letters(other)[-1], "deny")
    heard: list[str] = []
    together = threading.Barrier(2)

    def answer(text: str) -> None:
        device = world.device()
        together.wait()
        heard.append(device.send(text).json()["outcome"])

    threads = [threading.Thread(target=answer, args=[text]) for text in (yes, no)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(heard)) == 1
    assert state(waiting) == heard[0]


def test_the_token_that_did_not_answer_is_told(world: World, jan: Person, token: Device) -> None:
    other = second_token(world, jan, token)
    waiting = world.browser()
    waiting.sign_in()
    token.answer(world.letters(token)[-1], "deny")
    assert [other.open(x).outcome for x in world.letters(other)] == ["denied"]
    assert world.letters(token) == []

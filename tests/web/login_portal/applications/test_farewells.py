"""Applications are told when a session is ended, and only then; one that does not answer is called again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest

from tests.hardware.bodies import soon
from tests.web.login_portal.applications.relying import Relying, register, signed_in
from tests.web.login_portal.conftest import World
from tests.web.login_portal.device import Device
from tests.web.login_portal.person import Person
from web.login_portal.applications.farewells import EVENT, PAUSE, TRIES


@dataclass
class Ear:
    """Where an application listens; it answers with these codes in turn, the last one for ever."""

    answers: list[int] = field(default_factory=lambda: [200])
    heard: list[str] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def ear() -> Iterator[Ear]:
    listening = Ear()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            listening.heard.append(parse_qs(body)["logout_token"][0])
            answers = listening.answers
            self.send_response(answers.pop(0) if len(answers) > 1 else answers[0])
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *about: object) -> None:
            """Nothing on the terminal."""

    with HTTPServer(("127.0.0.1", 0), Door) as server:
        listening.url = f"http://127.0.0.1:{server.server_port}/hear"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield listening
        server.shutdown()


@pytest.fixture
def rooster(world: World, jan: Person, token: Device, ear: Ear) -> Relying:
    """An application that Jan is signed in to."""
    made = register(world, tell=ear.url)
    assert made.change(signed_in(world, jan, token, made)["code"]).status_code == 200
    return made


def told(world: World) -> int:
    return sum("application told" in line for line in world.log.lines)


def sign_out(person: Person) -> None:
    person.get("/account")
    person.post("/sign-out")


def test_an_application_hears_of_the_end_of_its_session(
    world: World, jan: Person, rooster: Relying, ear: Ear
) -> None:
    world.portal.sweep()
    sign_out(jan)
    world.portal.sweep()
    assert soon(lambda: told(world) == 1)
    claims = rooster.read(ear.heard[0])
    assert claims["events"] == {EVENT: {}}
    assert claims["aud"] == rooster.id
    assert "nonce" not in claims
    assert claims["sid"]
    assert soon(lambda: nothing_left(world))
    world.clock.now += 1000
    world.portal.sweep()
    assert len(ear.heard) == 1


def nothing_left(world: World) -> bool:
    from sqlalchemy import select

    from web.login_portal.store.application_tables import application_sessions

    with world.portal.database.reading() as reading:
        return not reading.execute(select(application_sessions)).all()


def test_one_that_does_not_answer_is_called_again_and_later_left_alone(
    world: World, jan: Person, rooster: Relying, ear: Ear
) -> None:
    assert rooster.id
    ear.answers = [500]
    sign_out(jan)
    for tried in range(TRIES):
        world.portal.sweep()
        assert soon(lambda tried=tried: told(world) == tried + 1)
        world.portal.sweep()
        assert told(world) == tried + 1
        world.clock.now += PAUSE * 2**tried + 1
    world.portal.sweep()
    assert nothing_left(world)
    assert len(ear.heard) == TRIES


def test_a_session_that_only_grew_old_is_not_told(
    world: World, jan: Person, rooster: Relying, ear: Ear
) -> None:
    assert rooster.id
    world.clock.now += 1900
    world.portal.tidy()
    world.portal.sweep()
    assert jan.get("/account").status_code == 303
    assert nothing_left(world)
    assert ear.heard == []


def test_a_logout_token_is_no_id_token(
    world: World, jan: Person, token: Device, rooster: Relying, ear: Ear
) -> None:
    """What an application hears cannot be used to sign somebody out again."""
    sign_out(jan)
    world.portal.sweep()
    assert soon(lambda: len(ear.heard) == 1)
    assert token.id
    assert rooster.id
    assert jan.get(f"/end-session?id_token_hint={ear.heard[0]}").status_code == 400

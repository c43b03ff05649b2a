"""One portal, one authenticator and one line at work, all real: sockets, HTTP and signatures."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

import httpx
import pytest
from joserfc.jwk import OKPKey

from appliance.courier.broker_lines import BrokerLines
from appliance.courier.exchange import default_trust, new_client
from appliance.courier.line_runner import LineRunner
from appliance.wire.call import Done
from appliance.wire.carrying import Assertion, Deliver, Line, Link, Signed, Taken
from appliance.wire.client import ControlClient
from appliance.wire.letters import TOKEN, sign_assertion
from appliance.wire.letters import Assertion as Claims
from tests.courier.control_double import ControlDouble
from tests.courier.scripted_portal import ScriptedPortal


@dataclass
class Bench:
    """What a test of a line needs at hand."""

    portal: ScriptedPortal
    desk: ControlDouble
    client: ControlClient
    threads: list
    path: Path
    answers: dict
    ahead: float = 0.0

    def start(self, http: httpx.Client | None = None, silence: float = 20.0) -> LineRunner:
        """A line at work, in a hurry: its rests are at most 20 ms."""
        runner = LineRunner(
            Link("link-1", self.portal.origin, "device-1"),
            self.client,
            http or new_client(default_trust()),
            BrokerLines(),
            clock=lambda: time.monotonic() + self.ahead,
            chance=lambda: 0.5,
            pause=self._pause,
            silence=silence,
        )
        thread = Thread(target=runner.run, daemon=True)
        thread.start()
        self.threads.append((runner, thread))
        return runner

    def _pause(self, stopped: Event, seconds: float) -> None:
        self.portal.note(f"rest {seconds:.1f}")
        stopped.wait(min(seconds, 0.02))

    def restart_desk(self) -> None:
        """The authenticator ends and starts again, knowing nothing of before."""
        self.desk.close()
        self.desk = ControlDouble(self.path, "courier", self.answers)

    def wait_for_letter(self, letter: str) -> None:
        self.desk.wait_for(lambda call: isinstance(call, Deliver) and call.letter == letter)

    def wait_for_state(self, state: str) -> None:
        self.desk.wait_for(lambda call: isinstance(call, Line) and call.state == state)

    def wait_for_states(self, *states: str) -> None:
        def said() -> tuple[str, ...]:
            return tuple(call.state for call in self.desk.heard if isinstance(call, Line))

        with self.desk.changed:
            assert self.desk.changed.wait_for(lambda: said() == states, 20), said()

    def delivered(self) -> list[str]:
        return [call.letter for call in self.desk.of(Deliver)]


@pytest.fixture
def device_key() -> OKPKey:
    return OKPKey.generate_key("Ed25519")


@pytest.fixture
def portal(device_key: OKPKey) -> Iterator[ScriptedPortal]:
    scripted = ScriptedPortal(device_key)
    yield scripted
    scripted.close()


def answers(device_key: OKPKey, origin: str) -> dict:
    """The authenticator's side: it signs assertions with a clock that stands at 1970 unless it is told the time."""

    def assertion(ask: Assertion) -> Signed:
        now = ask.server_time or 1000.0
        claims = Claims("device-1", "device-1", origin + TOKEN, "once", now, now + 60)
        return Signed(sign_assertion(claims, device_key))

    return {
        "Assertion": assertion,
        "Deliver": lambda _: Taken(True),
        "Line": lambda _: Done(),
    }


@pytest.fixture
def bench(tmp_path: Path, portal: ScriptedPortal, device_key: OKPKey) -> Iterator[Bench]:
    path = tmp_path / "control" / "courier.sock"
    taught = answers(device_key, portal.origin)
    desk = ControlDouble(path, "courier", taught)
    client = ControlClient(path, "courier")
    made = Bench(portal, desk, client, [], path, taught)
    yield made
    for runner, _ in made.threads:
        runner.stop()
    portal.waits = False
    portal.cut()
    made.desk.close()
    for _, thread in made.threads:
        thread.join(20)
        assert not thread.is_alive()
    client.close()

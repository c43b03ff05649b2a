"""One portal and one device's courier, joined by a carrier and by lines that can be cut."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread

import httpx
import pytest

from appliance.courier.broker_lines import BrokerLines
from appliance.courier.exchange import default_trust, new_client
from appliance.courier.line_runner import LineRunner
from appliance.wire.call import Done
from appliance.wire.carrying import Assertion, Deliver, Line, Link, Signed, Taken
from appliance.wire.client import ControlClient
from appliance.wire.letters import TOKEN, Letter, sign_assertion
from appliance.wire.letters import Assertion as Claims
from tests.courier.control_double import ControlDouble
from tests.hardware.bodies import soon
from tests.web.login_portal.carrying.mosquitto import Mosquitto, free_port, running_mosquitto
from tests.web.login_portal.carrying.relay import Relay
from tests.web.login_portal.device import Device
from tests.web.login_portal.served import Served, served
from web.login_portal import outbox, people, requests
from web.login_portal.broker.identity import BrokerIdentity
from web.login_portal.broker.line import BrokerLine
from web.login_portal.carriers import Carrier
from web.login_portal.clock import system_clock
from web.login_portal.config import BrokerDoors
from web.login_portal.device_api.answering import judged
from web.login_portal.keys import Keys, load_or_make
from web.login_portal.logbook import Logbook
from web.login_portal.working import _still_open

SKEWED = 1000.0


@dataclass
class Courier:
    """A device's real line, and the authenticator's half of it."""

    device: Device
    desk: ControlDouble
    runner: LineRunner
    lines: BrokerLines
    thread: Thread

    def heard(self) -> list[Letter]:
        """Every letter that was delivered, as often as it was."""
        return [self.device.open(call.letter) for call in self.desk.of(Deliver)]

    def hears(self, request: str) -> bool:
        return soon(lambda: any(x.jti == request for x in self.heard()))

    def times(self, request: str) -> int:
        return sum(x.jti == request for x in self.heard())

    @property
    def states(self) -> list[str]:
        return [call.state for call in self.desk.of(Line)]

    def connected(self) -> bool:
        return soon(lambda: "connected" in self.states[-1:])

    def letter(self, request: str) -> str:
        return next(
            x.letter for x in self.desk.of(Deliver) if self.device.open(x.letter).jti == request
        )


@dataclass
class Ways:
    """Everything between a login and its device."""

    folder: Path
    ends: ExitStack
    keys: Keys
    broker: Mosquitto | None
    pages: Relay = field(default_factory=Relay)
    letters: Relay = field(default_factory=Relay)
    port: int = field(default_factory=free_port)
    portal: Served | None = None
    line: BrokerLine | None = None

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.pages.port}"

    @property
    def now(self) -> Served:
        assert self.portal is not None
        return self.portal

    def start_portal(self) -> None:
        """Serve, behind the relays; a second time on the same records."""
        self.pages.target = ("127.0.0.1", self.port)
        others: tuple[Carrier, ...] = ()
        doors = None
        if self.broker is not None:
            self.letters.target = self.broker.doors.devices
            doors = BrokerDoors(("127.0.0.1", self.letters.port), self.broker.doors.portal)
            identity = BrokerIdentity(self.keys)
            tls = identity.portal_line(time.time())
            log = Logbook(logging.getLogger(self.origin))
            self.line = BrokerLine(doors.portal, tls, system_clock, log, identity.group)
            others = (self.line,)
        self._running = ExitStack()
        self.portal = self._running.enter_context(
            served(self.folder, address=self.origin, port=self.port, others=others, broker=doors)
        )
        if self.line is not None:
            portal = self.portal.portal
            self.line.start(partial(_still_open, portal), partial(judged, portal))
            self._running.callback(self.line.stop)
            assert soon(lambda: self.line is not None and self.line.up)

    def stop_portal(self) -> None:
        self._running.close()

    def cut(self) -> None:
        self.pages.cut()
        self.letters.cut()

    def mend(self) -> None:
        self.pages.mend()
        self.letters.mend()

    def token(self, name: str = "jan") -> Device:
        """A token that is linked to this person."""
        portal, http = self.now.portal, httpx.Client(base_url=self.origin)
        self.ends.callback(http.close)
        device = Device(http)
        with portal.database.reading() as reading:
            person = people.named(reading, name)
        assert person is not None
        row = portal.enrolments.look(portal.enrolments.new_ticket(person, "en", time.time()))
        assert row is not None
        ticket = device.scan(portal.enrolments.link(row))
        device.show_card(ticket)
        with portal.database.reading() as reading:
            code = outbox.latest(reading)[0].text.split(" is ")[1][:6]
        assert device.confirm(ticket, code).status_code == 200
        return device

    def courier(self, device: Device, clock: float = 0.0) -> Courier:
        """The device's line, in a hurry: its rests are short. With a `clock` its own clock stands there."""

        def assertion(ask: Assertion) -> Signed:
            now = ask.server_time or clock or time.time()
            claims = Claims(
                device.id, device.id, self.origin + TOKEN, f"{time.monotonic()}", now, now + 60
            )
            return Signed(sign_assertion(claims, device.signing))

        # a socket's path is short
        short = self.ends.enter_context(TemporaryDirectory(prefix="dt-"))
        path = Path(short) / "courier.sock"
        answers = {
            "Assertion": assertion,
            "Deliver": lambda _: Taken(True),
            "Line": lambda _: Done(),
        }
        desk, lines = ControlDouble(path, "courier", answers), BrokerLines()
        client = ControlClient(path, "courier")
        runner = LineRunner(
            Link("link-1", self.origin, device.id),
            client,
            new_client(default_trust()),
            lines,
            clock=time.monotonic,
            chance=lambda: 0.5,
            pause=_briefly,
        )
        thread = Thread(target=runner.run, daemon=True)
        thread.start()
        made = Courier(device, desk, runner, lines, thread)
        self.ends.callback(_end, made, client)
        return made

    def login(self) -> str:
        """A login of Jan's begins; the name of its request."""
        story, request = self.now.portal.sign_ins, requests.new_id()
        with self.now.portal.database.reading() as reading:
            person = people.named(reading, "jan")
        assert person is not None
        assert story.begin(request, person, "here", time.time()) == 0
        return request


def _briefly(stopped: Event, seconds: float) -> None:
    stopped.wait(min(seconds, 0.1))


def _end(made: Courier, client: ControlClient) -> None:
    made.runner.stop()
    made.desk.close()
    made.thread.join(30)
    client.close()
    assert not made.thread.is_alive()


@pytest.fixture(scope="session")
def master(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the keys that every portal of these tests has."""
    folder = tmp_path_factory.mktemp("keys")
    load_or_make(folder)
    return folder


@pytest.fixture(scope="session")
def mosquitto(master: Path) -> Iterator[Mosquitto]:
    """One broker for all tests that do not kill it for good."""
    with running_mosquitto(BrokerIdentity(load_or_make(master))) as broker:
        yield broker


@pytest.fixture(params=["embedded", "mqtt"])
def ways(request: pytest.FixtureRequest, tmp_path: Path, master: Path) -> Iterator[Ways]:
    """A portal that serves, on one carrier or the other."""
    broker = request.getfixturevalue("mosquitto") if request.param == "mqtt" else None
    folder = tmp_path / "portal"
    folder.mkdir()
    for name in ("portal.key", "master.key"):
        (folder / name).write_bytes((master / name).read_bytes())
    with ExitStack() as ends:
        made = Ways(folder, ends, load_or_make(folder), broker)
        made.start_portal()
        yield made
        made.cut()  # a long-poll would go on for 25 s
        ends.close()
        made.stop_portal()
        made.pages.close()
        made.letters.close()

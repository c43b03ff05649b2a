"""A portal in a temporary folder with a clock that the test turns, one person, and tokens that can be linked to it."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner, Result
from flask import Flask
from playwright.sync_api import Browser

from tests.tour.page import engine as browser_engine
from tests.web.login_portal.authority import Authority
from tests.web.login_portal.device import Device, InProcess
from tests.web.login_portal.domain import Domain, domain
from tests.web.login_portal.person import PASSWORD, Person, browser
from tests.web.login_portal.served import Served, served
from tests.web.login_portal.slapd import Slapd, slapd
from tests.web.login_portal.store.postgres import Postgres, running_postgres
from web.login_portal import inbox, outbox
from web.login_portal.carriers import Embedded
from web.login_portal.command import main
from web.login_portal.command_options import database_of
from web.login_portal.config import Config
from web.login_portal.device_api.answering import Answering
from web.login_portal.logbook import Logbook
from web.login_portal.outside import Outside
from web.login_portal.pages.application import application
from web.login_portal.portal import Portal, open_portal
from web.login_portal.rules.addresses import origin

ORIGIN = "http://127.0.0.1:8443"
START = 1_800_000_000.0


@dataclass
class Turned:
    """A clock that goes only when the test says so."""

    now: float = START

    def __call__(self) -> float:
        return self.now


@dataclass
class Kept(logging.Handler):
    """A log that the test can read."""

    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def __hash__(self) -> int:
        return id(self)

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@dataclass
class World:
    """Everything a test needs of one portal."""

    portal: Portal
    app: Flask
    clock: Turned
    log: Kept
    workers: Executor = field(default_factory=lambda: ThreadPoolExecutor(4))

    def browser(self) -> Person:
        return browser(self.app, self.portal)

    def device(self, serial: str = "DT-0001") -> Device:
        answering = Answering(self.portal, self.workers)
        client, home = self.app.test_client(), self.portal.config.origin.url
        return Device(InProcess(client, answering, home), serial)

    def sms_code(self) -> str:
        with self.portal.database.reading() as reading:
            found = re.search(r"\b(\d{6})\b", outbox.latest(reading)[0].text)
        assert found is not None
        return found[1]

    def link(self, person: Person, device: Device) -> Device:
        """Take a token through the whole enrolment of the page that this person looks at."""
        ticket = device.scan(person.link())
        assert device.show_card(ticket).status_code == 202
        assert device.confirm(ticket, self.sms_code()).status_code == 200
        return device

    def command(self, *words: str) -> Result:
        """What `desk-portal` says to the service desk at this portal's records."""
        config = self.portal.config
        database_of(config.data, config.database)
        return self.elsewhere(config.data, *words)

    @staticmethod
    def elsewhere(data: Path, *words: str) -> Result:
        """What it says about another data folder."""
        return CliRunner().invoke(main, [*words, "--data", str(data)])

    def letters(self, device: Device, after: int = 0) -> list[str]:
        with self.portal.database.reading() as reading:
            found = inbox.after(reading, device.id, after, self.clock())
        return [letter.text for letter in found]


def pytest_configure(config: pytest.Config) -> None:
    """Tell pytest of our mark."""
    config.addinivalue_line("markers", "both_stores: run on SQLite and on a real PostgreSQL")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test of a marked module that has a store runs on both."""
    marked = metafunc.definition.get_closest_marker("both_stores") is not None
    if marked and "store" in metafunc.fixturenames:
        group = pytest.mark.xdist_group(f"postgresql of {metafunc.module.__name__}")
        both = ["sqlite", pytest.param("postgresql", marks=group)]
        metafunc.parametrize("store", both, indirect=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server of the tests' own."""
    with running_postgres() as server:
        yield server


@pytest.fixture
def store(request: pytest.FixtureRequest) -> Callable[[str], str]:
    """The address of the database of this name: SQLite, unless its module is marked `both_stores`."""
    if getattr(request, "param", "sqlite") == "sqlite":
        return lambda _name: ""
    server: Postgres = request.getfixturevalue("postgres")
    made: dict[str, str] = {}
    return lambda name: made.setdefault(name, server.fresh())


def new_world(config: Config, number: int = 0) -> World:
    """A portal of this configuration, with its clock and log in the test's hands."""
    clock, kept = Turned(), Kept()
    logger = logging.getLogger(f"portal under test {config.data} {number}")
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.addHandler(kept)
    portal = open_portal(config, Embedded(), clock, Logbook(logger))
    return World(portal, application(portal), clock, kept)


@pytest.fixture
def make_world(tmp_path: Path, store: Callable[[str], str]) -> Iterator[Callable[..., World]]:
    """Makes portals; a second one with the same name stands on the same data, as after a restart."""
    made: list[World] = []

    def make(name: str = "portal", address: str = ORIGIN, **outside: Any) -> World:  # noqa: ANN401
        config = Config(
            tmp_path / name,
            origin(address),
            "Werkplek",
            database=store(name),
            outside=Outside(**outside),
        )
        made.append(new_world(config, len(made)))
        return made[-1]

    yield make
    for world in made:
        world.portal.database.close()


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    """A portal with one person, Jan."""
    made = make_world()
    made.portal.add_person("jan", PASSWORD, display="Jan de Vries", phone="+31612345678")
    return made


@pytest.fixture
def jan(world: World) -> Person:
    """Jan's browser."""
    return world.browser()


@pytest.fixture
def token(world: World) -> Device:
    """A token that is linked to Jan."""
    person = world.browser()
    person.sign_in()
    return world.link(person, world.device())


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Served]:
    """A portal that really listens, with Jan."""
    with served(tmp_path / "portal") as running:
        yield running


@pytest.fixture
def http(portal: Served) -> Iterator[httpx.Client]:
    """Somebody at that portal, without a browser."""
    with httpx.Client(base_url=portal.origin, headers={"Origin": portal.origin}) as client:
        yield client


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A real browser, in which every test opens pages of its own."""
    with browser_engine() as engine:
        yield engine


@pytest.fixture(scope="session")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slapd]:
    """A real directory; its tests sit in the xdist group `slapd`, so that it starts once."""
    folder = tmp_path_factory.mktemp("slapd")
    with slapd(folder / "server", Authority(folder).identity("localhost")) as running:
        yield running


@pytest.fixture(scope="session")
def active_directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Domain]:
    """A real Active Directory; its tests sit in the xdist group `samba`, so that it starts once."""
    with domain(tmp_path_factory.mktemp("samba")) as running:
        yield running

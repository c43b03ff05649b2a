"""The virtual Pi of a run: the package installed once, an account linked once, a copy of either for each story.

The portal is the real one, outside the machine; the guest reaches it at the same loopback address through a proxy.
"""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.story.house import DISPLAY, NAME, PASSWORD, PHONE, add_person
from tests.story.visitor import Visitor
from tests.tour.servers import BIN, serving
from tests.vm.machine import BUILT, GuestTrouble, Machine
from tests.vm.token import Token

SERVICE = "Werkplek"
PORTAL, LINKED = Path("portal") / "portal.db", "linked.db"
PACKAGES = BUILT.parent / "deb"
CLOCK = "date -s @{now} >/dev/null; mkdir -p /run/systemd/timesync; touch /run/systemd/timesync/synchronized"


@dataclass
class Outside:
    """What stands around the machine: the portal and a person at a browser."""

    url: str
    visitor: Visitor
    name: str = NAME

    @property
    def port(self) -> int:
        """The portal's port, the same on both sides."""
        return urlsplit(self.url).port or 0


Opened = Callable[[], "Token"]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Function, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A story that went wrong ends with what the machines in it had to say."""
    report = yield
    if call.when == "call" and call.excinfo is not None:
        for name, part in item.funcargs.items():
            machine = part.machine if isinstance(part, Token) else part
            if isinstance(machine, Machine):
                report.sections.append((f"journal of {name}", machine.journal()))
    return report


@pytest.fixture(scope="session")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of this run's disks."""
    return tmp_path_factory.mktemp("vm")


@pytest.fixture(scope="session")
def package() -> Path:
    """The newest package for the machine."""
    made = sorted(
        PACKAGES.glob("desk-token_*_trixie_amd64.deb"), key=lambda path: path.stat().st_mtime
    )
    assert made, "there is no package; `make vm-test` builds it"
    return made[-1]


@pytest.fixture(scope="session")
def outside(work: Path) -> Iterator[Outside]:
    """A portal with one person."""
    add_person(work / "portal", NAME, DISPLAY, PHONE, PASSWORD)
    words = ("serve", "--data", str(work / "portal"), "--port", "0")
    with serving(str(BIN / "desk-portal"), *words) as server:
        visitor = Visitor(server.url)
        yield Outside(server.url, visitor)
        visitor.close()


@pytest.fixture(scope="session")
def started(work: Path) -> Path:
    """A disk with a state `bare`: the system runs, our package is not there."""
    disk = work / "bare.qcow2"
    with Machine(disk, PACKAGES) as machine:
        machine.wait_for_shell()
        machine.does("systemctl is-system-running --wait", 300)
        machine.does("systemctl stop systemd-timesyncd")
        machine.save("bare")
    return disk


@pytest.fixture(scope="session")
def installed(work: Path, started: Path, package: Path, outside: Outside) -> Path:
    """A disk with a state `installed`: the package is in, the panel asks for a code."""
    with copied(started, work / "installed.qcow2", "bare") as machine:
        set_up(machine, package, outside)
        Token(machine).sees("Niet gekoppeld")
        machine.save("installed")
    return work / "installed.qcow2"


@pytest.fixture(scope="session")
def linked(work: Path, installed: Path, outside: Outside) -> Path:
    """A disk with a state `linked`: one account, its code on the glass."""
    with copied(installed, work / "linked.qcow2", "installed") as machine:
        enrol(Token(machine), outside)
        machine.save("linked")
    copied_store(work / PORTAL, work / LINKED)
    return work / "linked.qcow2"


@pytest.fixture
def fresh(installed: Path, tmp_path: Path) -> Iterator[Token]:
    """A token that has just been installed."""
    with copied(installed, tmp_path / "disk.qcow2", "installed") as machine:
        yield Token(machine)


@pytest.fixture
def token(work: Path, linked: Path, tmp_path: Path) -> Iterator[Token]:
    """A token with one account, started anew: it rightly doubts a clock that stood still while its state was kept.

    The portal goes back in time together with the token: it rightly takes no answer under a number that it has seen,
    and nothing from a token that has said goodbye.
    """
    copied_store(work / LINKED, work / PORTAL)
    with copied(linked, tmp_path / "disk.qcow2", "linked") as machine:
        machine.does(
            "systemctl restart desk-token-authenticator.service desk-token-courier.service"
        )
        there = Token(machine)
        there.sees(SERVICE)
        yield there


def copied_store(source: Path, target: Path) -> None:
    """A database takes the place of another one, whole, also while a portal runs on either."""
    with (
        closing(sqlite3.connect(source, timeout=30)) as taken,
        closing(sqlite3.connect(target, timeout=30)) as given,
    ):
        taken.backup(given)


@contextmanager
def copied(disk: Path, copy: Path, state: str) -> Iterator[Machine]:
    """Go on from this state on a copy of the disk, with the clock set right."""
    shutil.copyfile(disk, copy)
    with Machine(copy, PACKAGES, state) as machine:
        machine.wait_for_shell()
        synchronise(machine)
        try:
            yield machine
        except GuestTrouble as trouble:
            trouble.add_note(machine.journal())
            raise


def synchronise(machine: Machine) -> None:
    """Set the guest's clock, as timesyncd would, and leave its mark."""
    machine.does(CLOCK.format(now=int(time.time())))


def set_up(machine: Machine, package: Path, outside: Outside) -> None:
    """Install the package, and make the portal reachable at its own address."""
    fetch(machine, package)
    machine.does(f"dpkg -i /var/tmp/{package.name}", 400)
    proxy(machine, outside)
    machine.until("systemctl is-active desk-token-authenticator.service")


def fetch(machine: Machine, package: Path) -> None:
    """Bring a package into the machine, from wherever it lies under the share."""
    machine.mount_share()
    machine.does(f"cp /mnt/host/{package.relative_to(PACKAGES)} /var/tmp/")
    machine.unmount_share()


def proxy(machine: Machine, outside: Outside) -> None:
    """The portal at its own loopback address, through the host."""
    at = f"127.0.0.1:{outside.port}"
    unit = (
        f"printf '[Socket]\\nListenStream={at}\\n' > /etc/systemd/system/portal.socket; "
        "printf '[Service]\\nExecStart=/usr/lib/systemd/systemd-socket-proxyd 10.0.2.2:%s\\n' "
        f"{outside.port} > /etc/systemd/system/portal.service; "
        "mkdir -p /etc/systemd/system/sockets.target.wants; "
        "ln -sf ../portal.socket /etc/systemd/system/sockets.target.wants/; "
        "systemctl daemon-reload; systemctl restart portal.socket"
    )
    machine.does(unit)


def enrol(token: Token, outside: Outside) -> None:
    """The whole enrolment: camera, offer, hold, code from the SMS, ready, code on the glass."""
    link(token, outside)
    token.settle()
    token.tap()
    token.sees(SERVICE)


def link(token: Token, outside: Outside) -> None:
    """The enrolment up to the words that the account is linked."""
    visitor = outside.visitor
    visitor.signs_in(outside.name, PASSWORD)
    token.camera_sees(visitor.link())
    token.wakes("Niet gekoppeld")
    token.hold()
    token.sees("Account koppelen?", patience=120)
    token.settle()
    token.hold()
    token.sees("Voer de", patience=120)
    token.settle()
    token.dial(visitor.confirm_code())
    token.sees("Koppeling gereed", patience=120)

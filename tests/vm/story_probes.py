"""A process that was taken over tries to get out: every hostile act inside its unit is refused, in a booted system.

All other processes run meanwhile, so that there is something to reach. Two controls: the same acts with nothing but a
user of its own show what the walls are for, and as root without walls that an act is one at all.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.vm.conftest import copied
from tests.vm.machine import Machine
from tests.vm.probe import ACTS, ROLES
from tests.vm.story_footprint import kept

HERE = Path(__file__).resolve().parent
FEWEST, LET_THROUGH = 40, 5
SOURCES = ("probe.py", "probe_hands.py")
NETWORK = {
    "open a network socket": "letters travel by it",
    "open a newer network socket": "letters travel by it",
    "reach another computer": "the portal is one",
    "reach a service on this machine": "a portal or proxy may be on it",
}
BUS = {"speak to the system bus": "its orders go there; polkit names which"}
# what a unit is there for, with the reason; everything else it is refused
ITS_WORK: dict[str, dict[str, str]] = {
    "authenticator": {
        "read the records": "it is the one that keeps them",
        "open the pins": "the keys are on them",
        "open the panel's bus": "the panel is on it",
        "open the panel's other bus": "other panels are on it",
        "write into the sockets' folder": "it makes the sockets",
        "ask for a scan": "it is the one that asks",
        "ring for the updater": "it is the one that rings",
    },
    "courier": {**NETWORK, "ask the authenticator as the courier": "its role"},
    "page": {
        "ask the authenticator as the page": "its role",
        "speak to the page past the porter": "it is the page",
    },
    "porter": {
        "read the key of the page": "it speaks TLS with it",
        "ask the authenticator as the porter": "its role",
        "speak to the page past the porter": "it is the porter",
    },
    "console": {
        "ask the authenticator as the console": "its role",
        "open the technician's line": "it answers there",
    },
    "steward": {
        **BUS,
        "ask the authenticator as the steward": "its role",
        "power off through the bus": "a person may hold for it",
        "set the clock through the bus": "a person may hold for it",
    },
    "updater": {
        **BUS,
        "ask the authenticator as the updater": "its role",
        "read the updates under way": "it keeps them",
        "write into our own code": "it is the one that does",
    },
    "scanner@": {"open the camera's buffers": "frames lie in them"},
}
# the authenticator knows its callers by the kernel's word, and root is none of them
REFUSED_TO_ROOT = {f"ask the authenticator as the {role}" for role in ROLES}
RUNNING = "desk-token.target desk-token-porter desk-token-page desk-token-updater"
DROP_IN = """[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=
ExecStart=/usr/bin/python3 /run/probe/probe.zip
StandardInput=null
StandardOutput=truncate:/run/probe/{name}.out
StandardError=truncate:/run/probe/{name}.err
Restart=no
WatchdogSec=0
RuntimeMaxSec=infinity
TimeoutStartSec=500
"""


@pytest.fixture(scope="module")
def machine(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A machine with the probe, on which every process has run, so that there is something to find."""
    disk = tmp_path_factory.mktemp("probe") / "disk.qcow2"
    with copied(installed, disk, "installed") as running:
        running.does("mkdir -p /run/probe; echo secret | tee ~/probe /home/.probe > /dev/null")
        running.put(_packed(), "/run/probe/probe.zip")
        # while the network keeps the time nobody may set it, and the steward switches that on whenever it can be had
        running.does("systemctl mask --runtime --now systemd-timesyncd.service")
        running.does(f"systemctl start {RUNNING}")
        running.until("test -s /var/lib/desk-token-porter/door.pem")
        running.does("touch /var/lib/desk-token-updater/probe")
        yield running


def _packed() -> bytes:
    """The probe as one file that Python runs."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr("__main__.py", "from tests.vm.probe import main\nmain()\n")
        for place in ("tests/__init__.py", "tests/vm/__init__.py"):
            pack.writestr(place, "")
        for name in SOURCES:
            pack.write(HERE / name, f"tests/vm/{name}")
    return held.getvalue()


def acts(said: str) -> tuple[set[str], set[str]]:
    """What was refused, and what was done."""
    lines = [line.split(": ") for line in said.splitlines()]
    refused = {words[1] for words in lines if words[0] == "probe refused"}
    return refused, {words[1] for words in lines if words[0] == "probe done"}


@pytest.mark.parametrize("name", sorted(ITS_WORK))
def test_no_hostile_act_succeeds_inside_the_unit(
    machine: Machine, name: str, record_property: pytest.RecordProperty
) -> None:
    unit = f"desk-token-{name}.service"
    asked = unit.replace("@", "@probe")
    machine.does(f"systemctl stop {asked}; mkdir -p /run/systemd/system/{unit}.d")
    place = f"/run/systemd/system/{unit}.d/probe.conf"
    machine.put(DROP_IN.format(name=name).encode(), place)
    machine.does(f"systemctl daemon-reload; systemctl start {asked}", 600)
    said = machine.does(f"cat /run/probe/{name}.out /run/probe/{name}.err")
    # the page's own socket too: it would be started for whom the probe has left waiting there
    machine.does(f"systemctl stop {asked} desk-token-page.socket; rm {place}")
    machine.does(f"systemctl daemon-reload; systemctl reset-failed; systemctl start {RUNNING}")
    refused, done = acts(said)
    assert refused | done == set(ACTS), said
    hostile = set(ACTS) - set(ITS_WORK[name])
    figures = {name: len(refused & hostile), f"{name}, of": len(hostile)}
    record_property("figures of hostile acts refused", figures)
    kept({f"hostile acts refused, {what}": count for what, count in figures.items()})
    assert done & hostile == set()
    assert len(refused & hostile) >= FEWEST


@pytest.mark.parametrize(
    ("user", "least"), [("desk-token", LET_THROUGH), ("root", len(ACTS) - len(REFUSED_TO_ROOT))]
)
def test_the_same_acts_without_the_walls_are_let_through(
    machine: Machine, user: str, least: int, record_property: pytest.RecordProperty
) -> None:
    place = f"/run/probe/control-{user}.out"
    machine.does(
        f"systemd-run --quiet --wait -p User={user} -p StandardOutput=truncate:{place} "
        "-p StandardError=inherit /usr/bin/python3 /run/probe/probe.zip",
        600,
    )
    refused, done = acts(machine.does(f"cat {place}"))
    assert refused | done == set(ACTS)
    figures = {f"user {user} alone": len(done)}
    record_property("figures of hostile acts that a control was allowed", figures)
    kept({f"hostile acts allowed, {what}": count for what, count in figures.items()})
    assert len(done) >= least, sorted(refused - REFUSED_TO_ROOT)

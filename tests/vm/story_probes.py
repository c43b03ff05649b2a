"""A process that was taken over tries to get out: every hostile act inside its unit is refused, in a booted system.

The control has nothing but a user of its own. What it is allowed to do is what the walls are for.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.vm.conftest import copied
from tests.vm.machine import Machine
from tests.vm.probe import ACTS

PROBE = Path(__file__).with_name("probe.py")
FEWEST = 40
NETWORK = {
    "open a network socket",
    "open a newer network socket",
    "reach the portal's network",
    "reach a service on this machine",
}
ITS_WORK = {
    "authenticator": {
        "read the records",
        "ask the authenticator as the courier",
        "ask the authenticator as the steward",
        "ask for a scan",
    },
    "courier": {*NETWORK, "ask the authenticator as the courier"},
    "page": set[str](),
    "porter": {"read the key of the page"},
    "console": set[str](),
    "steward": {"ask the authenticator as the steward"},
    "scanner@": set[str](),
}
DROP_IN = """[Service]
Type=oneshot
ExecStart=
ExecStart=/usr/bin/python3 /run/probe/probe.py
StandardInput=null
StandardOutput=truncate:/run/probe/{name}.out
StandardError=null
Restart=no
WatchdogSec=0
RuntimeMaxSec=infinity
TimeoutStartSec=300
"""


@pytest.fixture(scope="module")
def machine(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A machine where every unit runs the probe instead of its own command."""
    disk = tmp_path_factory.mktemp("probe") / "disk.qcow2"
    with copied(installed, disk, "installed") as running:
        running.does("mkdir -p /run/probe; chmod 755 /run/probe")
        text = PROBE.read_text().replace("'", "'\\''")
        for number, start in enumerate(range(0, len(text), 3000)):
            arrow = ">" if number == 0 else ">>"
            running.does(f"printf %s '{text[start : start + 3000]}' {arrow} /run/probe/probe.py")
        yield running


def acts(said: str) -> tuple[set[str], set[str]]:
    """What was refused, and what was done."""
    lines = [line.partition(": ") for line in said.splitlines() if ": " in line]
    refused = {what for how, _, what in lines if how == "probe refused"}
    return refused, {what for how, _, what in lines if how == "probe done"}


@pytest.mark.parametrize("name", sorted(ITS_WORK))
def test_no_hostile_act_succeeds_inside_the_unit(
    machine: Machine, name: str, record_property: pytest.RecordProperty
) -> None:
    unit = f"desk-token-{name}.service"
    asked = unit.replace("@", "@probe")
    lines = DROP_IN.format(name=name).replace("\n", "\\n")
    machine.does(
        f"mkdir -p /run/systemd/system/{unit}.d; printf '{lines}' > /run/systemd/system/{unit}.d/probe.conf; "
        "mkdir -p /run/desk-token/control; systemctl daemon-reload; systemctl stop desk-token.target"
    )
    machine.does(f"systemctl start {asked}", 400)
    refused, done = acts(machine.does(f"cat /run/probe/{name}.out; systemctl stop {asked}"))
    assert refused | done == set(ACTS)
    hostile = set(ACTS) - ITS_WORK[name]
    assert done & hostile == set()
    assert len(refused & hostile) >= FEWEST
    record_property("figures of hostile acts refused", {name: len(refused & hostile)})


def test_the_same_acts_with_only_a_user_succeed_in_part(
    machine: Machine, record_property: pytest.RecordProperty
) -> None:
    machine.does(
        "systemd-run --quiet --wait -p User=desk-token -p StandardOutput=truncate:/run/probe/control.out "
        "/usr/bin/python3 /run/probe/probe.py",
        400,
    )
    _, done = acts(machine.does("cat /run/probe/control.out"))
    assert len(done) >= 5
    record_property(
        "figures of hostile acts that the control was allowed", {"with only a user": len(done)}
    )

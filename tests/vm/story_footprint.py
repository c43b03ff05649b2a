"""What the token costs while nothing happens: memory, processor, bytes written, and the time from power to a code.

The machine is emulated: a second of its processor is not a second of a Pi's. Each figure of time therefore stands
beside what bare Python costs in the same machine, and the emulator's pace beside the host's.
"""

from __future__ import annotations

import fcntl
import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.vm.conftest import PACKAGES, SERVICE, synchronise
from tests.vm.machine import BUILT, Machine
from tests.vm.token import Token

PYTHON = "/opt/desk-token/current/bin/python"
UNITS = "systemctl list-units 'desk-token-*.service' --state=running --plain --no-legend"
COSTS = (
    f"for unit in $({UNITS} | awk '{{ print $1 }}'); do "
    "group=/sys/fs/cgroup$(systemctl show -p ControlGroup --value $unit); pss=0; "
    'for pid in $(cat "$group/cgroup.procs"); do '
    'pss=$((pss + $(awk "/^Pss:/ { print \\$2 }" /proc/$pid/smaps_rollup))); done; '
    'echo $unit $pss $(awk "/^usage_usec/ { print \\$2 }" "$group/cpu.stat") '
    '$(for pid in $(cat "$group/cgroup.procs"); do cat /proc/$pid/task/*/schedstat; done | '
    'awk "{ turns += \\$3 } END { print turns }"); done'
)
NAMES = "gpiozero, luma.oled.device, cryptography, msgspec, joserfc, PIL.Image, numpy"
IMPORTS = (
    f"{PYTHON} -c 'import {NAMES}; print(open(\"/proc/self/smaps_rollup\").read())' "
    "| awk '/^Pss:/ { print $2 }'"
)
TIMED_IMPORTS = (
    f"{PYTHON} -c 'import time; t = time.monotonic(); import {NAMES}; print(time.monotonic() - t)'"
)
IDLE = 180
# wakings a second of all processes together, most of them of lgpio's thread behind light and buzzer, which is there as
# soon as one of them is; with keys watched by lgpio there were 1,300 here, and 2,000 cost 5 % of a Pi 4's core
BUSIEST = 300
# twice a second, as the authenticator's loop looks at its clock while the panel is dark
BARE = (
    f"import select, time, {NAMES}; t = time.process_time(); "
    f"[select.select([], [], [], 0.5) for _ in range({2 * IDLE})]; print(time.process_time() - t)"
)
LAP = "import time; t = time.process_time(); sum(n * n for n in range(10**6)); print(time.process_time() - t)"
CONNECTED = (
    "journalctl -b --no-pager -o cat "
    "_PID=$(systemctl show -p MainPID --value desk-token-courier.service) | grep -q 'line: connected'"
)
WROTE = (
    "awk '/^write_bytes/ { print $2 }' "
    "/proc/$(systemctl show -p MainPID --value desk-token-authenticator.service)/io"
)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a service has used so far; a turn is once that one of its threads was put on a processor."""

    kibibytes: int
    microseconds: int
    turns: int

    def since(self, before: Cost) -> Cost:
        """What was added."""
        used = self.microseconds - before.microseconds
        return Cost(self.kibibytes, used, self.turns - before.turns)


def costs(machine: Machine) -> dict[str, Cost]:
    """Of each service of ours that runs."""
    rows = (line.split() for line in machine.does(COSTS).splitlines())
    return {row[0]: Cost(int(row[1]), int(row[2]), int(row[3])) for row in rows}


def written(machine: Machine) -> int:
    """Sectors that the disk was given."""
    return int(machine.does("awk '{ print $7 }' /sys/block/vda/stat"))


def pace(machine: Machine) -> float:
    """How many times longer the same Python takes in the machine than on its host, by processor time."""
    inside = float(machine.does(f"{PYTHON} -c '{LAP}'"))
    outside = subprocess.run([sys.executable, "-c", LAP], check=True, capture_output=True)
    return inside / float(outside.stdout)


def kept(figures: dict[str, float]) -> None:
    """Beside the figures of other runs, in build/vm.json; a second machine may play at the same time."""
    with (BUILT.parent / "vm.json").open("a+") as place:
        fcntl.flock(place, fcntl.LOCK_EX)
        place.seek(0)
        before = json.loads(place.read() or "{}")
        place.truncate(0)
        place.write(json.dumps({**before, **figures}, indent=1, sort_keys=True))


def test_an_idle_token_is_small_and_quiet(
    token: Token, record_property: pytest.RecordProperty
) -> None:
    machine = token.machine
    token.wakes(SERVICE)
    machine.does("sleep 70; sync; sleep 2")  # dark by now
    before, sectors = costs(machine), written(machine)
    machine.does(f"{PYTHON} -c '{BARE}' > /run/bare & sleep {IDLE}; sync", IDLE + 60)
    after, more = costs(machine), written(machine) - sectors
    used = {_short(unit): after[unit].since(before[unit]) for unit in after if unit in before}
    memory = sum(cost.kibibytes for cost in after.values()) / 1024
    processor = sum(cost.microseconds for cost in used.values()) / 1e4 / IDLE
    turns = sum(cost.turns for cost in used.values()) / IDLE
    bare = float(machine.until("test -s /run/bare && cat /run/bare")) / IDLE * 100
    slower = pace(machine)
    daily = more * 512 * 86_400 / IDLE / 1_048_576
    figures = {
        "idle MiB": memory,
        "idle MiB of bare Python with the same imports": int(machine.does(IMPORTS)) / 1024,
        "idle percent of an emulated core": processor,
        "idle percent of a core at the host's pace": processor / slower,
        "idle percent of bare Python that wakes twice a second": bare,
        "idle wakings a second": turns,
        "times slower than its host": slower,
        "idle MiB written a day": daily,
        **{f"idle MiB, {name}": cost.kibibytes / 1024 for name, cost in used.items()},
        **{f"idle percent, {name}": cost.microseconds / 1e4 / IDLE for name, cost in used.items()},
        **{f"idle wakings a second, {name}": cost.turns / IDLE for name, cost in used.items()},
    }
    kept({name: round(figure, 2) for name, figure in figures.items()})
    record_property("figures of an idle token on the virtual Pi", figures)
    assert {f"desk-token-{name}.service" for name in ("authenticator", "courier")} <= set(after)
    assert memory <= 120
    assert processor / slower <= 1
    assert turns <= BUSIEST
    assert daily <= 1


def test_showing_codes_writes_nothing(token: Token) -> None:
    machine = token.machine
    machine.until(CONNECTED)  # what the portal says first is kept, and is no matter of codes
    token.wakes(SERVICE)
    machine.does("sync; sleep 5")
    before = int(machine.does(WROTE))
    for _ in range(3):  # lit all the time, over three changes of the code
        machine.does("sleep 25")
        token.wakes(SERVICE)
    machine.does("sync")
    wrote = int(machine.does(WROTE)) - before
    kept({"bytes written for showing three codes": wrote})
    assert wrote == 0


def test_a_code_is_on_the_glass_soon_after_power_on(
    linked: Path, tmp_path: Path, record_property: pytest.RecordProperty
) -> None:
    disk = tmp_path / "cold.qcow2"
    disk.write_bytes(linked.read_bytes())
    with Machine(disk, PACKAGES) as machine:
        machine.wait_for_shell()
        shell = round(time.monotonic() - machine.began, 1)
        synchronise(machine)
        machine.until("test -e /run/tap")  # the shell comes before the buses do
        token = Token(machine)
        token.sees(SERVICE, patience=420)
        seconds = round(time.monotonic() - machine.began, 1)
        bare = round(float(machine.does(TIMED_IMPORTS)), 1)
    figures = {
        "from power-on to a code": seconds,
        "from power-on to the system's shell": shell,
        "bare Python with the same imports": bare,
    }
    kept({f"seconds {name}": value for name, value in figures.items()})
    record_property("figures of seconds on the virtual Pi", figures)


def _short(unit: str) -> str:
    return unit.removeprefix("desk-token-").removesuffix(".service")

"""What the token costs while nothing happens: memory, processor, bytes written, and the time from power to a code."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from tests.vm.conftest import PACKAGES, SERVICE, synchronise
from tests.vm.machine import BUILT, Machine
from tests.vm.token import Token

PSS = (
    "for unit in authenticator courier steward porter page; do "
    "pid=$(systemctl show -p MainPID --value desk-token-$unit.service); "
    '[ "$pid" -gt 0 ] && echo $unit $(awk "/^Pss:/ { print \\$2 }" /proc/$pid/smaps_rollup) '
    '$(awk "{ print \\$14 + \\$15 }" /proc/$pid/stat); done; true'
)
IMPORTS = (
    "/opt/desk-token/current/bin/python -c 'import gpiozero, luma.oled.device, cryptography, msgspec, "
    "joserfc, PIL.Image, numpy; print(open(\"/proc/self/smaps_rollup\").read())' | awk '/^Pss:/ { print $2 }'"
)
TIMED_IMPORTS = (
    "/opt/desk-token/current/bin/python -c 'import time; t = time.monotonic(); import gpiozero, "
    "luma.oled.device, cryptography, msgspec, joserfc, PIL.Image, numpy; print(time.monotonic() - t)'"
)
IDLE = 60


def costs(machine: Machine) -> dict[str, tuple[int, int]]:
    """Kibibytes and hundredths of a second of each process."""
    rows = (line.split() for line in machine.does(PSS).splitlines())
    return {row[0]: (int(row[1]), int(row[2])) for row in rows}


def written(machine: Machine) -> int:
    """Sectors that the disk was given."""
    return int(machine.does("awk '{ print $7 }' /sys/block/vda/stat"))


def kept(figures: dict[str, float]) -> None:
    """Beside the figures of other runs, in build/vm.json."""
    place = BUILT.parent / "vm.json"
    before = json.loads(place.read_text()) if place.exists() else {}
    place.write_text(json.dumps({**before, **figures}, indent=1, sort_keys=True))


def test_an_idle_token_is_small_and_quiet(
    token: Token, record_property: pytest.RecordProperty
) -> None:
    machine = token.machine
    token.wakes(SERVICE)
    machine.does("sleep 90; sync; sleep 2")  # dark by now
    before, sectors = costs(machine), written(machine)
    machine.does(f"sleep {IDLE}; sync", IDLE + 60)
    after, more = costs(machine), written(machine) - sectors
    memory = sum(kib for kib, _ in after.values()) / 1024
    processor = sum(after[name][1] - before[name][1] for name in after) / IDLE
    daily = more * 512 * 86_400 / IDLE / 1_048_576
    figures = {
        "idle MiB": round(memory, 1),
        "idle percent of a core": round(processor, 2),
        "idle MiB written a day": round(daily, 2),
        "MiB of the same imports": round(int(machine.does(IMPORTS)) / 1024, 1),
    }
    kept(figures)
    record_property("figures of an idle token on the virtual Pi", figures)
    assert memory <= 120
    assert daily <= 1


def test_a_code_is_on_the_glass_soon_after_power_on(
    linked: Path, tmp_path: Path, record_property: pytest.RecordProperty
) -> None:
    disk = tmp_path / "cold.qcow2"
    disk.write_bytes(linked.read_bytes())
    with Machine(disk, PACKAGES) as machine:
        machine.wait_for_shell()
        synchronise(machine)
        token = Token(machine)
        token.sees(SERVICE, patience=240)
        seconds = round(time.monotonic() - machine.began, 1)
        bare = round(float(machine.does(TIMED_IMPORTS)), 1)
    figures = {"from power-on to a code": seconds, "the same imports alone": bare}
    kept(figures)
    record_property("figures of seconds on the virtual Pi", figures)

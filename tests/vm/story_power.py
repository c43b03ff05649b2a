"""The first words on the glass and the last: "Opstarten…" before there is a network, "Stekker mag eruit" at the end."""

from __future__ import annotations

import re
import time
from pathlib import Path

from tests.vm.conftest import PACKAGES, SERVICE, synchronise
from tests.vm.machine import Machine
from tests.vm.reader import shows
from tests.vm.token import Token

TAPPED = re.compile(rb"tap:([0-9a-f ]+)\.")
# a service that systemd ends last of all hands the bus's bytes out through the console
LAST_WORDS = """tail -f -c +{start} /run/tap | stdbuf -oL od -An -v -tx1 -w32 | while read -r bytes; do
  echo "tap:$bytes." > /dev/ttyS0
done
"""


def test_the_glass_says_that_it_starts_before_there_is_a_network(
    linked: Path, tmp_path: Path
) -> None:
    disk = tmp_path / "cold.qcow2"
    disk.write_bytes(linked.read_bytes())
    with Machine(disk, PACKAGES) as machine:
        machine.wait_for_shell()
        machine.does(
            "mkdir -p /etc/systemd/system/NetworkManager.service.d; printf "
            "'[Service]\\nExecStartPre=/bin/sleep 600\\nTimeoutStartSec=900\\n' > "
            "/etc/systemd/system/NetworkManager.service.d/late.conf; sync"
        )
    with Machine(disk, PACKAGES) as machine:
        machine.wait_for_shell()
        token = Token(machine)
        deadline = time.monotonic() + 120
        while not token.has_shown("Opstarten"):
            assert time.monotonic() < deadline, token.drawn()
        token.sees("Klok niet ingesteld", patience=120)
        assert machine.tell("ip route | grep default")[0] != 0
        synchronise(machine)
        token.sees(SERVICE, patience=120)
        assert machine.tell("systemctl is-active NetworkManager.service")[1] == "activating"


def test_the_last_words_at_a_power_off_are_that_the_plug_may_go(token: Token) -> None:
    machine = token.machine
    token.wakes(SERVICE)
    token.picture()
    machine.put(LAST_WORDS.format(start=token.taken + 1).encode(), "/run/last-words")
    machine.does(
        "stty -F /dev/ttyS0 raw; "
        "systemd-run --quiet -p DefaultDependencies=no /bin/sh /run/last-words"
    )
    machine.does("systemctl --no-block poweroff")
    machine.process.wait(timeout=180)
    said = (machine.folder / "console.log").read_bytes()
    token.hears(b"".join(bytes.fromhex(words.decode()) for words in TAPPED.findall(said)))
    assert shows(token.glass.picture(), "Stekker mag eruit"), token.drawn()


def test_a_stop_leaves_the_glass_dark(token: Token) -> None:
    token.wakes(SERVICE)
    token.machine.does("systemctl stop desk-token-authenticator.service")
    assert not token.picture().any()

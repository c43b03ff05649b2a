"""A process that is killed in the middle of its writes: whatever it acknowledged is there, and the vault opens."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from appliance.authenticator.keys import PlainFile
from appliance.authenticator.vault import Vault
from appliance.authenticator.vault_folder import VaultFolder

WRITER = """
import sys
from pathlib import Path
from appliance.authenticator.keys import PlainFile
from appliance.authenticator.vault import Vault
from appliance.authenticator.vault_folder import VaultFolder
state = Path(sys.argv[1])
vault = Vault(VaultFolder(state, PlainFile(state)))
while True:
    print(vault.take_counter("a"), flush=True)
"""


@pytest.mark.parametrize("lines", [1, 3, 10, 40])
def test_a_counter_never_goes_back_when_the_process_is_killed(tmp_path: Path, lines: int) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        said = [int(writer.stdout.readline()) for _ in range(lines)]
        writer.send_signal(signal.SIGKILL)
        said += [int(line) for line in writer.stdout]
    vault = Vault(VaultFolder(tmp_path, PlainFile(tmp_path)))
    assert vault.trouble == ""
    assert said == list(range(len(said)))
    assert vault.take_counter("a") >= said[-1] + 1
    vault.close()

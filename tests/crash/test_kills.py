"""The vault's process killed at each of its changing calls: every record opens, and what it acknowledged is there."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable


def test_a_kill_at_any_call_corrupts_and_loses_nothing(
    record_property: Callable[[str, object], None],
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.crash.kills"], capture_output=True, text=True, check=False
    )
    said = re.fullmatch(r"kills (\d+) corrupt 0 bad 0\n", done.stdout)
    assert said, done.stdout + done.stderr
    assert int(said[1]) > 150
    record_property("figures of kills", {"kills": int(said[1]), "corrupt": 0, "lost": 0})

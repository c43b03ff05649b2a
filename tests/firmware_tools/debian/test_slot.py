"""A slot leaves out what the camera's libraries must find as their own release has it."""

from __future__ import annotations

import re

from firmware_tools.debian.slot import without_the_systems
from firmware_tools.source.building import ROOT

LOCK = (ROOT / "config" / "locks" / "device.txt").read_text()
CONTROL = (ROOT / "config" / "debian" / "control.in").read_text()


def names(lock: str) -> list[str]:
    return re.findall(r"^([a-z0-9-]+)==", lock, flags=re.MULTILINE)


def test_numpy_is_the_systems_and_all_else_is_locked() -> None:
    kept = without_the_systems(LOCK)
    assert names(kept) == [name for name in names(LOCK) if name != "numpy"]
    assert "numpy" in names(LOCK)
    assert "python3-numpy" in CONTROL


def test_the_hashes_go_with_the_package_that_they_are_of() -> None:
    lock = "a==1 \\\n    --hash=sha256:aa\nnumpy==2 ; x \\\n    --hash=sha256:bb\nz==3 \\\n    --hash=sha256:cc\n"
    assert (
        without_the_systems(lock)
        == "a==1 \\\n    --hash=sha256:aa\nz==3 \\\n    --hash=sha256:cc\n"
    )

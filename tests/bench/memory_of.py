"""What a module and its work keep resident, measured in fresh interpreters."""

from __future__ import annotations

import subprocess
import sys

_SELF = """
import {imports}
def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096 / 2**20
"""
_WORK = """
import time
import numpy
from appliance.scanner.budget import Budget
from appliance.scanner.picture import Decoder
frame = numpy.random.default_rng(1).integers(0, 255, (960, 1280), dtype=numpy.uint8)
Decoder().read_picture(frame, Budget.of(0.5, time.thread_time))
"""


def resident_above(base: str, wanted: str) -> float:
    """MiB above `base` after `wanted` was imported and had looked at one frame of 1280 x 960 through every rung."""
    program = _SELF.format(imports=base)
    frame = "numpy.random.default_rng(1).integers(0, 255, (960, 1280), dtype=numpy.uint8)"
    before = _said(f"{program}\nframe = {frame}\nprint(resident())")
    after = _said(f"{program}\nimport {wanted}\n{_WORK}\nprint(resident())")
    return after - before


def _said(program: str) -> float:
    done = subprocess.run(
        (sys.executable, "-c", program), capture_output=True, text=True, check=True
    )
    return float(done.stdout)

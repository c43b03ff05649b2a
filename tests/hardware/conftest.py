"""Bodies and pins for the tests of the hardware."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from gpiozero.pins.mock import MockFactory

from tests.hardware.bodies import Body, PinnedBody, SimulatedBody, mock_pins
from tests.hardware.chip import Chip


@pytest.fixture
def run() -> Iterator[Path]:
    """A run directory with a name short enough for a socket."""
    with tempfile.TemporaryDirectory(prefix="dt-") as folder:
        yield Path(folder)


@pytest.fixture
def pins() -> Iterator[MockFactory]:
    """Mock pins."""
    with mock_pins() as factory:
        yield factory


@pytest.fixture
def chip() -> Chip:
    """A chip of pins for keys."""
    return Chip(time.monotonic)


@pytest.fixture(params=["simulated", "pinned"])
def body(request: pytest.FixtureRequest, run: Path) -> Iterator[Body]:
    """The same device in both of its forms."""
    if request.param == "simulated":
        made: Body = SimulatedBody(run)
        yield made
        made.close()
        return
    with mock_pins() as factory:
        made = PinnedBody(factory)
        yield made
        made.close()

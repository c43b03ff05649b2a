"""One device with its desk for the tests of the updater's hands."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.updater.device import Device
from tests.updater.household import Desk, House, Restarts


@pytest.fixture
def house(tmp_path: Path) -> House:
    device, desk = Device(tmp_path), Desk()
    return House(device, desk, Restarts(device.root, desk), [0.0])

"""The decoder, loaded once; a budget that no machine is too slow for."""

from __future__ import annotations

import time

import pytest

from appliance.scanner.budget import Budget
from appliance.scanner.picture import Decoder


@pytest.fixture(scope="session")
def decoder() -> Decoder:
    return Decoder()


@pytest.fixture
def ample() -> Budget:
    return Budget.of(30.0, time.thread_time)

"""The portal's one clock. Nothing else in the portal reads the time; rules get it as a parameter."""

from __future__ import annotations

import time
from collections.abc import Callable

Clock = Callable[[], float]


def system_clock() -> float:
    """Unix seconds now."""
    return time.time()

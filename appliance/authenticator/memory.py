"""Keeps this process's memory to itself: no core image, no tracing by others of the same user.

The unit says the same (LimitCORE=0, no swap); this holds on a bench too. Called once, before any secret is read.
"""

from __future__ import annotations

import ctypes
import resource

PR_SET_DUMPABLE = 4


def keep_private() -> None:
    """No core image from now on, and /proc/PID/mem belongs to root alone (prctl(2), PR_SET_DUMPABLE)."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)

"""How the C library keeps freed memory. A scanner is one process of five on a small board; it owns nothing else."""

from __future__ import annotations

import ctypes

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # malloc.h
_KEPT = 1024 * 1024  # bytes: about one picture; less would cost each pass its page faults


def give_back() -> None:
    """Return freed memory to the system as soon as it is more than one picture.

    glibc raises its limits to the largest array that was ever freed, so one pass over a photograph would keep
    megabytes for good. Other C libraries have no such call and need none.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_TRIM_THRESHOLD, _KEPT)
        mallopt(_MMAP_THRESHOLD, _KEPT)

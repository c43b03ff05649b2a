"""The device's serial number: the board's own, or one that was drawn once and stays through every reset.

It is public: it stands on the label, on the panel and on the page.
"""

from __future__ import annotations

import base64
import logging
import os
import re
from pathlib import Path

from appliance.authenticator import whole_files

BOARD = Path("/proc/device-tree/serial-number")
FORM = re.compile(r"[A-Za-z0-9\-]{4,32}", re.ASCII)
log = logging.getLogger("authenticator")


def serial_number(state: Path, board: Path = BOARD) -> str:
    """The serial number; drawn and stored under `state` when the board has none. On a full disk: another each time."""
    kept = state / "serial"
    for place in (board, kept):
        said = _read(place)
        if FORM.fullmatch(said):
            return said
    drawn = "DT-" + base64.b32encode(os.urandom(5)).decode()
    try:
        whole_files.write(kept, drawn.encode())
    except OSError as full:
        log.warning("serial number not stored kind=%s", type(full).__name__)
    return drawn


def _read(place: Path) -> str:
    try:
        return place.read_bytes()[:64].decode("ascii").strip("\0\n ")
    except (OSError, UnicodeDecodeError):
        return ""

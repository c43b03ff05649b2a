"""Which protection this device uses: the one its records were sealed with, else the best that is there.

Never lowered silently: records that were sealed at a level stay at it, and when that part is gone the device says so
and keeps them. The level is shown on panel and page.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from appliance.authenticator.guards.guard import Guard, Guarded
from appliance.authenticator.guards.pi_firmware import PiFirmware
from appliance.authenticator.guards.systemd_creds import SystemdCredential
from appliance.authenticator.guards.tpm2 import Tpm2
from appliance.authenticator.keys import KeyProvider, PlainFile, Wrapped
from appliance.authenticator.vault_folder import KEY

log = logging.getLogger("authenticator")


def of_this_machine(state: Path) -> tuple[Guard, ...]:
    """Every guard, best first."""
    passed = os.environ.get("CREDENTIALS_DIRECTORY")
    credential = SystemdCredential(state, Path(passed) if passed else None)
    return (Tpm2(), PiFirmware(state), credential)


def choose(state: Path, guards: Sequence[Guard]) -> KeyProvider:
    """The provider that these records were sealed with; for a fresh device the best that answers, else a plain file."""
    sealed_at = level_of(state)
    for guard in guards:
        if guard.level == sealed_at or (not sealed_at and guard.present()):
            return Guarded(guard)
    if not sealed_at:
        log.warning("no part of this machine guards keys; the key will lie in a file")
    return PlainFile(state)


def level_of(state: Path) -> str:
    """The level at which the records in this folder were sealed; empty for a fresh device or a file that is damaged."""
    try:
        return msgspec.json.decode((state / KEY).read_bytes(), type=Wrapped).level
    except (OSError, msgspec.DecodeError):
        return ""

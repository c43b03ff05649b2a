"""A device as the technician's line tells of it, for tests that need one."""

from __future__ import annotations

from typing import Any

import msgspec

from appliance.wire.service import ServiceReply

FRESH = ServiceReply(
    serial="DT-1",
    software="0.1.0",
    sealed=False,
    open_for=-1.0,
    board="simulated",
    boards=("simulated",),
    keys=("ok",),
    language="nl",
    portals=(),
    fingerprint="A2Q7MW4X" * 6 + "K5RT",
    storage="plain file",
    trust="synced",
    wall=1_800_000_000.0,
    counted=0,
)


def device(**differs: Any) -> ServiceReply:  # noqa: ANN401 - any field
    """A fresh one, but for this."""
    return msgspec.structs.replace(FRESH, **differs)

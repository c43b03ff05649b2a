"""What must be well after an update before it may stay. Pure: two looks at the device in, the name of what fails out.

Panel, keys and storage must be good whatever they were before. The portal and the network must be good only if they
were good before: an update is not to blame for a cable that somebody pulled. So must the camera, of which a device
without one, and a version that does not look, say nothing.
"""

from __future__ import annotations

from appliance.wire.updates import HealthReply

PATIENCE = 90.0
MUST, AS_BEFORE = ("panel", "keys", "storage", "loop"), ("network", "portal")
CAMERA = "camera"
GOOD = "good"
REASONS = {
    "panel": "the panel does not answer",
    "keys": "the button does not answer",
    "storage": "the records do not open",
    "loop": "the program does not run",
    "network": "the network is gone",
    "portal": "the portal is not reached",
    CAMERA: "the camera does not see",
}


def failing(now: HealthReply | None, before: tuple[str, ...], version: str) -> str:
    """The part that is not well yet, empty when all are. `before` are the parts that were good before the update."""
    if now is None or (version and now.version != version):
        return "loop"
    wanted = (*(part for part in MUST if part != "loop"), *(p for p in AS_BEFORE if p in before))
    if CAMERA in before and CAMERA in now.parts:
        wanted = (*wanted, CAMERA)
    return next((part for part in wanted if now.parts.get(part) != GOOD), "")


def good_parts(now: HealthReply | None) -> tuple[str, ...]:
    """The parts that are good now."""
    return tuple(part for part, how in sorted(now.parts.items()) if how == GOOD) if now else ()

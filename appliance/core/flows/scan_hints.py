"""What would help the camera, in words for the hand that holds the device."""

from __future__ import annotations

from appliance.core.events import ScanHint
from appliance.core.screen import text

HINTS = {
    ScanHint.NONE: text("Scan the QR code"),
    ScanHint.CLOSER: text("Move closer"),
    ScanHint.FURTHER: text("Move further away"),
    ScanHint.HOLD_STILL: text("Hold still"),
    ScanHint.TOO_BRIGHT: text("Too bright"),
    ScanHint.OUT_OF_FOCUS: text("Out of focus"),
}
START = HINTS[ScanHint.NONE]

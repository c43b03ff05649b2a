"""What the panel says while no story runs: starting, being updated, and safe to unplug.

The process shows them before its desk exists and after it is gone; no key does anything on them.
"""

from __future__ import annotations

from appliance.core.screen import Lines, Screen, text

NAME = text("Desk Token")
STARTING = Screen(NAME, Lines((text("Starting…"),), big=True))
UPDATING = Screen(NAME, Lines((text("Updating"), text("Leave it plugged in")), big=True))
UNPLUG = Screen(NAME, Lines((text("Safe to unplug"),), big=True))
SYSTEM_SCREENS = {"starting": STARTING, "updating": UPDATING, "unplug": UNPLUG}

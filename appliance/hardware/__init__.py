"""The outside world behind small Protocols, each in a real and a simulated form."""

from appliance.hardware.choice import address_of, choose, lone_panel
from appliance.hardware.ports import Parts

__all__ = ["Parts", "address_of", "choose", "lone_panel"]

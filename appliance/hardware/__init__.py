"""The outside world behind small Protocols, each in a real and a simulated form."""

from appliance.hardware.choice import choose
from appliance.hardware.ports import Parts

__all__ = ["Parts", "choose"]

"""What the rest of the device needs of an account's service, whatever protocol it speaks: portal or push server."""

from __future__ import annotations

from typing import Protocol

from appliance.authenticator.errands import Carried
from appliance.core.clock_trust import Now
from appliance.core.effects import Sign
from appliance.core.events import Event


class Service(Protocol):
    """Signs the person's answer and understands what the service made of it."""

    def answer(self, effect: Sign, now: Now) -> tuple[Event, ...]:
        """Sign the answer and send it on its way."""

    def answered(self, carried: Carried, now: Now) -> tuple[Event, ...]:
        """What the service made of an answer."""

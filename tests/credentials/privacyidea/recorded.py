"""What a real privacyIDEA 3.14 said and took, recorded once: keys, polls, answers, replies and a container."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from appliance.credentials.privacyidea import replies
from appliance.credentials.privacyidea.challenges import Challenge, polled

SAID: dict[str, Any] = json.loads((Path(__file__).parent / "recorded.json").read_text())
PRIVATE = base64.b64decode(SAID["private"])
SERIAL: str = SAID["poll"]["serial"]
SERVER = replies.rolled_out(SAID["rollout_reply"], SERIAL)


def challenge(name: str) -> Challenge:
    """The one challenge of this recorded poll."""
    (only,) = polled(SAID[name], SERIAL, SERVER).challenges
    return only


def entry(name: str) -> dict[str, Any]:
    """The same as it stood on the wire."""
    return dict(json.loads(SAID[name])["result"]["value"][0])


def brought(*entries: dict[str, Any]) -> str:
    """A poll's answer with these entries."""
    return json.dumps({"result": {"status": True, "value": entries}})

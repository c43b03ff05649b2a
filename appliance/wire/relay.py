"""The doorbell: where a push server's gateway rings for a device, and the form of the address that it is given.

The address is a secret of little worth: who knows it can make the device poll, and nothing else. What the gateway sends
besides is not passed on; the device fetches its challenge where it can check it.
"""

from __future__ import annotations

import re

import msgspec

from appliance.core.errors import Refused

FORM = re.compile(r"[A-Z2-7]{32}", re.ASCII)
KIND = "doorbell"
URL = re.compile(r"https?://[!-~]{1,300}", re.ASCII)


class Doorbell(msgspec.Struct, frozen=True):
    """The device's address at the relay, and the URL that the push server's gateway must post to."""

    address: str
    url: str


def doorbell(untrusted: str) -> Doorbell:
    """The doorbell that a portal gives. Raises Refused."""
    try:
        given = msgspec.json.decode(untrusted, type=Doorbell)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError) as wrong:
        raise Refused("The portal's answer is not valid") from wrong
    if not FORM.fullmatch(given.address) or not URL.fullmatch(given.url):
        raise Refused("The portal's answer is not valid")
    return given

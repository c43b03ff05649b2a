"""What may stand in a mail's address and subject: nothing that begins another header (RFC 5322 section 2.2)."""

from __future__ import annotations

import re

from appliance.core.errors import Refused

_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.\-]{1,64}@(?=.{4,253}$)([A-Za-z0-9](?:[A-Za-z0-9\-]{0,62})\.)+[A-Za-z]{2,63}",
    re.ASCII,
)


def address(untrusted: str) -> str:
    """A mail address, or empty for none. Raises Refused."""
    text = untrusted.strip()
    if text and _ADDRESS.fullmatch(text) is None:
        raise Refused("This is not a mail address")
    return text


def subject(text: str) -> str:
    """A subject on one line. Raises Refused."""
    if len(text) > 120 or not text.isprintable():
        raise Refused("A subject is one short line")
    return text

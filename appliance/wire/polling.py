"""What the courier asks in order to poll a push token: a signed query, and a judge for what it brought.

A part of the control socket (ipc.py). The courier passes on what it cannot read; the query is of fixed form.
"""

from __future__ import annotations

import msgspec

from appliance.wire.call import Rows


class SignPoll(msgspec.Struct, frozen=True):
    """Courier: the query of a poll for this push token, with a time and a signature that the authenticator makes."""

    link: str


class PollSigned(msgspec.Struct, frozen=True):
    """The query; it is good for a minute."""

    query: str


class Polled(msgspec.Struct, frozen=True):
    """Courier: what a poll brought, unread: status, body (at most 64 KiB) and the server's Date in Unix seconds."""

    link: str
    status: int
    body: str
    server_time: float = 0.0


class PollTaken(msgspec.Struct, frozen=True):
    """What the authenticator made of it: quiet, request, again (with a better time) or refused."""

    news: str


OF_COURIER: Rows = {
    "SignPoll": (SignPoll, PollSigned),
    "Polled": (Polled, PollTaken),
}

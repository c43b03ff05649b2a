"""Answers the technician's line: who this device is, how it is, and whether its clock may be set.

It reads only what pages may show, and setting the clock is put before the person at the device, who holds or not.
What arrives is untrusted and decides nothing but which of these questions is passed on to the authenticator.
"""

from __future__ import annotations

import msgspec

from appliance.core.errors import DeskTokenError
from appliance.wire.client import Caller
from appliance.wire.ipc import Call, Done, Identify, Identity, Reply, Status, StatusReply
from appliance.wire.upkeep import AskClock

NO_CALL = Reply(error="There is no such call")


def answer(untrusted: bytes, desk: Caller) -> Reply:
    """The reply to one message: Identify, Status or AskClock, or an error in a sentence."""
    try:
        call = msgspec.json.decode(untrusted, type=Call)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Reply(error="The other side sent something that is not a message")
    try:
        match call.method:
            case "Identify":
                return _reply(desk.call(Identify(), Identity))
            case "Status":
                return _reply(desk.call(Status(), StatusReply))
            case "AskClock":
                asked = msgspec.json.decode(call.parameters, type=AskClock)
                return _reply(desk.call(asked, Done))
    except msgspec.DecodeError:
        return Reply(error="The other side sent something that is not a message")
    except DeskTokenError as trouble:
        return Reply(error=str(trouble))
    return NO_CALL


def _reply(record: msgspec.Struct) -> Reply:
    return Reply(msgspec.Raw(msgspec.json.encode(record)))

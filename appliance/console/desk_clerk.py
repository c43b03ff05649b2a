"""Passes the technician's calls on to the authenticator: those of one table, decoded here first, and no others.

What arrives is untrusted. Whether the line is open is the authenticator's to say; here only the names of accounts are
taken out of what goes back, for a cable needs to know none.
"""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from appliance.core.errors import DeskTokenError
from appliance.wire.asking import StatusReply
from appliance.wire.call import Call, Reply
from appliance.wire.client import Caller
from appliance.wire.ipc import CALLS

NO_CALL = Reply(error="There is no such call")
NO_MESSAGE = Reply(error="The other side sent something that is not a message")
NOT_COMPLETE = Reply(error="The call is not complete")
PASSED = {method: row for method, row in CALLS["console"].items() if method != "AskReset"}
LONGEST_WAIT = 1.0


def answer(untrusted: bytes, desk: Caller) -> Reply:
    """The reply to one message, or an error in a sentence."""
    try:
        call = msgspec.json.decode(untrusted, type=Call)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return NO_MESSAGE
    if call.method not in PASSED:
        return NO_CALL
    asks, answers = PASSED[call.method]
    try:
        asked = msgspec.json.decode(call.parameters, type=asks)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return NOT_COMPLETE
    try:
        return _reply(desk.call(_hurried(asked), answers))
    except DeskTokenError as trouble:
        return Reply(error=str(trouble))


def _hurried(asked: msgspec.Struct) -> msgspec.Struct:
    """No call of this line waits on purpose: the next byte must be heard."""
    wait = getattr(asked, "wait", 0.0)
    return replace(asked, wait=min(wait, LONGEST_WAIT)) if wait > 0.0 else asked


def _reply(record: msgspec.Struct) -> Reply:
    if isinstance(record, StatusReply):
        record = replace(record, accounts=())
    return Reply(msgspec.Raw(msgspec.json.encode(record)))

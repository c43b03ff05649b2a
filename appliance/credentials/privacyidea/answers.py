"""Everything that this device signs for a push token, each with its fields: polls, answers and a change of address.

The words of each kind differ in their number or their form, so that a signature for one can never pass as another.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum

from appliance.core.errors import Refused
from appliance.credentials.privacyidea.challenges import SEPARATOR, Challenge
from appliance.credentials.privacyidea.keys import sign

Form = dict[str, str]
YEAR_2000, YEAR_3000 = 946_684_800.0, 32_503_680_000.0


class Reason(StrEnum):
    """Why a login is refused: it was not me, or I do not want it any more."""

    NOT_ME = "unknown_trigger"
    CANCELLED = "cancelled"


def poll(private: bytes, serial: str, server_time: float) -> Form:
    """The query of a poll at this moment of the server's clock, in Unix seconds. Raises Refused for an odd moment."""
    moment = stamp(server_time)
    signature = sign(private, SEPARATOR.join((serial, moment)))
    return {"serial": serial, "timestamp": moment, "signature": signature}


def accept(private: bytes, serial: str, challenge: Challenge, option: str = "") -> Form:
    """Yes; with the option that was picked where there are any. Raises Refused for another one."""
    if bool(challenge.options) != bool(option) or (option and option not in challenge.options):
        raise Refused("That is not one of the choices")
    if not option:
        return _signed(private, serial, challenge, (), {})
    return _signed(private, serial, challenge, (option,), {"presence_answer": option})


def decline(
    private: bytes, serial: str, challenge: Challenge, reason: Reason | None = None
) -> Form:
    """No; with the reason only where the server takes one, because an older one could not check the signature."""
    if reason is None or not challenge.takes_reasons:
        return _signed(private, serial, challenge, ("decline",), {"decline": "1"})
    more = {"decline": "1", "decline_reason": reason.value}
    return _signed(private, serial, challenge, ("decline", reason.value), more)


def new_address(private: bytes, serial: str, address: str, server_time: float) -> Form:
    """Another address at which the server's gateway may ring for this token. Raises Refused for an odd moment."""
    moment = stamp(server_time)
    signature = sign(private, SEPARATOR.join((address, serial, moment)))
    about = {"new_fb_token": address, "serial": serial, "timestamp": moment}
    return {**about, "signature": signature}


def stamp(server_time: float) -> str:
    """A moment as privacyIDEA reads it: ISO 8601 in UTC, with a Z, which needs no escape in a query."""
    if not YEAR_2000 <= server_time < YEAR_3000:
        raise Refused("The clock is wrong")
    moment = datetime.fromtimestamp(server_time, UTC).replace(tzinfo=None)
    return moment.isoformat(timespec="seconds") + "Z"


def _signed(
    private: bytes, serial: str, challenge: Challenge, more: tuple[str, ...], fields: Form
) -> Form:
    signature = sign(private, SEPARATOR.join((challenge.nonce, serial, *more)))
    return {"nonce": challenge.nonce, "serial": serial, **fields, "signature": signature}

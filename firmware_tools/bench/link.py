"""The calling end of the technician's line: one call at a time, each with a number, tries and a deadline.

A call whose reply was lost is sent again under the same number, and the device answers again without doing it again.
What is not a desk token is told apart from one that is only slow.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import TypeVar

import msgspec

from appliance.core.errors import DeskTokenError, PeerTrouble
from appliance.wire.call import Call, Reply
from appliance.wire.client import Declined
from appliance.wire.frames import GAP_SECONDS, TRIES, TRY_SECONDS, Frame, Kind, Pending, feed, pack
from appliance.wire.ipc import CALLS
from firmware_tools.bench.wire import LineLost, Wire
from firmware_tools.words import _

R = TypeVar("R", bound=msgspec.Struct)
LOOK = 0.1
NO_TOKEN = _("What answers on this port is no desk token")
NOBODY = _("Nobody answers on this port")


class WrongDevice(DeskTokenError):
    """Something answers on the port, but not as a desk token does; or nothing does at all."""


class Link:
    """The line to one device. A `Caller` of the console's calls."""

    def __init__(self, wire: Wire, clock: Callable[[], float] = time.monotonic) -> None:
        self._wire = wire
        self._clock = clock
        self._sequence = secrets.randbelow(1 << 31)
        self._pending = Pending()
        self._known = False

    def call(self, ask: msgspec.Struct, reply: type[R], extra: float = 0.0) -> R:
        """Ask, and wait for the reply. Raises LineLost, WrongDevice, PeerTrouble, and Declined for a refusal."""
        method = type(ask).__name__
        if CALLS["console"].get(method) != (type(ask), reply):
            raise PeerTrouble("This process may not ask that")
        body = msgspec.json.encode(Call(method, msgspec.Raw(msgspec.json.encode(ask))))
        untrusted = self._exchanged(body, TRY_SECONDS + extra)
        try:
            answer = msgspec.json.decode(untrusted, type=Reply)
            if answer.error:
                raise Declined(answer.error[:300])
            return msgspec.json.decode(answer.parameters, type=reply)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
            raise WrongDevice(NO_TOKEN) from wrong

    def close(self) -> None:
        """Hang up."""
        self._wire.close()

    def _exchanged(self, body: bytes, patience: float) -> bytes:
        self._sequence = (self._sequence + 1) & 0xFFFFFFFF
        call = b"\n" + pack(Frame(Kind.CALL, self._sequence, body)) + b"\n"
        noise = False
        for _try in range(TRIES):
            self._wire.write(call)
            found, heard = self._reply(patience)
            noise = noise or heard
            if found is not None:
                self._known = True
                return found
        if self._known:
            raise LineLost(_("The device does not answer any more"))
        raise WrongDevice(NO_TOKEN if noise else NOBODY)

    def _reply(self, patience: float) -> tuple[bytes | None, bool]:
        """The reply to the newest call, and whether anything was heard at all. Older replies are let go."""
        until, heard, last = self._clock() + patience, False, self._clock()
        while (now := self._clock()) < until:
            came = self._wire.read(LOOK)
            heard, last = heard or bool(came), now if came else last
            if not came and now - last > GAP_SECONDS:
                self._pending = Pending()
            self._pending, frames = feed(self._pending, came)
            for frame in frames:
                if frame.kind is Kind.REPLY and frame.sequence == self._sequence:
                    return frame.body, heard
        return None, heard

"""The device's end of the technician's line: bytes in, calls and Improv commands answered, bytes out. No tty, no clock.

A call that comes again, because its reply was lost, gets the same reply and is not done again. Times are monotonic
seconds and come from the caller; nothing here blocks longer than one call to the authenticator.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec

from appliance.console.desk_clerk import answer
from appliance.console.guest import Guest
from appliance.wire import frames, improv
from appliance.wire.call import Reply
from appliance.wire.client import Caller
from appliance.wire.frames import Answered, Frame, Kind

TOO_LONG = Reply(error="The reply is too long")


@dataclass
class Line:
    """One open line. `guest` is whoever speaks Improv on it."""

    desk: Caller
    guest: Guest
    _frames: frames.Pending = field(default_factory=frames.Pending)
    _improv: improv.Pending = field(default_factory=improv.Pending)
    _last: Answered = field(default_factory=Answered)
    _heard: float = 0.0

    def hear(self, untrusted: bytes, now: float) -> bytes:
        """What to say to this."""
        self._frames, calls = frames.feed(self._frames, untrusted)
        self._improv, packets = improv.feed(self._improv, untrusted)
        self._heard = now
        said = b"".join(map(self._reply, calls))
        return said + b"".join(self.guest.answer(packet, now) for packet in packets)

    def pass_time(self, now: float) -> bytes:
        """What to say when nothing came: a frame that stayed half is given up, a network was joined or not."""
        calls: tuple[Frame, ...] = ()
        if now - self._heard >= frames.GAP_SECONDS:
            self._frames, calls = frames.silent(self._frames)
        return b"".join(map(self._reply, calls)) + self.guest.pass_time(now)

    def _reply(self, call: Frame) -> bytes:
        if call.kind is not Kind.CALL:
            return b""
        if call.sequence != self._last.sequence:
            body = msgspec.json.encode(answer(call.body, self.desk))
            if len(body) > frames.CAP:
                body = msgspec.json.encode(TOO_LONG)
            reply = frames.pack(Frame(Kind.REPLY, call.sequence, body))
            self._last = Answered(call.sequence, reply)
        return b"\n" + self._last.reply + b"\n"

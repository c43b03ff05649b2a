"""The envelope of the control socket: one call, one reply, and what both ends hold of its size."""

from __future__ import annotations

import msgspec

Rows = dict[str, tuple[type[msgspec.Struct], type[msgspec.Struct]]]
CAP = 12 * 1024 * 1024


class Call(msgspec.Struct, frozen=True):
    """One call as it stands on the wire; the parameters are decoded by the method's own record."""

    method: str
    parameters: msgspec.Raw = msgspec.Raw(b"{}")


class Reply(msgspec.Struct, frozen=True, omit_defaults=True):
    """One reply: parameters, or an error with an English sentence from the catalogue."""

    parameters: msgspec.Raw = msgspec.Raw(b"{}")
    error: str = ""


class Done(msgspec.Struct, frozen=True):
    """It was taken; nothing more to say."""

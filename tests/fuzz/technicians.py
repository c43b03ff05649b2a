"""Laws of the technician's line: our own frames, and the packets of Improv web pages."""

from __future__ import annotations

from types import ModuleType

from appliance.wire import frames, improv
from tests.fuzz.verdict import hold, says_nothing

MOST = 4096


def framed(untrusted: bytes, parser: ModuleType = frames) -> None:
    """`frames.feed`: the same frames in whatever pieces they come, each of them just what its bytes say.

    The first byte is the size of the pieces. `~` in the rest stands for a real frame, so that noise has some to spoil.
    """
    real = parser.pack(parser.Frame(parser.Kind.CALL, 7, b"{}"))
    size, rest = 1 + (untrusted[0] if untrusted else 0), untrusted[1:MOST].replace(b"~", real)
    size = max(size, len(rest) // 128)
    whole, pieces = _frames(rest, 1 << 20, parser), _frames(rest, size, parser)
    hold(whole == pieces, "a line means something else when it comes in other pieces")
    if untrusted[:1] == b"+":
        _too_long(parser)
    for frame in whole:
        hold(parser.pack(frame) in rest, "a frame that was not sent came out")


def _too_long(parser: ModuleType) -> None:
    try:
        parser.pack(parser.Frame(parser.Kind.CALL, 1, bytes(parser.CAP + 1)))
    except ValueError:
        return
    hold(False, "a body beyond the cap was packed")


def _frames(data: bytes, size: int, parser: ModuleType) -> list[frames.Frame]:
    pending, found = parser.Pending(), []
    for at in range(0, len(data), size):
        pending, more = parser.feed(pending, data[at : at + size])
        hold(len(pending.begun) <= parser.CAP + 32, "what is too long is kept")
        found += more
    pending, late = parser.silent(pending)
    hold(pending == parser.Pending(), "after silence something is still kept")
    return [*found, *late]


def improvised(untrusted: bytes, parser: ModuleType = improv) -> None:
    """`improv.feed` and `asked`: whole packets only; a command that packs to the very same data, or an error's number.

    What follows the first byte is fed as it is, and again as the data of one packet.
    """
    size, rest = 1 + (untrusted[0] if untrusted else 0), untrusted[1:MOST]
    for stream in (rest, parser.pack(parser.Type.RPC, rest[:255])):
        packets = _packets(stream, 1 << 20, parser)
        hold(packets == _packets(stream, max(size, len(stream) // 64), parser), "pieces differ")
        for packet in packets:
            _is_command(packet, parser)


def _packets(data: bytes, size: int, parser: ModuleType) -> list[improv.Packet]:
    pending, found = parser.Pending(), []
    for at in range(0, len(data), size):
        pending, more = parser.feed(pending, data[at : at + size])
        hold(len(pending.begun) <= 300, "what is too long is kept")
        found += more
    return found


def _is_command(packet: improv.Packet, parser: ModuleType) -> None:
    try:
        asked = parser.asked(packet)
    except parser.NotImprov as refused:
        says_nothing(refused)
        hold(refused.error in parser.Error, "an error that the protocol does not have")
        return
    hold(parser.rpc(asked.command, *asked.texts) == packet.data, "a command is not what was sent")

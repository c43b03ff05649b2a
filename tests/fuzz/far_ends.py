"""Laws of the two far ends: what comes in on the serial line, and what a portal, or whoever plays one, replies."""

from __future__ import annotations

import itertools
import ssl
from types import ModuleType
from typing import TypeVar

import httpx
import msgspec

from appliance.console import desk_clerk
from appliance.core.errors import PeerTrouble
from appliance.core.troubles import Trouble
from appliance.courier import exchange
from appliance.wire.call import Reply
from appliance.wire.ipc import CALLS
from tests.fuzz.verdict import hold, our_sentences

T = TypeVar("T", bound=msgspec.Struct)
PORTAL = "https://portal.example/device/v1/token"
FAILURES = {
    b"proxy": httpx.ProxyError("no"),
    b"late": httpx.ReadTimeout("late"),
    b"tls": httpx.ConnectError("tls"),
    b"gone": httpx.ConnectError("gone"),
    b"cut": httpx.ReadError("cut"),
}


class Desk:
    """An authenticator that is there, or is not."""

    def __init__(self, present: bool) -> None:
        self._present = present
        self.asked: list[msgspec.Struct] = []

    def call(self, asked: msgspec.Struct, shape: type[T], patience: float = 10.0, /) -> T:
        """Answers whatever the line may ask."""
        self.asked.append(asked)
        if not self._present:
            raise PeerTrouble("The other side is gone")
        plain = {str: "s", int: 1, float: 1.0, bool: False}
        values = {
            field.name: plain.get(field.type, {} if "dict" in str(field.type) else ())
            for field in msgspec.structs.fields(shape)
            if field.required
        }
        return msgspec.convert(values, shape)


def clerk(untrusted: bytes, parser: ModuleType = desk_clerk) -> None:
    """`desk_clerk.answer`: only what its table has gets through, and the reply says only what is ours to say."""
    desk = Desk(present=untrusted[:1] != b"-")
    reply = parser.answer(untrusted[1:], desk)
    hold(isinstance(reply, Reply), "a question was left without a reply")
    hold(reply.error in our_sentences(), "a reply says something that is not in our source")
    allowed = dict(row for name, row in CALLS["console"].items() if name != "AskReset")
    hold(all(type(asked) in allowed for asked in desk.asked), "something else got through")
    if not reply.error:
        msgspec.json.decode(reply.parameters, type=allowed[type(desk.asked[0])])


def portal_reply(untrusted: bytes, parser: ModuleType = exchange) -> None:
    """`exchange.ask`: a text within the cap and a time, or ExchangeFailed with a cure; never followed elsewhere.

    The first line is status (or how the exchange fails), a blank and the date; the second the content coding; the
    rest the body.
    """
    head, _, rest = untrusted.partition(b"\n")
    coding, _, body = rest.partition(b"\n")
    number, _, date = head.partition(b" ")
    status = int(number[:3]) if number[:3].isdigit() and b"100" <= number[:3] < b"600" else 200
    headers = [(b"date", plain(date)), (b"location", b"https://elsewhere.example/")]
    headers += [(b"content-encoding", plain(coding))] if coding else []
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        if number in FAILURES:
            raise FAILURES[number] from (ssl.SSLError() if number == b"tls" else None)
        return httpx.Response(status, headers=headers, stream=httpx.ByteStream(body))

    url = "http://portal.example/" if number == b"http" else PORTAL
    question = parser.Question("POST", url, {}, "x")
    hour = itertools.count(0.0, 3600.0 if number == b"slow" else 0.0).__next__
    with httpx.Client(transport=httpx.MockTransport(answer)) as client:
        try:
            reply = parser.ask(client, question, hour)
        except parser.ExchangeFailed as failed:
            hold(
                failed.why in Trouble and str(failed) == failed.why.value,
                "a failure without a kind",
            )
            hold(isinstance(failed.server_time, float), "a time that is none")
        else:
            hold(len(reply.body.encode()) <= 64 * 1024, "a body beyond the cap was taken")
            hold(reply.body == body.decode(), "a body is not what was sent")
            hold(
                reply.status < 300 or 400 <= reply.status < 500 or reply.status == 304, "odd status"
            )
            hold(plain(coding).strip() in {b"", b"identity"}, "a packed body was taken")
    hold(asked == ([PORTAL] if url == PORTAL else []), "another address was asked")


def plain(value: bytes) -> bytes:
    """A header's value as the HTTP library lets it through."""
    return bytes(byte for byte in value if 32 <= byte != 127)

"""The inbox as one plain ASGI callable: a stream (SSE), a long-poll, or an answer at once, all from the same cursor.

It never decides about a login and never writes. A stream is one listener on the loop: a future, a short list, a timer.
Sources: WHATWG server-sent events; RFC 6750; checklist row 41 for revocation.
"""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass
from urllib.parse import parse_qs

import msgspec

from appliance.core.errors import Refused, StorageTrouble
from web.login_portal import inbox, tokens
from web.login_portal.carriers import Embedded, Listener, Posted
from web.login_portal.device_api.asgi import Receive, Scope, Send, plain, reply, start
from web.login_portal.device_api.problems import KIND, problem_body
from web.login_portal.portal import Portal

KEEP_ALIVE, LONGEST_WAIT, SLOW, AGAIN = 30.0, 55.0, 20.0, 2.0


@dataclass(frozen=True, slots=True)
class Asked:
    """What a device wants: its letters after a cursor, as a stream or as one list after at most `wait` seconds."""

    device: str
    after: int
    wait: float
    stream: bool


@dataclass(frozen=True, slots=True)
class InboxStream:
    """Serves the inbox address."""

    portal: Portal
    carrier: Embedded
    slow: float = SLOW
    again: float = AGAIN

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request to the inbox, from start to end."""
        headers = plain(scope)
        if headers.get("host", "").lower() not in self.portal.config.origin.hosts:
            return await reply(send, 421, KIND, problem_body(421, "Misdirected Request"))
        if scope["method"] != "GET":
            return await reply(send, 405, KIND, problem_body(405, "Method Not Allowed"))
        try:
            asked = self._asked(headers, scope["query_string"])
        except Refused as refused:
            return await reply(send, 401, KIND, problem_body(401, str(refused)))
        except ValueError:
            return await reply(send, 400, KIND, problem_body(400, "The cursor is not a number"))
        headers.clear()  # a stream stays for days; what it was asked with need not
        listener = self.carrier.listen(asked.device)
        try:
            await self._serve(asked, listener, receive, send)
        except StorageTrouble as trouble:
            self.portal.log.note("store failed", reason=str(trouble))
            await reply(send, 503, KIND, problem_body(503, "Service Unavailable"))
        finally:
            self.carrier.leave(asked.device, listener)

    def _asked(self, headers: dict[str, str], query: bytes) -> Asked:
        scheme, _, bearer = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            raise Refused("An access token is needed")
        device = self.portal.passports.holder(bearer.strip(), self.portal.clock())
        words = parse_qs(query.decode("latin-1"))
        cursor = headers.get("last-event-id") or words.get("after", ["0"])[0]
        wait = min(LONGEST_WAIT, max(0.0, float(words.get("wait", ["0"])[0])))
        stream = "text/event-stream" in headers.get("accept", "")
        return Asked(device, min(2**62, max(0, int(cursor))), wait, stream)

    async def _serve(self, asked: Asked, listener: Listener, receive: Receive, send: Send) -> None:
        found = await asyncio.to_thread(self._read, asked.device, asked.after)
        if found is None:
            await reply(send, 401, KIND, problem_body(401, "This token is not linked"))
        elif asked.stream:
            await self._stream(asked, found, listener, receive, send)
        else:
            gone = asyncio.create_task(_watch(receive, listener))
            letters = found
            if asked.wait and not found:
                letters = await self._news(asked.device, asked.after, listener, asked.wait)
            gone.cancel()
            await reply(send, 200, "application/json", _as_list(letters))

    async def _stream(
        self, asked: Asked, found: list[Posted], listener: Listener, receive: Receive, send: Send
    ) -> None:
        gone = asyncio.create_task(_watch(receive, listener))
        await start(send, 200, "text/event-stream")
        sent = asked.after
        try:
            await self._chunk(send, b": open\n\n" + _as_events(found, sent))
            while not (listener.done or _is_last(found)):
                sent = max([sent, *(letter.cursor for letter in found)])
                silence = KEEP_ALIVE * random.uniform(0.7, 1.0)  # noqa: S311
                found = await self._news(asked.device, sent, listener, silence)
                await self._chunk(send, _as_events(found, sent) or b": still here\n\n")
        except TimeoutError:
            self.portal.log.note("slow reader dropped", device=asked.device)
            return
        finally:
            gone.cancel()
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _news(
        self, device: str, after: int, listener: Listener, silence: float
    ) -> list[Posted]:
        """What was offered; after a ring, what the inbox has: a device that is no longer linked hears the end.

        While the store is away it looks again and again: ten thousand streams that end would all come back at once.
        """
        found = await listener.taken(silence)
        if not listener.rung:
            return found
        listener.rung = False
        try:
            read = await asyncio.to_thread(self._read, device, after)
        except StorageTrouble as trouble:
            self.portal.log.note("store failed", reason=str(trouble))
            await asyncio.sleep(self.again * random.uniform(0.5, 1.0))  # noqa: S311
            listener.rung = not listener.ended
            return []
        if read is None:
            listener.end()
        return read or []

    async def _chunk(self, send: Send, body: bytes) -> None:
        """Write one piece; a reader that does not take it in time is given up. Raises TimeoutError."""
        async with asyncio.timeout(self.slow):
            await send({"type": "http.response.body", "body": body, "more_body": True})

    def _read(self, device: str, cursor: int) -> list[Posted] | None:
        """The device's letters after the cursor; None when it is not linked (any more) and knows it."""
        with self.portal.database.reading() as reading:
            now = self.portal.clock()
            if tokens.with_id(reading, device) is None:
                return inbox.parting(reading, device, cursor, now) or None
            return inbox.after(reading, device, cursor, now)


async def _watch(receive: Receive, listener: Listener) -> None:
    """End the listener when the device hangs up."""
    while (await receive())["type"] != "http.disconnect":
        pass
    listener.end()


def _as_events(letters: list[Posted], sent: int) -> bytes:
    """Letters as server-sent events, without those that were in the first reading already."""
    fresh = (letter for letter in letters if letter.cursor > sent)
    return "".join(f"id: {x.cursor}\nevent: letter\ndata: {x.text}\n\n" for x in fresh).encode()


def _is_last(letters: list[Posted]) -> bool:
    return any(letter.last for letter in letters)


def _as_list(letters: list[Posted]) -> bytes:
    return msgspec.json.encode(
        {"letters": [{"cursor": x.cursor, "letter": x.text} for x in letters]}
    )

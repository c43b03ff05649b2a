"""One inbox line at work: it does what `inbox_lines.step` says and tells it how that went.

It holds a short-lived token and a cursor in memory, and nothing else; every letter goes to the authenticator
unread, through its `Delivery`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from threading import Event
from urllib.parse import urlencode

import httpx
import msgspec

from appliance.core.errors import PeerTrouble
from appliance.core.troubles import Trouble
from appliance.courier import event_stream
from appliance.courier.broker_line import BrokerLine
from appliance.courier.broker_lines import BrokerLines
from appliance.courier.delivery import AGAIN, Delivery
from appliance.courier.exchange import ExchangeFailed, Question, ask, date_of, opened
from appliance.courier.inbox_lines import (
    FIRST_ACTION,
    Action,
    Answered,
    Do,
    Failed,
    Happened,
    InboxLine,
    StreamCut,
    StreamOpened,
    StreamRefused,
    StreamSilent,
    TokenGranted,
    TokenRefused,
    Unauthorized,
    step,
)
from appliance.wire.broker import BrokerAccess
from appliance.wire.call import Done
from appliance.wire.carrying import Assertion, Line, Link, Signed
from appliance.wire.client import Caller, Declined
from appliance.wire.paths import BROKER, INBOX, TOKEN

SILENCE = 70.0
JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
FORM = "application/x-www-form-urlencoded"
log = logging.getLogger("courier")


class _Token(msgspec.Struct, frozen=True):
    access_token: str
    token_type: str = "Bearer"
    carrier: str = ""

    def __repr__(self) -> str:
        return "_Token(…)"


class _Row(msgspec.Struct, frozen=True):
    cursor: int
    letter: str


class _Page(msgspec.Struct, frozen=True):
    letters: tuple[_Row, ...]


class LineRunner:
    """Keeps one link's line until it is stopped. Construct, `run` on a thread of its own, `stop` from any other."""

    def __init__(
        self,
        link: Link,
        desk: Caller,
        client: httpx.Client,
        lines: BrokerLines,
        *,
        clock: Callable[[], float],
        chance: Callable[[], float],
        pause: Callable[[Event, float], object] = Event.wait,
        silence: float = SILENCE,
    ) -> None:
        self._link = link
        self._desk = desk
        self._client = client
        self._lines = lines
        self._clock = clock
        self._chance = chance
        self._pause = pause
        self._silence = silence
        self._stopped = Event()
        self._line = InboxLine()
        self._token = ""
        self._delivery = Delivery(link.id, desk, partial(pause, self._stopped))
        self._heard: tuple[float, float] | None = None
        self._cut: Callable[[], None] | None = None

    def run(self) -> None:
        """Work until stopped. When the authenticator was away, the inbox is read from its beginning again."""
        while not self._stopped.is_set():
            try:
                self._work()
            except PeerTrouble:
                log.info("line: the authenticator is gone")
                self._line = InboxLine()
                self._delivery.begin_anew()
                self._pause(self._stopped, AGAIN)
        self._client.close()

    def stir(self) -> None:
        """Nothing: letters come by themselves."""

    def stop(self) -> None:
        """End it; an open stream or line is cut at once."""
        self._stopped.set()
        cut = self._cut
        if cut is not None:
            cut()

    def _work(self) -> None:
        action: Action | None = FIRST_ACTION
        while action is not None:
            self._pause(self._stopped, action.rest)
            if self._stopped.is_set():
                return
            action = self._take(self._do(action))

    def _take(self, happened: Happened) -> Action | None:
        taken = step(self._line, happened, self._clock(), self._chance())
        self._line = taken.line
        if taken.report is not None and not self._stopped.is_set():  # else another line is heard
            log.info("line: %s", taken.report)
            self._report(taken.report)
        return taken.action

    def _report(self, state: str) -> None:
        try:
            self._desk.call(Line(self._link.id, state, self._server_time()), Done)
        except Declined:
            log.info("line: the authenticator knows no such link")

    def _note_time(self, server_time: float) -> None:
        if server_time:
            self._heard = server_time, self._clock()

    def _server_time(self) -> float:
        """The portal's clock now: what it said last, and the time since. A stream may have been open for days."""
        if self._heard is None:
            return 0.0
        said, at = self._heard
        return said + self._clock() - at

    def _do(self, action: Action) -> Happened:
        try:
            match action.do:
                case Do.FETCH_TOKEN:
                    return self._fetch_token(action.server_time)
                case Do.SUBSCRIBE:
                    return self._subscribe()
                case Do.OPEN_STREAM:
                    return self._stream()
                case Do.LONG_POLL | Do.POLL:
                    return self._poll(action.wait)
        except ExchangeFailed as failed:
            self._note_time(failed.server_time)
            return Failed(failed.why)

    def _fetch_token(self, server_time: float) -> Happened:
        try:
            signed = self._desk.call(Assertion(self._link.id, server_time), Signed)
        except Declined:
            return Failed(Trouble.CLOCK)
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": JWT_BEARER,
            "client_assertion": signed.jwt,
        }
        headers = {"Accept": "application/json", "Content-Type": FORM}
        url = self._link.origin + TOKEN
        reply = ask(self._client, Question("POST", url, headers, urlencode(form)), self._clock)
        self._note_time(reply.server_time)
        if reply.status in (400, 401, 403):
            return TokenRefused(reply.server_time)
        try:
            granted = msgspec.json.decode(reply.body, type=_Token)
        except (msgspec.DecodeError, RecursionError):
            return Failed(Trouble.PORTAL_DOWN)
        self._token = granted.access_token
        usable = reply.status == 200 and self._token.isascii() and self._token.isprintable()
        broker = granted.carrier == "mqtt"
        return TokenGranted(broker) if usable else Failed(Trouble.PORTAL_DOWN)

    def _question(self, accept: str, query: str, patience: float) -> Question:
        url = f"{self._link.origin}{INBOX}?after={self._delivery.cursor}{query}"
        headers = {"Accept": accept, "Authorization": f"Bearer {self._token}"}
        return Question("GET", url, headers, patience=patience)

    def _poll(self, wait: int) -> Happened:
        began = self._clock()
        query = f"&wait={wait}" if wait else ""
        question = self._question("application/json", query, wait + 15.0)
        reply = ask(self._client, question, self._clock)
        self._note_time(reply.server_time)
        if reply.status == 401:
            return Unauthorized()
        try:
            page = msgspec.json.decode(reply.body, type=_Page)
        except (msgspec.DecodeError, RecursionError):
            return Failed(Trouble.PORTAL_DOWN)
        if reply.status != 200:
            return Failed(Trouble.PORTAL_DOWN)
        for row in page.letters:
            self._delivery.deliver(row.cursor, row.letter)
        return Answered(len(page.letters), self._clock() - began)

    def _stream(self) -> Happened:
        was_open = False
        try:
            question = self._question(event_stream.TYPE, "", self._silence)
            with opened(self._client, question) as response:
                self._note_time(date_of(response))
                if response.status_code == 401:
                    return Unauthorized()
                if response.status_code >= 500 or response.is_redirect:
                    return Failed(Trouble.PORTAL_DOWN)
                if not event_stream.is_stream(response):
                    return StreamRefused()
                self._cut, was_open = partial(event_stream.cut, response), True
                if self._stopped.is_set():
                    return StreamCut()
                self._take(StreamOpened())
                self._listen(response)
        except ExchangeFailed as failed:
            if not was_open:
                raise
            return StreamSilent() if failed.why is Trouble.TIMEOUT else StreamCut()
        finally:
            self._cut = None
        return StreamCut()

    def _subscribe(self) -> Happened:
        """Listen at the broker; whatever the inbox has meanwhile comes first, because it is the truth."""
        url, headers = self._link.origin + BROKER, {"Authorization": f"Bearer {self._token}"}
        reply = ask(self._client, Question("POST", url, headers), self._clock)
        if reply.status == 401:
            return Unauthorized()
        try:
            line = BrokerLine(msgspec.json.decode(reply.body, type=BrokerAccess), self._link.device)
            line.open()
        except (msgspec.DecodeError, RecursionError, PeerTrouble):
            return StreamRefused()
        self._cut = line.cut
        try:
            missed = self._poll(0)
            return self._hear(line) if isinstance(missed, Answered) else missed
        finally:
            self._cut = None
            line.close()

    def _hear(self, line: BrokerLine) -> Happened:
        self._take(StreamOpened())
        self._lines.opened(self._link.origin, line)
        try:
            for parcel in line.letters():
                if self._stopped.is_set():
                    break
                self._delivery.hand_over(parcel.cursor, parcel.letter)
        finally:
            self._lines.ended(self._link.origin, line)
        return StreamCut()

    def _listen(self, response: httpx.Response) -> None:
        for cursor, letter in event_stream.letters(response):
            if self._stopped.is_set():
                return
            self._delivery.deliver(cursor, letter)

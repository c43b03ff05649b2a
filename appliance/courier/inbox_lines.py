"""What one inbox line does next. Pure: `step(line, happened, at, chance)` gives the next action and what to report.

A line listens at a broker where the portal names one, holds a stream open where that works, asks with long-polls where
it does not, and polls where nothing else does; it comes back to the better way by itself. It never sees a letter's
content, a token or a socket.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from appliance.core.troubles import Trouble
from appliance.courier import backoff

CONNECTED = "connected"
LONG_WAIT = 25
BROKER_TRIES = 3
GOOD_STREAM, TRUSTED_STREAM = 20.0, 140.0


class Do(StrEnum):
    """What can be done on a line."""

    FETCH_TOKEN = "fetch-token"
    SUBSCRIBE = "subscribe"
    OPEN_STREAM = "open-stream"
    LONG_POLL = "long-poll"
    POLL = "poll"


@dataclass(frozen=True, slots=True)
class Action:
    """Rest for so many seconds, then do this. `wait` is the long-poll's, `server_time` goes into the assertion."""

    do: Do
    rest: float = 0.0
    wait: int = 0
    server_time: float = 0.0


@dataclass(frozen=True, slots=True)
class TokenGranted:
    """The portal gave a token, and said whether it has a broker."""

    broker: bool = False


@dataclass(frozen=True, slots=True)
class TokenRefused:
    """The portal does not take the assertion; its clock in Unix seconds, 0 when unknown."""

    server_time: float


@dataclass(frozen=True, slots=True)
class StreamOpened:
    """The portal answered with an event stream, or the broker listens to us."""


@dataclass(frozen=True, slots=True)
class StreamCut:
    """An open stream ended or broke."""


@dataclass(frozen=True, slots=True)
class StreamSilent:
    """An open stream said nothing for too long, not even a keep-alive."""


@dataclass(frozen=True, slots=True)
class StreamRefused:
    """The portal, or something before it, answers but gives no stream."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A poll was answered with so many letters after so many seconds."""

    letters: int
    took: float


@dataclass(frozen=True, slots=True)
class Unauthorized:
    """The token does not hold any more."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The exchange did not take place."""

    why: Trouble


Happened = (
    TokenGranted
    | TokenRefused
    | StreamOpened
    | StreamCut
    | StreamSilent
    | StreamRefused
    | Answered
    | Unauthorized
    | Failed
)


@dataclass(frozen=True, slots=True)
class InboxLine:
    """One line: its way, the best way there is, what went wrong lately, and when the best way is worth another try.

    Times are monotonic seconds.
    """

    way: Do = Do.OPEN_STREAM
    best: Do = Do.OPEN_STREAM
    admitted: bool = False
    proven: bool = False
    failures: int = 0
    empty: int = 0
    suspect: int = 0
    told_time: bool = False
    opened_at: float = 0.0
    stream_again_at: float = 0.0
    reported: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """The line now, the next action (None while a stream runs), and a state to report if it changed."""

    line: InboxLine
    action: Action | None
    report: str | None = None


FIRST_ACTION = Action(Do.FETCH_TOKEN)


def step(line: InboxLine, happened: Happened, at: float, chance: float) -> Step:
    """The line after this. `at` is monotonic seconds, `chance` a fresh number from 0 to 1."""
    match happened:
        case TokenGranted(broker):
            best = Do.SUBSCRIBE if broker else Do.OPEN_STREAM
            way = best if line.way is line.best else line.way
            admitted = replace(
                line, way=way, best=best, admitted=True, proven=False, told_time=False
            )
            return Step(admitted, _on(admitted))
        case TokenRefused(server_time):
            return _refused(line, server_time, chance)
        case StreamOpened():
            return _say(replace(line, proven=True, opened_at=at), None, CONNECTED)
        case StreamCut() | StreamSilent():
            return _lost(line, at, chance, silent=isinstance(happened, StreamSilent))
        case StreamRefused():
            fallen = _distrust(line, at, Do.LONG_POLL)
            return Step(fallen, _on(fallen))
        case Answered(letters, took):
            return _answered(line, letters, took, at, chance)
        case Unauthorized():
            return _unauthorized(line, chance)
        case Failed(why):
            return _failed(line, why, at, chance)


def _on(line: InboxLine, rest: float = 0.0) -> Action:
    if not line.admitted:
        return Action(Do.FETCH_TOKEN, rest)
    waits = line.way is Do.LONG_POLL and line.reported == CONNECTED
    return Action(line.way, rest, LONG_WAIT if waits else 0)


def _say(line: InboxLine, action: Action | None, state: str) -> Step:
    if line.reported == state:
        return Step(line, action)
    return Step(replace(line, reported=state), action, state)


def _distrust(line: InboxLine, at: float, way: Do) -> InboxLine:
    """Take another way for a while: 5 s the first time, up to ten minutes when it keeps failing.

    A broker that failed three times is left alone until the portal names it again with the next token.
    """
    suspect = line.suspect + 1
    if line.best is Do.SUBSCRIBE and suspect >= BROKER_TRIES:
        return replace(line, way=Do.OPEN_STREAM, best=Do.OPEN_STREAM, suspect=0)
    again = at + min(600.0, 5.0 * 4.0 ** min(suspect - 1, 8))
    return replace(line, way=way, suspect=suspect, stream_again_at=again)


def _refused(line: InboxLine, server_time: float, chance: float) -> Step:
    failures = line.failures + 1
    if server_time and not line.told_time:
        again = replace(line, failures=failures, told_time=True)
        return Step(again, Action(Do.FETCH_TOKEN, chance, server_time=server_time))
    rest = backoff.after_failures(failures, chance)
    refused = replace(line, failures=failures, told_time=False)
    return _say(refused, Action(Do.FETCH_TOKEN, rest), Trouble.FOREIGN)


def _lost(line: InboxLine, at: float, chance: float, *, silent: bool) -> Step:
    lived = at - line.opened_at
    if lived >= GOOD_STREAM and not silent:
        calm = replace(line, failures=0, suspect=0)
        return Step(calm, _on(calm, backoff.after_cut(chance)))
    if lived >= TRUSTED_STREAM:
        line = replace(line, failures=0, suspect=0)
    rest = backoff.after_failures(line.failures + 1, chance)
    way = line.best if line.suspect == 0 else Do.LONG_POLL
    doubted = replace(_distrust(line, at, way), failures=line.failures + 1)
    return Step(doubted, _on(doubted, rest))


def _answered(line: InboxLine, letters: int, took: float, at: float, chance: float) -> Step:
    empty = 0 if letters else line.empty + 1
    asked_to_wait = line.way is Do.LONG_POLL and line.reported == CONNECTED
    line = replace(line, failures=0, empty=empty, proven=True)
    if at >= line.stream_again_at:
        line = replace(line, way=line.best, empty=0)
        return _say(line, _on(line), CONNECTED)
    if asked_to_wait and not letters and took < LONG_WAIT / 5:
        line = replace(line, way=Do.POLL, empty=0)
    rest = backoff.after_empty(empty, chance) if line.way is Do.POLL else 0.0
    spoken = _say(line, None, CONNECTED)
    return replace(spoken, action=_on(spoken.line, rest))


def _unauthorized(line: InboxLine, chance: float) -> Step:
    """A token that has worked is renewed at once; one that never did makes the line wait."""
    failures = line.failures if line.proven else line.failures + 1
    rest = 0.0 if line.proven else backoff.after_failures(failures, chance)
    outside = replace(line, admitted=False, proven=False, failures=failures)
    return Step(outside, _on(outside, rest))


def _failed(line: InboxLine, why: Trouble, at: float, chance: float) -> Step:
    rest = backoff.after_failures(line.failures + 1, chance)
    if line.admitted and line.way is line.best:
        line = _distrust(line, at, Do.LONG_POLL)
    elif line.admitted and line.way is Do.LONG_POLL:
        line = replace(line, way=Do.POLL)
    spoken = _say(replace(line, failures=line.failures + 1), None, why)
    return replace(spoken, action=_on(spoken.line, rest))

"""Between the socket threads and the consumer: what can be read is read at once, everything else waits its turn.

Runs on the threads of the control sockets. Touches neither desk nor vault.
"""

from __future__ import annotations

from concurrent.futures import Future

import msgspec

from appliance.authenticator.board import LONGEST_WAIT, Board
from appliance.authenticator.errands import Outbox
from appliance.authenticator.loop import Asked, Inbox
from appliance.authenticator.sealing import Sealing
from appliance.authenticator.updates import Updates
from appliance.authenticator.upkeep import Upkeep
from appliance.core.errors import PeerTrouble, Refused
from appliance.wire.asking import Identify, Identity, Status
from appliance.wire.call import Done
from appliance.wire.carrying import ErrandList, Links, NextErrand
from appliance.wire.safekeeping import MakeBackup, ReadBackup
from appliance.wire.updates import (
    FetchList,
    JobList,
    NextFetch,
    NextJob,
    Piece,
    SendUpdate,
    Update,
)
from appliance.wire.upkeep import NameList, Names, NextOrder, OrderList

PATIENCE = 8.0


class Answering:
    """Answers one call for `control.Control`."""

    def __init__(
        self,
        inbox: Inbox,
        board: Board,
        outbox: Outbox,
        identity: Identity,
        upkeep: Upkeep,
        updates: Updates,
    ) -> None:
        self._inbox = inbox
        self._board = board
        self._outbox = outbox
        self._identity = identity
        self._upkeep = upkeep
        self._updates = updates
        self._sealing = Sealing(lambda asked: self._in_turn("page", asked))

    def __call__(self, role: str, asked: msgspec.Struct) -> msgspec.Struct:
        """The reply. Raises a DeskTokenError for a refusal."""
        match asked:
            case Identify():
                return self._identity
            case Status():
                return self._board.status(asked.since, asked.wait)
            case Links():
                return self._board.links(asked.known, asked.wait)
            case NextErrand():
                errand = self._outbox.take(min(max(0.0, asked.wait), LONGEST_WAIT))
                return ErrandList((errand,) if errand else ())
            case NextOrder():
                order = self._upkeep.next_order(min(max(0.0, asked.wait), LONGEST_WAIT))
                return OrderList((order,) if order else (), self._upkeep.told_steward)
            case Names():
                wait = min(max(0.0, asked.wait), LONGEST_WAIT)
                return NameList(*self._upkeep.names(asked.known, asked.life, wait))
            case NextJob() | NextFetch() | SendUpdate() | Piece() | Update():
                return self._update(role, asked)
            case MakeBackup():
                return self._sealing.made(asked)
            case ReadBackup():
                return self._sealing.read(asked)
        return self._in_turn(role, asked)

    def _update(
        self, role: str, asked: NextJob | NextFetch | SendUpdate | Piece | Update
    ) -> msgspec.Struct:
        """A file may be on its way for minutes: its pieces wait for the updater here and hold up nobody else."""
        if role == "page" and not self._board.status(-1, 0.0).page_open:
            raise Refused("The device page is closed")
        match asked:
            case NextJob():
                job = self._updates.next_job(min(max(0.0, asked.wait), LONGEST_WAIT))
                return JobList((job,) if job else ())
            case NextFetch():
                file = self._updates.next_fetch(min(max(0.0, asked.wait), LONGEST_WAIT))
                return FetchList((file,) if file else ())
            case SendUpdate():
                self._updates.send(role, asked)
            case Piece():
                self._updates.piece(asked)
            case Update():
                return self._updates.state()
        return Done()

    def _in_turn(self, role: str, asked: msgspec.Struct) -> msgspec.Struct:
        reply: Future[msgspec.Struct] = Future()
        self._inbox.put(Asked(role, asked, reply))
        try:
            return reply.result(PATIENCE)
        except TimeoutError as late:
            raise PeerTrouble("The device is busy") from late

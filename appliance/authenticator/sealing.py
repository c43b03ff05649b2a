"""Turns passphrases into keys on the thread of whoever asked, one at a time: it takes a second and 64 MiB, and the
panel must not wait for it. The consumer gives and takes what lies under the seal."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import TypeVar

import msgspec

from appliance.authenticator.backup_file import Contents, check_passphrase, seal, unseal
from appliance.core.errors import PeerTrouble
from appliance.wire.call import Done
from appliance.wire.safekeeping import BackupFile, Backups, BackupState, MakeBackup, ReadBackup

T = TypeVar("T", bound=msgspec.Struct)


class Gather(msgspec.Struct, frozen=True):
    """From here to the consumer: what goes into a backup now? No other process can ask this."""


class Gathered(msgspec.Struct, frozen=True):
    """What does, and whether codes are in it."""

    contents: Contents
    with_codes: bool

    def __repr__(self) -> str:
        return "Gathered(…)"


class Unsealed(msgspec.Struct, frozen=True):
    """From here to the consumer: what a backup holds."""

    contents: Contents

    def __repr__(self) -> str:
        return "Unsealed(…)"


class Sealing:
    """`in_turn` asks the consumer, and raises what it refuses; while the page is closed it refuses all of this."""

    def __init__(self, in_turn: Callable[[msgspec.Struct], msgspec.Struct]) -> None:
        self._in_turn = in_turn
        self._one = Lock()

    def made(self, asked: MakeBackup) -> BackupFile:
        """A sealed file. Raises Refused, StorageTrouble."""
        check_passphrase(asked.passphrase)
        gathered = _as(Gathered, self._in_turn(Gather()))
        with self._one:
            return BackupFile(seal(gathered.contents, asked.passphrase), gathered.with_codes)

    def read(self, asked: ReadBackup) -> Done:
        """Open a file and leave it with the consumer as a plan. Raises Refused, StorageTrouble."""
        _as(BackupState, self._in_turn(Backups()))
        with self._one:
            contents = unseal(asked.data, asked.passphrase)
        return _as(Done, self._in_turn(Unsealed(contents)))


def _as(kind: type[T], reply: msgspec.Struct) -> T:
    if not isinstance(reply, kind):
        raise PeerTrouble("There is no such call")
    return reply

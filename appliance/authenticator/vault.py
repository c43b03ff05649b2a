"""The vault: accounts with their secrets, counters, seen letters and settings, each change durable when it returns.

A counter is stored before its code or signature leaves (checklist rows 5 and 20). One thread uses it. Nothing in
here knows of panels or wires, and no secret leaves except inside the record that the caller asked for by name.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from typing import TypeVar

import msgspec

from appliance.authenticator.vault_file import DAMAGED
from appliance.authenticator.vault_folder import VaultFolder
from appliance.authenticator.vault_records import Kept, Ledger
from appliance.authenticator.vault_rows import Changes, NoRows, Rows
from appliance.core.accounts import Account, Kind, Profile
from appliance.core.errors import Refused, StorageTrouble
from appliance.core.settings import ROWS, Settings, change, written

MOST_ACCOUNTS = 64
PARTS = ("account", "counter", "letters", "profile", "pin", "refused")
RESERVED = 900.0
T = TypeVar("T")


class Vault:
    """The records of this device. `trouble` is the sentence that says why they could not be opened, or empty."""

    def __init__(self, folder: VaultFolder) -> None:
        self._folder = folder
        self.trouble = ""
        self._shown: float | None = None
        self._reserved: tuple[float, float] | None = None
        self._rows: Rows = self._opened()

    @property
    def level(self) -> str:
        """How the data key is guarded; panel and page show it."""
        return self._folder.level

    def accounts(self) -> tuple[Account, ...]:
        """All accounts in their order."""
        found = [self._read(f"account/{name}", Kept) for name in self._order()]
        if None in found:
            raise StorageTrouble(DAMAGED)
        return tuple(kept.account for kept in found if kept is not None)

    def kept(self, account: str) -> Kept:
        """One account with its secrets. Raises Refused for an unknown one, StorageTrouble for a damaged one."""
        found = self._read(f"account/{account}", Kept)
        if found is None:
            raise Refused("There is no such account")
        return found

    def keep(self, kept: Kept, counter: int = 0) -> None:
        """Store a new account, last in the order, with the next counter of a counter account."""
        order = self._order()
        if kept.id in order or len(order) >= MOST_ACCOUNTS:
            raise Refused("There is no room for another account")
        changes = {
            f"account/{kept.id}": msgspec.json.encode(kept),
            "order": msgspec.json.encode((*order, kept.id)),
        }
        if kept.kind is Kind.HOTP:
            changes[f"counter/{kept.id}"] = msgspec.json.encode(counter)
        self._rows.write(changes)

    def restore(self, settings: Settings, come: Sequence[tuple[Kept, int]]) -> None:
        """These settings and new accounts with their next counters, in one step. Raises Refused, StorageTrouble."""
        order = (*self._order(), *(kept.id for kept, _ in come))
        if len(order) > MOST_ACCOUNTS or len(set(order)) < len(order):
            raise Refused("There is no room for another account")
        changes = _records(come)
        changes["order"] = msgspec.json.encode(order)
        changes["settings"] = msgspec.json.encode(words_of(settings))
        self._rows.write(changes)

    def exchange(self, come: Sequence[tuple[Kept, int]]) -> None:
        """These records with their next counters, new ones last and the others in their places, in one step.

        Raises Refused without room, StorageTrouble.
        """
        order = tuple(dict.fromkeys((*self._order(), *(kept.id for kept, _ in come))))
        if len(order) > MOST_ACCOUNTS:
            raise Refused("There is no room for another account")
        self._rows.write({**_records(come), "order": msgspec.json.encode(order)})

    def rename(self, account: str, label: str) -> None:
        """Another label for an account."""
        self.change(msgspec.structs.replace(self.kept(account), label=label))

    def change(self, kept: Kept) -> None:
        """Another record of an account that is kept already."""
        self.kept(kept.id)
        self._rows.write({f"account/{kept.id}": msgspec.json.encode(kept)})

    def remove(self, account: str) -> None:
        """Forget an account with its secrets, its counter, its letters and its profile, in one step."""
        self.kept(account)
        order = tuple(known for known in self._order() if known != account)
        gone = (f"{part}/{account}" for part in PARTS)
        self._rows.write({**dict.fromkeys(gone), "order": msgspec.json.encode(order)})

    def reorder(self, accounts: tuple[str, ...]) -> None:
        """The same accounts in another order."""
        if sorted(accounts) != sorted(self._order()):
            raise Refused("Those are not the accounts of this token")
        self._rows.write({"order": msgspec.json.encode(accounts)})

    def take_counter(self, account: str) -> int:
        """The counter to make a code with; the one after it is already durable when this returns."""
        counter = self._read(f"counter/{account}", int) or 0
        self._rows.write({f"counter/{account}": msgspec.json.encode(counter + 1)})
        return counter

    def ledger(self, account: str) -> Ledger:
        """What this account remembers of its letters."""
        return self._read(f"letters/{account}", Ledger) or Ledger()

    def write_ledger(self, account: str, ledger: Ledger) -> None:
        """Remember it durably."""
        self._rows.write({f"letters/{account}": msgspec.json.encode(ledger)})

    def profiles(self) -> tuple[Profile, ...]:
        """What the portals last said of their persons."""
        found = (self._read(f"profile/{name}", Profile) for name in self._order())
        return tuple(profile for profile in found if profile is not None)

    def write_profile(self, profile: Profile) -> None:
        """Remember it durably."""
        self._rows.write({f"profile/{profile.account}": msgspec.json.encode(profile)})

    def settings(self) -> Settings | None:
        """The settings as stored, or None on a fresh device; a value that no longer fits its row keeps its default."""
        stored = self._read("settings", dict[str, str])
        if stored is None:
            return None
        settings = Settings()
        for row in ROWS:
            if row.key in stored:
                settings = _kindly_changed(settings, row.key, stored[row.key])
        return settings

    def write_settings(self, settings: Settings) -> None:
        """Remember these settings durably."""
        self._rows.write({"settings": msgspec.json.encode(words_of(settings))})

    def shown(self) -> float:
        """No code of a later moment than this was ever on the screen, in Unix seconds; 0 when there was none."""
        if self._shown is None:
            self._shown = self._read("shown", float) or 0.0
        return self._shown

    def remember_shown(self, moment: float) -> bool:
        """This moment is durably covered when this returns, before its digits are painted (checklist row 20).

        One write covers the coming quarter of an hour, so most codes cost none; whether this one did.
        Raises StorageTrouble, and then no digits may be shown.
        """
        ahead = self._reserved
        covered = ahead is not None and ahead[0] <= moment <= ahead[1]
        if not covered:
            self._rows.write({"shown": msgspec.json.encode(moment + RESERVED)})
            self._reserved = moment, moment + RESERVED
        self._shown = moment
        return not covered

    def settle(self) -> None:
        """Before an end in order: what was covered ahead and not used is given back. Raises StorageTrouble."""
        if self._reserved is not None:
            self._rows.write({"shown": msgspec.json.encode(self.shown())})
            self._reserved = None

    def life(self) -> str:
        """The random name of the time since the last reset, made now if it has none yet. Raises StorageTrouble."""
        known = self._read("life", str)
        if known is None:
            known = new_id()
            self._rows.write({"life": msgspec.json.encode(known)})
        return known

    def read(self, name: str, shape: type[T]) -> T | None:
        """One record of somebody who keeps his own under a name of his own. Raises StorageTrouble."""
        return self._read(name, shape)

    def names(self) -> tuple[str, ...]:
        """The names of all records."""
        return self._rows.names()

    def raw(self, name: str) -> bytes | None:
        """The same, as it was written."""
        return self._rows.read(name)

    def write(self, changes: Changes) -> None:
        """Write such records, all or none. Raises StorageTrouble."""
        self._rows.write(changes)

    def wipe(self) -> None:
        """Destroy the key first, then every record, and begin anew. Raises StorageTrouble."""
        self._shown = self._reserved = None
        self._rows.close()
        self._rows = NoRows("The reset is not complete")
        self._folder.erase()
        self._rows = self._opened()
        if self.trouble:
            raise StorageTrouble(self.trouble)

    def answers(self) -> bool:
        """Whether the storage answers at all, be it with a reason why not; one that hangs never comes back here."""
        with suppress(StorageTrouble):
            self._rows.read("settings")
        return True

    def close(self) -> None:
        """Close the file."""
        self._rows.close()

    def _opened(self) -> Rows:
        """The records, all of them looked at once; or none, with the reason in `trouble` and the files untouched."""
        self.trouble = ""
        try:
            self._rows = self._folder.open()
        except StorageTrouble as trouble:
            return self._without(trouble)
        try:
            self.accounts()
            self.profiles()
            self.settings()
        except StorageTrouble as trouble:
            self._rows.close()
            return self._without(trouble)
        return self._rows

    def _without(self, trouble: StorageTrouble) -> Rows:
        self.trouble = str(trouble)
        return NoRows(self.trouble)

    def _order(self) -> tuple[str, ...]:
        return self._read("order", tuple[str, ...]) or ()

    def _read(self, name: str, shape: type[T]) -> T | None:
        content = self._rows.read(name)
        if content is None:
            return None
        try:
            return msgspec.json.decode(content, type=shape)
        except msgspec.DecodeError as wrong:
            raise StorageTrouble(DAMAGED) from wrong


def _records(come: Sequence[tuple[Kept, int]]) -> dict[str, bytes]:
    changes = {f"account/{kept.id}": msgspec.json.encode(kept) for kept, _ in come}
    for kept, counter in come:
        if kept.kind is Kind.HOTP:
            changes[f"counter/{kept.id}"] = msgspec.json.encode(counter)
    return changes


def new_id() -> str:
    """A random name for an account; it says nothing about it."""
    return os.urandom(8).hex()


def words_of(settings: Settings) -> dict[str, str]:
    """The settings as the words that `core.settings.change` takes."""
    return {row.key: written(getattr(settings, row.key)) for row in ROWS}


def _kindly_changed(settings: Settings, key: str, stored: str) -> Settings:
    try:
        return change(settings, key, stored)
    except Refused:
        return settings

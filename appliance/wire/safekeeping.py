"""What the page may ask about backups, servers that are not checked, the proxy's login, and opening by the cable.

A passphrase and a password go in and never come out; the only secret that leaves lies sealed inside a backup's file,
and only after a hold on the device (checklist rows 18 and 28).
"""

from __future__ import annotations

import msgspec

from appliance.wire.call import Done, Rows

LARGEST_BACKUP = 1024 * 1024


class Backups(msgspec.Struct, frozen=True):
    """Page: what a backup of this device would hold now, and the one that was read to be restored."""


class SettingChange(msgspec.Struct, frozen=True):
    """A setting that a restore would change."""

    name: str
    now: str
    then: str


class RestorePlan(msgspec.Struct, frozen=True):
    """Exactly what a restore will do: settings that change, those of this device that stay, codes that come, codes
    that are here already, and accounts of portals, which are linked anew. Names, never a secret."""

    number: str
    changes: tuple[SettingChange, ...]
    stays: tuple[str, ...]
    come: tuple[str, ...]
    here: tuple[str, ...]
    anew: tuple[str, ...]


class BackupState(msgspec.Struct, frozen=True):
    """`others` counts the accounts of other services; their codes are `allowed` in a backup by the setting, and
    `granted` by a hold for the next `seconds_left`."""

    portals: int
    others: int
    allowed: bool
    granted: bool
    seconds_left: int = 0
    plan: RestorePlan | None = None


class AskCodes(msgspec.Struct, frozen=True):
    """Page: ask to have the codes of other services in the next backup; only a hold on the device allows it."""


class MakeBackup(msgspec.Struct, frozen=True):
    """Page: seal a backup under this passphrase (at least 12 characters)."""

    passphrase: str

    def __repr__(self) -> str:
        return "MakeBackup(…)"


class BackupFile(msgspec.Struct, frozen=True):
    """The sealed file, and whether codes of other services are in it."""

    data: bytes
    with_codes: bool

    def __repr__(self) -> str:
        return "BackupFile(…)"


class ReadBackup(msgspec.Struct, frozen=True):
    """Page: open a backup's file (at most 1 MiB) and say in `Backups` what restoring it would do. Changes nothing."""

    data: bytes
    passphrase: str

    def __repr__(self) -> str:
        return "ReadBackup(…)"


class AskRestore(msgspec.Struct, frozen=True):
    """Page: ask to do the plan of this number; only a hold on the device does it."""

    number: str


class DropPlan(msgspec.Struct, frozen=True):
    """Page: forget the backup that was read."""


class AskServer(msgspec.Struct, frozen=True):
    """Page: ask not to check the certificate of this server; only a hold on the device allows it."""

    server: str


class DropServer(msgspec.Struct, frozen=True):
    """Page: check this server again."""

    server: str


class ProxyLogin(msgspec.Struct, frozen=True):
    """Page: the name and password that the proxy asks for; an empty name forgets both."""

    name: str
    password: str

    def __repr__(self) -> str:
        return "ProxyLogin(…)"


class AskOpening(msgspec.Struct, frozen=True):
    """Page: a browser on the USB cable asks to open the page; it opens while no account is linked, with a code that
    only the panel shows."""


class Way(msgspec.Struct, frozen=True):
    """Courier: how to reach portals: through a proxy (empty means directly), and for which names without it."""

    proxy: str = ""
    without: tuple[str, ...] = ()
    name: str = ""
    password: str = ""

    def __repr__(self) -> str:
        return f"Way({self.proxy!r})"


OF_PAGE: Rows = {
    "Backups": (Backups, BackupState),
    "MakeBackup": (MakeBackup, BackupFile),
    "AskOpening": (AskOpening, Done),
    "AskCodes": (AskCodes, Done),
    "ReadBackup": (ReadBackup, Done),
    "AskRestore": (AskRestore, Done),
    "DropPlan": (DropPlan, Done),
    "AskServer": (AskServer, Done),
    "DropServer": (DropServer, Done),
    "ProxyLogin": (ProxyLogin, Done),
}

"""Backups, servers that are not checked, and the proxy's login, as the one consumer keeps them between call and hold.

A plan that was read and a grant for codes live in memory only and end with the page or after a few minutes. Nothing
here leaves but names; the one secret that does is handed to whoever seals the file.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import msgspec

from appliance.authenticator.backup import Plan, gather, plan, restore, titled
from appliance.authenticator.backup_file import Contents
from appliance.authenticator.vault import Vault, words_of
from appliance.core.accounts import Kind as AccountKind
from appliance.core.clock_trust import Now
from appliance.core.errors import Refused, StorageTrouble
from appliance.core.events import AccountsChanged, Event, SettingsChanged
from appliance.core.settings import ROWS, Settings, change, items
from appliance.core.wishes import Kind, Wish, Wished
from appliance.wire.safekeeping import (
    AskCodes,
    AskRestore,
    AskServer,
    BackupState,
    DropServer,
    ProxyLogin,
    RestorePlan,
    SettingChange,
    Way,
)

GRANT_SECONDS = 300.0
LOGIN, LONGEST_LOGIN = "proxy", 128
KINDS = (Kind.BACKUP, Kind.RESTORE, Kind.SERVER)
Events = tuple[Event, ...]


@dataclass
class Safekeeping:
    """The state of it, over the one vault."""

    vault: Vault
    _asked: str = ""
    _server: str = ""
    _granted_until: float = 0.0
    _plan: Plan | None = None
    _number: str = ""

    def state(self, settings: Settings, now: Now) -> BackupState:
        """What a backup would hold now, and what a restore would do. Raises StorageTrouble."""
        kinds = [account.kind for account in self.vault.accounts()]
        left = max(0, int(self._granted_until - now.monotonic))
        return BackupState(
            portals=kinds.count(AccountKind.PORTAL),
            others=len(kinds) - kinds.count(AccountKind.PORTAL),
            allowed=settings.backup_codes,
            granted=settings.backup_codes and left > 0,
            seconds_left=left,
            plan=_told(self._plan, self._number, settings) if self._plan else None,
        )

    def wish(self, asked: AskCodes | AskRestore | AskServer, settings: Settings) -> Event:
        """Put it before the person. Raises Refused."""
        self._asked = secrets.token_hex(8)
        match asked:
            case AskCodes():
                if not settings.backup_codes:
                    raise Refused("The security settings keep codes out of backups")
                return Wished(Wish(self._asked, Kind.BACKUP))
            case AskRestore():
                if self._plan is None or asked.number != self._number:
                    raise Refused("Read the backup first")
                return Wished(Wish(self._asked, Kind.RESTORE))
            case AskServer():
                named = change(Settings(), "server_exceptions", asked.server).server_exceptions
                if len(named) != 1:
                    raise Refused("A server is written as name or name:port")
                self._server = named[0]
                return Wished(Wish(self._asked, Kind.SERVER, self._server))

    def granted(self, wish: Wish, settings: Settings, now: Now) -> Events:
        """The person held. Raises Refused, StorageTrouble."""
        asked, self._asked = self._asked, ""
        if not asked or wish.id != asked:
            raise Refused("That was not asked")
        match wish.kind:
            case Kind.BACKUP:
                self._granted_until = now.monotonic + GRANT_SECONDS
                return ()
            case Kind.RESTORE if self._plan is not None:
                chosen, self._plan = self._plan, None
                restore(chosen, self.vault)
                stored = self.vault.settings() or settings
                return (AccountsChanged(self.vault.accounts()), SettingsChanged(stored))
            case Kind.SERVER:
                listed = (*settings.server_exceptions, self._server)
                return self._excepted(settings, listed)
        raise Refused("That was not asked")

    def drop_server(self, asked: DropServer, settings: Settings) -> Events:
        """Check this server again. Raises StorageTrouble."""
        left = [name for name in settings.server_exceptions if name != asked.server]
        return self._excepted(settings, tuple(left))

    def contents(self, settings: Settings, now: Now) -> tuple[Contents, bool]:
        """What goes into a backup now; a grant for codes is used up by this. Raises StorageTrouble."""
        with_codes = settings.backup_codes and now.monotonic < self._granted_until
        found = gather(self.vault, with_codes=with_codes)
        self._granted_until = 0.0
        return found, with_codes and bool(found.codes)

    def read(self, contents: Contents) -> None:
        """Keep what a restore of this would do. Raises Refused, StorageTrouble."""
        self.drop_plan()
        self._plan, self._number = plan(contents, self.vault), secrets.token_hex(8)

    def drop_plan(self) -> None:
        """Forget the backup that was read."""
        self._plan, self._number = None, ""

    def log_in(self, asked: ProxyLogin, settings: Settings) -> Events:
        """Keep or forget the proxy's login. Raises Refused, StorageTrouble."""
        if max(len(asked.name), len(asked.password)) > LONGEST_LOGIN or ":" in asked.name:
            raise Refused("That name or password cannot be used")
        kept = msgspec.json.encode((asked.name, asked.password)) if asked.name else None
        self.vault.write({LOGIN: kept})
        return (SettingsChanged(settings),)

    def has_login(self) -> bool:
        """Whether there is one."""
        return bool(self._login()[0])

    def way(self, settings: Settings) -> Way:
        """How the courier reaches portals."""
        if not settings.proxy:
            return Way()
        name, password = self._login()
        return Way(settings.proxy, items(settings.no_proxy), name, password)

    def refused(self) -> None:
        """Nobody wanted it."""
        self._asked = self._server = ""

    def forget(self) -> None:
        """The page closed, or everything was erased: nothing of it is left."""
        self.refused()
        self.drop_plan()
        self._granted_until = 0.0

    def _login(self) -> tuple[str, str]:
        try:
            return self.vault.read(LOGIN, tuple[str, str]) or ("", "")
        except StorageTrouble:
            return ("", "")

    def _excepted(self, settings: Settings, servers: tuple[str, ...]) -> Events:
        changed = change(settings, "server_exceptions", ", ".join(servers))
        self.vault.write_settings(changed)
        return (SettingsChanged(changed),)


def _told(chosen: Plan, number: str, settings: Settings) -> RestorePlan:
    labels, now = {row.key: row.label for row in ROWS}, words_of(settings)
    return RestorePlan(
        number=number,
        changes=tuple(SettingChange(labels[key], now[key], then) for key, then in chosen.settings),
        stays=tuple(labels[key] for key in chosen.stays),
        come=tuple(titled(codes) for codes in chosen.come),
        here=chosen.here,
        anew=chosen.anew,
    )

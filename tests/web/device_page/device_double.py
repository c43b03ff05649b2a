"""A second authenticator for the page's tests: it opens, admits, renames, changes and counts, on a real socket."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import msgspec

from appliance.core.errors import Refused
from appliance.core.settings import ROWS, Settings, written
from appliance.wire.asking import AccountRow, Admitted, Change, Rename, Status, StatusReply, TryPin
from appliance.wire.call import Done
from appliance.wire.safekeeping import (
    AskOpening,
    AskRestore,
    BackupFile,
    BackupState,
    DropPlan,
    MakeBackup,
    ReadBackup,
    RestorePlan,
    SettingChange,
)
from appliance.wire.updates import UpdateState
from appliance.wire.upkeep import (
    AuditReply,
    ConditionReply,
    JournalReply,
    Nearby,
    NetworkState,
    PanelReply,
    WaitingList,
    WaitingRow,
)
from tests.courier.control_double import ControlDouble

PIN = "48150627"
SEALED, PASSPHRASE = b'{"form":"desk-token-backup"}', "vier woorden op een bankje"
PLAN = RestorePlan(
    "p1",
    (SettingChange("Brightness", "96", "42"), SettingChange("Silent hours", "off", "22-7")),
    ("Proxy",),
    ("Club <b>'\" · Roeivereniging",),
    ("Loket · Rail",),
    ("J. de Vries · https://portal.example",),
)
PLANTED = ("JBSWY3DPEHPK3PXP", PIN, "31415926")


def setting_words() -> dict[str, str]:
    """The settings as the authenticator writes them."""
    return {row.key: written(getattr(Settings(), row.key)) for row in ROWS}


@dataclass
class DeviceDouble:
    """The state behind the socket, and what it may be told."""

    page_open: bool = True
    stage: str = "home"
    tries: int = 5
    waiting: int = 0
    version: int = 1
    trust: str = "synced"
    bell: str = "https://portal.example/device/v1/ring"
    settings: dict[str, str] = field(default_factory=setting_words)
    parts: dict[str, str] = field(
        default_factory=lambda: {
            "network": "good",
            "portal": "good",
            "panel": "good",
            "camera": "unknown",
            "storage": "good",
        }
    )
    accounts: list[AccountRow] = field(
        default_factory=lambda: [
            AccountRow(
                "a1", "portal", "J. de Vries", "Personeelsportaal", "https://portal.example"
            ),
            AccountRow("a2", "totp", "Proef <b>&'\"", "Foreign Codes Ltd", ""),
            AccountRow("a3", "push", "PIPU0001", "privacyIDEA", "https://mfa.example", True),
        ]
    )
    stopped: Event = field(default_factory=Event)
    condition: ConditionReply = field(
        default_factory=lambda: ConditionReply(
            1_764_000_000.0, 5000.0, 48.2, False, 2_000_000_000, 8_000_000_000, {"a1": 12.0}, {}
        )
    )
    network: NetworkState = field(
        default_factory=lambda: NetworkState(
            steward=True,
            connected=True,
            kind="wifi",
            ssid="Stationswifi",
            signal=71,
            addresses=("192.0.2.10/24",),
            country="NL",
            time_server="ntp.example.org",
            nearby=(
                Nearby("Stationswifi", 71, secured=True),
                Nearby("<b>Gasten'\"", 40, secured=False),
            ),
        )
    )
    update: UpdateState = field(
        default_factory=lambda: UpdateState(updater=True, version="1.1.0", previous="1.0.3")
    )
    backup: BackupState = field(
        default_factory=lambda: BackupState(portals=1, others=1, allowed=True, granted=False)
    )
    people: list[WaitingRow] = field(default_factory=list)
    lines: list[tuple[float, str, str]] = field(
        default_factory=lambda: [
            (90.0, "INFO", "authenticator: started storage='plain file' accounts=2"),
            (12.0, "WARNING", "authenticator: panel lost: the cable of J. de Vries"),
        ]
    )

    def serve(self, path: Path) -> ControlDouble:
        """Listen on this socket."""
        done = (
            *(
                "Paste",
                "Show",
                "Confirm",
                "Words",
                "AskReset",
                "AskScan",
                "Reorder",
                "AskRemove",
                "AskTest",
            ),
            *("SendUpdate", "Piece", "FindUpdate", "DropUpdate", "AskUpdate", "AskBack"),
            *("AskPower", "AskClock", "AskNetwork", "AskSearch", "Try"),
            *("AskCodes", "AskServer", "DropServer", "ProxyLogin"),
        )
        answers = dict.fromkeys(done, lambda _: Done())
        own = {
            "Status": self.status,
            "TryPin": self.try_pin,
            "Rename": self.rename,
            "Change": self.change,
            "Panel": lambda _: PanelReply(128, 64, b"\xaa" * 1024, lit=True),
            "Condition": lambda _: self.condition,
            "Waiting": lambda _: WaitingList(tuple(self.people)),
            "Journal": lambda _: JournalReply(tuple(self.lines)),
            "Network": lambda _: self.network,
            "Update": lambda _: self.update,
            "Backups": lambda _: self.backup,
            "MakeBackup": self.make_backup,
            "ReadBackup": self.read_backup,
            "AskRestore": self.ask_restore,
            "DropPlan": self.drop_plan,
            "AskOpening": self.ask_opening,
            "AuditLog": lambda _: AuditReply(('{"number":1,"what":"boot"}',)),
        }
        return ControlDouble(path, "page", {**answers, **own})

    def status(self, ask: Status) -> StatusReply:
        if ask.wait and ask.since == self.version:
            self.stopped.wait(0.05)
        return StatusReply(
            serial="DT-7F3A-0042",
            software="0.1.0",
            trust=self.trust,
            storage="plain file",
            parts=self.parts,
            accounts=tuple(self.accounts),
            waiting=self.waiting,
            stage=self.stage,
            settings=self.settings,
            page_open=self.page_open,
            version=self.version,
            bell=self.bell,
        )

    def make_backup(self, ask: MakeBackup) -> BackupFile:
        return BackupFile(SEALED, with_codes=self.backup.granted)

    def read_backup(self, ask: ReadBackup) -> Done:
        if ask.data != SEALED or ask.passphrase != PASSPHRASE:
            raise Refused("The passphrase or the backup is wrong")
        self.backup = msgspec.structs.replace(self.backup, plan=PLAN)
        return Done()

    def drop_plan(self, ask: DropPlan) -> Done:
        self.backup = msgspec.structs.replace(self.backup, plan=None)
        return Done()

    def ask_restore(self, ask: AskRestore) -> Done:
        if self.backup.plan is None or ask.number != self.backup.plan.number:
            raise Refused("Read the backup first")
        return Done()

    def ask_opening(self, ask: AskOpening) -> Done:
        self.page_open, self.version = not self.accounts, self.version + 1
        return Done()

    def try_pin(self, ask: TryPin) -> Admitted:
        right = ask.digits == PIN and self.tries > 0
        self.tries = self.tries if right else max(0, self.tries - 1)
        self.page_open = self.page_open and self.tries > 0
        return Admitted(right, self.tries)

    def rename(self, ask: Rename) -> Done:
        self.accounts = [
            msgspec.structs.replace(row, label=ask.label) if row.id == ask.account else row
            for row in self.accounts
        ]
        return Done()

    def change(self, ask: Change) -> Done:
        if ask.key == "keys" and ask.value == "joystick":
            raise Refused("Choose on or off")
        self.settings = {**self.settings, ask.key: ask.value}
        return Done()

"""A day of the installed token with its records on a disk that logs each order, up to the moment the plug is pulled.

Each thing that a person could see (words on the glass, a login that the portal let in) is noted with the number of
orders that the disk had logged by then.
"""

from __future__ import annotations

import base64
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from appliance.core.accounts import Kind
from appliance.credentials.candidates import Algorithm
from appliance.credentials.one_time_codes import Generator, digits_at
from tests.story.house import PASSWORD
from tests.vm import write_log
from tests.vm.after_cut import FIRST, Promise
from tests.vm.conftest import SERVICE, Outside, link
from tests.vm.machine import GuestTrouble, Machine, run
from tests.vm.story_life import approve
from tests.vm.token import Token

MIB = 48
ISSUER, WITHOUT_CODE = "Bank", "Houd"
SECRET = b"12345678901234567890"
HOTP = (
    f"otpauth://hotp/{ISSUER}:piet?secret={base64.b32encode(SECRET).decode()}"
    f"&counter={FIRST}&issuer={ISSUER}"
)
COUNTER = Generator(SECRET, Algorithm.SHA1, 6, 30)
CODES = {digits_at(COUNTER, number): number for number in range(40)}
STATE = "/var/lib/desk-token"
PASSED = "/run/credentials/desk-token-authenticator.service/desk-token-vault"
MOVE_IN = (
    "systemctl stop desk-token.target 'desk-token-*.service'; mkdir -p /mnt/state; "
    f"mount -o noatime /dev/vdb /mnt/state; cp -a {STATE}/. /mnt/state/; umount /mnt/state; "
    f"echo '/dev/vdb {STATE} ext4 noatime 0 0' >> /etc/fstab; systemctl daemon-reload; "
    f"mount {STATE}; sync; systemctl start desk-token.target"
)


@dataclass(frozen=True, slots=True)
class Day:
    """What is left of it: the log and the empty disk, the machine's own disk as the cut left it, and what was seen.

    `began` is when the records had moved in, `resets` when the reset was begun, `erased` when it was acknowledged.
    """

    log: Path
    blank: Path
    system: Path
    credentials: Path
    promises: tuple[Promise, ...]
    began: int
    resets: int
    erased: int


class Notebook:
    """The disk of one machine, and what could be seen while it was written to."""

    def __init__(self, folder: Path, token: Token) -> None:
        self.log, self.blank = folder / "log", folder / "blank"
        self._disk, self._token = folder / "disk", token
        self.promises: list[Promise] = []
        run("truncate", "-s", f"{MIB}M", self.blank)
        run("truncate", "-s", "512M", self.log)
        whole = "lazy_itable_init=0,lazy_journal_init=0"
        run("mke2fs", "-q", "-t", "ext4", "-b", "4096", "-E", whole, self.blank)
        shutil.copyfile(self.blank, self._disk)

    def plug_in(self) -> None:
        """The machine gets the disk, and the records move to it."""
        machine = self._token.machine
        files = {
            role: {"driver": "file", "filename": str(path)}
            for role, path in (("file", self._disk), ("log", self.log))
        }
        logged = {"node-name": "state", "log-sector-size": write_log.SECTOR, **files}
        machine.manage("blockdev-add", driver="blklogwrites", **logged)
        machine.manage("device_add", driver="virtio-blk-pci", drive="state", id="state")
        machine.until("[ -b /dev/vdb ]")
        machine.does(MOVE_IN, 300)
        machine.until("systemctl is-active desk-token-authenticator.service")

    def orders(self) -> int:
        """How many orders the disk has logged by now."""
        return len(write_log.read(self.log))

    def sees(self, words: str, kind: Kind, number: int) -> None:
        """These words are on the glass: from now on nothing may take it back."""
        self._token.sees(words, patience=120)
        self.note(words, kind, number)

    def note(self, words: str, kind: Kind, number: int) -> None:
        """A person has seen this just now."""
        self.promises.append(Promise(words, self.orders(), kind, number))


def live(token: Token, outside: Outside, system: Path) -> Day:
    """Link two accounts, approve two logins, show three codes of a counter, reset; and the plug is pulled.

    `system` is the machine's own disk; what else comes of the day lies beside it.
    """
    folder = system.parent
    notes, machine = Notebook(folder, token), token.machine
    notes.plug_in()
    credentials = _brought_along(machine, folder)
    token.forgets()
    token.wakes("Niet gekoppeld")
    began = notes.orders()
    link(token, outside)
    notes.note("Koppeling gereed", Kind.PORTAL, 0)
    token.settle()
    token.tap()
    for number in (1, 2):
        _approve(token, outside)
        notes.note("the login is let in", Kind.PORTAL, number)
    _link_counter(token, notes)
    for home in (WITHOUT_CODE, ISSUER, ISSUER):
        shown = new_code(token, home)
        notes.note(f"code {shown}", Kind.HOTP, shown + 1)
    chosen(token, ISSUER, "Reset")
    token.settle()
    resets = notes.orders()
    token.hold(6.5)
    token.sees("Alles is weg", patience=60)
    erased = notes.orders()
    machine.cut_power()
    return Day(
        notes.log, notes.blank, system, credentials, tuple(notes.promises), began, resets, erased
    )


def _brought_along(machine: Machine, folder: Path) -> Path:
    """The secret that guards the key: systemd unsealed it for the unit, and outside the machine nobody can."""
    place = folder / "credentials"
    place.mkdir(mode=0o700)
    (place / "desk-token-vault").write_bytes(base64.b64decode(machine.does(f"base64 {PASSED}")))
    return place


def _approve(token: Token, outside: Outside) -> None:
    visitor = outside.visitor
    visitor.signs_in(outside.name, PASSWORD)
    token.sees("Logt u in?")
    token.settle()
    token.tap_until("Ja")
    approve(token, visitor.number())
    deadline = time.monotonic() + 60
    while visitor.outcome() != "approved":
        if time.monotonic() > deadline:
            raise GuestTrouble(f"the login was not let in\n{token.drawn()}")


def _link_counter(token: Token, notes: Notebook) -> None:
    token.camera_sees(HOTP)
    chosen(token, SERVICE, "Scan QR-code")
    token.sees("Account koppelen?", patience=120)
    token.settle()
    token.hold()
    notes.sees("Koppeling gereed", Kind.HOTP, FIRST)
    token.settle()
    token.tap()


def chosen(token: Token, home: str, item: str) -> None:
    """Open the menu from home, where these words stand, go to this line, and hold."""
    token.wakes(home)
    token.hold()
    token.chooses(item)
    token.settle()
    token.hold()


def new_code(token: Token, home: str = ISSUER) -> int:
    """Ask for the next code of the counter account that is at home; the counter of the one on the glass."""
    before = token.code(CODES)
    chosen(token, home, "Nieuwe code")
    deadline = time.monotonic() + 60
    while (shown := token.code(CODES)) in (None, before):
        if time.monotonic() > deadline:
            raise GuestTrouble(f"no code came\n{token.drawn()}")
    assert shown is not None
    return shown

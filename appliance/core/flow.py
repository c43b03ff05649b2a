"""What every flow shares: the facts it may read, the turn it returns, and the small words of its grammar.

A flow is one story in one file. It has its own modes, `step(mode, event, facts) -> Turn` and
`view(mode, facts) -> Screen`. It never acts: it says where to go and what should be done.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from appliance.core.accounts import Account, Profile
from appliance.core.clock_trust import Now
from appliance.core.dialling import Dialled
from appliance.core.effects import Effect
from appliance.core.events import Event, Health
from appliance.core.gestures import Held, Move, Tapped
from appliance.core.requests import Request
from appliance.core.screen import Text, text
from appliance.core.settings import Settings

ARMING = 0.7
NEXT_MOVES = (Move.NEXT, Move.DOWN)
LAST_MOVES = (Move.UP, Move.BACK)


@dataclass(frozen=True, slots=True)
class Device:
    """What the device is called and made of; nothing secret."""

    name: str
    serial: str
    software: str
    storage: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a flow may read: no secrets, no pixels, and time as a value."""

    now: Now
    accounts: tuple[Account, ...]
    waiting: tuple[Request, ...]
    settings: Settings
    device: Device
    parts: tuple[tuple[str, Health], ...] = ()
    profiles: tuple[Profile, ...] = ()
    pins: tuple[str, ...] = ()
    unlocked: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    def profile(self, account: str) -> Profile | None:
        """What was last heard of this account."""
        return next((known for known in self.profiles if known.account == account), None)

    def locked(self, account: str) -> str | None:
        """Whose PIN this account still needs: its own, else the device's (empty); None when none."""
        owner = next((owner for owner in (account, "") if owner in self.pins), None)
        return None if owner in self.unlocked else owner

    def lacks_pin(self, account: str) -> bool:
        """Whether the service of this account wants a PIN, and none was chosen yet."""
        wanted = any(known.id == account and known.must_pin for known in self.accounts)
        return wanted and not {account, ""} & set(self.pins)

    def part(self, name: str) -> Health:
        """The state of one part."""
        return dict(self.parts).get(name, Health.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Mode:
    """Where a story is. `awake` keeps the panel lit, `resumes` brings the mode back after a request was answered.

    `hold` is how long the main key must be down here, as a factor of the hold time, unless `hold_seconds` fixes it.
    `waits` says that somebody waits for an answer here. `ok_chooses` lets a tap on the OK key of a device with several
    keys do what a hold does; it is never set where a hold signs, erases or opens something.
    """

    awake: ClassVar[bool] = False
    resumes: ClassVar[bool] = False
    interruptible: ClassVar[bool] = True
    hold: ClassVar[float] = 1.0
    hold_seconds: ClassVar[float] = 0.0
    waits: ClassVar[bool] = False
    ok_chooses: ClassVar[bool] = False

    def ok_taps(self) -> bool:
        """Whether a tap on the OK key chooses right now."""
        return self.ok_chooses


@dataclass(frozen=True, slots=True)
class HomeNow(Mode):
    """Go home: the desk chooses what home is. `account` is the one to show there, `menu` opens the menu."""

    account: str = ""
    menu: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """The mode after an event, and what should be done in the world."""

    mode: Mode
    effects: tuple[Effect, ...] = ()


def stay(mode: Mode) -> Turn:
    """Nothing changes."""
    return Turn(mode)


def settled(event: Held | Tapped, settles_at: float) -> bool:
    """Whether a press began after the screen had settled; an earlier one never counts (checklist row 13)."""
    return event.began >= settles_at


def dial_hint(dialled: Dialled) -> Text:
    """What the keys do on a dial; the last digit is sent as soon as it is taken."""
    return text("Tap: +1 · Hold: send") if dialled.at_last else text("Tap: +1 · Hold: next")


def moved(event: Event, chosen: int, count: int) -> int | None:
    """The newly chosen line of a list after a tap, or None when this was no tap that moves."""
    if isinstance(event, Tapped) and count:
        if event.move in NEXT_MOVES:
            return (chosen + 1) % count
        if event.move is Move.UP:
            return (chosen - 1) % count
    return None

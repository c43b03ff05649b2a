"""A scripted person at a pure desk: presses keys, lets time pass, and reads what the screen says."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from appliance.core import desk as rules
from appliance.core import presses
from appliance.core.accounts import Account, Code, Kind
from appliance.core.clock_trust import Now, Trust
from appliance.core.desk import Desk, Device
from appliance.core.effects import Effect, Sign
from appliance.core.events import CodeReady, Event, Requested, Ticked
from appliance.core.presses import Keys
from appliance.core.requests import Asks, Match, Request
from appliance.core.screen import (
    Ask,
    Choices,
    Dial,
    Digits,
    Line,
    Lines,
    Passage,
    QrPage,
    Screen,
    Text,
    Viewfinder,
)
from appliance.core.settings import Settings

DEVICE = Device("Desk Token", "dt-0001", "0.1", "plain file")
JAN = Account("a1", Kind.PORTAL, "Jan de Boer", "Werkplek", origin="https://portal.example")
MAIL = Account("a2", Kind.TOTP, "jan@mail.example", "Mail")
COUNTER = Account("a3", Kind.HOTP, "vpn", "VPN", digits=8)
WALL = 1_800_000_000.0


def now(at: float = 100.0, trust: Trust = Trust.SYNCED) -> Now:
    """Both clocks at this monotonic time."""
    return Now(at, WALL + at, trust)


def request(
    name: str = "r1", match: Match = Match.PRESS, at: float = 100.0, **other: str
) -> Request:
    """An open login that arrived at this monotonic time and lives two minutes."""
    asks = Asks(other.pop("asks", "login"))
    words = {
        "person": "jan",
        "service": "Werkplek",
        "origin": "https://portal.example",
        "place": "Utrecht",
    }
    return Request(
        name,
        "a1",
        asks,
        match=match,
        issued=WALL + at,
        arrived=at,
        deadline=at + 120.0,
        **{**words, **other},
    )


def words(line: Line | Text | None) -> str:
    """A line as a reader of the English catalogue would see it."""
    if line is None:
        return ""
    return line.english.format(**dict(line.fill)) if isinstance(line, Text) else line.words


def said(screen: Screen) -> str:
    """Everything that is on the screen, in reading order."""
    body = screen.body
    match body:
        case Lines():
            told = [words(line) for line in body.lines]
        case Digits():
            told = [words(body.account), body.digits]
        case Dial():
            told = [words(body.asks), body.done, str(body.digit)]
        case Ask():
            told = [words(line) for line in (*body.about, *body.answers)]
        case Passage():
            told = [words(line) for line in body.lines]
        case Choices():
            told = [words(line) for line in (*body.about, *body.items)]
        case Viewfinder():
            told = [words(body.hint)]
        case QrPage():
            told = [words(line) for line in body.lines]
    return " | ".join([words(screen.title), *told, words(screen.hint)])


@dataclass
class Person:
    """Drives the rules as the loop would: time first, then the event, gestures from the key's edges."""

    accounts: tuple[Account, ...] = ()
    trust: Trust = Trust.SYNCED
    at: float = 100.0
    settings: Settings = field(default_factory=Settings)
    done: list[Effect] = field(default_factory=list)
    keys: Keys = field(default_factory=Keys)

    def __post_init__(self) -> None:
        self.desk: Desk = rules.start(
            now(self.at, self.trust), self.accounts, self.settings, DEVICE
        )

    def happens(self, event: Event) -> Person:
        """One event, after the clocks were read."""
        for each in (Ticked(now(self.at, self.trust)), event):
            step = rules.step(self.desk, each)
            self.desk = step.desk
            self.done.extend(step.effects)
        return self

    def waits(self, seconds: float) -> Person:
        """Time passes in tenths of a second, as the loop ticks."""
        end = self.at + seconds
        while self.at < end - 1e-9:
            self.at = min(end, self.at + 0.1)
            self._settle()
        return self

    def presses(self, role: str = "ok") -> Person:
        """The key goes down."""
        touch = presses.touch(self.settings.slow_keys)
        self.keys, _ = presses.edge(self.keys, role, True, self.at, touch)
        return self.waits(0.1)

    def releases(self, role: str = "ok") -> Person:
        """The key comes up."""
        touch = presses.touch(self.settings.slow_keys)
        self.keys, _ = presses.edge(self.keys, role, False, self.at, touch)
        return self.waits(0.1)

    def taps(self, times: int = 1, role: str = "ok") -> Person:
        """A short press, so many times."""
        for _ in range(times):
            self.presses(role).waits(0.1).releases(role)
        return self

    def holds(self, seconds: float = 0.0) -> Person:
        """A press as long as the screen asks for, or as long as told."""
        needed = seconds or rules.hold_needed(self.desk) + 0.1
        return self.presses().waits(needed).releases()

    def _settle(self) -> None:
        self.happens(Ticked(now(self.at, self.trust)))
        hold = rules.hold_needed(self.desk)
        limit, touch = self.settings.tap_limit, presses.touch(self.settings.slow_keys)
        self.keys, gestures = presses.settle(self.keys, self.at, limit, hold, touch)
        for gesture in gestures:
            self.happens(gesture)

    def is_asked(self, wanted: Request | None = None) -> Person:
        """A login arrives and the screen settles."""
        self.happens(Requested(wanted or request(at=self.at)))
        return self.waits(0.8)

    def has_code(self, digits: str = "276210", account: str = "a1") -> Person:
        """The vault answers with a code of the present half minute."""
        start = now(self.at).wall // 30 * 30
        return self.happens(CodeReady(Code(account, digits, start, start + 30)))

    def dials(self, digits: str) -> Person:
        """Dial digits with one button, from zero each."""
        for digit in digits:
            self.taps(int(digit)).holds()
        return self

    @property
    def screen(self) -> str:
        """What the panel says now."""
        return said(rules.view(self.desk))

    @property
    def signed(self) -> list[Sign]:
        """Every signature that was asked for."""
        return [effect for effect in self.done if isinstance(effect, Sign)]

    def did(self, kind: type[Effect]) -> bool:
        """Whether an effect of this kind was asked for."""
        return any(isinstance(effect, kind) for effect in self.done)

    def sees(self, *parts: str) -> Person:
        """The screen says all of this."""
        for part in parts:
            assert part in self.screen, f"{part!r} is not on {self.screen!r}"
        return self

    def with_settings(self, **changes: object) -> Person:
        """The same person with other settings."""
        self.settings = replace(self.settings, **changes)  # type: ignore[arg-type]
        self.__post_init__()
        return self

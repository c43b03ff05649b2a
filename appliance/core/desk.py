"""The desk: which flow owns the panel, and the laws that hold in every flow.

Exactly one thing is on the screen. A request takes over from every screen, and home comes back by itself. One idle
timer is touched by every press; the press that wakes the panel does nothing else. Without a panel no press counts, so
nobody approves what nobody can see. With an unknown clock no digits of the time are shown.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from appliance.core import keeping, key_words, kiosk, signals, visitors
from appliance.core.accounts import Account
from appliance.core.clock_trust import Now
from appliance.core.effects import DropOffer, Effect, StopScan
from appliance.core.events import Event, Health, PartChanged, Ticked
from appliance.core.flow import ARMING, Device, Facts, HomeNow, Mode, Turn
from appliance.core.flows import (
    answering,
    enrolment,
    home,
    login_scan,
    menu,
    notice,
    picking,
    proving,
    sign_in,
    typing_over,
    unlock,
)
from appliance.core.gestures import (
    Gesture,
    Held,
    KeyStuck,
    LetGo,
    Move,
    PressBegan,
    PressEnded,
    Tapped,
)
from appliance.core.requests import Asks
from appliance.core.screen import Bar, Digits, Lines, Screen, Text, text
from appliance.core.settings import Settings
from appliance.core.signals import Signals
from appliance.core.stories import ENROLMENT_NEWS, story

__all__ = ["Desk", "Device", "Step", "hold_needed", "stage", "start", "step", "view"]
MENU_SECONDS = 30.0
WHISPER_SECONDS = 1.5
BAR_AFTER = 0.15
SHIFT_EVERY, SHIFTS, A_TICK = 60.0, 4, 0.1
RELEASED, STUCK = text("Let go: nothing done"), text("A key is stuck")
REQUEST_MODES = (
    *sign_in.MODES,
    *unlock.MODES,
    *login_scan.MODES,
    *answering.MODES,
    *picking.MODES,
    typing_over.Digital,
    *proving.MODES,
)


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything the device knows that is not secret. `under` is the story that waits until a request is answered.

    `whisper` is what the panel says of the last press, until a moment later.
    """

    facts: Facts
    mode: Mode = field(default_factory=home.Home)
    under: Mode | None = None
    press: float | None = None
    touched: float = 0.0
    waking: float = -1.0
    whisper: Text = RELEASED
    whisper_until: float = 0.0
    stuck: bool = False
    signals: Signals = field(default_factory=Signals)

    @property
    def now(self) -> Now:
        """The last reading of both clocks."""
        return self.facts.now

    @property
    def accounts(self) -> tuple[Account, ...]:
        """The linked accounts, in order."""
        return self.facts.accounts

    @property
    def settings(self) -> Settings:
        """The settings as stored."""
        return self.facts.settings

    @property
    def idle(self) -> float:
        """Seconds since the last press or request; 0 while the story keeps the panel awake."""
        return 0.0 if self.mode.awake else self.now.monotonic - self.touched

    @property
    def dark(self) -> bool:
        """Whether the panel is off now."""
        return self.idle >= kiosk.off_after(self.settings)


@dataclass(frozen=True, slots=True)
class Step:
    """The desk after an event, and what should be done."""

    desk: Desk
    effects: tuple[Effect, ...] = ()


def start(now: Now, accounts: tuple[Account, ...], settings: Settings, device: Device) -> Desk:
    """The desk after the device has started: home, lit."""
    return Desk(Facts(now, accounts, (), settings, device), touched=now.monotonic)


def step(desk: Desk, event: Event) -> Step:
    """Take one event. The laws come first, then the story that owns the panel, then who owns it next."""
    known = replace(desk, facts=keeping.keep(desk.facts, event))
    if isinstance(event, Tapped) and event.move is Move.OK:
        known, event = _meant(known, event)
    if isinstance(event, Gesture):
        known = _touched(known, event, asleep=desk.dark)
        if _ignores(known, event):
            return _signalled(Step(known), event)
    if isinstance(event, PartChanged) and event.part == "panel":
        known = _armed_anew(known)
    return _signalled(_take_over(_rest(_play(known, event))), event)


def _meant(desk: Desk, event: Tapped) -> tuple[Desk, Event]:
    """A tap on the main key: the next thing with one button; with more keys it chooses, or says that a hold would."""
    if desk.settings.keys == key_words.ONE:
        return desk, replace(event, move=Move.NEXT)
    if desk.mode.ok_taps():
        return desk, Held(event.began, event.at)
    return desk, LetGo(event.began, event.at)


def _signalled(played: Step, event: Event) -> Step:
    """Light and buzzer follow where the desk is now."""
    desk = played.desk
    followed, effects = signals.follow(
        desk.signals, desk.mode, event, desk.facts, holding=_hold_bar(desk) is not None
    )
    return Step(replace(desk, signals=followed), (*played.effects, *effects))


def _touched(desk: Desk, event: Gesture, *, asleep: bool) -> Desk:
    touched = replace(desk, touched=desk.now.monotonic)
    match event:
        case PressBegan():
            press = event.at if event.holds else None
            waking = event.at if asleep else desk.waking
            return replace(touched, press=press, waking=waking, whisper_until=0.0)
        case PressEnded():
            return replace(touched, press=None, stuck=False)
        case Held():
            return replace(touched, press=None)
        case KeyStuck():
            return replace(touched, press=None, stuck=True)
        case LetGo() if not _ignores(desk, event):
            tapped = event.at - event.began < desk.settings.tap_limit
            said = key_words.HOLD_OK if tapped else RELEASED
            until = desk.now.monotonic + WHISPER_SECONDS
            return replace(touched, whisper=said, whisper_until=until)
    return touched


def _ignores(desk: Desk, event: Gesture) -> bool:
    """No panel, no approvals; and the press that woke the panel only woke it."""
    if desk.facts.part("panel") is Health.BAD:
        return True
    return isinstance(event, Tapped | Held | LetGo) and event.began == desk.waking


def _armed_anew(desk: Desk) -> Desk:
    """A panel that came back must be read again before a press counts."""
    if not isinstance(desk.mode, sign_in.Asking | unlock.Unlocking):
        return desk
    return replace(desk, mode=replace(desk.mode, settles_at=desk.now.monotonic + ARMING))


def _play(desk: Desk, event: Event) -> Step:
    """Give the event to the story it belongs to: the one on the panel, the one under it, or a new one."""
    if desk.dark and isinstance(desk.mode, home.Home) and isinstance(event, Ticked):
        return Step(desk)  # nobody looks, so no code is made and no moment of one is stored
    if isinstance(event, ENROLMENT_NEWS) and desk.under is not None:
        return _play_under(desk, desk.under, event)
    visit = visitors.turn(desk.mode, event, desk.facts)
    if visit is not None and sign_in_owns(desk):
        return Step(replace(desk, under=visit.mode), visit.effects)
    turn = visit or story(desk.mode).step(desk.mode, event, desk.facts)
    return _go(desk, proving.guarded(turn, desk.facts))


def _play_under(desk: Desk, under: Mode, event: Event) -> Step:
    turn = story(under).step(under, event, desk.facts)
    return Step(
        replace(desk, under=None if isinstance(turn.mode, HomeNow) else turn.mode), turn.effects
    )


def _go(desk: Desk, turn: Turn) -> Step:
    if not isinstance(turn.mode, HomeNow):
        touched = desk.now.monotonic if type(turn.mode) is not type(desk.mode) else desk.touched
        return Step(replace(desk, mode=turn.mode, touched=touched), turn.effects)
    if desk.under is not None:
        return Step(replace(desk, mode=desk.under, under=None), turn.effects)
    account = turn.mode.account
    mode = menu.start(desk.facts, "", account).mode if turn.mode.menu else home.Home(account)
    return Step(replace(desk, mode=mode, touched=desk.now.monotonic), turn.effects)


def _rest(played: Step) -> Step:
    """Home comes back by itself, a dark panel keeps no code, and whoever comes next needs the PIN again."""
    desk = played.desk
    if desk.dark and desk.facts.unlocked:
        locked = replace(desk, facts=replace(desk.facts, unlocked=()))
        return _rest(Step(locked, played.effects))
    if not isinstance(desk.mode, home.Home) and desk.idle >= MENU_SECONDS:
        return Step(replace(desk, mode=home.Home()), played.effects)
    if desk.dark and isinstance(desk.mode, home.Home) and desk.mode.code is not None:
        return Step(replace(desk, mode=home.Home(desk.mode.account)), played.effects)
    return played


def _take_over(played: Step) -> Step:
    """A request takes the panel from every screen but another request and a reset that has begun."""
    desk = played.desk
    if not desk.facts.waiting or sign_in_owns(desk) or not desk.mode.interruptible:
        return played
    first = desk.facts.waiting[0]
    asks = unlock if first.asks is Asks.UNLOCK else sign_in
    turn = asks.start(first, desk.facts)
    under = desk.mode if desk.mode.resumes else desk.under
    scans = isinstance(desk.mode, enrolment.Scanning)
    stop: tuple[Effect, ...] = (StopScan(), DropOffer()) if scans else ()
    taken = replace(desk, mode=turn.mode, under=under, touched=desk.now.monotonic)
    return Step(taken, (*played.effects, *stop, *turn.effects))


def sign_in_owns(desk: Desk) -> bool:
    """Whether a request is on the screen, or the notice of how one ended."""
    if isinstance(desk.mode, notice.Notice):
        return desk.mode.of_request
    return isinstance(desk.mode, REQUEST_MODES)


def hold_needed(desk: Desk) -> float:
    """How long the main key must be down on this screen, in seconds."""
    if desk.mode.hold_seconds:
        return desk.mode.hold_seconds
    return max(desk.settings.tap_limit + 0.1, desk.settings.hold_time * desk.mode.hold)


def stage(desk: Desk) -> str:
    """The short name of where the desk is, for the device page."""
    return type(desk.under or desk.mode).__name__.lower()


def view(desk: Desk) -> Screen:
    """What the panel shows now."""
    screen = story(desk.mode).view(desk.mode, desk.facts)
    if desk.dark:
        return replace(screen, lit=False)
    if desk.stuck:
        screen = replace(screen, hint=STUCK)
    elif desk.now.monotonic < desk.whisper_until:
        screen = replace(screen, hint=desk.whisper)
    rests = isinstance(screen.body, Digits | Lines) and not screen.alert
    return replace(
        key_words.in_words_of(desk.settings.keys, screen),
        dim=desk.idle >= kiosk.dim_after(desk.settings),
        bar=_hold_bar(desk) or screen.bar,
        shift=_shift(desk.now) if rests else 0,
    )


def _shift(now: Now) -> int:
    """The step of the slow walk: one a minute, at the moment at which the digits change anyway."""
    return int((now.wall + home.HANDS_SECONDS - A_TICK) // SHIFT_EVERY) % SHIFTS


def _hold_bar(desk: Desk) -> Bar | None:
    settles_at: float = getattr(desk.mode, "settles_at", 0.0)
    if desk.press is None or desk.press < settles_at or desk.press == desk.waking:
        return None
    down = desk.now.monotonic - desk.press
    return Bar("hold", min(1.0, down / hold_needed(desk))) if down > BAR_AFTER else None

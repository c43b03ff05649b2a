"""What the light shines and the buzzer says, derived from where the desk is: one light, one rhythm, one meaning.

The light follows the mode, so that no story can leave it on; sounds are said once. A waiting request is said three
times, ten seconds apart, until somebody touches a key (hardware reference, table of light and sound).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from appliance.core.clock_trust import Trust
from appliance.core.effects import Blink, Buzz, Effect, Light, Sound
from appliance.core.events import Event, Health, Ticked
from appliance.core.flow import Facts, Mode
from appliance.core.flows import linked, notice, reset, sign_in, unlock
from appliance.core.gestures import PressBegan

MOST_RINGS, RING_EVERY = 3, 10.0
TICK_EVERY = 0.25
RINGING = (sign_in.Asking, unlock.Unlocking)


@dataclass(frozen=True, slots=True)
class Signals:
    """What was signalled last: the light, how often the request was said and until when that is enough.

    `request` is the request that rings; `tick_at` is when the next click of a hold is due, 0 without a hold.
    """

    light: Light = Light.OFF
    request: str = ""
    rings: int = 0
    ring_at: float = 0.0
    tick_at: float = 0.0


def light_of(mode: Mode, facts: Facts, *, holding: bool) -> Light:
    """The rhythm that belongs to this moment."""
    if holding:
        return Light.RESET if isinstance(mode, reset.Offering) else Light.HOLDING
    if isinstance(mode, notice.Notice):
        return mode.light
    if isinstance(mode, linked.Ready):
        return Light.DONE
    if mode.waits:
        return Light.WAITING
    return Light.DOUBT if in_doubt(facts) else Light.OFF


def in_doubt(facts: Facts) -> bool:
    """Whether a linked device lacks the clock, the network or its storage."""
    if not facts.accounts:
        return False
    lost = any(facts.part(part) is Health.BAD for part in ("network", "storage"))
    return lost or facts.now.trust is Trust.UNKNOWN


def follow(
    signals: Signals, mode: Mode, event: Event, facts: Facts, *, holding: bool
) -> tuple[Signals, tuple[Effect, ...]]:
    """The signals after an event, and what changes in the world."""
    light = light_of(mode, facts, holding=holding)
    blink: tuple[Effect, ...] = () if light is signals.light else (Blink(light),)
    rung, ring = _ring(replace(signals, light=light), mode, event, facts)
    ticked, tick = _tick(rung, facts.now.monotonic, holding=holding)
    return ticked, (*blink, *ring, *tick)


def _ring(signals: Signals, mode: Mode, event: Event, facts: Facts) -> _Signalled:
    now = facts.now.monotonic
    if not isinstance(mode, RINGING):
        return signals, ()
    if mode.request.id != signals.request:
        first = replace(signals, request=mode.request.id, rings=1, ring_at=now + RING_EVERY)
        return first, (Buzz(Sound.REQUEST),)
    if isinstance(event, PressBegan):
        return replace(signals, rings=MOST_RINGS), ()
    if isinstance(event, Ticked) and signals.rings < MOST_RINGS and now >= signals.ring_at:
        again = replace(signals, rings=signals.rings + 1, ring_at=now + RING_EVERY)
        return again, (Buzz(Sound.REQUEST),)
    return signals, ()


def _tick(signals: Signals, now: float, *, holding: bool) -> _Signalled:
    if not holding:
        return replace(signals, tick_at=0.0), ()
    if now < signals.tick_at:
        return signals, ()
    return replace(signals, tick_at=now + TICK_EVERY), (Buzz(Sound.TICK),)


_Signalled = tuple[Signals, tuple[Effect, ...]]

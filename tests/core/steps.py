"""What every screen makes of every event, as a table to read: a paragraph a screen, and what brings which change.

`python -m tests.core.steps` writes it anew (so does `make frames`); whoever changes a story reads what else it changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path

from appliance.core import desk as rules
from appliance.core.clock_trust import Now
from appliance.core.desk import Desk
from appliance.core.events import Event, Health, Ticked
from appliance.core.flow import Mode
from appliance.core.flows import linked
from appliance.core.gestures import Held, Move, Tapped
from appliance.core.settings import Settings
from tests.core.everything import EVENTS, MODES
from tests.core.person import JAN, now, request
from tests.core.test_laws import desk_in

TABLE = Path(__file__).with_name("steps.txt")
MOVING = ("press", "waking", "whisper_until", "stuck")


def table() -> str:
    """The whole table, computed now."""
    return "\n".join(line for mode in MODES for line in _paragraph(mode)) + "\n"


def _paragraph(mode: Mode) -> Iterator[str]:
    yield _short(mode)
    for name, desk in (("", desk_in(mode)), ("otherwise ", _otherwise(mode))):
        causes: dict[str, dict[str, list[str]]] = {}
        for event in (*EVENTS, *_at_the_very_moment(mode)):
            kind = causes.setdefault(_said(desk, event), {})
            kind.setdefault(type(event).__name__, []).append(_values(event))
        for said, kinds in sorted(causes.items()):
            if said:
                events = " ".join(f"{kind}({' | '.join(of)})" for kind, of in kinds.items())
                yield f"    {name}{said}\n        by {events}"


def _otherwise(mode: Mode) -> Desk:
    """A desk with one account, a PIN, three keys, a story under this one, and somebody who waits."""
    desk = desk_in(mode)
    facts = replace(
        desk.facts,
        accounts=(JAN,),
        pins=("a1",),
        waiting=(request("r1"),),
        settings=Settings(keys="three"),
        parts=(("network", Health.BAD), ("panel", Health.GOOD)),
    )
    return replace(desk, facts=facts, under=linked.Ready(JAN, 0.0))


def _at_the_very_moment(mode: Mode) -> Iterator[Event]:
    """Time and presses exactly where a story draws its lines."""
    moments = {getattr(mode, field.name) for field in fields(mode)}
    for moment in sorted(at for at in moments if isinstance(at, float) and 1.0 < at < 1e6):
        yield Ticked(now(moment))
        yield Held(moment, moment + 1.0)
        yield Tapped(Move.NEXT, moment, moment + 0.2)


def _said(desk: Desk, event: Event) -> str:
    """What this event changed: the screen, the story under it, what the keys are at, and what is to be done."""
    played = rules.step(desk, event)
    after = played.desk
    told = [] if after.mode == desk.mode else [f"-> {_short(after.mode)}"]
    if after.under != desk.under:
        told.append(f"under {_short(after.under)}")
    if after.touched != desk.touched and after.mode == desk.mode:
        told.append("touched")
    told += [
        f"{name} {value}"
        for name in MOVING
        if (value := getattr(after, name)) != getattr(desk, name)
    ]
    if after.facts.unlocked != desk.facts.unlocked:
        told.append(f"unlocked {after.facts.unlocked}")
    done = [_short(effect) for effect in played.effects]
    return ", ".join(told) + (f" ! {'; '.join(done)}" if done else "")


def _short(record: object) -> str:
    """The record by its name and those of its fields that are small."""
    if record is None:
        return "nothing"
    return f"{type(record).__name__}({_values(record)})"


def _values(record: object) -> str:
    small = (getattr(record, field.name) for field in fields(record) if field.repr)  # type: ignore[arg-type]
    plain = (_plain(value) for value in small)
    return ",".join(value for value in plain if len(value) < 30)


def _plain(value: object) -> str:
    if isinstance(value, Now):
        return f"{value.monotonic:g} {value.trust}"
    return f"{value:.10g}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    TABLE.write_text(table())

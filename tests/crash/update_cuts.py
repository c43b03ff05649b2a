"""Updates in the power-cut laboratory: lived once on a watched tree, cut anywhere, started again and judged.

The laws: a slot starts, and it is whole to the last byte; it is the one before or the one that was being put there;
once an update was kept it stays; what was trusted never becomes older; and the device is free for the next update
(checklist rows 32 and 33).
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random

from appliance.core.errors import DeskTokenError
from appliance.updater.guard import SLOTS, Calls, read_trial, stand
from tests.bundle.makers import MADE
from tests.crash.image import Fate
from tests.crash.journal import Fault
from tests.crash.laboratory import MEMORY, Finding, Tally
from tests.crash.tree_image import lay, seen, tree_image
from tests.crash.tree_journal import Op, Tree, TreeJournal, WatchedTree
from tests.updater.device import NOW, VENDOR, Device, release

Act = Callable[[Device], object]
Whole = dict[str, Tree]


@cache
def bundle(version: str, made: int) -> bytes:
    """A good bundle, made once."""
    return VENDOR.bundle(version, made, release=release())


def install(version: str, made: int = MADE) -> Act:
    """It comes in and is put on trial."""

    def act(device: Device) -> None:
        device.receive(bundle(version, made))
        device.engine.install(version, NOW, lambda _percent: None)

    return act


def check(version: str, made: int = MADE) -> Act:
    """It comes in and is only looked at."""

    def act(device: Device) -> None:
        device.receive(bundle(version, made))
        device.engine.check(NOW)

    return act


def starts(device: Device) -> None:
    """The guard before one start."""
    stand(device.root, device.state, device.calls)


def keeps(device: Device) -> None:
    """The new slot works."""
    device.engine.confirm()


def undoes(device: Device) -> None:
    """It does not."""
    device.engine.undo("panel")


def goes_back(device: Device) -> None:
    """A technician wants the one before."""
    device.engine.back()


LIFE = (install("1.2.0"), starts, keeps)
MORE = install("1.3.0", MADE + 10)


@dataclass(frozen=True, slots=True)
class Story:
    """`before` happened long ago; the power may go at any moment of `acts`."""

    name: str
    before: tuple[Act, ...]
    acts: tuple[Act, ...]


STORIES = (
    Story("first update", (), (check("1.2.0"), install("1.2.0"), starts, keeps)),
    Story("third version", LIFE, (MORE, starts, starts, keeps)),
    Story("undone", LIFE, (MORE, undoes)),
    Story("guard", LIFE, (MORE, starts, starts, starts, starts)),
    Story("back", LIFE, (goes_back, starts, keeps, MORE, keeps)),
)


@dataclass(frozen=True, slots=True)
class State:
    """What stood when an act had returned."""

    current: str
    floor: int
    highest: str


@dataclass(frozen=True, slots=True)
class Lived:
    """The calls of a story, how many there were when each act had returned, and what stood then."""

    base: Tree
    ops: tuple[Op, ...]
    marks: tuple[int, ...]
    states: tuple[State, ...]
    whole: Whole

    def allowed(self, at: int) -> tuple[State, ...]:
        """The last state that was acknowledged, and the one under way."""
        done = max(0, sum(mark <= at for mark in self.marks) - 1)
        return self.states[done : done + 2]


class UpdateLaboratory:
    """One folder in memory. `kind` are the calls as this disk keeps them; `settled`: where the last recovery ended."""

    def __init__(self, kind: type[WatchedTree] = WatchedTree) -> None:
        where = MEMORY if MEMORY.is_dir() else None
        self._top = Path(tempfile.mkdtemp(prefix="updates-", dir=where))
        self.folder = self._top / "device"
        self._kind = kind
        self.settled = ""

    def close(self) -> None:
        shutil.rmtree(self._top)

    def live(self, story: Story) -> Lived:
        """The story once, undisturbed."""
        self.lay({})
        device = Device(self.folder)
        for act in story.before:
            act(device)
        base = clean(seen(self.folder))
        self.lay(base)
        journal = TreeJournal(self.folder, base)
        device = Device(self.folder, self._calls(journal))
        marks, states, whole = [0], [state_of(device)], slots_of(base)
        for act in story.acts:
            act(device)
            marks.append(len(journal.ops))
            states.append(state_of(device))
            whole |= {v: t for v, t in slots_of(seen(self.folder)).items() if v not in whole}
        return Lived(base, tuple(journal.ops), tuple(marks), tuple(states), whole)

    def cut(self, lived: Lived, at: int, fate: Fate, chance: Random) -> tuple[Finding, TreeJournal]:
        """Let the power go behind this many calls and start again."""
        left = tree_image(lived.base, lived.ops[:at], fate, chance)
        return self.judge(lived, left, lived.allowed(at), chance)

    def judge(
        self, lived: Lived, left: Tree, allowed: tuple[State, ...], chance: Random
    ) -> tuple[Finding, TreeJournal]:
        """Start with this tree; the recovery's own calls come along."""
        self.lay(left)
        journal = TreeJournal(self.folder, left)
        try:
            return self._finding(lived, journal, allowed, chance), journal
        except (DeskTokenError, OSError):
            return Finding.CORRUPT, journal

    def _finding(
        self, lived: Lived, journal: TreeJournal, allowed: tuple[State, ...], chance: Random
    ) -> Finding:
        calls = self._calls(journal)
        version = stand(self.folder / "opt", self.folder / "state", calls)
        if slots_of(seen(self.folder)).get(version) != lived.whole.get(version, "none"):
            return Finding.CORRUPT
        device = Device(self.folder, calls)
        if version not in {state.current for state in allowed} and not _guarded(device, allowed):
            return Finding.LOST
        book = device.engine.book()
        if book.known.floor < allowed[0].floor or (book.highest or "0") < allowed[0].highest:
            return Finding.LOST
        if device.engine.settle() is None:
            (keeps if chance.random() < 0.5 else undoes)(device)
        self.settled = device.current
        kept = slots_of(seen(self.folder)).get(device.current) == lived.whole[device.current]
        return Finding.GOOD if kept and read_trial(device.state) is None else Finding.HALF

    def with_fault(self, story: Story, lived: Lived, fault: Fault) -> Finding:
        """Live the story until this call fails, then start again with a sound disk."""
        self.lay(lived.base)
        journal = TreeJournal(self.folder, lived.base, fault=fault)
        done = 0
        try:
            device = Device(self.folder, self._calls(journal))
            for act in story.acts:
                act(device)
                done += 1
        except (DeskTokenError, OSError):
            pass
        left = clean(seen(self.folder))
        return self.judge(lived, left, lived.states[done : done + 2], Random(fault.at))[0]

    def lay(self, tree: Tree) -> None:
        """The folder holds this tree and nothing else."""
        if self.folder.exists():
            shutil.rmtree(self.folder)
        if tree:
            self.folder.mkdir()
            lay(self.folder, tree)

    def _calls(self, journal: TreeJournal) -> Calls:
        return self._kind(journal)


def run(lab: UpdateLaboratory, story: Story, cuts: int, seed: int) -> Tally:
    """So many cuts of one story: every call with every fate first, then torn disks at random places."""
    lived, tally, chance = lab.live(story), Tally(), Random(f"{story.name} {seed}")
    places = [(at, fate) for at in range(len(lived.ops) + 1) for fate in (Fate.KEPT, Fate.LOST)]
    while tally.cuts < cuts:
        at, fate = places.pop() if places else (chance.randint(0, len(lived.ops)), Fate.TORN)
        finding, recovery = lab.cut(lived, at, fate, chance)
        tally.count(finding)
        if finding is Finding.GOOD and tally.cuts % 4 == 0 and recovery.ops:
            tally.again += 1
            again = tree_image(
                recovery.base, recovery.ops[: chance.randint(0, len(recovery.ops))], fate, chance
            )
            allowed = lived.allowed(at)
            either = (*allowed, replace(allowed[0], current=lab.settled))
            tally.count(lab.judge(lived, again, either, chance)[0])
    return tally


def portion(job: tuple[int, int, int]) -> Tally:
    """So many cuts of one story, in a laboratory of its own."""
    place, cuts, seed = job
    lab = UpdateLaboratory()
    try:
        return run(lab, STORIES[place], cuts, seed)
    finally:
        lab.close()


def _guarded(device: Device, allowed: tuple[State, ...]) -> bool:
    """The guard went back from a slot on trial, which it may whenever its chances are spent."""
    trial = read_trial(device.state)
    on_trial = trial is not None and trial.new in {state.current for state in allowed}
    return trial is not None and on_trial and device.current == trial.old


def state_of(device: Device) -> State:
    """What stands now."""
    book = device.engine.book()
    return State(device.current, book.known.floor, book.highest or "0")


def slots_of(tree: Tree) -> Whole:
    """Each slot that has its own name, as a tree of its own."""
    top = f"opt/{SLOTS}/"
    found: Whole = {}
    for name, node in tree.items():
        version, _, inside = name.removeprefix(top).partition("/")
        if name.startswith(top) and not version.startswith(".") and inside:
            found.setdefault(version, {})[inside] = node
    return found


def clean(tree: Tree) -> Tree:
    """Without the file that was coming in, which nothing relies on."""
    return {name: node for name, node in tree.items() if not name.endswith(".bundle")}

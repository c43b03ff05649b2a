"""What stands on the panel before the desk lives and after it is gone."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.authenticator.glass import Glass
from appliance.authenticator.painter import Painter
from appliance.core.events import Health, PartChanged
from appliance.core.screen import Lines, Screen, text
from appliance.core.settings import Settings
from appliance.core.system_screens import STARTING, SYSTEM_SCREENS, UNPLUG, last_words
from appliance.core.wishes import Grant, Granted, Kind, Wish
from appliance.hardware.glass import glass_on
from appliance.hardware.panel import OledPanel
from appliance.hardware.simulated.server import WorldServer
from appliance.hardware.simulated.world import World
from tests.authenticator.scripted import Person
from tests.hardware.glass import Ssd1306

CODE = Screen(text("Desk Token"), Lines((text("One moment please"),)))
PATIENCE = 20.0


def glass_of(model: Ssd1306) -> Glass:
    panel = OledPanel(lambda: glass_on(model, "ssd1306", 128, 64, 0), lambda: 0.0)
    return Glass(panel, Painter())


def test_a_glass_that_is_closed_goes_dark() -> None:
    model = Ssd1306()
    glass = glass_of(model)
    glass.show(CODE, Settings(), 0.0)
    glass.leave(None, Settings(), 1.0)
    glass.close()
    assert not model.picture().any()


def test_the_last_words_stay_when_the_process_goes() -> None:
    model = Ssd1306()
    glass = glass_of(model)
    assert glass.show(CODE, Settings(), 0.0) == (PartChanged("panel", Health.GOOD),)
    before = model.picture().copy()
    glass.leave(UNPLUG, Settings(), 1.0)
    glass.close()
    assert model.picture().any()
    assert (model.picture() != before).any()


class Process:
    """A real authenticator in a simulated world."""

    def __init__(self, run: Path) -> None:
        self.seen: list[tuple[str, ...]] = []
        self.world = World(time.monotonic)
        self.server = WorldServer(run, self.world)
        words = ("--run", str(run), "--state", str(run / "state"), "--hardware", "simulated")
        self.process = subprocess.Popen(
            (sys.executable, "-m", "appliance.authenticator", *words, "--language", "nl"),
            stderr=subprocess.DEVNULL,
        )

    def sees(self, words: str) -> bool:
        """Wait until the panel says this."""
        now, until = self.world.now, time.monotonic() + PATIENCE
        while time.monotonic() < until:
            lines = now.visible.lines if now.visible else ()
            if not self.seen or self.seen[-1] != lines:
                self.seen.append(lines)
            if words in lines:
                return True
            now = self.world.wait(now.version, 1.0)
        return False

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self.server.close()


@pytest.fixture
def process() -> Iterator[Process]:
    with tempfile.TemporaryDirectory(prefix="dt-") as folder:
        made = Process(Path(folder))
        yield made
        made.close()


def test_a_device_says_that_it_starts_before_it_is_home(process: Process) -> None:
    assert process.sees("Opstarten…")
    assert process.sees("Niet gekoppeld")


@pytest.mark.parametrize(
    ("announced", "words"),
    [(signal.SIGUSR1, "Stekker mag eruit"), (signal.SIGUSR2, "Update")],
)
def test_an_announced_end_leaves_its_words_lit(
    process: Process, announced: signal.Signals, words: str
) -> None:
    assert process.sees("Niet gekoppeld")
    process.process.send_signal(announced)
    process.process.terminate()
    assert process.process.wait(PATIENCE) == 0
    assert process.sees(words)


def test_an_end_that_nobody_announced_leaves_the_panel_dark(process: Process) -> None:
    assert process.sees("Niet gekoppeld")
    process.process.terminate()
    process.process.wait(PATIENCE)
    assert process.world.now.visible is None


@pytest.mark.parametrize(
    ("kind", "screen"), [(Kind.OFF, UNPLUG), (Kind.RESTART, STARTING), (Kind.CLOCK, None)]
)
def test_power_that_a_person_granted_is_said_at_the_end(kind: Kind, screen: Screen | None) -> None:
    assert last_words(None, Grant(Wish("w1", kind))) == screen


def test_power_that_stays_on_after_all_is_not_said() -> None:
    assert last_words(UNPLUG, Granted("w1", "The system refused it")) is None
    assert last_words(UNPLUG, Granted("w1")) is UNPLUG


def test_every_system_screen_has_a_name() -> None:
    assert set(SYSTEM_SCREENS) == {"starting", "updating", "unplug"}


def test_light_and_buzzer_are_let_go_when_the_device_stops(person: Person) -> None:
    person.stop()
    assert person.signals.closed == 2
    person.start()

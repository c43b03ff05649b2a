"""The meaning is in the rhythm: no two alike, nothing that flickers, and played as it is written."""

from __future__ import annotations

import itertools
import threading

from appliance.core.effects import Light, Sound
from appliance.hardware.player import Player, Tune
from appliance.hardware.rhythms import MELODIES, RHYTHMS, level


def changes(light: Light) -> tuple[bool, ...]:
    """Whether the light is on at each hundredth of six seconds."""
    return tuple(level(RHYTHMS[light], step / 100) > 0 for step in range(600))


def test_every_light_has_a_rhythm_and_every_sound_a_melody() -> None:
    assert set(RHYTHMS) == set(Light)
    assert set(MELODIES) == set(Sound)


def test_no_two_rhythms_look_alike() -> None:
    assert len({changes(light) for light in Light}) == len(Light)


def test_waiting_is_a_double_blink_each_second() -> None:
    seen = changes(Light.WAITING)
    rises = sum(1 for before, now in itertools.pairwise(seen) if now and not before)
    assert rises in (11, 12)


def test_done_is_one_second_of_light() -> None:
    assert sum(changes(Light.DONE)) == 100


def test_holding_only_gets_brighter() -> None:
    levels = [level(RHYTHMS[Light.HOLDING], step / 10) for step in range(20)]
    assert levels == sorted(levels)
    assert levels[-1] == 1.0


class Recorder:
    """A part that remembers every value it was set to."""

    def __init__(self) -> None:
        self.values = []
        self._news = threading.Condition()

    def put(self, value: float) -> None:
        with self._news:
            self.values.append(value)
            self._news.notify_all()

    def waits_for(self, count: int) -> bool:
        with self._news:
            return self._news.wait_for(lambda: len(self.values) >= count, 5)


def test_a_tune_is_played_in_order_and_its_last_value_stays() -> None:
    part = Recorder()
    player = Player(part.put)
    player.play(Tune(((0.2, 0.001), (0.7, 0.001), (0.0, 0.0))))
    assert part.waits_for(3)
    player.close()
    assert part.values == [0.2, 0.7, 0.0]


def test_a_tune_that_repeats_goes_on_until_the_next_one() -> None:
    part = Recorder()
    player = Player(part.put)
    player.play(Tune(((1.0, 0.001), (0.0, 0.001)), again=True))
    assert part.waits_for(6)
    player.play(Tune(((0.5, 0.0),)))
    assert part.waits_for(len(part.values) + 1)
    player.close()
    assert part.values[:4] == [1.0, 0.0, 1.0, 0.0]
    assert part.values[-1] == 0.5


def test_a_newer_tune_does_not_wait_for_a_long_beat() -> None:
    part = Recorder()
    player = Player(part.put)
    player.play(Tune(((1.0, 3600.0),)))
    assert part.waits_for(1)
    player.play(Tune(((0.0, 0.0),)))
    assert part.waits_for(2)
    player.close()
    assert part.values == [1.0, 0.0]

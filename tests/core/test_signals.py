"""Light and buzzer: what they say, how often, and when they keep quiet."""

from __future__ import annotations

import pytest

from appliance.core.clock_trust import Trust
from appliance.core.effects import Blink, Buzz, Light, Sound
from appliance.core.events import Health, PartChanged, RequestEnded, ResetAsked
from appliance.core.flow import Mode
from appliance.core.local_time import is_quiet, local, may_sound
from appliance.core.requests import Outcome
from appliance.core.settings import Settings
from appliance.core.signals import light_of
from tests.core.everything import MODES
from tests.core.person import JAN, Person, now
from tests.core.test_laws import desk_in, named


def lights(person: Person) -> list[Light]:
    return [effect.light for effect in person.done if isinstance(effect, Blink)]


def sounds(person: Person, sound: Sound) -> int:
    return sum(effect == Buzz(sound) for effect in person.done)


def test_a_request_blinks_until_it_is_over_and_its_end_has_a_rhythm() -> None:
    person = Person((JAN,)).is_asked()
    assert lights(person) == [Light.WAITING]
    person.happens(RequestEnded("r1", Outcome.APPROVED)).waits(4.0)
    assert lights(person) == [Light.WAITING, Light.DONE, Light.OFF]


def test_a_refusal_has_another_rhythm_than_an_approval() -> None:
    person = Person((JAN,)).is_asked().happens(RequestEnded("r1", Outcome.DENIED))
    assert lights(person)[-1] is Light.REFUSED


def test_holding_brightens_and_letting_go_takes_it_back() -> None:
    person = Person((JAN,)).presses().waits(0.5)
    assert lights(person) == [Light.HOLDING]
    person.releases()
    assert lights(person) == [Light.HOLDING, Light.OFF]


def test_an_armed_reset_blinks_fast_until_the_key_is_up() -> None:
    person = Person((JAN,)).happens(ResetAsked()).waits(0.8).presses().waits(2.0)
    assert lights(person) == [Light.RESET]
    person.releases()
    assert lights(person)[-1] is Light.OFF


def test_doubt_about_clock_or_network_blinks_now_and_then() -> None:
    assert lights(Person((JAN,), trust=Trust.UNKNOWN).waits(0.2)) == [Light.DOUBT]
    person = Person((JAN,)).happens(PartChanged("network", Health.BAD))
    assert lights(person) == [Light.DOUBT]
    person.happens(PartChanged("network", Health.GOOD))
    assert lights(person)[-1] is Light.OFF


def test_an_unlinked_device_doubts_nothing() -> None:
    assert lights(Person(trust=Trust.UNKNOWN).waits(1.0)) == []


@pytest.mark.parametrize("mode", MODES, ids=named)
def test_every_moment_has_one_light(mode: Mode) -> None:
    assert light_of(mode, desk_in(mode).facts, holding=False) in Light


def test_a_request_sounds_three_times_ten_seconds_apart() -> None:
    person = Person((JAN,)).is_asked()
    counted = []
    for _ in range(6):
        counted.append(sounds(person, Sound.REQUEST))
        person.waits(10.0)
    assert counted == [1, 2, 3, 3, 3, 3]


def test_a_touched_key_ends_the_ringing() -> None:
    person = Person((JAN,)).is_asked().taps(2).waits(30.0)
    assert sounds(person, Sound.REQUEST) == 1


def test_a_hold_ticks_four_times_a_second() -> None:
    person = Person((JAN,)).happens(ResetAsked()).waits(0.8).presses().waits(2.15)
    assert 7 <= sounds(person, Sound.TICK) <= 9


def test_sound_is_off_until_somebody_turns_it_on() -> None:
    assert not may_sound(Settings(), now())
    assert may_sound(Settings(sound=True), now())


MIDNIGHT = 1_699_916_400.0  # 14 November 2023, 00:00 in Utrecht


@pytest.mark.parametrize(
    ("hour", "quiet"), [(0, True), (6.99, True), (7, False), (21.99, False), (22, True)]
)
def test_silent_hours_run_over_midnight(hour: float, quiet: bool) -> None:
    settings = Settings(sound=True, quiet="22-7")
    moment = now()
    at = type(moment)(moment.monotonic, MIDNIGHT + hour * 3600, moment.trust)
    assert is_quiet(settings, at) is quiet
    assert may_sound(settings, at) is not quiet


def test_an_unknown_clock_keeps_no_silent_hours() -> None:
    at = type(now())(100.0, MIDNIGHT, Trust.UNKNOWN)
    assert not is_quiet(Settings(sound=True, quiet="22-7"), at)


@pytest.mark.parametrize(
    ("wall", "said"),
    [
        (1_711_846_799, "01:59"),  # 31 March 2024, a second before summer time
        (1_711_846_800, "03:00"),
        (1_729_990_799, "02:59"),  # 27 October 2024, a second before winter time
        (1_729_990_800, "02:00"),
        (1_700_000_012, "23:13"),
    ],
)
def test_the_time_on_the_wall_follows_the_dutch_rule(wall: float, said: str) -> None:
    assert local(wall).strftime("%H:%M") == said

"""The power goes: what was acknowledged is there, and a login that had only begun harms nobody."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from appliance.core.errors import Refused
from tests.crash.image import Fate
from tests.web.login_portal.conftest import World
from tests.web.login_portal.device import Device
from tests.web.login_portal.store.power import Power, Stories, powered, stories
from web.login_portal import inbox, people, quiet, requests
from web.login_portal.carriers import Posted
from web.login_portal.rules.outcomes import Outcome
from web.login_portal.store.database import open_database

FATES = pytest.mark.parametrize("fate", list(Fate))


class Hasty(sqlite3.Connection):
    """The control: a store that never waits for the disk."""

    def execute(self, sql: str, *values: object) -> sqlite3.Cursor:
        return super().execute(sql.replace("synchronous=FULL", "synchronous=NORMAL"), *values)  # type: ignore[arg-type]


@pytest.fixture
def power(world: World, token: Device, tmp_path: Path) -> Iterator[Power]:
    assert token.grant is not None
    with powered(world, tmp_path / "disk") as on:
        yield on


def begun(on: Stories, world: World, request: str = "asked") -> None:
    """Somebody's password was accepted."""
    with on.database.reading() as reading:
        jan = people.named(reading, "jan")
    assert jan is not None
    assert on.sign_ins.begin(request, jan, "here", world.clock()) == 0


def letter(on: Stories, world: World, token: Device) -> Posted:
    with on.database.reading() as reading:
        return inbox.after(reading, token.id, 0, world.clock())[-1]


def refusal(on: Stories, world: World, token: Device) -> str:
    """The token's answer to the login that stands in these records now."""
    asked = on.sign_ins.look("asked")
    assert asked is not None
    return token.answer_text(letter(on, world, token).text, "deny", asked.number)


@contextmanager
def again(world: World, files: dict[str, bytes], folder: Path) -> Iterator[Stories]:
    """The portal starts on what the disk kept."""
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    database = open_database(folder)
    try:
        yield stories(world, database)
    finally:
        database.close()


@FATES
def test_an_acknowledged_answer_outlives_a_power_cut(
    power: Power, token: Device, tmp_path: Path, fate: Fate
) -> None:
    on, world = power.stories, power.world
    begun(on, world)
    answer = refusal(on, world, token)
    assert on.answers.take(answer, world.clock()) is Outcome.DENIED
    with again(world, power.cut(fate), tmp_path / "later") as later:
        asked = later.sign_ins.look("asked")
        assert asked is not None
        assert asked.outcome is Outcome.DENIED
        assert later.answers.take(answer, world.clock()) is Outcome.DENIED


def test_a_store_that_does_not_wait_for_the_disk_is_caught(
    world: World, token: Device, tmp_path: Path
) -> None:
    with powered(world, tmp_path / "disk", Hasty) as power:
        begun(power.stories, world)
        power.stories.answers.take(refusal(power.stories, world, token), world.clock())
        left = power.cut(Fate.LOST)
    with again(world, left, tmp_path / "later") as later:
        assert later.sign_ins.look("asked") is None


def test_a_login_that_the_power_took_is_unknown_and_lets_nobody_in(
    power: Power, token: Device, tmp_path: Path
) -> None:
    on, world = power.stories, power.world
    begun(on, world)
    answer = token.answer_text(
        letter(on, world, token).text,
        "approve",
        on.sign_ins.look("asked").number,  # type: ignore[union-attr]
    )
    with again(world, power.cut(Fate.LOST), tmp_path / "later") as later:
        with pytest.raises(Refused, match="not known here any more"):
            later.answers.take(answer, world.clock())
        assert later.sign_ins.look("asked") is None
        begun(later, world, "another")
        another = later.sign_ins.look("another")
        assert another is not None
        assert another.outcome is None


def test_a_cursor_that_the_power_took_is_never_given_again(
    power: Power, token: Device, tmp_path: Path
) -> None:
    begun(power.stories, power.world)
    lost = letter(power.stories, power.world, token).cursor
    with again(power.world, power.cut(Fate.LOST), tmp_path / "later") as later:
        begun(later, power.world)
        with later.database.reading() as reading:
            owed = inbox.after(reading, token.id, lost, power.world.clock())
    assert len(owed) == 1


@FATES
def test_a_durable_commit_takes_along_what_began_before_it(
    power: Power, tmp_path: Path, fate: Fate
) -> None:
    begun(power.stories, power.world)
    with power.stories.database.writing() as writing:
        quiet.begin(writing, "somebody", power.world.clock())
    with (
        again(power.world, power.cut(fate), tmp_path / "later") as later,
        later.database.reading() as reading,
    ):
        assert requests.with_id(reading, "asked") is not None


@pytest.mark.parametrize("seed", range(20))
def test_a_torn_disk_opens_with_all_of_a_login_or_nothing(
    power: Power, token: Device, tmp_path: Path, seed: int
) -> None:
    begun(power.stories, power.world)
    left = power.cut(Fate.TORN, seed)
    with again(power.world, left, tmp_path / "later") as later, later.database.reading() as reading:
        letters = [token.open(each.text).jti for each in inbox.after(reading, token.id, 0, 1e9)]
        assert (requests.with_id(reading, "asked") is not None) == ("asked" in letters)

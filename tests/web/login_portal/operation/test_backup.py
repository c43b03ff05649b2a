"""Backup and restore: whatever the store, the whole portal comes back, and a device that read on misses nothing."""

from __future__ import annotations

import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.web.login_portal.conftest import World, new_world
from tests.web.login_portal.device import Device
from tests.web.login_portal.person import PASSWORD
from web.login_portal.command_options import database_of
from web.login_portal.config import Config
from web.login_portal.operation.backup import save
from web.login_portal.rules.addresses import origin
from web.login_portal.store.dump import JUMP

pytestmark = pytest.mark.both_stores


def restored(world: World, saved: Path, name: str, address: str = "") -> World:
    """The portal that the backup makes, in another folder and store."""
    data = world.portal.config.data.parent / name
    words = ["restore", str(saved), *(["--database", address] if address else [])]
    said = world.elsewhere(data, *words)
    assert said.exit_code == 0, said.output
    config = Config(
        data, origin(world.portal.config.origin.url), "Werkplek", database=database_of(data)
    )
    made = new_world(config, 7)
    made.clock.now = world.clock.now
    return made


def test_a_restored_portal_knows_its_people_and_their_tokens(
    world: World, token: Device, saved: Path, store: Callable[[str], str]
) -> None:
    again = restored(world, saved, "again", store("again"))
    again.clock.now += 400
    person = again.browser()
    assert person.sign_in().headers["Location"] == "/waiting"
    (letter,) = again.letters(token)
    device = again.device()
    answer = token.answer_text(letter, "approve", person.element("match-number"))
    assert device.send(answer).json() == {"outcome": "approved"}
    again.portal.database.close()


def test_a_device_that_read_after_the_backup_misses_nothing(
    world: World, token: Device, saved: Path, store: Callable[[str], str]
) -> None:
    with world.portal.database.reading() as reading:
        newest = reading.execute(text("SELECT max(cursor) FROM letters")).scalar_one()
    again = restored(world, saved, "again", store("again"))
    again.clock.now += 400
    again.browser().sign_in()
    assert len(again.letters(token, after=newest + 1000)) == 1
    with again.portal.database.reading() as reading:
        after = reading.execute(text("SELECT max(cursor) FROM letters")).scalar_one()
    assert after > newest + JUMP
    again.portal.database.close()


def test_numbers_go_on_after_a_restore(
    world: World, saved: Path, store: Callable[[str], str]
) -> None:
    again = restored(world, saved, "again", store("again"))
    again.portal.add_person("piet", PASSWORD, phone="+31687654321")
    person = again.browser()
    person.sign_in("piet")
    again.link(person, again.device("DT-0009"))
    again.portal.database.close()


def test_a_backup_opens_everything_and_so_only_its_owner_may_read_it(saved: Path) -> None:
    assert saved.stat().st_mode & 0o777 == 0o600
    assert not saved.with_name("backup.tar.gz.draft").exists()


def test_a_backup_is_never_overwritten(world: World, saved: Path) -> None:
    before = saved.read_bytes()
    assert "never overwritten" in world.command("backup", str(saved)).output
    assert saved.read_bytes() == before


def test_nothing_is_restored_over_a_portal(world: World, saved: Path) -> None:
    said = world.command("restore", str(saved))
    assert (said.exit_code, "empty folder" in said.output) == (1, True)


@pytest.mark.parametrize("damage", ["no archive", "cut off", "another archive"])
def test_a_damaged_backup_is_refused_and_leaves_nothing(
    world: World, saved: Path, damage: str, store: Callable[[str], str]
) -> None:
    if damage == "no archive":
        saved.write_text("not a backup")
    elif damage == "cut off":
        saved.write_bytes(saved.read_bytes()[:-400])
    else:
        with tarfile.open(saved, "w:gz") as archive:
            archive.add(__file__)
    data = world.portal.config.data.parent / "again"
    address = store("again")
    said = world.elsewhere(
        data, "restore", str(saved), *(["--database", address] if address else [])
    )
    assert (said.exit_code, said.output) == (
        1,
        "Error: This is not a backup of a portal, or it is damaged\n",
    )
    assert not (data / "portal.key").exists()
    assert not (data / "database.url").exists()


def test_half_a_backup_is_not_left_behind(world: World, tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"portal\.key"):
        save(tmp_path / "half", tmp_path / "nothing", world.portal.database, world.clock())
    assert list(tmp_path.glob("half*")) == []

"""What browsers that nobody knows may leave behind by asking: so much and no more, and never another's place."""

from __future__ import annotations

from sqlalchemy import func, insert, select

from tests.web.login_portal.applications.relying import (
    Relying,
    approve,
    onward,
    register,
    sent_back,
    walk,
)
from tests.web.login_portal.conftest import World
from tests.web.login_portal.device import Device
from tests.web.login_portal.person import PASSWORD, Person
from web.login_portal.applications.authorizations import MOST, MOST_HERE
from web.login_portal.store.application_tables import authorizations


def kept(world: World) -> int:
    with world.portal.database.reading() as reading:
        return reading.execute(select(func.count()).select_from(authorizations)).scalar() or 0


def left_by(world: World, count: int, source: str = "elsewhere") -> None:
    """So many rows that strangers left at this source."""
    columns = {column.name: "" for column in authorizations.columns}
    rows = [
        {**columns, "id": f"{source}{at}", "fresh": False, "longest_ago": None, "source": source}
        | {"made": world.clock()}
        for at in range(count)
    ]
    with world.portal.database.writing() as writing:
        writing.connection.execute(insert(authorizations), rows)


def flood(world: World, rooster: Relying, address: str, times: int) -> None:
    client, home = world.app.test_client(), world.portal.config.origin.url
    for _ in range(times):
        asked = {"environ_base": {"REMOTE_ADDR": address}}
        assert client.get(rooster.wish(), base_url=home, **asked).status_code == 303


def test_one_source_keeps_so_many_and_no_more(world: World) -> None:
    rooster = register(world)
    flood(world, rooster, "10.0.0.66", MOST_HERE + 20)
    assert kept(world) == MOST_HERE


def test_a_flood_takes_nobody_elsewhere_off_the_way(
    world: World, jan: Person, token: Device
) -> None:
    rooster = register(world)
    walk(jan, rooster.wish())
    flood(world, rooster, "10.0.0.66", MOST_HERE + 20)
    assert jan.page is not None
    jan.post(jan.page.request.path, {"name": "jan", "password": PASSWORD})
    approve(world, jan, token)
    assert sent_back(jan.get(onward(jan)))["state"] == "st-1"


def test_at_a_source_that_floods_the_newest_still_gets_in(world: World, jan: Person) -> None:
    rooster = register(world)
    flood(world, rooster, "127.0.0.1", MOST_HERE)
    walk(jan, rooster.wish())
    assert jan.element("for-whom") == "to Rooster"


def test_strangers_of_all_sources_together_are_so_many_and_no_more(
    world: World, jan: Person, token: Device
) -> None:
    rooster = register(world)
    left_by(world, MOST)
    refused = jan.get(rooster.wish())
    assert refused.status_code == 400
    assert "Try again in a few minutes" in refused.text
    assert kept(world) == MOST
    jan.sign_in()
    approve(world, jan, token)
    assert sent_back(walk(jan, rooster.wish()))["state"] == "st-1"


def test_those_who_gave_up_are_forgotten(world: World, jan: Person) -> None:
    rooster = register(world)
    left_by(world, MOST)
    world.clock.now += 901
    world.portal.tidy()
    assert jan.get(rooster.wish()).status_code == 303
    assert kept(world) == 1

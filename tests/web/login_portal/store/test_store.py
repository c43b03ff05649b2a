"""The store: durable, one writer, errors without data, and a portal that says so when its records are out of reach."""

from __future__ import annotations

import asyncio
import threading

import httpx
import pytest
from sqlalchemy import text

from appliance.core.errors import StorageTrouble
from tests.web.login_portal.conftest import ORIGIN, World
from tests.web.login_portal.device import Device
from web.login_portal.carriers import Embedded
from web.login_portal.device_api.inbox_stream import InboxStream
from web.login_portal.store.database import Database

pytestmark = pytest.mark.both_stores


def lose_a_table(database: Database) -> None:
    with database.writing() as writing:
        writing.execute(text("DROP TABLE attempts"))


def test_a_failed_write_leaves_nothing_and_rings_no_bell(world: World) -> None:
    rung: list[str] = []
    database = world.portal.database

    def fail() -> None:
        with database.writing() as writing:
            writing.execute(text("UPDATE people SET name = 'changed'"))
            writing.afterwards.append(lambda: rung.append("rung"))
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    with database.reading() as reading:
        assert reading.execute(text("SELECT name FROM people")).scalar() == "jan"
    assert rung == []


def test_bells_ring_in_the_order_of_the_commits(world: World) -> None:
    rung: list[int] = []
    database, start = world.portal.database, threading.Barrier(8)

    def write(number: int) -> None:
        start.wait()
        with database.writing() as writing:
            row = {"at": float(number)}
            writing.execute(
                text("INSERT INTO outbox (at, recipient, text) VALUES (:at, '', '')").bindparams(
                    **row
                )
            )
            writing.afterwards.append(lambda: rung.append(number))

    threads = [threading.Thread(target=write, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as reading:
        stored = [int(row.at) for row in reading.execute(text("SELECT at FROM outbox ORDER BY id"))]
    assert rung == stored


def test_an_error_of_the_store_carries_no_data(world: World) -> None:
    lose_a_table(world.portal.database)
    with pytest.raises(StorageTrouble) as trouble:
        world.portal.passwords.judge("canary-name", "canary-password", "10.0.0.1", 1.0)
    chain = f"{trouble.value} {trouble.value.__cause__}"
    assert "canary" not in chain
    assert world.portal.keys.mark("strikes", "password|canary-name|10.0.0.1") not in chain


def test_without_its_store_the_portal_says_so(world: World) -> None:
    person = world.browser()
    person.get("/sign-in")
    lose_a_table(world.portal.database)
    assert person.post("/sign-in", {"name": "jan", "password": "x"}).status_code == 503
    assert "We cannot help you" in person.text
    assert [line for line in world.log.lines if line.startswith("store failed")]


def test_an_inbox_without_its_store_says_so_as_well(world: World, token: Device) -> None:
    access = token.ask_access(token.assertion(ORIGIN, world.clock())).json()["access_token"]
    with world.portal.database.writing() as writing:
        writing.execute(text("DROP TABLE letters"))
    transport = httpx.ASGITransport(InboxStream(world.portal, Embedded()))

    async def read() -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as wire:
            return await wire.get("/", headers={"Authorization": f"Bearer {access}"})

    assert asyncio.run(read()).status_code == 503


def test_a_device_hears_of_it_as_a_problem(world: World) -> None:
    with world.portal.database.writing() as writing:
        writing.execute(text("DROP TABLE tokens"))
    reply = world.device().send("a.b.c")
    assert reply.status_code == 503
    assert reply.headers["content-type"] == "application/problem+json"

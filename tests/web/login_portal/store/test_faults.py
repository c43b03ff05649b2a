"""When the store fails under a portal that runs: a clear page, problem+json, and it recovers by itself."""

from __future__ import annotations

import os
import resource
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from httpx_sse import connect_sse

from appliance.wire.letters import INBOX, TOKEN
from tests.hardware.bodies import soon
from tests.web.login_portal.conftest import ORIGIN, new_world
from tests.web.login_portal.store.postgres import Postgres, running_postgres
from tests.web.login_portal.store.test_two_workers import Pair
from tests.web.login_portal.store.worker import Visitor, Worker, worker
from web.login_portal.command_options import database_of
from web.login_portal.config import Config
from web.login_portal.rules.addresses import origin

pytestmark = pytest.mark.xdist_group("a store that fails")


@pytest.fixture(scope="module")
def frail() -> Iterator[Postgres]:
    """A server that these tests stop and start."""
    with running_postgres() as server:
        yield server


def portal_on(data: Path, address: str) -> Pair:
    """A portal with one person, before it is served."""
    database_of(data, address)
    world = new_world(Config(data, origin(ORIGIN), "Werkplek", database=address))
    world.clock.now = time.time()
    return Pair(world, None, None)  # type: ignore[arg-type] (served by the test itself)


def status(at: Worker, browser: Visitor) -> int:
    return browser.get(at, "/waiting").status_code


def test_a_database_that_goes_is_said_and_found_again(tmp_path: Path, frail: Postgres) -> None:
    made = portal_on(tmp_path, frail.fresh())
    (token,) = made.person("jan")
    with worker(tmp_path) as one:
        made.left = made.right = one
        browser, headers = Visitor(), made.access(token)
        browser.try_password(one, "jan")
        with connect_sse(one.http, "GET", INBOX, headers=headers) as source:
            events = (event for event in source.iter_sse() if event.event == "letter")
            first = next(events)
            frail.stop()
            assert status(one, browser) == 503
            assert "We cannot help you" in browser.get(one, "/waiting").text
            reply = one.http.post(TOKEN, data=made.assertion(token))
            assert reply.status_code == 503
            assert reply.headers["content-type"] == "application/problem+json"
            assert one.http.get(INBOX, headers=headers).status_code == 503
            ways = [one.http.get(f"/health/{word}").status_code for word in ("live", "ready")]
            assert ways == [200, 503]
            frail.start()
            assert soon(lambda: status(one, browser) == 200)
            assert soon(lambda: one.log.read_text().count("doorbell listens") == 2)
            Visitor().try_password(one, "jan")
            assert token.open(next(events).data).jti != token.open(first.data).jti
    assert "Traceback" not in one.log.read_text()
    made.world.portal.database.close()


def children(parent: int) -> list[int]:
    return [
        int(word) for word in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    ]


def test_a_worker_that_is_killed_is_replaced_and_all_stop_together(
    tmp_path: Path, frail: Postgres
) -> None:
    portal_on(tmp_path, frail.fresh()).world.portal.database.close()
    with worker(tmp_path, "--workers", "2") as fleet:
        before = children(fleet.process.pid)
        assert len(before) == 2
        os.kill(before[0], signal.SIGKILL)
        assert soon(
            lambda: len(children(fleet.process.pid)) == 2 and before != children(fleet.process.pid)
        )
        assert soon(
            lambda: (
                httpx.get(
                    f"{fleet.http.base_url}/sign-in", headers={"Host": "127.0.0.1:8443"}
                ).is_success
            )
        )
        everybody = children(fleet.process.pid)
        fleet.process.terminate()
        assert fleet.process.wait(30) == 0
    assert [pid for pid in everybody if Path(f"/proc/{pid}").exists()] == []
    assert "worker replaced" in fleet.log.read_text()
    assert "Traceback" not in fleet.log.read_text()


def test_several_workers_need_a_store_they_can_share(tmp_path: Path) -> None:
    with (
        pytest.raises(AssertionError, match="Several workers need PostgreSQL"),
        worker(tmp_path, "--workers", "2"),
    ):
        pass


def test_a_disk_without_room_is_said_and_nothing_is_half_done(tmp_path: Path) -> None:
    made = portal_on(tmp_path, "")
    (token,) = made.person("jan")
    with worker(tmp_path) as one:
        full = (tmp_path / "portal.db-wal").stat().st_size
        resource.prlimit(one.process.pid, resource.RLIMIT_FSIZE, (full, resource.RLIM_INFINITY))
        browser = Visitor()
        refused = browser.try_password(one, "jan")
        assert refused.status_code == 503
        assert "We cannot help you" in refused.text
        reply = one.http.post(TOKEN, data=made.assertion(token))
        assert reply.headers["content-type"] == "application/problem+json"
        unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        resource.prlimit(one.process.pid, resource.RLIMIT_FSIZE, unlimited)
        assert soon(lambda: browser.try_password(one, "jan").status_code == 303)
    assert made.world.letters(token) != []
    assert "Traceback" not in one.log.read_text()
    made.world.portal.database.close()

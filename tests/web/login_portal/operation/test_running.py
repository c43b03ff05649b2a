"""What whoever runs the portal looks at: check, figures, health, JSON lines; and what is forgotten by itself."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select, text

from tests.web.login_portal.carrying.mosquitto import free_port
from tests.web.login_portal.conftest import World
from tests.web.login_portal.device import Device
from tests.web.login_portal.person import Person
from tests.web.login_portal.store.worker import Visitor, worker
from web.login_portal import audit, reports
from web.login_portal.command_options import database_of
from web.login_portal.operation.retention import DAY
from web.login_portal.store.schema import answers, outbox, requests, tickets


@pytest.mark.both_stores
def test_a_portal_that_is_well_is_said_to_be(world: World) -> None:
    world.clock.now = time.time()
    said = world.command("check")
    assert (said.exit_code, set(said.output.splitlines()) - {"disk: ok"}) == (
        0,
        {"keys: ok", "database: ok", "clock: ok"},
    )


def test_what_fails_is_named_with_what_to_do(world: World, jan: Person) -> None:
    jan.sign_in()
    with world.portal.database.writing() as writing:
        words = "INSERT INTO requests (id, person, service, place, match, number, issued, expires) "
        writing.execute(text(f"{words} VALUES ('r', 'p', '', '', 'press', '', 9e9, 9e9)"))
        writing.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    (world.portal.config.data / "portal.key").unlink()
    said = world.command("check")
    assert said.exit_code == 1
    heard = dict(line.split(": ", 1) for line in said.output.splitlines())
    assert "desk-portal init" in heard["keys"]
    assert "another version" in heard["database"]
    assert "set the time" in heard["clock"]
    assert not (world.portal.config.data / "portal.key").exists()


def test_a_broker_that_is_away_is_named(world: World) -> None:
    world.clock.now = time.time()
    said = world.command("check", "--broker", f"127.0.0.1:{free_port()}")
    assert said.exit_code == 1
    assert "broker: it does not answer" in said.output
    assert "database: ok" in said.output


def test_a_database_that_is_away_is_named(tmp_path: Path, world: World) -> None:
    data = tmp_path / "elsewhere"
    data.mkdir()
    (data / "database.url").write_text("postgresql+psycopg://nobody:geheim@127.0.0.1:1/none\n")
    said = world.elsewhere(data, "check")
    assert "database: The portal cannot read its records" in said.output
    assert "geheim" not in said.output


def test_a_portal_tells_its_figures_and_its_health(tmp_path: Path) -> None:
    port = free_port()
    with worker(tmp_path, "--metrics-port", str(port), "--log-format", "json") as one:
        assert one.http.get("/health/live", headers={"Host": "balancer"}).text == "ok\n"
        assert one.http.get("/health/ready").status_code == 200
        Visitor().try_password(one, "nobody", "wrong")
        figures = httpx.get(f"http://127.0.0.1:{port}/metrics").text
        assert 'desk_portal_facts_total{fact="password refused"} 1.0' in figures
        assert re.search(r"^desk_portal_streams 0\.0$", figures, re.MULTILINE)
        assert "process_resident_memory_bytes" in figures
        lines = [json.loads(line) for line in one.log.read_text().splitlines()]
    assert {"portal started", "password refused"} <= {line["fact"] for line in lines}
    refused = next(line for line in lines if line["fact"] == "password refused")
    assert (refused["source"], refused["level"]) == ("127.0.0.1", "info")


def test_old_records_are_forgotten_and_young_ones_stay(
    world: World, jan: Person, token: Device
) -> None:
    jan.sign_in()
    token.answer(world.letters(token)[0], "deny")
    world.portal.tidy()
    assert counts(world) == {"requests": 1, "answers": 1, "tickets": 1, "outbox": 1}
    world.clock.now += 2 * DAY
    world.portal.tidy()
    assert counts(world) == {"requests": 1, "answers": 1, "tickets": 0, "outbox": 0}
    world.clock.now += 90 * DAY
    world.portal.tidy()
    assert counts(world) == {"requests": 0, "answers": 0, "tickets": 0, "outbox": 0}
    assert world.browser().sign_in().headers["Location"] == "/waiting"


def test_what_the_desk_did_is_kept_two_years_and_an_open_report_for_ever(world: World) -> None:
    began = world.clock.now
    with world.portal.database.writing() as writing:
        audit.add(writing, "desk", "token revoked", began, whom="jan")
        reports.add(writing, "bombed", began, person="p")
    world.clock.now += 729 * DAY
    world.portal.tidy()
    with world.portal.database.reading() as reading:
        assert any(entry.actor == "desk" for entry in audit.find(reading, audit.Wanted()))
    world.clock.now += 2 * DAY
    world.portal.tidy()
    with world.portal.database.reading() as reading:
        assert not any(entry.actor == "desk" for entry in audit.find(reading, audit.Wanted()))
        assert [report.kind for report in reports.listed(reading)] == ["bombed"]


def counts(world: World) -> dict[str, int]:
    with world.portal.database.reading() as reading:
        return {
            table.name: reading.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (requests, answers, tickets, outbox)
        }


def test_the_files_of_a_broker_are_written_for_this_portal(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "broker"
    said = world.command("broker-files", str(folder), "--host", "letters.example.org")
    assert said.output == f"run it with: mosquitto -c {folder}/mosquitto.conf\n"
    assert "listener 8884" in (folder / "mosquitto.conf").read_text()
    assert (folder / "broker.key").stat().st_mode & 0o777 == 0o600


def test_a_database_address_is_kept_for_its_owner_and_never_shown(
    world: World, tmp_path: Path
) -> None:
    data = tmp_path / "fresh"
    said = world.elsewhere(data, "init", "--database", "mysql://root:geheim@db/x")
    assert (said.exit_code, "geheim" in said.output) == (1, False)
    address = database_of(data, "postgresql://desk:geheim@db.example/portal")
    assert database_of(data) == address
    assert (data / "database.url").stat().st_mode & 0o777 == 0o600

"""The API: the same door and the same holds as the pages, its description, and a crowd of strange calls."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from waitress.server import create_server
from werkzeug.test import TestResponse

from appliance.wire.asking import AskReset, Change, Show, TryPin
from appliance.wire.upkeep import AskNetwork, AskPower, AskRemove
from tests.web.device_page.conftest import Visitor
from tests.web.device_page.device_double import PIN
from web.device_page.api import OPERATIONS, described
from web.device_page.shapes import OPENAPI


def enter(door: Visitor, code: str = PIN, **headers: str) -> TestResponse:
    return door.web.post("/api/v1/session", json={"code": code}, headers=headers)


@pytest.fixture
def bearer(door: Visitor) -> dict[str, str]:
    return {"Authorization": f"Bearer {enter(door).json['bearer']}"}


def test_the_description_is_the_one_that_is_checked_in() -> None:
    assert OPENAPI.read_text() == described()


def test_every_described_operation_has_its_route_and_no_route_is_hidden(door: Visitor) -> None:
    described_here = {
        (verb.upper(), "/api/v1" + path.replace("{id}", "<of>"))
        for path, verbs in json.loads(OPENAPI.read_text())["paths"].items()
        for verb in verbs
    }
    routed = {
        (verb, rule.rule)
        for rule in door.app.url_map.iter_rules()
        for verb in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/")
    }
    assert routed - described_here == {("GET", "/api/v1/openapi.json")}
    assert described_here <= routed


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
def test_nothing_is_answered_without_a_session(door: Visitor, operation: object) -> None:
    path = "/api/v1" + operation.path.replace("{id}", "a1")
    answer = door.web.open(path, method=operation.verb, json={})
    assert answer.status_code in (401, 403)
    assert answer.mimetype == "application/problem+json"
    forged = {"Authorization": "Bearer " + "A" * 43}
    assert door.web.open(path, method=operation.verb, json={}, headers=forged).status_code == 401


def test_a_wrong_code_costs_a_try_and_five_close_the_door(door: Visitor) -> None:
    told = [enter(door, "00000000").status_code for _ in range(6)]
    assert told == [403] * 6
    assert len(door.desk.of(TryPin)) == 5


def test_another_page_cannot_guess_codes(door: Visitor) -> None:
    assert enter(door, Origin="https://evil.example").status_code == 403
    assert enter(door, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert door.desk.of(TryPin) == []


def test_what_matters_is_only_asked(door: Visitor, bearer: dict[str, str]) -> None:
    calls = [
        door.web.delete("/api/v1/accounts/a1", headers=bearer),
        door.web.put("/api/v1/network", json={"ssid": "X", "country": "NL"}, headers=bearer),
        door.web.post("/api/v1/power", json={"what": "restart"}, headers=bearer),
        door.web.post("/api/v1/reset", json={"serial": "DT-7F3A-0042"}, headers=bearer),
    ]
    assert [answer.status_code for answer in calls] == [202] * 4
    assert [len(door.desk.of(kind)) for kind in (AskRemove, AskNetwork, AskPower, AskReset)] == [
        1
    ] * 4


def test_settings_are_changed_all_or_none(door: Visitor, bearer: dict[str, str]) -> None:
    body = {"settings": {"language": "nl", "brightness": "9999"}}
    refused = door.web.patch("/api/v1/settings", json=body, headers=bearer)
    assert refused.status_code == 422
    assert door.desk.of(Change) == []
    good = {"settings": {"language": "nl", "brightness": "90"}}
    assert door.web.patch("/api/v1/settings", json=good, headers=bearer).status_code == 204
    assert len(door.desk.of(Change)) == 2


def test_a_cookie_alone_is_not_enough_to_change_anything(inside: Visitor) -> None:
    origin = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    body = {"what": "off"}
    assert inside.web.post("/api/v1/power", json=body, headers=origin).status_code == 403
    token = {"X-Form-Token": inside.token("/status")}
    good = inside.web.post("/api/v1/power", json=body, headers={**origin, **token})
    assert good.status_code == 202


def test_a_session_ends_when_it_is_left(door: Visitor, bearer: dict[str, str]) -> None:
    assert door.web.delete("/api/v1/session", headers=bearer).status_code == 204
    assert door.web.get("/api/v1/status", headers=bearer).status_code == 401


def test_a_picture_is_sent_as_it_is(door: Visitor, bearer: dict[str, str]) -> None:
    data = b"\x89PNG\r\n\x1a\n" + b"x" * 100
    answer = door.web.post("/api/v1/links/picture", data=data, headers=bearer)
    assert (answer.status_code, [ask.data for ask in door.desk.of(Show)]) == (202, [data])


@pytest.fixture
def served(door: Visitor) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = create_server(door.app, map={}, sockets=[listening], threads=2)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.close()


def test_a_crowd_of_strange_calls_never_breaks_it(served: str, door: Visitor) -> None:
    token = {"Authorization": f"Bearer {door.house.doorman.admit(door.time[0]).id}"}
    schema = schemathesis.openapi.from_dict(json.loads(OPENAPI.read_text()))
    counted = {"calls": 0, "worst": 0}
    for operation in schema.get_all_operations():
        one = operation.ok()
        if one.definition.raw.get("operationId") in ("enter", "leave"):
            continue
        _many(one, served + "/api/v1", token, counted)
    assert counted["calls"] > 150
    assert counted["worst"] < 500


def _many(operation: object, base: str, headers: dict[str, str], counted: dict[str, int]) -> None:
    @settings(
        max_examples=12,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def ask(case: schemathesis.Case) -> None:
        answer = case.call(base_url=base, headers=headers)
        counted["calls"] += 1
        counted["worst"] = max(counted["worst"], answer.status_code)

    ask()

"""The device API and its description: they say the same, and a crowd of strange calls breaks nothing.

CASES sets how many calls the crowd makes; the long run takes 50,000. With -s it tells how many got each status.
"""

from __future__ import annotations

import base64
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from appliance.wire import letters
from appliance.wire.paths import FAREWELL, PROFILE
from tests.web.login_portal.applications.over_http import letter, linked
from tests.web.login_portal.conftest import World
from tests.web.login_portal.device import Device
from tests.web.login_portal.served import served
from tests.web.login_portal.test_inbox_api import Line
from web.login_portal.device_api.description import OPENAPI, OPERATIONS, described

FRAMING = {"content-length", "transfer-encoding"}
"""Where a body ends: a lie about it is no HTTP, and is answered before there is a call."""
CASES = int(os.environ.get("CASES", "1600"))
schemathesis.serializer.alias("application/jose", "text/plain")
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
pytestmark = pytest.mark.xdist_group("device api")


def test_the_description_is_the_one_that_is_checked_in() -> None:
    assert OPENAPI.read_text() == described()


def test_every_call_is_described_and_every_description_has_its_call(world: World) -> None:
    routed = {
        (verb, rule.rule.replace("<ticket>", "{ticket}"))
        for rule in world.app.url_map.iter_rules()
        for verb in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/device/")
    }
    served_apart = {("GET", letters.INBOX), ("POST", letters.ANSWERS)}
    served_apart |= {("GET", "/device/v1/openapi.json")}
    assert {(one.verb, one.path) for one in OPERATIONS} == (routed | served_apart) - {
        ("GET", "/device/v1/openapi.json")
    }


def test_a_token_can_read_the_description(world: World) -> None:
    reply = world.device().wire.get("/device/v1/openapi.json")
    assert reply.json() == json.loads(OPENAPI.read_text())


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    """A linked token at a portal that really listens."""
    with served(tmp_path / "portal") as running:
        headers = {"Origin": running.origin}
        with httpx.Client(base_url=running.origin, headers=headers, timeout=30) as http:
            device = linked(running, http)
            access = device.ask_access(device.assertion(running.origin, running.portal.clock()))
            yield Line(running, device, http, access.json()["access_token"])


@pytest.mark.timeout(3600)
def test_a_crowd_of_strange_calls_never_breaks_it(line: Line) -> None:
    schema = schemathesis.openapi.from_dict(json.loads(OPENAPI.read_text()))
    told: Counter[int] = Counter()
    operations = [one.ok() for one in schema.get_all_operations()]
    for operation in operations:
        _many(operation, line, -(-CASES // len(operations)), told)
    sys.stdout.write(f"{told.total()} calls: {sorted(told.items())}\n")
    assert told.total() > CASES * 0.9
    assert max(told) < 500
    assert set(told) >= {200, 400, 401, 403, 404}, told


def _many(operation: Any, line: Line, cases: int, told: Counter[int]) -> None:  # noqa: ANN401
    with requests.Session() as session:

        @settings(
            max_examples=cases,
            phases=[Phase.generate],
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=_good_and_bad(operation), known=st.booleans())
        def ask(case: schemathesis.Case, known: bool) -> None:
            case.query.pop("wait", None)  # a long wait is asked once, elsewhere
            said = {k: v for k, v in (case.headers or {}).items() if k.lower() not in FRAMING}
            sent = {**said, **(line.bearer if known else {})}
            given_back = case.call(base_url=line.portal.origin, headers=sent, session=session)
            told[given_back.status_code] += 1
            case.validate_response(given_back, checks=CHECKS)

        ask()


def test_what_a_token_really_says_gets_what_is_described(line: Line) -> None:
    schema = schemathesis.openapi.from_dict(json.loads(OPENAPI.read_text()))
    now, home = line.portal.portal.clock(), line.portal.origin
    line.login()
    answer = line.device.answer_text(letter(line.portal, line.device), "deny")
    bodies = {letters.ANSWERS: answer}
    for path in (PROFILE, FAREWELL):
        bodies[path] = line.device.assertion(home, now, aud=f"{home}{path}")
    for path, body in bodies.items():
        case = schema[path]["POST"].Case(body=body, media_type="application/jose")
        reply = case.call(base_url=home)
        assert reply.status_code == 200, (path, reply.text)
        case.validate_response(reply, checks=CHECKS)


def _good_and_bad(operation: Any) -> st.SearchStrategy[Any]:  # noqa: ANN401
    """Calls that keep to the description, and calls that do not."""
    modes = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    return st.one_of([operation.as_strategy(generation_mode=mode) for mode in modes])


def _changed(text: str, data: st.DataObject) -> str:
    """A true text with one sign, one part or one claim changed."""
    parts = text.split(".")
    match data.draw(st.sampled_from(["sign", "part", "claim", "head", "cut"])):
        case "sign":
            at = data.draw(st.integers(0, len(text) - 1))
            return text[:at] + data.draw(st.characters(codec="ascii")) + text[at + 1 :]
        case "part":
            parts[data.draw(st.integers(0, len(parts) - 1))] = data.draw(st.text(max_size=20))
        case "claim" | "head" as which:
            place = 0 if which == "head" else 1
            said = json.loads(base64.urlsafe_b64decode(parts[place] + "=="))
            said[data.draw(st.sampled_from(sorted(said)))] = data.draw(ODD)
            raw = json.dumps(said).encode()
            parts[place] = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
        case "cut":
            return text[: data.draw(st.integers(0, len(text)))]
    return ".".join(parts)


ODD = (
    st.none()
    | st.integers()
    | st.floats()
    | st.text(max_size=9)
    | st.lists(st.integers(), max_size=2)
)


@settings(suppress_health_check=list(HealthCheck), max_examples=150, deadline=None)
@given(data=st.data())
def test_a_true_text_with_one_thing_changed_is_worth_nothing(
    world: World, token: Device, data: st.DataObject
) -> None:
    home, now = world.portal.config.origin.url, world.clock()
    path = data.draw(st.sampled_from([PROFILE, FAREWELL]))
    true = token.assertion(home, now, aud=f"{home}{path}")
    changed = _changed(true, data)
    reply = token.wire.post(path, content=changed.encode())
    assert reply.status_code == 403 or changed.strip() == true
    assert token.ask_access(_changed(token.assertion(home, now), data)).status_code in (200, 401)


@settings(suppress_health_check=list(HealthCheck), max_examples=150, deadline=None)
@given(data=st.data())
def test_a_well_signed_text_with_strange_claims_breaks_nothing(
    world: World, token: Device, data: st.DataObject
) -> None:
    home, now = world.portal.config.origin.url, world.clock()
    name = data.draw(st.sampled_from(["iss", "sub", "aud", "jti", "iat", "exp"]))
    odd = data.draw(st.text(max_size=9) if name in ("iss", "sub", "aud", "jti") else st.floats())
    strange = token.assertion(home, now, **{name: odd})
    assert token.ask_access(strange).status_code in (200, 401)

"""The device API in OpenAPI 3.1: one table of operations, checked by a test against the routes and replies that run.

Bodies are compact JWS or JWE texts; what stands in them is described where both ends read it, in `appliance.wire`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from appliance.wire.broker import BrokerAccess
from appliance.wire.enrolment import Sent
from appliance.wire.jose import CAP
from appliance.wire.letters import ANSWERS, ENROLMENTS, INBOX, TOKEN, Result
from appliance.wire.paths import BROKER, FAREWELL, PROFILE, RELAY, RING
from appliance.wire.relay import Doorbell
from web.login_portal.device_api.inbox_stream import LONGEST_WAIT
from web.login_portal.device_api.problems import KIND
from web.login_portal.device_api.routes import ASSERTION_TYPE, GRANT_TYPE, JOSE
from web.schemas import schemas_of

OPENAPI = Path(__file__).with_name("openapi.json")
JSON, FORM, STREAM = "application/json", "application/x-www-form-urlencoded", "text/event-stream"
_ABOUT = (
    "How a Desk Token talks to its portal. Every letter and answer is signed text; the network may delay or drop, not "
    "forge. Answers may be sent again: the first valid one ends the login, a repeated one hears the same result. "
    "Errors are problem+json (RFC 9457)."
)


class Problem(msgspec.Struct, frozen=True):
    """Why not (RFC 9457); for the token address also the `error` of RFC 6749."""

    title: str
    status: int
    type: str = "about:blank"
    error: str = ""


class Access(msgspec.Struct, frozen=True):
    """An access token for the inbox."""

    access_token: str
    token_type: str
    expires_in: int
    carrier: str = ""


class Waiting(msgspec.Struct, frozen=True):
    """One letter: its place in the inbox, and its signed text."""

    cursor: int
    letter: str


class Letters(msgspec.Struct, frozen=True):
    """Letters after the cursor, oldest first."""

    letters: tuple[Waiting, ...]


class Nothing(msgspec.Struct, frozen=True):
    """An empty record."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: what it does, the signed text it takes, a good reply, and the problems it knows of its own."""

    verb: str
    path: str
    name: str
    summary: str
    good: tuple[int, type | str]
    problems: tuple[int, ...] = ()
    signed: str = ""


OPERATIONS = (
    Operation("GET", f"{ENROLMENTS}/{{ticket}}", "offer", "What is offered to whoever scanned the QR",
              (200, JOSE), (404, 410)),
    Operation("POST", f"{ENROLMENTS}/{{ticket}}/device", "card",
              "The token introduces itself; the confirm code goes out. Again is harmless",
              (202, Sent), (403, 404, 409, 410), "a card, encrypted and authenticated with the ticket's key"),
    Operation("POST", f"{ENROLMENTS}/{{ticket}}/confirm", "confirm",
              "The confirm code comes back and the grant goes out. Again is harmless",
              (200, JOSE), (403, 404, 409, 410), "a confirmation, signed by the token"),
    Operation("POST", TOKEN, "token", "An access token for a signed assertion, once (RFC 7523 section 2.2)",
              (200, Access), (400, 401)),
    Operation("GET", INBOX, "inbox", "Letters after a cursor: as a stream (SSE), after a wait, or at once",
              (200, Letters), (400, 401)),
    Operation("POST", ANSWERS, "answer", "A person's answer; the reply says how the login ended. Again is harmless",
              (200, Result), (403,), "an answer, signed by the token"),
    Operation("POST", BROKER, "broker", "Where the MQTT broker is, and what opens it for this token for a day",
              (200, BrokerAccess), (401, 404)),
    Operation("POST", PROFILE, "profile", "How things stand with the token's person",
              (200, JOSE), (403,), "an assertion for this address, signed by the token"),
    Operation("POST", RELAY, "relay", "Where a push server's gateway may ring for this token",
              (200, Doorbell), (403,), "an assertion for this address, signed by the token"),
    Operation("POST", RING, "ring", "A push server's gateway rings at the address that a token gave it",
              (202, Nothing), (404,)),
    Operation("POST", FAREWELL, "farewell", "The token was erased and counts no longer. Again is harmless",
              (200, Nothing), (403,), "an assertion for this address, signed by the token"),
)  # fmt: skip


def described() -> str:
    """The OpenAPI description of the table, as it is checked in."""
    return json.dumps(openapi(), indent=1, sort_keys=True) + "\n"


def openapi() -> dict[str, Any]:
    """The whole description."""
    records = (Access, BrokerAccess, Doorbell, Letters, Nothing, Problem, Result, Sent)
    named, parts = schemas_of(records)
    paths: dict[str, dict[str, Any]] = {}
    for one in OPERATIONS:
        paths.setdefault(one.path, {})[one.verb.lower()] = _operation(one, named)
    bearer = {"type": "http", "scheme": "bearer"}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Desk Token portal: device API", "version": "1", "description": _ABOUT},
        "components": {"schemas": parts, "securitySchemes": {"bearer": bearer}},
        "paths": paths,
    }


def _operation(one: Operation, named: dict[Any, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"operationId": one.name, "summary": one.summary}
    made["responses"] = _replies(one, named)
    if "{ticket}" in one.path:
        made["parameters"] = [_parameter("ticket", "path", {"type": "string"})]
    if one.signed:
        body = {"type": "string", "maxLength": CAP, "description": f"Compact text: {one.signed}"}
        made["requestBody"] = {"required": True, "content": {JOSE: {"schema": body}}}
    if one.name == "token":
        made["requestBody"] = {"required": True, "content": {FORM: {"schema": _assertion()}}}
    if one.name == "ring":
        address = {"type": "object", "properties": {"to": {"type": "string"}}, "required": ["to"]}
        made["requestBody"] = {"required": True, "content": {JSON: {"schema": address}}}
    if one.name in {"inbox", "broker"}:
        made["security"] = [{"bearer": []}]
    if one.name == "inbox":
        number = {"type": "integer", "minimum": 0}
        wait = {"type": "number", "minimum": 0, "maximum": LONGEST_WAIT}
        about = (("after", "query", number), ("wait", "query", wait))
        made["parameters"] = [_parameter(*each) for each in (*about, _LAST_SEEN)]
    return made


def _replies(one: Operation, named: dict[Any, Any]) -> dict[str, Any]:
    status, what = one.good
    text = {"schema": {"type": "string"}}
    content = {what: text} if isinstance(what, str) else {JSON: {"schema": named[what]}}
    content |= {STREAM: text} if one.name == "inbox" else {}
    replies: dict[str, Any] = {str(status): {"description": "Good", "content": content}}
    why = {KIND: {"schema": named[Problem]}}
    for code in one.problems:
        replies[str(code)] = {"description": _WHY[code], "content": dict(why)}
    if one.name == "confirm":
        replies["403"]["content"][JSON] = {"schema": named[Sent]}
    return replies | {"default": {"description": "Too large, or out of order", "content": why}}


_WHY = {
    400: "Malformed",
    401: "Not known, or not any more",
    403: "The text is not valid here, or the code was wrong (then with the tries that are left)",
    404: "There never was such a ticket, or there is no broker",
    409: "Another token was first, or this one has to introduce itself first",
    410: "The ticket was used or has expired",
}
_LAST_SEEN = ("Last-Event-ID", "header", {"type": "integer", "minimum": 0})


def _parameter(name: str, where: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": where, "required": where == "path", "schema": schema}


def _assertion() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["grant_type", "client_assertion_type", "client_assertion"],
        "properties": {
            "grant_type": {"const": GRANT_TYPE},
            "client_assertion_type": {"const": ASSERTION_TYPE},
            "client_assertion": {"type": "string", "maxLength": CAP},
        },
    }

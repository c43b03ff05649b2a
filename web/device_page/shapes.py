"""The records of the API, and their description as OpenAPI 3.1. No record that goes out has a field for a secret."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from appliance.wire.asking import AccountRow, StatusReply
from web.schemas import schemas_of

OPENAPI = Path(__file__).with_name("openapi.json")
PROBLEM, JSON = "application/problem+json", "application/json"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: its place, what it takes and gives, and what does it. `asks` says that a hold must follow.

    `run` gets the house, the body as its record of at most `cap` bytes, and the id in the path; `kind` is a file's.
    """

    verb: str
    path: str
    name: str
    summary: str
    run: Callable[..., object]
    takes: type | None = None
    gives: type | None = None
    asks: bool = False
    cap: int = 64 * 1024
    kind: str = "application/zip"


class Enter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The 8 digits that the panel shows."""

    code: str


class Entered(msgspec.Struct, frozen=True):
    """A session: send it as `Authorization: Bearer …`. It ends after 5 idle minutes, 30 in all, or with the page."""

    bearer: str
    seconds: int


class Problem(msgspec.Struct, frozen=True):
    """Why not, in words for a person (RFC 9457)."""

    title: str
    status: int
    detail: str


class DeviceState(msgspec.Struct, frozen=True):
    """How the device is, without its accounts and settings."""

    serial: str
    software: str
    trust: str
    storage: str
    parts: dict[str, str]
    waiting: int
    stage: str
    sealed: bool


class AccountList(msgspec.Struct, frozen=True):
    """The accounts in their order."""

    accounts: tuple[AccountRow, ...]


class Order(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All accounts by id, in the order they should have."""

    accounts: tuple[str, ...]


class Label(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Another name."""

    label: str


class Pasted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An enrolment link, or the text of another code."""

    text: str


class Confirmed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The code from the SMS."""

    digits: str


class Spelled(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words that the server of an account asks for, as the panel says."""

    words: str


class SettingList(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Settings by key, as words."""

    settings: dict[str, str]


class Clock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A time in Unix seconds."""

    wall: float


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`light` or `sound`."""

    part: str


class Power(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`restart` or `off`."""

    what: str


class Erase(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The serial number, typed over."""

    serial: str


class FileSize(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The size of an update's file in bytes."""

    size: int


class FileNumber(msgspec.Struct, frozen=True):
    """The number under which its pieces are sent."""

    number: str


class Passphrase(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a backup is sealed under, at least 12 characters."""

    passphrase: str


class Sealed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A backup's file in base64, and its passphrase."""

    file: bytes
    passphrase: str


class Number(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The number of the plan that was read."""

    number: str


class Where(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`stick` or `network`."""

    where: str


class WhichVersion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The version to install."""

    version: str


class Server(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A server by name, with its port if that is not 443."""

    server: str


class Login(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A name and a password for the proxy; an empty name forgets them."""

    name: str
    password: str


def device(now: StatusReply) -> DeviceState:
    """The state out of a status."""
    return DeviceState(
        serial=now.serial,
        software=now.software,
        trust=now.trust,
        storage=now.storage,
        parts=now.parts,
        waiting=now.waiting,
        stage=now.stage,
        sealed=now.sealed,
    )


def openapi(operations: Sequence[Operation]) -> dict[str, Any]:
    """The whole description."""
    records: set[type] = {Enter, Entered, Problem}
    records |= {
        shape
        for one in operations
        for shape in (one.takes, one.gives)
        if shape is not None and shape is not bytes
    }
    ordered = sorted(records, key=lambda record: record.__name__)
    named, parts = schemas_of(ordered)
    paths: dict[str, dict[str, Any]] = {"/session": _session(named)}
    for one in operations:
        paths.setdefault(one.path, {})[one.verb.lower()] = _operation(one, named)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Desk Token", "version": "1", "description": ABOUT},
        "servers": [{"url": "/api/v1"}],
        "security": [{"bearer": []}],
        "components": {
            "schemas": parts,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
        "paths": paths,
    }


ABOUT = (
    "Open the page on the token first; POST the 8 digits to /session. 202 means that the token asks now and only a "
    "hold of its button does it."
)


def _session(named: dict[type, Any]) -> dict[str, Any]:
    return {
        "post": {
            "operationId": "enter",
            "summary": "Begin a session with the code from the panel",
            "security": [],
            "requestBody": {"required": True, "content": {JSON: {"schema": named[Enter]}}},
            "responses": {
                "201": {
                    "description": "A session",
                    "content": {JSON: {"schema": named[Entered]}},
                },
                "default": _problem(named),
            },
        },
        "delete": {
            "operationId": "leave",
            "summary": "End the session",
            "responses": {"204": {"description": "Ended"}, "default": _problem(named)},
        },
    }


def _operation(one: Operation, named: dict[type, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {
        "operationId": one.name,
        "summary": one.summary,
        "responses": {**_answers(one, named), "default": _problem(named)},
    }
    if "{id}" in one.path:
        made["parameters"] = [
            {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
        ]
    if one.takes is bytes:
        kinds = ("image/png", "image/jpeg") if one.name == "show" else ("application/octet-stream",)
        made["requestBody"] = {"required": True, "content": {kind: {} for kind in kinds}}
    elif one.takes is not None:
        made["requestBody"] = {"required": True, "content": {JSON: {"schema": named[one.takes]}}}
    return made


def _answers(one: Operation, named: dict[type, Any]) -> dict[str, Any]:
    if one.gives is bytes:
        return {"200": {"description": "The file", "content": {one.kind: {}}}}
    if one.gives is not None:
        return {"200": {"description": "Now", "content": {JSON: {"schema": named[one.gives]}}}}
    if one.asks:
        return {"202": {"description": "The token asks; a hold of its button does it"}}
    return {"204": {"description": "Done"}}


def _problem(named: dict[type, Any]) -> dict[str, Any]:
    return {"description": "Why not", "content": {PROBLEM: {"schema": named[Problem]}}}

"""The same actions as JSON under /api/v1, for fleet tools: same door, same code, same holds on the token.

One table says every operation; the routes and the OpenAPI file are made from it. A session is a bearer or the page's
own cookie with its form token in `X-Form-Token`. No reply has a place for a secret.
"""

from __future__ import annotations

import json
from collections.abc import Callable

import msgspec
from flask import Blueprint, Response, request

from appliance.wire.asking import AskScan
from appliance.wire.call import Done
from appliance.wire.updates import UpdateState
from appliance.wire.upkeep import (
    AskSearch,
    AskTest,
    AuditLog,
    AuditReply,
    Condition,
    ConditionReply,
    Journal,
    JournalReply,
    Network,
    NetworkState,
    Waiting,
    WaitingList,
    Wireless,
)
from web.device_page import actions, api_safekeeping, shapes, updating
from web.device_page.diagnosis import diagnosis
from web.device_page.house import House, problem, say, status

Operation = shapes.Operation


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        *("GET", "/status", "status", "How the device is"),
        lambda house, body, of: shapes.device(status()),
        gives=shapes.DeviceState,
    ),
    Operation(
        *("GET", "/condition", "condition", "The gauges of the board"),
        lambda house, body, of: house.desk.call(Condition(), ConditionReply),
        gives=ConditionReply,
    ),
    Operation(
        *("GET", "/accounts", "accounts", "The accounts in their order"),
        lambda house, body, of: shapes.AccountList(status().accounts),
        gives=shapes.AccountList,
    ),
    Operation(
        *("PUT", "/accounts/order", "reorder", "Put the accounts in another order"),
        lambda house, body, of: actions.reorder(house.desk, status(), body.accounts),
        takes=shapes.Order,
    ),
    Operation(
        *("PATCH", "/accounts/{id}", "rename", "Give an account another name"),
        lambda house, body, of: actions.rename(house.desk, status(), of, body.label),
        takes=shapes.Label,
    ),
    Operation(
        *("DELETE", "/accounts/{id}", "remove", "Ask to remove an account"),
        lambda house, body, of: actions.ask_remove(house.desk, status(), of),
        asks=True,
    ),
    Operation(
        *("POST", "/links", "link", "Hand over a pasted enrolment link"),
        lambda house, body, of: actions.paste(house.desk, body.text),
        takes=shapes.Pasted,
        asks=True,
    ),
    Operation(
        *("POST", "/links/picture", "show", "Hand over a picture of a QR code"),
        lambda house, body, of: actions.picture(house.desk, body),
        takes=bytes,
        asks=True,
    ),
    Operation(
        *("POST", "/links/scan", "scan", "Ask to turn the camera on"),
        lambda house, body, of: house.desk.call(AskScan(), Done),
        asks=True,
    ),
    Operation(
        *("POST", "/links/confirm", "confirm", "Type the code from the SMS"),
        lambda house, body, of: actions.confirm(house.desk, body.digits),
        takes=shapes.Confirmed,
    ),
    Operation(
        *("POST", "/links/words", "words", "Type the words that a server asks for"),
        lambda house, body, of: actions.words(house.desk, body.words),
        takes=shapes.Spelled,
    ),
    Operation(
        *("GET", "/settings", "settings", "All settings"),
        lambda house, body, of: shapes.SettingList(status().settings),
        gives=shapes.SettingList,
    ),
    Operation(
        *("PATCH", "/settings", "change", "Change settings, all of them or none"),
        lambda house, body, of: actions.change_settings(house.desk, body.settings, visit()),
        takes=shapes.SettingList,
    ),
    Operation(
        *("GET", "/network", "network", "The network as it was reported last"),
        lambda house, body, of: house.desk.call(Network(), NetworkState),
        gives=NetworkState,
    ),
    Operation(
        *("POST", "/network/search", "search", "Look for Wi-Fi networks"),
        lambda house, body, of: house.desk.call(AskSearch(), Done),
    ),
    Operation(
        *("PUT", "/network", "join", "Ask for another network"),
        lambda house, body, of: actions.ask_network(house.desk, body),
        takes=Wireless,
        asks=True,
    ),
    Operation(
        *("PUT", "/clock", "clock", "Ask to set the clock"),
        lambda house, body, of: actions.ask_clock(house.desk, body.wall),
        takes=shapes.Clock,
        asks=True,
    ),
    Operation(
        *("POST", "/tests", "test", "Run the self-test"),
        lambda house, body, of: house.desk.call(AskTest(), Done),
    ),
    Operation(
        *("POST", "/parts", "try", "Let the light blink or the sound be heard"),
        lambda house, body, of: actions.try_part(house.desk, body.part),
        takes=shapes.Part,
    ),
    Operation(
        *("GET", "/log", "log", "The last lines of the log"),
        lambda house, body, of: house.desk.call(Journal(), JournalReply),
        gives=JournalReply,
    ),
    Operation(
        *("GET", "/audit", "audit", "The audit log, each line bound to the one before it"),
        lambda house, body, of: house.desk.call(AuditLog(), AuditReply),
        gives=AuditReply,
    ),
    Operation(
        *("GET", "/diagnosis", "diagnosis", "The diagnosis as a zip, without names or secrets"),
        lambda house, body, of: diagnosis(house.desk, status()),
        gives=bytes,
    ),
    Operation(
        *("GET", "/waiting", "waiting", "Who is waiting at this token"),
        lambda house, body, of: house.desk.call(Waiting(), WaitingList),
        gives=WaitingList,
    ),
    Operation(
        *("POST", "/power", "power", "Ask for a restart or to switch off"),
        lambda house, body, of: actions.ask_power(house.desk, body.what),
        takes=shapes.Power,
        asks=True,
    ),
    Operation(
        *("GET", "/update", "update", "How an update stands, and what came in"),
        lambda house, body, of: updating.state(house.desk),
        gives=UpdateState,
    ),
    Operation(
        *("POST", "/update/files", "send", "Announce the file of an update by its size"),
        lambda house, body, of: shapes.FileNumber(updating.begin(house.desk, body.size)),
        takes=shapes.FileSize,
        gives=shapes.FileNumber,
    ),
    Operation(
        *(
            "PUT",
            "/update/pieces/{id}",
            "piece",
            "The next bytes of that file; id is NUMBER-OFFSET",
        ),
        lambda house, body, of: updating.piece(house.desk, of, body),
        takes=bytes,
    ),
    Operation(
        *("POST", "/update/find", "find", "Look on a `stick`, or fetch it over the `network`"),
        lambda house, body, of: updating.find(house.desk, body.where),
        takes=shapes.Where,
    ),
    Operation(
        *("DELETE", "/update/files", "forget", "Forget the file"),
        lambda house, body, of: updating.forget(house.desk),
    ),
    Operation(
        *("POST", "/update/install", "install", "Ask to install this version"),
        lambda house, body, of: updating.ask_install(house.desk, body.version),
        takes=shapes.WhichVersion,
        asks=True,
    ),
    Operation(
        *("POST", "/update/back", "back", "Ask to go back to the version before"),
        lambda house, body, of: updating.ask_back(house.desk),
        asks=True,
    ),
    Operation(
        *("POST", "/reset", "reset", "Ask to erase everything; the serial must be given"),
        lambda house, body, of: actions.ask_reset(house.desk, status(), body.serial),
        takes=shapes.Erase,
        asks=True,
    ),
)


OPERATIONS += api_safekeeping.OPERATIONS


def visit() -> actions.Visit:
    """Who changes settings, and from where."""
    return actions.Visit(status().settings, request.remote_addr or "")


def api(house: House) -> Blueprint:
    """Every operation as a route, and the description of them all."""
    blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
    for operation in OPERATIONS:
        path = operation.path.replace("{id}", "<of>")
        blueprint.add_url_rule(
            path,
            operation.name,
            _answering(house, operation),
            methods=[operation.verb],
            provide_automatic_options=False,
        )

    @blueprint.get("/openapi.json")
    def openapi() -> Response:
        words = shapes.OPENAPI.read_bytes()
        return Response(words, mimetype="application/json")

    @blueprint.delete("/session")
    def leave() -> Response:
        house.doorman.end()
        return Response(status=204)

    return blueprint


def _answering(house: House, operation: Operation) -> Callable[..., Response]:
    def answer(of: str = "") -> Response:
        try:
            body = None if operation.takes is None else _body(operation.takes, operation.cap)
            given = operation.run(house, body, of)
        except actions.Unfit as unfit:
            return problem(422, say("That did not work"), say(str(unfit)))
        if operation.gives is bytes:
            return Response(given, mimetype=operation.kind)  # type: ignore[arg-type]
        if operation.gives is None:
            return Response(status=202 if operation.asks else 204)
        return Response(msgspec.json.encode(given), mimetype="application/json")

    return answer


def _body(shape: type, cap: int) -> object:
    """What was sent, as this record. Raises Unfit."""
    if shape is bytes:
        return request.stream.read(actions.PICTURE_CAP + 1)
    untrusted = request.stream.read(cap + 1)
    if len(untrusted) > cap:
        raise actions.Unfit("That is too long.")
    try:
        return msgspec.json.decode(untrusted, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
        raise actions.Unfit("The call is not complete") from wrong


def described() -> str:
    """The OpenAPI description (3.1) of the table, as it is checked in."""
    return json.dumps(shapes.openapi(OPERATIONS), indent=1, sort_keys=True) + "\n"

"""The bench API: the hands and eyes of a person at the virtual token, and nothing else.

A contract (DESIGN section 8): scripts outside the project drive the token through it. It reaches the simulated
hardware only; no route here can ask the device for anything that a finger, a lens or a plug could not do.
"""

from __future__ import annotations

import math
from typing import Protocol, TypeVar

import msgspec
from flask import Blueprint, Response, jsonify, request

from appliance.core.errors import Refused
from appliance.hardware.simulated.world import ROLES, Snapshot, World
from web.bench.pictures import grey_from_picture, png_of_bits

Body = TypeVar("Body", bound=msgspec.Struct)
_MOST_SCALE = 16
_TEN_YEARS = 10 * 366 * 86400.0


class Power(Protocol):
    """The plug: kills every process of the device, or starts them."""

    def power(self, *, on: bool) -> None: ...


class ClockBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The device's clock; what is left out stays as it is."""

    offset: float | None = None
    synchronised: bool | None = None


class PowerBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The plug: `cut` or `on`."""

    state: str


def screen_words(now: Snapshot, language: str) -> dict[str, object]:
    """The words that an eye reads now; a dark panel has none."""
    seen = now.visible
    if seen is None:
        told = now.glass.language if now.glass else language
        return _words("", (), "", None, told, lit=False)
    return _words(seen.title, seen.lines, seen.hint, seen.bar, seen.language, lit=True)


def _words(
    title: str, lines: tuple[str, ...], hint: str, bar: float | None, language: str, *, lit: bool
) -> dict[str, object]:
    return {
        "title": title,
        "lines": list(lines),
        "hint": hint,
        "bar": bar,
        "language": language,
        "lit": lit,
    }


def hands(world: World, power: Power, language: str) -> Blueprint:
    """The routes of the contract."""
    routes = Blueprint("hands", __name__, url_prefix="/api")
    _eyes(routes, world, language)
    _fingers(routes, world)
    _surroundings(routes, world, power)
    return routes


def _eyes(routes: Blueprint, world: World, language: str) -> None:
    @routes.get("/screen")
    def screen() -> Response:
        return jsonify(screen_words(world.now, language))

    @routes.get("/panel.png")
    def panel() -> Response:
        scale = _scale(request.args.get("scale", "1"))
        seen = world.now.visible
        if seen is None:
            return png(png_of_bits(128, 64, bytes(1024), scale))
        return png(png_of_bits(seen.width, seen.height, seen.bits, scale))

    @routes.get("/light")
    def light() -> Response:
        return jsonify(pattern=world.now.pattern, on=world.light_is_on())


def _fingers(routes: Blueprint, world: World) -> None:
    @routes.post("/keys/<role>/<move>")
    def key(role: str, move: str) -> Response:
        if role not in ROLES:
            raise Refused("There is no such key")
        if move not in ("press", "release"):
            raise Refused("A key can be pressed and released")
        world.move(role, down=move == "press")
        return jsonify(role=role, down=move == "press")


def _surroundings(routes: Blueprint, world: World, power: Power) -> None:
    @routes.post("/camera")
    def look_at() -> Response:
        seen = grey_from_picture(request.get_data())
        world.hold_before_camera(seen.width, seen.height, seen.rows)
        return jsonify(width=seen.width, height=seen.height)

    @routes.delete("/camera")
    def darkness() -> Response:
        world.darken_camera()
        return jsonify(dark=True)

    @routes.post("/clock")
    def clock() -> Response:
        body = read_body(ClockBody)
        told = world.now.clock
        offset = told.offset if body.offset is None else _offset(body.offset)
        known = told.synchronised if body.synchronised is None else body.synchronised
        world.set_clock(offset, synchronised=known)
        return jsonify(offset=offset, synchronised=known)

    @routes.post("/power")
    def plug() -> Response:
        state = read_body(PowerBody).state
        if state not in ("cut", "on"):
            raise Refused("The power is cut or on")
        power.power(on=state == "on")
        return jsonify(state=state)


def read_body(shape: type[Body]) -> Body:
    """The request's JSON body as this record. Raises Refused."""
    try:
        return msgspec.json.decode(request.get_data(), type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
        raise Refused("The body does not have the form that this call needs") from wrong


def png(data: bytes) -> Response:
    """A PNG that nobody keeps."""
    return Response(data, mimetype="image/png")


def _scale(untrusted_scale: str) -> int:
    if not untrusted_scale.isdecimal() or not 1 <= int(untrusted_scale[:4]) <= _MOST_SCALE:
        raise Refused("The scale is a whole number from 1 to 16")
    return int(untrusted_scale)


def _offset(untrusted_offset: float) -> float:
    if not math.isfinite(untrusted_offset) or abs(untrusted_offset) > _TEN_YEARS:
        raise Refused("The clock can be at most ten years off")
    return untrusted_offset

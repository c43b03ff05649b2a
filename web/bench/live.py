"""What the bench's own page needs beside the contract: everything at once, as it changes, and a few more hands.

Nothing in it is secret to the person at the bench, and nothing of it leaves this machine.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping

import msgspec
from flask import Blueprint, Response, jsonify, request

from appliance.core.errors import Refused
from appliance.hardware.simulated.world import Snapshot, World
from web.bench.hands import png, read_body, screen_words
from web.bench.pictures import grey_from_text, png_of_grey

_LONGEST_WAIT = 20.0


class TextBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The text of a QR code that is held before the camera."""

    text: str

    def __repr__(self) -> str:
        return "TextBody(…)"


class PartsBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which parts are plugged in; what is left out stays as it is."""

    panel: bool | None = None
    camera: bool | None = None


def live(world: World, processes: Callable[[], Mapping[str, str]], language: str) -> Blueprint:
    """The routes of the page; `processes` gives the device's processes and their states."""
    routes = Blueprint("live", __name__, url_prefix="/api")

    @routes.get("/events")
    def events() -> Response:
        now = world.wait(_version(request.args.get("since", "-1")), _LONGEST_WAIT)
        told = everything(now, world.monotonic(), language)
        return jsonify({**told, "processes": dict(processes())})

    @routes.get("/camera.png")
    def camera() -> Response:
        sight = world.now.sight
        return png(png_of_grey(sight.width, sight.height, sight.grey))

    @routes.post("/camera/text")
    def text() -> Response:
        seen = grey_from_text(read_body(TextBody).text)
        world.hold_before_camera(seen.width, seen.height, seen.rows)
        return jsonify(width=seen.width, height=seen.height)

    @routes.post("/parts")
    def parts() -> Response:
        body, told = read_body(PartsBody), world.now.parts
        panel = told.panel if body.panel is None else body.panel
        eye = told.camera if body.camera is None else body.camera
        world.plug(panel=panel, camera=eye)
        return jsonify(panel=panel, camera=eye)

    return routes


def everything(now: Snapshot, monotonic: float, language: str) -> dict[str, object]:
    """The whole bench at one version, with ages in seconds instead of times."""
    return {
        "version": now.version,
        "powered": now.powered,
        "screen": screen_words(now, language),
        "panel": _panel(now),
        "light": _light(now, monotonic),
        "sounds": [
            {
                "number": heard.number,
                "sound": heard.sound,
                "ago": monotonic - heard.at,
                "notes": [[note.hertz, note.seconds] for note in heard.notes],
            }
            for heard in now.sounds
        ],
        "camera": {"mark": now.sight.mark, "looking": now.cameras > 0, "dark": now.dark},
        "clock": {"offset": now.clock.offset, "synchronised": now.clock.synchronised},
        "parts": {"panel": now.parts.panel, "camera": now.parts.camera},
        "down": sorted(now.down),
    }


def _panel(now: Snapshot) -> dict[str, object]:
    seen = now.visible
    if seen is None:
        return {"width": 128, "height": 64, "bits": "", "contrast": 0}
    bits = base64.b64encode(seen.bits).decode()
    return {"width": seen.width, "height": seen.height, "bits": bits, "contrast": seen.contrast}


def _light(now: Snapshot, monotonic: float) -> dict[str, object]:
    return {
        "pattern": now.pattern,
        "number": now.pattern_number,
        "beats": [[beat.level, beat.seconds] for beat in now.rhythm.beats],
        "again": now.rhythm.again,
        "age": monotonic - now.pattern_since,
    }


def _version(untrusted_version: str) -> int:
    digits = untrusted_version.removeprefix("-")
    if not digits.isdecimal() or len(digits) > 15:
        raise Refused("The version is a whole number")
    return int(untrusted_version)

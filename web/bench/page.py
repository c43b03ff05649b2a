"""The bench's one page, in Dutch or English. Its script speaks only to the bench that served it."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from appliance.wording import LANGUAGES, translate
from web.bench.device import Device

PATTERNS = {
    "off": "dark",
    "waiting": "somebody is waiting: two short blinks each second",
    "holding": "filling while the button is held",
    "done": "done: one long blink",
    "refused": "refused: three quick blinks",
    "doubt": "something is missing: a short blink each five seconds",
    "reset": "about to reset: fast blinks",
}
SOUNDS = {
    "request": "a request: two rising tones",
    "tick": "a tick",
    "done": "done: one long high tone",
    "refused": "refused: two low tones",
}
KEYS = {
    "one": (("ok",),),
    "three": (("back", "next", "ok"),),
    "joystick": (("up",), ("left", "ok", "right"), ("down",), ("back", "next")),
}
SCRIPT_TEXTS = {
    "gone": "The bench is not running any more",
    "looking": "The camera is looking",
    "closed": "The camera is off",
    "denied": "The browser does not give that picture",
    "no_picture": "There is no picture in what was pasted",
    "shown": "This is in front of the camera now",
    "dark": "The lens is covered",
    "running": "running",
    "waiting": "starting again",
    "failed": "keeps failing",
    "off": "off",
    "ago": "{seconds} s ago",
}


def page(device: Device, keys: str, language: str) -> Blueprint:
    """The page, and its script and style."""
    routes = Blueprint("page", __name__, static_folder="static", template_folder="templates")

    @routes.get("/")
    def bench() -> str:
        asked = request.args.get("lang", "")
        told = asked if asked in LANGUAGES else language
        say = partial(translate, language=told)
        return render_template(
            "bench.html",
            t=say,
            language=told,
            languages=LANGUAGES,
            keys=keys,
            rows=KEYS[keys],
            page=device.page,
            patterns={name: say(words) for name, words in PATTERNS.items()},
            sounds={name: say(words) for name, words in SOUNDS.items()},
            texts={name: say(words) for name, words in SCRIPT_TEXTS.items()},
        )

    @routes.get("/favicon.ico")
    def icon() -> Response:
        return redirect(url_for("page.static", filename="icon.svg"))

    return routes

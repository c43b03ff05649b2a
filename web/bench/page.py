"""The bench's one page, in Dutch or English. Its script speaks only to the bench that served it."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from appliance.wording import LANGUAGES, translate
from web.bench.device import Device


def _(sentence: str) -> str:
    """Mark a sentence for the catalogue; it is translated when the page is drawn."""
    return sentence


PATTERNS = {
    "off": _("dark"),
    "waiting": _("somebody is waiting: two short blinks each second"),
    "holding": _("filling while the button is held"),
    "done": _("done: one long blink"),
    "refused": _("refused: three quick blinks"),
    "doubt": _("something is missing: a short blink each five seconds"),
    "reset": _("about to reset: fast blinks"),
}
SOUNDS = {
    "request": _("a request: two rising tones"),
    "tick": _("a tick"),
    "done": _("done: one long high tone"),
    "refused": _("refused: two low tones"),
}
KEYS = {
    "one": (("ok",),),
    "three": (("back", "next", "ok"),),
    "joystick": (("up",), ("left", "ok", "right"), ("down",), ("back", "next")),
}
SCRIPT_TEXTS = {
    "gone": _("The bench is not running any more"),
    "looking": _("The camera is looking"),
    "closed": _("The camera is off"),
    "denied": _("The browser does not give that picture"),
    "no_picture": _("There is no picture in what was pasted"),
    "shown": _("This is in front of the camera now"),
    "dark": _("The lens is covered"),
    "running": _("running"),
    "waiting": _("starting again"),
    "failed": _("keeps failing"),
    "off": _("off"),
    "ago": _("s ago"),
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
            _=say,
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

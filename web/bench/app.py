"""The bench as a web application: the contract's routes, the page's own, and the page. Loopback only.

Another site open in the same browser must not press the button: the Host and the Origin have to be this machine.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from appliance.core.errors import DeskTokenError, Refused
from appliance.hardware.simulated.world import World
from appliance.wording import LANGUAGES, translate
from web.bench.device import Device
from web.bench.hands import hands
from web.bench.live import live
from web.bench.page import page
from web.bench.pictures import MOST_BYTES

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
        "media-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), display-capture=(self)",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_SENTENCES = {
    404: "There is nothing at this address",
    405: "This address does not take that method",
    413: "The picture is larger than 8 MiB",
}


def create_app(world: World, device: Device, keys: str, language: str) -> Flask:
    """The application around this world and this device, with the keys and the language it was started with."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    app.register_blueprint(hands(world, device, language))
    app.register_blueprint(live(world, device.processes, language))
    app.register_blueprint(page(device, keys, language))

    @app.before_request
    def only_this_machine() -> None:
        if _host(f"//{request.host}") not in _LOOPBACK:
            raise Refused("The bench answers to this machine only")
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != request.host:
            raise Refused("The bench answers to its own page only")

    @app.after_request
    def with_headers(response: Response) -> Response:
        response.headers.update(_HEADERS)
        return response

    @app.errorhandler(DeskTokenError)
    def refused(error: DeskTokenError) -> tuple[Response, int]:
        return _sentence(str(error), language), 400

    @app.errorhandler(HTTPException)
    def wrong(error: HTTPException) -> tuple[Response, int]:
        code = error.code or 400
        return _sentence(_SENTENCES.get(code, "That request is not understood"), language), code

    return app


def _sentence(english: str, language: str) -> Response:
    told = request.accept_languages.best_match(LANGUAGES, language) or language
    return jsonify(error=translate(english, told))


def _host(untrusted_address: str) -> str:
    try:
        return urlsplit(untrusted_address).hostname or ""
    except ValueError:
        return ""

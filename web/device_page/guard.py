"""What stands before every page: the host's name, where a form came from, the open door, the session, the headers.

All of it runs before any page sees the request. Source: checklist rows 24 to 29.
"""

from __future__ import annotations

import logging
from secrets import compare_digest

from flask import Flask, Response, g, redirect, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from appliance.core.errors import PeerTrouble
from appliance.wire.asking import Status, StatusReply
from appliance.wire.client import Declined
from web.device_page.house import House, cookie_name, for_tools, page, say, told
from web.device_page.places import comes_from, is_cable, is_here
from web.device_page.updating import CAP as UPDATE_CAP

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = (
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
    ("Cache-Control", "no-store"),
)
ADDRESS = "desk.address"
SAFE = ("GET", "HEAD", "OPTIONS")
FOR_ALL = ("static", "door.language", "door.open_by_cable")
AT_THE_DOOR = ("door.knock", "door.enter", "door.enter_by_tool")
log = logging.getLogger("device_page")
BEARER = "Bearer "
Given = AnyResponse | tuple[str, int]
Answer = Given | None


def stand_before(app: Flask, house: House) -> None:
    """Put the guard before every page of this app."""

    @app.before_request
    def look() -> Answer:
        return (
            _right_host(house)
            or _right_wire(house)
            or _right_network(house)
            or _own_form()
            or _open_door(house)
            or _right_token(house)
        )

    @app.after_request
    def dress(response: Response) -> Response:
        for name, value in HEADERS:
            response.headers[name] = value
        return response

    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(PeerTrouble, _no_device)
    app.register_error_handler(Declined, _declined)


def _right_host(house: House) -> Answer:
    """Any other name may be DNS rebinding: a stranger's page that points its name at this address (row 26)."""
    host = request.headers.get("Host", "").lower()
    name = host if host.endswith("]") else host.rpartition(":")[0] or host
    address = arrived()
    if name in house.hosts or (address and name in (address, f"[{address}]")):
        return None
    return told(421, say("Wrong address"), say("Use the address that the token shows."))


def _right_wire(house: House) -> Answer:
    """Without TLS only at this machine itself and on the cable of the USB link."""
    at = arrived()
    if request.is_secure or not at or is_here(at) or is_cable(at):
        return None
    _status(house)  # says in which language
    return told(403, say("Not without encryption"), say("Use the https address on the token."))


def arrived() -> str:
    """The address of this device at which the browser arrived; empty when nobody said."""
    return str(request.environ.get(ADDRESS, ""))


def may_open_by_cable(house: House) -> bool:
    """Whether a browser on the USB cable may ask to open the page: only while there is no account to guard."""
    return is_cable(arrived()) and not _status(house).accounts


def _right_network(house: House) -> Answer:
    """From where the page may be used is a setting; whoever comes from elsewhere sees only that."""
    if request.endpoint == "static":
        return None
    settings = _status(house).settings
    allowed, networks = settings.get("page_from", "local"), settings.get("page_networks", "")
    if comes_from(request.remote_addr or "", allowed, networks, arrived()):
        return None
    return told(
        403, say("Not from here"), say("This token does not serve its page to your network.")
    )


def _own_form() -> Answer:
    """A form that was sent must have stood on this very page (row 25)."""
    if request.method in SAFE or _bearer():
        return None
    origin = request.headers.get("Origin", "")
    site = request.headers.get("Sec-Fetch-Site", "")
    own = f"{request.scheme}://{request.headers.get('Host', '')}"
    if site == "same-origin" and origin in ("", "null", own):
        return None
    if not site and (origin == own or (not origin and request.endpoint == "door.enter_by_tool")):
        return None
    return _stranger()


def _open_door(house: House) -> Answer:
    """Closed unless the button opened it (row 29); inside only with a session."""
    if request.endpoint == "static":
        return None
    now = _status(house)
    if not now.page_open:
        house.doorman.end()
        if request.endpoint in FOR_ALL:
            return None
        if may_open_by_cable(house) and not for_tools():
            return page("cable.html", 403)
        return told(
            403,
            say("This page is closed"),
            say(
                "Choose “{name}” in the menu of the token and hold the button for 3 seconds "
                "to open this page.",
                name=say("Device page"),
            ),
        )
    known = _bearer() or request.cookies.get(cookie_name(), "")
    g.session = house.doorman.known(known, house.clock(), touch=not _looks_by_itself())
    if g.session and request.endpoint == "update.file":
        request.max_content_length = UPDATE_CAP + 64 * 1024  # for whoever is in, and for this form
    if g.session or request.endpoint in (*FOR_ALL, *AT_THE_DOOR):
        return None
    if for_tools():
        return told(401, say("No session"), say("Begin one with the code from the token."))
    return redirect(url_for("door.knock"), 303)


def _looks_by_itself() -> bool:
    """Whether the script asks, not the person: that is no use of the session."""
    return "X-Live" in request.headers or request.endpoint == "panel.picture"


def _right_token(house: House) -> Answer:
    if request.method in SAFE or _bearer() or request.endpoint == "door.enter_by_tool":
        return None
    session = g.get("session")
    expected = session.token if session else house.doorman.door_token
    given = (
        request.headers.get("X-Form-Token", "") if for_tools() else request.form.get("token", "")
    )
    return None if compare_digest(given.encode(), expected.encode()) else _stranger()


def _bearer() -> str:
    """What a fleet tool sends; a browser never sends it by itself, so no other page can make it do so."""
    given = request.headers.get("Authorization", "")
    return given.removeprefix(BEARER) if for_tools() and given.startswith(BEARER) else ""


def _status(house: House) -> StatusReply:
    if "status" not in g:
        g.status = house.desk.call(Status(), StatusReply)
    now: StatusReply = g.status
    return now


def _stranger() -> Given:
    return told(
        403,
        say("Nothing was changed"),
        say("This form is out of date or came from another page. Go back, reload and try again."),
    )


def _http_error(error: HTTPException) -> Given:
    code = error.code or 500
    sentences = {
        404: say("There is nothing at this address. It may be mistyped."),
        405: say("That cannot be done here."),
        413: say("That is too big. A picture may be at most 8 MB. Nothing was changed."),
    }
    if code >= 500:
        log.error("page failed: %s", type(getattr(error, "original_exception", error)).__name__)
    title = say("Something went wrong") if code >= 500 else say("That did not work")
    return told(code, title, sentences.get(code, say("Go back and try again.")))


def _no_device(_error: PeerTrouble) -> Given:
    return told(
        503,
        say("The token does not answer"),
        say("It may be starting. Wait a moment and reload this page."),
    )


def _declined(error: Declined) -> Given:
    return told(409, say("That did not work"), say(str(error)))

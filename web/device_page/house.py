"""What every page is given: the way to the authenticator, the doorman, the time and the language of this request.

There is nothing here to read a secret with: the control socket has no such call (checklist row 28).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from flask import Response, g, json, render_template, request

from appliance.core.settings import Settings, change, excepted, items
from appliance.wire.asking import StatusReply
from appliance.wire.client import Caller
from appliance.wording import LANGUAGES, translate_with
from web.device_page.sessions import Doorman, Session

LANGUAGE_COOKIE = "desk_page_language"
LEADS_NOWHERE = (404, 405, 409, 413)  # to try the same once more would end the same


@dataclass(frozen=True, slots=True)
class House:
    """Made once at the start. `hosts` are the names this page answers to, `clock` gives monotonic seconds."""

    desk: Caller
    clock: Callable[[], float]
    hosts: frozenset[str] = frozenset({"localhost", "127.0.0.1", "[::1]"})
    doorman: Doorman = field(default_factory=Doorman)


def cookie_name() -> str:
    """The session cookie's name; with TLS its prefix makes browsers insist on Secure and this very host."""
    return "__Host-desk" if request.is_secure else "desk_page"


def status() -> StatusReply:
    """How the device was when this request came in."""
    now: StatusReply = g.status
    return now


def session() -> Session | None:
    """The session of this request, if it has one."""
    known: Session | None = g.get("session")
    return known


def language() -> str:
    """The language of this request: the switch on the page, else the device's own setting."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    if chosen in LANGUAGES:
        return chosen
    known: StatusReply | None = g.get("status")
    device = known.settings.get("language", "nl") if known else "nl"
    return device if device in LANGUAGES else "nl"


def say(english: str, **fill: str | float) -> str:
    """One of our sentences in the language of this request, numbers with its decimal sign."""
    now = language()
    return translate_with(
        english, now, {place: _written(value, now) for place, value in fill.items()}
    )


def _written(value: str | float, language: str) -> str:
    """A text as it is; a number without needless decimals, with a comma in Dutch."""
    if isinstance(value, str):
        return value
    return f"{value:g}".replace(".", "," if language == "nl" else ".")


def page(template: str, code: int = 200, **values: object) -> tuple[str, int]:
    """A rendered page; everything put into it is escaped."""
    return render_template(template, **values), code


def ago(seconds: float | None) -> str:
    """How long ago, as a person says it."""
    if seconds is None:
        return say("Not since the start")
    if seconds < 120:
        return say("{count} seconds ago", count=str(int(seconds)))
    if seconds < 7200:
        return say("{count} minutes ago", count=str(int(seconds / 60)))
    return say("{count} hours ago", count=str(int(seconds / 3600)))


def download(data: bytes | str, name: str, kind: str) -> Response:
    """A file to be kept, never shown."""
    answer = Response(data, mimetype=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def exceptions() -> tuple[str, ...]:
    """The servers that are not checked: every page that names one of them says so."""
    return items(status().settings.get("server_exceptions", ""))


def is_excepted(origin: str) -> bool:
    """Whether the certificate of this origin is not checked."""
    parts = urlsplit(origin)
    settings = change(Settings(), "server_exceptions", ", ".join(exceptions()))
    return bool(parts.hostname) and excepted(settings, parts.hostname or "", parts.port or 443)


def problem(code: int, title: str, detail: str) -> Response:
    """Why not, for a fleet tool (RFC 9457)."""
    body = json.dumps({"title": title, "status": code, "detail": detail})
    return Response(body, code, mimetype="application/problem+json")


def for_tools() -> bool:
    """Whether this request is one of the API."""
    return request.path.startswith("/api/")


def told(code: int, title: str, *sentences: str) -> Response | tuple[str, int]:
    """A page that only says something; the same as a problem for the API."""
    if for_tools():
        return problem(code, title, " ".join(sentences))
    onward = code in LEADS_NOWHERE
    return page("told.html", code, title=title, sentences=sentences, onward=onward)

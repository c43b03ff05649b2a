"""The Flask application: guards, pages, device API, and the words that templates use. Built once by the server."""

from __future__ import annotations

import io
from functools import partial
from typing import IO

from flask import Flask, Request, g, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, MethodNotAllowed, ServiceUnavailable

from appliance.core.errors import StorageTrouble
from appliance.core.local_time import local
from appliance.wording import translate
from web.login_portal.device_api.problems import problem
from web.login_portal.device_api.routes import DeviceApi
from web.login_portal.pages.account import AccountPages
from web.login_portal.pages.applications import ApplicationPages
from web.login_portal.pages.browser import browser_name
from web.login_portal.pages.demo_phone import DemoPhonePages
from web.login_portal.pages.desk.application_pages import DeskApplicationPages
from web.login_portal.pages.desk.audit_pages import DeskAuditPages
from web.login_portal.pages.desk.box_pages import DeskBoxPages
from web.login_portal.pages.desk.enrolment_pages import DeskEnrolmentPages
from web.login_portal.pages.desk.import_pages import IMPORT, DeskImportPages
from web.login_portal.pages.desk.overview import DeskOverviewPages
from web.login_portal.pages.desk.people_pages import DeskPeoplePages
from web.login_portal.pages.guards import FROM_ELSEWHERE, MACHINES, Guards
from web.login_portal.pages.linking import LinkingPages
from web.login_portal.pages.locked import LockedPages
from web.login_portal.pages.openid import OpenIdApi
from web.login_portal.pages.passkeys import PasskeyPages
from web.login_portal.pages.password import PasswordPages
from web.login_portal.pages.rendering import go, page
from web.login_portal.pages.waiting import WaitingPages
from web.login_portal.pages.ways import page_above
from web.login_portal.portal import Portal
from web.login_portal.rules.addresses import local_path
from web.login_portal.rules.locking import seen
from web.login_portal.rules.people_file import LONGEST
from web.login_portal.rules.roles import NotAllowed
from web.login_portal.rules.tongue import language as language_of

BODY_CAP = 64 * 1024
CAPS = {IMPORT: LONGEST + BODY_CAP}
"""Addresses that take more than the others, in bytes."""


def application(portal: Portal) -> Flask:
    """The portal's pages and device API as one WSGI application."""
    app = Flask("web.login_portal.pages")
    app.request_class = _Request
    app.config.update(MAX_CONTENT_LENGTH=BODY_CAP, MAX_FORM_PARTS=50, SEND_FILE_MAX_AGE_DEFAULT=300)
    app.before_request(_cap)
    Guards(portal).register(app)
    first = (PasswordPages, LockedPages, LinkingPages, WaitingPages)
    applications = (ApplicationPages, OpenIdApi, PasskeyPages)
    for part in (*first, AccountPages, *applications, DemoPhonePages, DeviceApi):
        part(portal).register(app)
    desk = (DeskOverviewPages, DeskPeoplePages, DeskEnrolmentPages, DeskBoxPages)
    for desk_part in (*desk, DeskApplicationPages, DeskAuditPages, DeskImportPages):
        desk_part(portal).register(app)
    app.register_error_handler(HTTPException, _failed)
    app.register_error_handler(NotAllowed, lambda _: page("error.html", status=403, number="role"))
    app.register_error_handler(StorageTrouble, lambda trouble: _no_store(portal, trouble))
    app.context_processor(lambda: _words(portal))
    return app


class _Request(Request):
    """A request whose files stay in memory: there may be passwords in them."""

    def _get_file_stream(self, *_: object, **__: object) -> IO[bytes]:
        return io.BytesIO()


def _cap() -> None:
    """How much may come here, before anybody reads it."""
    request.max_content_length = CAPS.get(request.path, BODY_CAP)


def _words(portal: Portal) -> dict[str, object]:
    """What every template may use."""
    language = g.browser.language if "browser" in g else _wished()
    config = portal.config

    def day(at: float) -> str:
        """A date as this language writes it."""
        return local(at).strftime(_DAYS[language])

    def words(english: str, **fill: object) -> str:
        return translate(english, language, **{key: str(value) for key, value in fill.items()})

    about = {"language": language, "service": config.service, "demo": config.demo, "day": day}

    def when(at: float) -> str:
        """A day and a time of day."""
        return f"{day(at)} {_clock(at)}"

    about |= {"clock": _clock, "when": when, "sign_in_path": partial(_sign_in_path, portal)}
    about["evidence"] = seen
    csrf = g.browser.csrf if "browser" in g else ""
    about |= {"path": request.path, "back": _back(), "origin": config.origin.url}
    return {**about, "_": words, "csrf": csrf}


def _back() -> str:
    """Where this very page is, for a change of language; what another site wrote into its address is not repeated."""
    whole = request.full_path.rstrip("?")
    ours = request.method == "GET" and request.path not in FROM_ELSEWHERE
    return whole if ours and local_path(whole) == whole else request.path


def _wished() -> str:
    """The language of a browser that could not be recognised, because the store is out of reach."""
    return language_of("", request.headers.get("Accept-Language", ""))


def _sign_in_path(portal: Portal) -> str:
    """Where a person starts again: for the application that the browser came from, if any."""
    return portal.applications.way_back(browser_name(portal)) if "browser" in g else "/sign-in"


def _clock(at: float) -> str:
    """A time of day, as both languages write it."""
    return local(at).strftime("%H:%M")


_DAYS = {"nl": "%d-%m-%Y", "en": "%Y-%m-%d"}


def _no_store(portal: Portal, trouble: StorageTrouble) -> ResponseReturnValue:
    portal.log.note("store failed", reason=str(trouble))
    return _failed(ServiceUnavailable())


def _failed(error: HTTPException) -> ResponseReturnValue:
    """An error as a page, or as problem+json for devices; never with its details.

    A browser that asks for an address of forms only, as after a reload or a change of language, gets the page above.
    """
    status = error.code or 500
    if request.path.startswith(MACHINES):
        return problem(status, error.name)
    if isinstance(error, MethodNotAllowed) and request.method == "GET":
        return go(page_above(local_path(request.path)))
    return page("error.html", status=status, number=status)

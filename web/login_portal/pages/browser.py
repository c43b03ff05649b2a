"""Who is in front of the browser, as far as it has shown: cookie, session, language, and the word its forms carry.

The cookie of a new visitor is only random; a row is kept from the accepted password on.
Source: checklist rows 24 and 25.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

from flask import Response, g, request

from web.login_portal import sessions
from web.login_portal.applications import authorizations
from web.login_portal.portal import Portal
from web.login_portal.rules.tongue import language
from web.login_portal.sessions import TOUCH, Session

_LANGUAGE_LIFE = 365 * 86400


@dataclass(frozen=True, slots=True)
class Browser:
    """One browser during one request."""

    cookie: str = field(repr=False)
    csrf: str = field(repr=False)
    language: str
    session: Session | None


def here() -> Browser:
    """The browser that asks now."""
    return cast("Browser", g.browser)


def browser_name(portal: Portal) -> str:
    """What rows call the browser that asks now: the keyed hash of its cookie, as they call its session."""
    return sessions.name_of(here().cookie, portal.keys)


def cookie_name(portal: Portal, what: str) -> str:
    """The cookie's name: bound to host and https wherever there is https.

    Cookies of one host are shared by all its ports, so the name says whose it is.
    """
    return f"__Host-portal-{what}" if portal.config.origin.secure else f"portal-{what}"


def recognise(portal: Portal) -> Browser:
    """Read cookie and language, and find the session."""
    now = portal.clock()
    cookie = request.cookies.get(cookie_name(portal, "session"), "")[:64]
    found = _session(portal, cookie, now) if cookie else None
    if not cookie:
        cookie = sessions.new_cookie()
        g.cookie = cookie
    chosen = request.cookies.get(cookie_name(portal, "language"), "")
    tongue = language(chosen, request.headers.get("Accept-Language", ""))
    return Browser(cookie, sessions.csrf_of(cookie, portal.keys), tongue, found)


def _session(portal: Portal, cookie: str, now: float) -> Session | None:
    name = sessions.name_of(cookie, portal.keys)
    with portal.database.reading() as reading:
        found = sessions.find(reading, name, now)
    if found is not None and now - found.seen > TOUCH:
        with portal.database.writing() as writing:
            sessions.touch(writing, name, now)
    return found


def begin_session(portal: Portal, person: str, request_id: str, ticket: str) -> None:
    """The password was right: a new cookie, whatever the browser sent before (session fixation)."""
    now, cookie = portal.clock(), sessions.new_cookie()
    name = sessions.name_of(cookie, portal.keys)
    level = sessions.Level.PASSWORD
    _begin(
        portal,
        cookie,
        Session(name, person, level, now, now, request=request_id, ticket=ticket),
    )


def begin_locked(portal: Portal, account: str) -> None:
    """The account is locked: this browser may watch that, and nothing else."""
    now, cookie = portal.clock(), sessions.new_cookie()
    name = sessions.name_of(cookie, portal.keys)
    _begin(portal, cookie, Session(name, "", sessions.Level.LOCKED, now, now, account=account))


def _begin(portal: Portal, cookie: str, session: Session) -> None:
    with portal.database.writing() as writing:
        if (old := here().session) is not None:
            sessions.end(writing, old.id)
        sessions.add(writing, session)
        authorizations.follow(writing, browser_name(portal), session.id)
    g.cookie = cookie


def begin_signed_in(portal: Portal, person: str, how: str) -> None:
    """Everything was shown at once: a new cookie, and the person is in."""
    now, cookie = portal.clock(), sessions.new_cookie()
    name, level = sessions.name_of(cookie, portal.keys), sessions.Level.SIGNED_IN
    _begin(portal, cookie, Session(name, person, level, now, now, how))


def step_up(portal: Portal, session: Session, how: str) -> None:
    """Both factors were shown: the same session under a new cookie."""
    cookie = sessions.new_cookie()
    with portal.database.writing() as writing:
        name = sessions.name_of(cookie, portal.keys)
        sessions.step_up(writing, session, name, how, portal.clock())
        authorizations.follow(writing, session.id, name)
    g.cookie = cookie


def end_session(portal: Portal) -> None:
    """The person leaves."""
    if (session := here().session) is not None:
        with portal.database.writing() as writing:
            sessions.end(writing, session.id)
    g.cookie = sessions.new_cookie()


def set_cookies(portal: Portal, response: Response) -> None:
    """Give the browser what this request decided about its cookies."""
    secure = portal.config.origin.secure
    if "cookie" in g:
        name = cookie_name(portal, "session")
        response.set_cookie(name, g.cookie, secure=secure, httponly=True, samesite="Strict")
    if "language" in g:
        name = cookie_name(portal, "language")
        response.set_cookie(
            name,
            g.language,
            max_age=_LANGUAGE_LIFE,
            secure=secure,
            httponly=True,
            samesite="Strict",
        )

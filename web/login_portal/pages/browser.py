"""Who is in front of the browser, as far as it has shown: cookie, session, language, and the word its forms carry.

The cookie of a new visitor is only random; a row is kept from the accepted password on.
Source: checklist rows 24 and 25.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

from flask import Response, g, request

from web.login_portal import audit, known_browsers, people, sessions
from web.login_portal.applications import authorizations
from web.login_portal.people import Person
from web.login_portal.portal import Portal
from web.login_portal.rules.addresses import place_of
from web.login_portal.rules.tongue import language
from web.login_portal.sessions import TOUCH, Level, Session
from web.login_portal.store.database import Writing

_LANGUAGE_LIFE = 365 * 86400


@dataclass(frozen=True, slots=True)
class Browser:
    """One browser during one request. `known` is its mark when somebody signed in with it lately."""

    cookie: str = field(repr=False)
    csrf: str = field(repr=False)
    language: str
    session: Session | None
    known: str = field(default="", repr=False)


def here() -> Browser:
    """The browser that asks now."""
    return cast("Browser", g.browser)


def signed_in(portal: Portal) -> tuple[Session, Person] | None:
    """The session that asks now and its person, when they are signed in; else None."""
    session = here().session
    if session is None or session.level is not Level.SIGNED_IN:
        return None
    with portal.database.reading() as reading:
        person = people.with_id(reading, session.person)
    return None if person is None else (session, person)


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
    known = _known(portal, now) if request.method == "POST" else ""
    return Browser(cookie, sessions.csrf_of(cookie, portal.keys), tongue, found, known)


def _known(portal: Portal, now: float) -> str:
    """The mark of this browser's long-lived cookie, if it is one of ours."""
    cookie = request.cookies.get(cookie_name(portal, "known"), "")[:64]
    mark = portal.keys.mark("browser", cookie) if cookie else ""
    with portal.database.reading() as reading:
        return mark if mark and known_browsers.known(reading, mark, now) else ""


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
    name, level = sessions.name_of(cookie, portal.keys), Level.PASSWORD
    session = Session(name, person, level, now, now, request=request_id, ticket=ticket)
    _begin(portal, cookie, session)


def begin_locked(portal: Portal, account: str) -> None:
    """The account is locked: this browser may watch that, and nothing else."""
    now, cookie = portal.clock(), sessions.new_cookie()
    name = sessions.name_of(cookie, portal.keys)
    _begin(portal, cookie, Session(name, "", Level.LOCKED, now, now, account=account))


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
    name, level = sessions.name_of(cookie, portal.keys), Level.SIGNED_IN
    _begin(portal, cookie, Session(name, person, level, now, now, how))
    with portal.database.writing() as writing:
        _remember(portal, writing, person, how)


def step_up(portal: Portal, session: Session, how: str) -> None:
    """Both factors were shown: the same session under a new cookie."""
    cookie, now = sessions.new_cookie(), portal.clock()
    with portal.database.writing() as writing:
        name = sessions.name_of(cookie, portal.keys)
        sessions.step_up(writing, session, name, how, now)
        authorizations.follow(writing, session.id, name)
        _remember(portal, writing, session.person, how)
    g.cookie = cookie


def _remember(portal: Portal, writing: Writing, person: str, how: str) -> None:
    """Somebody is in: the audit trail says so, and this browser is known from now on."""
    now = portal.clock()
    known = request.cookies.get(cookie_name(portal, "known"), "")[:64] or sessions.new_cookie()
    known_browsers.remember(writing, portal.keys.mark("browser", known), now)
    found = people.with_id(writing.connection, person)
    whom = found.name if found else ""
    place = place_of(request.remote_addr or "", portal.config.places)
    audit.add(writing, whom, "signed in", now, whom=whom, note=f"{how} {place}".strip())
    g.known = known


def end_session(portal: Portal) -> None:
    """The person leaves."""
    if (session := here().session) is not None:
        with portal.database.writing() as writing:
            sessions.end(writing, session.id)
    g.cookie = sessions.new_cookie()


def set_cookies(portal: Portal, response: Response) -> None:
    """Give the browser what this request decided about its cookies."""
    if "cookie" in g:
        _set(portal, response, "session", g.cookie, None)
    if "language" in g:
        _set(portal, response, "language", g.language, _LANGUAGE_LIFE)
    if "known" in g:
        _set(portal, response, "known", g.known, int(known_browsers.LIFE))


def _set(portal: Portal, response: Response, what: str, value: str, life: int | None) -> None:
    response.set_cookie(
        cookie_name(portal, what),
        value,
        max_age=life,
        secure=portal.config.origin.secure,
        httponly=True,
        samesite="Strict",
    )

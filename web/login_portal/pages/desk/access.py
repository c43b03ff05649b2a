"""Who may see a desk page: somebody who signed in with password and token, and has a role. Others find no such page."""

from __future__ import annotations

from flask import abort, request

from web.login_portal.pages.browser import here
from web.login_portal.pages.rendering import sign_in_again
from web.login_portal.portal import Portal
from web.login_portal.rules.roles import Actor, Role
from web.login_portal.sessions import Level

LINKED_ONLY = "linked"


def at_desk(portal: Portal, role: Role = Role.READER) -> Actor:
    """The actor of this request. Ends the request for everybody else.

    Linking a token is no sign-in with one: whoever just linked theirs signs in once more before the desk opens.
    """
    session = here().session
    if session is None or session.level is not Level.SIGNED_IN:
        abort(sign_in_again())
    actor = portal.service_desk.actor(session.person)
    if session.how == LINKED_ONLY or not actor.may(Role.READER):
        abort(404)
    actor.needs(role)
    return actor


def asked_page() -> int:
    """Which page of a list is asked for, from 1."""
    word = request.args.get("page", "1")
    return max(1, int(word)) if word.isascii() and word.isdigit() and len(word) < 6 else 1

"""One way to make a page and one to answer a script, so that no handler forgets a status."""

from __future__ import annotations

from flask import Response, jsonify, make_response, redirect, render_template, request

LEFT, ENDED = "left", "ended"


def page(template: str, *, status: int = 200, **values: object) -> Response:
    """A page from a template."""
    return make_response(render_template(template, **values), status)


def state(word: str, left: int) -> Response:
    """What the live script asks for: the state by name and the seconds left."""
    return jsonify(state=word, left=left)


def go(path: str) -> Response:
    """Send the browser on, to be asked for with a GET (303): to a page of ours, or where an application registered."""
    return make_response(redirect(path, 303))


def sign_in_again() -> Response:
    """To the sign-in page; it tells somebody who came from a page of ours that they are no longer signed in."""
    ours = request.method == "POST" or request.headers.get("Sec-Fetch-Site") == "same-origin"
    return go(f"/sign-in?{ENDED}" if ours else "/sign-in")

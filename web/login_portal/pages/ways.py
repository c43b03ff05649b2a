"""Where an address leads that only takes forms: to the page above it, on which such a form stands."""

from __future__ import annotations

from flask import current_app
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect


def page_above(local: str) -> str:
    """This local address if it is a page, else the nearest page above it; the query of a page stays."""
    path = local.partition("?")[0]
    if _is_page(path):
        return local
    while path != "/":
        path = path.rpartition("/")[0] or "/"
        if _is_page(path):
            return path
    return "/"


def _is_page(path: str) -> bool:
    """Whether a browser may ask for it."""
    try:
        current_app.url_map.bind("").match(path, method="GET")
    except (HTTPException, RequestRedirect):
        return False
    return True

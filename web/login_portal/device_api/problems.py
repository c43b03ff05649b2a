"""Errors for devices as problem+json (RFC 9457): a title from the code, never a word of what was sent."""

from __future__ import annotations

import json

from flask import Response

KIND = "application/problem+json"


def problem_body(status: int, title: str, **more: str) -> bytes:
    """The body of an error reply."""
    return json.dumps({"type": "about:blank", "title": title, "status": status, **more}).encode()


def problem(status: int, title: str, **more: str) -> Response:
    """An error reply."""
    return Response(problem_body(status, title, **more), status, content_type=KIND)

"""QR codes as drawings for pages. Drawn by us from our own text, and never stored."""

from __future__ import annotations

import io

import segno
from markupsafe import Markup


def drawn(text: str) -> Markup:
    """The text as a small QR in SVG, dark on light whatever the colours of the page; the page around it names it."""
    code = segno.make(text, error="m", micro=False)
    drawing = io.BytesIO()
    code.save(drawing, kind="svg", border=4, xmldecl=False, svgns=True, omitsize=True, light="#fff")
    svg = drawing.getvalue().decode().replace("<svg ", '<svg aria-hidden="true" ', 1)
    return Markup(svg)  # noqa: S704 (drawn by us from our own text)

"""Writes the API's description beside its table: `python -m tests.web.device_page.describe`."""

from __future__ import annotations

from web.device_page.api import described
from web.device_page.shapes import OPENAPI

if __name__ == "__main__":
    OPENAPI.write_text(described())

"""Writes the device API's description beside its table: `python -m tests.web.login_portal.describe`."""

from __future__ import annotations

from web.login_portal.device_api.description import OPENAPI, described

if __name__ == "__main__":
    OPENAPI.write_text(described())

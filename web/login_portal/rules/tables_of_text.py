"""Tables as text that a spreadsheet may open: a cell never becomes a formula (OWASP, CSV Injection)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import UTC, datetime

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def cell(text: str) -> str:
    """The text as a spreadsheet shows it and never runs it."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def moment(unix: float) -> str:
    """A time as it stands in a table: UTC to the second, as 2026-11-23T11:40:00Z (RFC 3339)."""
    return datetime.fromtimestamp(unix, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def written(rows: Iterable[Iterable[str]]) -> str:
    """The rows as CSV (RFC 4180), every cell guarded and quoted."""
    made = io.StringIO()
    writer = csv.writer(made, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for row in rows:
        writer.writerow([cell(text) for text in row])
    return made.getvalue()

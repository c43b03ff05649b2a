"""Every table of the portal: the one place that knows all files in which tables are described."""

from __future__ import annotations

from sqlalchemy import MetaData

from web.login_portal.store import application_tables, desk_tables
from web.login_portal.store.schema import metadata

FILES = (application_tables, desk_tables)
"""Each file adds its own to the same record when it is read."""


def every_table() -> MetaData:
    """The tables as the code of today wants them."""
    return metadata

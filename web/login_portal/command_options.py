"""What the commands share: where the data lies, and a portal that is opened for its records alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import click

from web.login_portal.carriers import Embedded
from web.login_portal.clock import system_clock
from web.login_portal.config import Config
from web.login_portal.logbook import to_stderr
from web.login_portal.portal import Portal, open_portal
from web.login_portal.rules.addresses import Origin

DATA = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path.home() / ".local/share/desk-portal",
    envvar="DESK_PORTAL_DATA",
    show_default=True,
    help="folder of keys, records and outbox",
)
_LOCAL = Origin("http://127.0.0.1", frozenset())


@contextmanager
def opened(data: Path) -> Iterator[Portal]:
    """A portal that only its records are needed of."""
    portal = open_portal(Config(data, _LOCAL), Embedded(), system_clock, to_stderr())
    with closing(portal.database):
        yield portal

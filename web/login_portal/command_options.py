"""What the commands share: where the data lies, and a portal that is opened for its records alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import click

from appliance.core.errors import Refused
from web.login_portal.carriers import Several
from web.login_portal.clock import system_clock
from web.login_portal.config import BrokerDoors, Config
from web.login_portal.keys import sync
from web.login_portal.logbook import to_stderr
from web.login_portal.portal import Portal, open_portal
from web.login_portal.rules.addresses import Origin
from web.login_portal.store.postgresql import database_url

DATA = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path.home() / ".local/share/desk-portal",
    envvar="DESK_PORTAL_DATA",
    show_default=True,
    help="folder of keys, records and outbox",
)
DATABASE = click.option(
    "--database",
    default="",
    envvar="DESK_PORTAL_DATABASE",
    help="postgresql+psycopg://user@host/name: kept in the data folder for every later command; else SQLite",
)
OUTSIDE = click.option(
    "--config",
    "outside",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    envvar="DESK_PORTAL_CONFIG",
    help="directory, text messages and mail (config/desk-portal.toml)",
)
FILE = "database.url"
_LOCAL = Origin("http://127.0.0.1", frozenset())


def database_of(data: Path, untrusted: str = "") -> str:
    """The address of the records: the one given now, which is kept, or the one kept before; empty for SQLite.

    It may hold a password, so its file is readable by the portal's user alone. Raises Refused.
    """
    path = data / FILE
    if not untrusted:
        return path.read_text().strip() if path.exists() else ""
    kept = database_url(untrusted).render_as_string(hide_password=False)
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    draft.write_text(f"{kept}\n")
    sync(draft)
    draft.replace(path)
    return kept


def broker_doors(untrusted: str, untrusted_inside: str) -> BrokerDoors | None:
    """Both doors of the broker, from HOST:PORT; None without one. Raises Refused."""
    if not untrusted:
        return None
    host, port = _address(untrusted)
    inside = _address(untrusted_inside) if untrusted_inside else (host, port + 1)
    return BrokerDoors((host, port), inside)


def _address(untrusted: str) -> tuple[str, int]:
    found = re.fullmatch(r"([A-Za-z0-9.\-]{1,253}):([0-9]{1,5})", untrusted)
    if found is None or not 0 < int(found[2]) < 65535:
        raise Refused("A broker is written as broker.example.org:8883")
    return found[1], int(found[2])


@contextmanager
def opened(data: Path) -> Iterator[Portal]:
    """A portal that only its records are needed of."""
    config = Config(data, _LOCAL, database=database_of(data))
    portal = open_portal(config, Several(), system_clock, to_stderr())
    with closing(portal.database):
        yield portal

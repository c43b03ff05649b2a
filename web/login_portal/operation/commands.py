"""The commands of whoever runs the portal: backup, restore, check, and the files of a broker."""

from __future__ import annotations

import os
import pwd
import re
import sys
from pathlib import Path

import click

from appliance.core.errors import DeskTokenError
from appliance.core.local_time import local
from web.login_portal.broker import files
from web.login_portal.broker.identity import BrokerIdentity
from web.login_portal.clock import system_clock
from web.login_portal.command_options import (
    DATA,
    DATABASE,
    OUTSIDE,
    broker_doors,
    database_of,
    opened,
)
from web.login_portal.keys import load_or_make
from web.login_portal.logbook import to_stderr
from web.login_portal.operation.backup import restore as restore_backup
from web.login_portal.operation.backup import save
from web.login_portal.operation.check import Checks
from web.login_portal.outside import read

_HOST = re.compile(r"[A-Za-z0-9.:\-]{1,64}", re.ASCII)
_FILE = click.argument("path", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))


@click.command()
@DATA
@_FILE
def backup(data: Path, path: Path) -> None:
    """Write keys and records to FILE, while the portal runs. Keep it like a key: it opens everything."""
    with opened(data) as portal:
        manifest = save(path, data, portal.database, portal.clock())
    click.echo(f"{len(manifest.tables)} tables saved in {path}")


@click.command()
@DATA
@DATABASE
@_FILE
def restore(data: Path, database: str, path: Path) -> None:
    """Make a portal from FILE in an empty folder; with --database also from SQLite to PostgreSQL."""
    manifest = restore_backup(path, data, database)
    made = local(manifest.made).strftime("%Y-%m-%d %H:%M")
    click.echo(f"restored what was saved at {made}")
    click.echo(
        "revoke again what was revoked since, and let people who were added since be added again"
    )


@click.command()
@DATA
@click.option("--broker", default="", help="HOST:PORT of the devices' door, as for serve")
@click.option("--broker-inside", default="", help="HOST:PORT of the portal's door, as for serve")
@OUTSIDE
def check(data: Path, broker: str, broker_inside: str, outside: Path | None) -> None:
    """Look at everything the portal needs, and name what fails."""
    if not data.is_dir():
        raise DeskTokenError("There is no portal in this folder: run desk-portal init, or restore")
    doors, directory = broker_doors(broker, broker_inside), read(outside).directory
    checks = Checks(data, database_of(data), doors, directory, system_clock, to_stderr())
    findings = list(checks.findings())
    for found in findings:
        click.echo(f"{found.name}: {found.trouble or 'ok'}")
    if any(found.trouble for found in findings):
        sys.exit(1)


@click.command("broker-files")
@DATA
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--host", required=True, help="the name by which devices and portal reach the broker")
@click.option(
    "--port", default=8883, show_default=True, help="of the devices' door; the next is ours"
)
def broker_files(data: Path, folder: Path, host: str, port: int) -> None:
    """Write what mosquitto needs into FOLDER: settings, rights, and a certificate of this portal's authority."""
    if not 0 < port < 65535:
        raise DeskTokenError("A port is between 1 and 65534")
    if _HOST.fullmatch(host) is None:
        raise DeskTokenError("A broker's name has at most 64 letters, digits, dots and dashes")
    identity = BrokerIdentity(load_or_make(data))
    files.write(folder, identity, host, system_clock(), devices=port, portal=port + 1)
    _hand_over(folder)
    click.echo(f"run it with: mosquitto -c {folder}/mosquitto.conf")


def _hand_over(folder: Path) -> None:
    """A broker that root starts becomes `mosquitto` before it reads its key and writes its state: let it."""
    if os.getuid() != 0:
        return
    try:
        user = pwd.getpwnam("mosquitto")
    except KeyError:  # the broker runs on another machine
        return
    for path in (folder / "broker.key", folder / "state"):
        os.chown(path, user.pw_uid, user.pw_gid)

"""What the service desk can do without a browser: give the first roles, and import people and tokens from a file."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import click

from appliance.core.errors import DeskTokenError, Refused
from web.login_portal import people
from web.login_portal.command_options import DATA, opened
from web.login_portal.importing import BadFile
from web.login_portal.rules.people_file import LONGEST, Bad
from web.login_portal.rules.roles import COMMAND, role


@click.command("set-role")
@DATA
@click.argument("name")
@click.argument("wanted", metavar="ROLE", type=click.Choice(["reader", "desk", "admin", "none"]))
def set_role(data: Path, name: str, wanted: str) -> None:
    """Say what NAME may do at the service desk."""
    with opened(data) as portal:
        with portal.database.reading() as reading:
            person = people.named(reading, name)
        if person is None:
            raise Refused("There is nobody with this user name")
        portal.service_desk.set_role(COMMAND, person.id, role(wanted), portal.clock())
    click.echo(f"{person.name}: {wanted}")


@click.command("import")
@DATA
@click.argument("file", type=click.File("rb"))
@click.option(
    "--apply", "do_it", is_flag=True, help="do it; without this only say what would happen"
)
@click.option("--directory", is_flag=True, help="people without a password are the directory's")
def import_people(*, data: Path, file: BinaryIO, do_it: bool, directory: bool) -> None:
    """Add people and hand out tokens from a CSV FILE: all of it, or nothing."""
    text = file.read(LONGEST + 1)
    with opened(data) as portal:
        importing = replace(portal.importing, outside=directory)
        plan = importing.plan(text)
        if plan.bad:
            _name(plan.bad)
        if do_it:
            try:
                plan = importing.apply(COMMAND, text)
            except BadFile as bad:
                _name(bad.bad)
    did = "added" if do_it else "would be added"
    click.echo(f"{plan.new} people and {plan.handed} tokens {did}")


def _name(bad: list[Bad]) -> None:
    """Name every line that will not do. Raises DeskTokenError."""
    for one in bad:
        click.echo(f"line {one.line}: {one.why}", err=True)
    sys.stderr.flush()
    raise DeskTokenError("The file has lines that will not do, so nothing was changed")

"""The `desk-portal` command: serve, init, the built-in table of people, and their tokens. Prints no secret and reads
none from the command line: passwords come from the terminal or standard input.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import click

from appliance.core.errors import DeskTokenError
from appliance.core.local_time import local
from web.login_portal import people, token_list, tokens
from web.login_portal.application_command import applications
from web.login_portal.command_options import (
    DATA,
    DATABASE,
    OUTSIDE,
    broker_doors,
    database_of,
    opened,
)
from web.login_portal.config import Config
from web.login_portal.desk_commands import import_people, set_role
from web.login_portal.fleet import Fleet
from web.login_portal.logbook import Logbook, to_stderr
from web.login_portal.operation.commands import backup, broker_files, check, restore
from web.login_portal.outside import read
from web.login_portal.rules.addresses import is_loopback, named_places, origin
from web.login_portal.rules.expiry import end_of_day
from web.login_portal.serving import listening_socket
from web.login_portal.working import Worker

_PORT = click.IntRange(0, 65535)


class Group(click.Group):
    """Commands whose refusals are one sentence and exit code 1."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except DeskTokenError as trouble:
            raise click.ClickException(str(trouble)) from trouble
        except OSError as trouble:  # a folder, a file or a port that is not as somebody thought
            where = f": {trouble.filename}" if trouble.filename else ""
            raise click.ClickException(
                f"{trouble.strerror or 'It does not work'}{where}"
            ) from trouble


@click.group(cls=Group)
def main() -> None:
    """The sign-in portal."""


@main.command()
@DATA
@DATABASE
def init(data: Path, database: str) -> None:
    """Make the keys and tables of a new portal."""
    database_of(data, database)
    with opened(data):
        click.echo(f"portal made in {data}")


@main.command()
@DATA
@DATABASE
@click.option("--port", default=8443, type=_PORT, show_default=True, help="0 picks a free one")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--origin", "public", default="", help="the address browsers use; https, or loopback")
@click.option("--service", default="Werkplek", show_default=True, help="what people sign in to")
@click.option("--place", "places", multiple=True, metavar="NETWORK=NAME", help="name a network")
@click.option("--proxy", "proxies", multiple=True, help="address of a proxy to trust")
@click.option("--broker", default="", help="HOST:PORT of the devices' door of an MQTT broker")
@click.option(
    "--broker-inside", default="", help="HOST:PORT of the portal's door; else the port after that"
)
@click.option(
    "--keep-days",
    default=90,
    type=click.IntRange(1),
    show_default=True,
    help="how long ended requests stay",
)
@click.option(
    "--metrics-port",
    default=0,
    type=_PORT,
    help="Prometheus on the loopback; each worker takes one",
)
@click.option("--log-format", type=click.Choice(["text", "json"]), default="text")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64))
@OUTSIDE
@click.option("--print-ready/--quiet", default=True, help="say when connections are accepted")
def serve(
    *,
    data: Path,
    database: str,
    port: int,
    host: str,
    public: str,
    service: str,
    places: tuple[str, ...],
    proxies: tuple[str, ...],
    broker: str,
    broker_inside: str,
    keep_days: int,
    metrics_port: int,
    log_format: str,
    workers: int,
    outside: Path | None,
    print_ready: bool,
) -> None:
    """Serve pages and device API until stopped."""
    if not public and not is_loopback(host):
        raise DeskTokenError("Give --origin with the https address that browsers use")
    store = database_of(data, database)
    if workers > 1 and not store:
        raise DeskTokenError("Several workers need PostgreSQL: give --database")
    with listening_socket(host, port) as listening:
        local = f"http://127.0.0.1:{listening.getsockname()[1]}"
        named = named_places(list(places))
        doors = broker_doors(broker, broker_inside)
        config = Config(
            data, origin(public or local), service, named, store, doors, keep_days, read(outside)
        )
        log = to_stderr(log_format)
        worker = Worker(config, proxies, log, metrics_port)

        ready = partial(_say_ready, log, config, local if print_ready else "")
        if workers == 1:
            worker.work(listening, ready)
        else:
            begin = partial(_begin, worker, listening)
            Fleet(begin, workers, log, ready).run()


def _say_ready(log: Logbook, config: Config, local: str) -> None:
    log.note("portal started", origin=config.origin.url)
    if local:
        click.echo(f"portal ready {local}")
        sys.stdout.flush()


def _begin(
    worker: Worker, listening: socket.socket, number: int, served: Callable[[], None]
) -> None:
    worker.work(listening, served, number)


for operation in (backup, restore, check, broker_files):
    main.add_command(operation)


@main.group()
def user() -> None:
    """The built-in table of people."""


@user.command("add")
@DATA
@click.argument("name")
@click.option("--display", default="", help="the name that is shown")
@click.option("--phone", default="", help="where the confirm code goes")
@click.option(
    "--match", type=click.Choice(["press", "number", "scan"]), default="number", show_default=True
)
@click.option("--password-stdin", is_flag=True, help="read the password from standard input")
def add(
    *, data: Path, name: str, display: str, phone: str, match: str, password_stdin: bool
) -> None:
    """Add a person who may sign in."""
    password = (
        sys.stdin.readline().rstrip("\n")
        if password_stdin
        else click.prompt("Password", hide_input=True, confirmation_prompt=True)
    )
    with opened(data) as portal:
        person = portal.add_person(name, password, display=display, phone=phone, match=match)
    click.echo(f"{person.name} added")


@user.command("list")
@DATA
def list_people(data: Path) -> None:
    """List the people who may sign in."""
    with opened(data) as portal, portal.database.reading() as reading:
        for person in people.everybody(reading):
            click.echo(f"{person.name}\t{person.display}\t{person.match}")


@user.command("set-password-until")
@DATA
@click.argument("name")
@click.argument("day")
def set_password_until(data: Path, name: str, day: str) -> None:
    """Say until which DAY (2026-12-31, or never) a password is good; tokens and pages warn before it."""
    until = end_of_day(day)
    with opened(data) as portal, portal.database.writing() as writing:
        people.set_password_until(writing, name, until)
    click.echo(f"{name}: {day}")


@user.command("set-match")
@DATA
@click.argument("name")
@click.argument("policy", type=click.Choice(["press", "number", "scan"]))
def set_match(data: Path, name: str, policy: str) -> None:
    """Say how approvals of this person's logins are matched to the page."""
    with opened(data) as portal, portal.database.writing() as writing:
        people.set_match(writing, name, policy)
    click.echo(f"{name}: {policy}")


@user.command("unlock")
@DATA
@click.argument("name")
def unlock(data: Path, name: str) -> None:
    """Unlock an account after too many wrong passwords; the password stays the same."""
    with opened(data) as portal:
        if not portal.unlocks.lift(portal.passwords.account(name)):
            raise DeskTokenError("This account is not locked")
        portal.log.note("account unlocked", by="service desk")
    click.echo(f"{name} unlocked")


@main.group()
def token() -> None:
    """The linked tokens."""


@token.command("list")
@DATA
def list_tokens(data: Path) -> None:
    """List the tokens: id, whose, serial number, software, storage, linked on, and revoked or not."""
    with opened(data) as portal, portal.database.reading() as reading:
        for one in tokens.everything(reading):
            day = local(one.made).strftime("%Y-%m-%d")
            state = "linked" if one.revoked is None else "revoked"
            words = (one.id, one.name, one.serial, one.software, one.storage, day, state)
            click.echo("\t".join(words))


@token.command("export")
@DATA
def export_tokens(data: Path) -> None:
    """Write the tokens as CSV, for `desk-token-tool fleet inventory --portal-csv`."""
    with opened(data) as portal, portal.database.reading() as reading:
        click.echo(token_list.as_csv(reading), nl=False)


@token.command("revoke")
@DATA
@click.argument("token_id", metavar="ID")
def revoke(data: Path, token_id: str) -> None:
    """End a token at once; it destroys its key when it hears of it."""
    with opened(data) as portal:
        portal.partings.revoke(token_id, portal.clock())
    click.echo(f"{token_id} revoked")


main.add_command(import_people)
user.add_command(set_role)
main.add_command(applications)

"""`fleet`: many devices at once, each asked over its own page's API, in parallel and with a bar."""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click
import httpx
import msgspec
from rich.console import Console
from rich.progress import Progress

from appliance.core.errors import DeskTokenError
from appliance.core.settings import Settings, change
from firmware_tools.audit import check
from firmware_tools.bench.book import DISK
from firmware_tools.fleet.inventory import Token, read_inventory
from firmware_tools.fleet.pages import ask, session
from firmware_tools.words import JSON, WRONG, Voice, _

AT_ONCE = 16
LIST = click.option(
    "--list", "list_", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=True,
    help=_("The CSV file of the fleet: name, address, fingerprint, code."),
)  # fmt: skip
Work = Callable[[httpx.Client], str]


class Row(msgspec.Struct, frozen=True):
    """How it went at one device: `good` or `wrong`, and what about it."""

    name: str
    verdict: str
    about: str


@click.group(
    help=_(
        "Many tokens at once. Their pages must be open: a hold on each of them, and its code in the list."
    )
)
def fleet() -> None:
    """The commands of a fleet."""


@fleet.command(help=_("Serial number, version, clock and storage of every token."))
@LIST
@JSON
@click.pass_obj
def status(voice: Voice, list_: Path) -> None:
    """Ask all."""

    def work(client: httpx.Client) -> str:
        told = ask(client, "GET", "/status")
        return ", ".join(
            str(told.get(key, "")) for key in ("serial", "software", "trust", "storage")
        )

    _all(voice, list_, work)


@fleet.command("set", help=_("Give every token this setting: KEY VALUE, as on the device page."))
@click.argument("key")
@click.argument("value")
@LIST
@JSON
@click.pass_obj
def set_(voice: Voice, key: str, value: str, list_: Path) -> None:
    """Change all; a value that no device would take is refused before the first is asked."""
    change(Settings(), key, value)

    def work(client: httpx.Client) -> str:
        ask(client, "PATCH", "/settings", json={"settings": {key: value}})
        return f"{key} {value}"

    _all(voice, list_, work)


@fleet.command(help=_("Fetch every audit log into a folder and check each offline."))
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help=_("The folder for the logs."),
)
@LIST
@JSON
@click.pass_obj
def audits(voice: Voice, into: Path, list_: Path) -> None:
    """Fetch and check."""
    into.mkdir(parents=True, exist_ok=True)
    _all(voice, list_, lambda client: _audit(client, into))


def _audit(client: httpx.Client, into: Path) -> str:
    serial = str(ask(client, "GET", "/status")["serial"])
    told = ask(client, "GET", "/audit")
    lines = [str(line).encode() for line in msgspec.convert(told["lines"], list[str])]
    safe = "".join(sign for sign in serial if sign.isalnum() or sign == "-")[:32]
    try:
        (into / f"{safe}.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))
    except OSError as full:
        raise DeskTokenError(DISK) from full
    checked = check(lines)
    if checked.broken:
        raise DeskTokenError(_("Its audit log was changed"))
    return f"{checked.lines} {checked.last[:16]}"


def _all(voice: Voice, list_: Path, work: Work) -> None:
    """Do it at every device, as many at once as is polite; what fails at one stops no other."""
    tokens = read_inventory(list_.read_bytes())
    with (
        Progress(console=Console(stderr=True), transient=True) as progress,
        ThreadPoolExecutor(AT_ONCE) as pool,
    ):
        task = progress.add_task("", total=len(tokens))
        rows = []
        for row in pool.map(lambda token: _one(token, work), tokens):
            progress.advance(task)
            rows.append(row)
    for row in rows:
        voice.tell(f"{row.verdict}  {row.name}: {voice.words(row.about)}")
        voice.record(row)
    sys.exit(WRONG if any(row.verdict != "good" for row in rows) else 0)


def _one(token: Token, work: Work) -> Row:
    try:
        with session(token) as client:
            return Row(token.name, "good", work(client))
    except DeskTokenError as trouble:
        return Row(token.name, "wrong", str(trouble))

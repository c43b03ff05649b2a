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
from appliance.wording import translate
from firmware_tools.audit import check
from firmware_tools.bench.book import DISK
from firmware_tools.fleet.boxes import Answered, Box, merged, read_portal
from firmware_tools.fleet.inventory import Token, read_inventory
from firmware_tools.fleet.pages import ask, session
from firmware_tools.paths import EXISTING_FILE, FOLDER
from firmware_tools.words import GOOD, JSON, WRONG, Voice, _

AT_ONCE = 16
LIST = click.option(
    "--list",
    "list_",
    type=EXISTING_FILE,
    required=True,
    help=_("The CSV file of the fleet: name, address, fingerprint, code."),
)
Told = dict[str, str]
Work = Callable[[httpx.Client], Told]
READ = (_("serial"), _("software"), _("trust"), _("storage"))
LINES, NEWEST = _("lines"), _("newest")


class Row(msgspec.Struct, frozen=True):
    """How it went at one device: `good` or `wrong`, what about it, and what was read there."""

    name: str
    verdict: str
    about: str
    read: Told = {}


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
    _finish(voice, _all(read_inventory(list_.read_bytes()), _status))


@fleet.command(
    help=_(
        "Every token that the portal knows, merged with what the tokens of the list say themselves: serial number, "
        "people, version, storage level, clock and when it was last seen."
    )
)
@click.option(
    "--portal-csv",
    type=EXISTING_FILE,
    required=True,
    help=_("The list that `desk-portal token export` wrote."),
)
@click.option(
    "--list",
    "list_",
    type=EXISTING_FILE,
    help=_("The CSV file of the fleet; its tokens are asked as well."),
)
@JSON
@click.pass_obj
def inventory(voice: Voice, portal_csv: Path, list_: Path | None) -> None:
    """Merge."""
    portal = read_portal(portal_csv.read_bytes())
    rows = _all(read_inventory(list_.read_bytes()), _status) if list_ else []
    for box in merged(portal, map(_answered, rows)):
        voice.tell(_line(voice, box))
        voice.record(box)
    sys.exit(_code(rows))


def _answered(row: Row) -> Answered:
    return Answered(row.name, trouble="" if row.read else row.about, **row.read)


def _line(voice: Voice, box: Box) -> str:
    seen = translate("last seen {when}", voice.language, when=box.seen) if box.seen else ""
    people = "+".join(box.people)
    parts = (box.serial, box.name, people, box.software, box.storage, voice.state(box.clock), seen)
    remarks = "".join(f"  ! {voice.words(remark)}" for remark in box.remarks)
    return ", ".join(filter(None, parts)) + remarks


def _status(client: httpx.Client) -> Told:
    told = ask(client, "GET", "/status")
    return {key: str(told.get(key, ""))[:64] for key in READ}


@fleet.command("set", help=_("Give every token this setting: KEY VALUE, as on the device page."))
@click.argument("key")
@click.argument("value")
@LIST
@JSON
@click.pass_obj
def set_(voice: Voice, key: str, value: str, list_: Path) -> None:
    """Change all; a value that no device would take is refused before the first is asked."""
    change(Settings(), key, value)

    def work(client: httpx.Client) -> Told:
        ask(client, "PATCH", "/settings", json={"settings": {key: value}})
        return {key: value}

    _finish(voice, _all(read_inventory(list_.read_bytes()), work))


@fleet.command(help=_("Fetch every audit log into a folder and check each offline."))
@click.option(
    "--into",
    type=FOLDER,
    required=True,
    help=_("The folder for the logs."),
)
@LIST
@JSON
@click.pass_obj
def audits(voice: Voice, into: Path, list_: Path) -> None:
    """Fetch and check."""
    into.mkdir(parents=True, exist_ok=True)
    _finish(voice, _all(read_inventory(list_.read_bytes()), lambda client: _audit(client, into)))


def _audit(client: httpx.Client, into: Path) -> Told:
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
    return {"serial": safe, LINES: str(checked.lines), NEWEST: checked.last[:16]}


def _all(tokens: tuple[Token, ...], work: Work) -> list[Row]:
    """Do it at every device, as many at once as is polite; what fails at one stops no other."""
    rows = []
    with (
        Progress(console=Console(stderr=True), transient=True) as progress,
        ThreadPoolExecutor(AT_ONCE) as pool,
    ):
        task = progress.add_task("", total=len(tokens))
        for row in pool.map(lambda token: _one(token, work), tokens):
            progress.advance(task)
            rows.append(row)
    return rows


def _finish(voice: Voice, rows: list[Row]) -> None:
    """Say every row, and end."""
    for row in rows:
        read = row.read.items()
        about = ", ".join(f"{voice.words(key)} {voice.state(value)}" for key, value in read)
        verdict = voice.words(row.verdict)
        voice.tell(f"{verdict}  {row.name}: {about or voice.words(row.about)}")
        voice.record(row)
    sys.exit(_code(rows))


def _code(rows: list[Row]) -> int:
    return GOOD if all(row.verdict == "good" for row in rows) else WRONG


def _one(token: Token, work: Work) -> Row:
    try:
        with session(token) as client:
            return Row(token.name, "good", "", work(client))
    except DeskTokenError as trouble:
        return Row(token.name, "wrong", str(trouble))

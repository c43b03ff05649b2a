"""`prepare`: the card of a new device: an image on a disk, and the files of its boot partition, alone or in a batch."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click
import msgspec
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn

from appliance.core.errors import Refused
from firmware_tools.bench.options import USAGE, WANTED, wanted_of
from firmware_tools.bench.wanted import NAME, SERIAL, Wanted, read_batch
from firmware_tools.card.boot_files import SUITES, files
from firmware_tools.card.disks import Disk, SystemDisks, agreed, cards
from firmware_tools.card.writing import command_line_of, copy_image, put
from firmware_tools.paths import EXISTING_FILE, EXISTING_FOLDER
from firmware_tools.words import JSON, Voice, _

KEY_KINDS = ("ssh-ed25519 ", "ssh-rsa ", "ecdsa-sha2-", "sk-ssh-ed25519@", "sk-ecdsa-sha2-")


class Prepared(msgspec.Struct, frozen=True):
    """One card that is ready."""

    name: str
    serial: str
    folder: str
    files: tuple[str, ...]


@click.command(
    help=_(
        "Prepare the card of a new token. Without options it lists the removable disks. With --image and --disk it "
        "writes the image and reads it back. With --boot it writes name, network and keys to the mounted boot "
        "partition; with --batch and --row it takes them from a CSV file."
    )
)
@click.option(
    "--boot",
    type=EXISTING_FOLDER,
    help=_("The mounted boot partition, or any folder."),
)
@click.option(
    "--image",
    type=EXISTING_FILE,
    help=_("An image, unpacked."),
)
@click.option("--disk", help=_("The disk to write it to; everything on it is lost."))
@click.option("--yes", help=_("The disk's path once more, instead of typing it."))
@click.option(
    "--suite",
    type=click.Choice(SUITES),
    default="trixie",
    show_default=True,
    help=_("Which system the image is."),
)
@click.option("--name", default="", help=_("The host name."))
@click.option(
    "--serial", default="", help=_("The serial number, for a board that has none of its own.")
)
@click.option(
    "--key",
    "keys",
    type=EXISTING_FILE,
    multiple=True,
    help=_("A public ssh key that may log in."),
)
@click.option(
    "--batch",
    type=EXISTING_FILE,
    help=_("A CSV file with a row for each token."),
)
@click.option("--row", default="", help=_("The name in the batch that this card is for."))
@WANTED
@JSON
@click.pass_obj
def prepare(
    voice: Voice, /, boot: Path | None, image: Path | None, disk: str | None, **given: Any
) -> None:
    """Prepare a card."""
    if not boot and not image:
        _list(voice)
        return
    wanted = _wanted(given, voice) if boot else Wanted()
    keys = _keys(given["keys"])
    if image:
        _write(voice, image, disk or "", given["yes"])
    if boot:
        made = files(wanted, keys, given["suite"], command_line_of(boot))
        put(boot, made)
        voice.say("The card of {name} is ready", name=wanted.name or "desk-token")
        voice.record(Prepared(wanted.name, wanted.serial, str(boot), tuple(made)))


def _list(voice: Voice) -> None:
    found = cards(SystemDisks())
    if not found:
        voice.say("No removable disk is there")
    for disk in found:
        size = f"{disk.size / 1e9:.1f}"
        voice.tell(f"{disk.path}  {size} GB  {disk.model}")
        voice.record(disk)


def _wanted(given: dict[str, Any], voice: Voice) -> Wanted:
    if given["batch"]:
        rows = read_batch(given["batch"].read_bytes())
        for row in rows:
            if row.name == given["row"]:
                return row
        raise Refused(_("The batch has no row with that name; give it with --row"))
    wanted = msgspec.structs.replace(
        wanted_of(given, voice), name=given["name"], serial=given["serial"]
    )
    if (wanted.name and not NAME.fullmatch(wanted.name)) or (
        wanted.serial and not SERIAL.fullmatch(wanted.serial)
    ):
        voice.say(
            "A name has small letters, digits and hyphens; a serial number 4 to 32 letters and digits"
        )
        sys.exit(USAGE)
    return wanted


def _keys(paths: tuple[Path, ...]) -> tuple[str, ...]:
    """The public keys. Raises Refused for a file that is none, above all for a private key."""
    said = [path.read_text(encoding="utf-8", errors="replace").strip() for path in paths]
    if not all(key.startswith(KEY_KINDS) and "\n" not in key for key in said):
        raise Refused(_("That file is no public ssh key; use the one that ends in .pub"))
    return tuple(said)


def _write(voice: Voice, image: Path, path: str, yes: str | None) -> None:
    agreed(SystemDisks(), path, lambda disk: yes or _asked(voice, disk))
    columns = (BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("")
        mark = copy_image(
            image, Path(path), lambda done, of: progress.update(task, completed=done, total=of)
        )
    voice.say("Written and read back: {mark}", mark=mark[:16])


def _asked(voice: Voice, disk: Disk) -> str:
    """What the person types after they were told what will be lost."""
    size = f"{disk.size / 1e9:.1f}"
    voice.say(
        "Everything on {path} ({size} GB, {model}) will be lost",
        path=disk.path,
        size=size,
        model=disk.model,
    )
    typed: str = click.prompt(voice.words(_("Type its path to go on")), err=voice.as_json)
    return typed

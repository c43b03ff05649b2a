"""`provision`, `selftest`, `label` and `line`: the commands for a device that hangs on the technician's cable."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from appliance.core.errors import DeskTokenError, Refused
from firmware_tools.bench import label as labels
from firmware_tools.bench.book import DISK, Book, Entry
from firmware_tools.bench.hands import Terminal
from firmware_tools.bench.link import Link
from firmware_tools.bench.options import DOCS, PORT, WANTED, wanted_of
from firmware_tools.bench.provision import STEPS, Step, Times, look
from firmware_tools.bench.provision import provision as steps
from firmware_tools.bench.selftest import PARTS, Part
from firmware_tools.bench.selftest import report as reported
from firmware_tools.bench.selftest import selftest as tried
from firmware_tools.bench.sitting import Sitting
from firmware_tools.bench.wanted import read_batch
from firmware_tools.bench.wire import LineLost, SerialWire, ports
from firmware_tools.paths import EXISTING_FILE, FOLDER
from firmware_tools.words import GOOD, JSON, NO_DEVICE, WRONG, Voice, _

SIGNS = {
    "done": _("good"),
    "was": _("was"),
    "hold": _("HOLD"),
    "good": _("good"),
    "bad": _("BAD"),
    "skipped": "-",
}


@contextlib.contextmanager
def line(port: str | None, voice: Voice) -> Iterator[Link]:
    """The line to the one device that is there; every trouble ends the command with its sentence and code."""
    try:
        found = [port] if port else [each.path for each in ports()]
        if len(found) != 1:
            raise LineLost(
                _("No token, or more than one, is on a cable; name the port with --port")
            )
        with contextlib.closing(Link(SerialWire(found[0]))) as link:
            yield link
    except DeskTokenError as trouble:
        voice.tell(voice.words(str(trouble)))
        sys.exit(WRONG if isinstance(trouble, Refused) else NO_DEVICE)


def told(voice: Voice, step: Step | Part) -> None:
    """One step or part, for people and for scripts."""
    names = STEPS if isinstance(step, Step) else PARTS
    how = step.how if isinstance(step, Step) else step.verdict
    about = f" ({voice.state(step.about)})" if isinstance(step, Part) and step.about else ""
    voice.tell(f"{voice.words(SIGNS[how]):4}  {voice.words(names[step.name])}{about}")
    if how == "hold":
        voice.say("Read the question on the token and hold its button for three seconds")
    voice.record(step)


@click.command(
    help=_(
        "Give the token on the cable its language, profile, portal, clock and network, and seal it. "
        "What is done already is not done again: after a pulled cable or Ctrl-C just run it again."
    )
)
@PORT
@WANTED
@click.option(
    "--seal/--no-seal", default=True, help=_("Close the line for good at the end; needs a hold.")
)
@click.pass_obj
def provision(voice: Voice, /, port: str | None, seal: bool, **given: object) -> None:
    """Provide one device."""
    wanted = wanted_of(given, voice)
    with line(port, voice) as link:
        for step in steps(link, wanted, Times(), seal=seal):
            told(voice, step)


@click.command(
    help=_(
        "Try every part of the token on the cable: panel, each key, light, sound, camera, clock, storage, "
        "supply, network and portal. Exit code 1 when a part is bad."
    )
)
@PORT
@click.option(
    "--alone", is_flag=True, help=_("Nobody looks: skip what a person must see or press.")
)
@click.option(
    "--into", type=click.Path(path_type=Path), help=_("Also write the report to this JSON file.")
)
@click.pass_obj
def selftest(voice: Voice, port: str | None, alone: bool, into: Path | None) -> None:
    """Test one device."""
    parts = []
    with line(port, voice) as link:
        for part in tried(link, None if alone else Terminal(voice), Times()):
            told(voice, part)
            parts.append(part)
        made = reported(link, tuple(parts), Times())
    if into:
        _save(into, msgspec.json.encode(made))
    voice.record(made)
    sys.exit(GOOD if made.good else WRONG)


@click.command(
    help=_("Draw the token's label: serial number, name, mark of its key, docs. No secret.")
)
@PORT
@click.option("--name", default="", help=_("The name on the label; token-… without one."))
@click.option(
    "--into",
    type=FOLDER,
    default=Path(),
    help=_("The folder for the files."),
)
@DOCS
@click.pass_obj
def label(voice: Voice, port: str | None, name: str, into: Path, docs: str) -> None:
    """Draw one label."""
    with line(port, voice) as link:
        device = look(link)
    shown = name or labels.usual_name(device.serial)
    drawn = labels.draw(device.serial, shown, device.fingerprint, docs)
    try:
        into.mkdir(parents=True, exist_ok=True)
        for path in labels.save(drawn, into / device.serial):
            voice.tell(str(path))
    except OSError:
        raise DeskTokenError(DISK) from None


@click.command(
    "line",
    help=_(
        "The provisioning line: plug a token in, it is provided, tested, sealed and labelled, then the next one. "
        "Begin again with the same --book and it goes on where it stopped."
    ),
)
@click.option(
    "--book",
    type=FOLDER,
    required=True,
    help=_("The folder of this batch: its book and its labels."),
)
@click.option(
    "--count",
    type=click.IntRange(1, 500),
    default=20,
    show_default=True,
    help=_("How many tokens."),
)
@click.option(
    "--batch",
    type=EXISTING_FILE,
    help=_("A CSV file with what single tokens want, by serial."),
)
@click.option(
    "--ports",
    "folder",
    type=FOLDER,
    help=_("Look for ports in this folder, not by USB name."),
)
@click.option(
    "--alone", is_flag=True, help=_("Nobody looks: skip what a person must see or press.")
)
@click.option(
    "--patience",
    type=float,
    default=600.0,
    show_default=True,
    help=_("Seconds to wait for the next token."),
)
@DOCS
@WANTED
@JSON
@click.pass_obj
def line_(
    voice: Voice,
    /,
    book: Path,
    count: int,
    batch: Path | None,
    folder: Path | None,
    alone: bool,
    patience: float,
    docs: str,
    **given: object,
) -> None:
    """One sitting."""
    usual = wanted_of(given, voice)
    single = {want.serial: want for want in read_batch(batch.read_bytes())} if batch else {}
    person = None if alone else Terminal(voice)
    sitting = Sitting(
        Book(book),
        lambda: ports(folder),
        usual,
        single,
        person,
        lambda step: told(voice, step),
        docs,
    )
    while (done := len(sitting.book.finished())) < count:
        voice.say("Token {number} of {count}: plug it in", number=str(done + 1), count=str(count))
        entry = sitting.next(time.monotonic() + patience)
        if entry is None:
            voice.say("No token came; begin again with the same book")
            sys.exit(NO_DEVICE)
        _tell(voice, entry)
        voice.record(entry)


def _save(path: Path, words: bytes) -> None:
    try:
        path.write_bytes(words)
    except OSError as full:
        raise DeskTokenError(DISK) from full


def _tell(voice: Voice, entry: Entry) -> None:
    if not entry.done:
        voice.say("Not finished: {why}", why=voice.words(entry.why))
        return
    figures = {"seconds": f"{entry.seconds:.0f}", "person": f"{entry.person:.0f}"}
    voice.say(
        "{serial} is finished in {seconds} s, {person} s of them yours",
        serial=entry.serial,
        **figures,
    )
    voice.say("Pull it out and stick the label on it")

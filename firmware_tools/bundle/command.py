"""`desk-token-tool bundle`: the ceremony, and the life of a bundle. Passphrases are asked for or come from a file.

Every file is written whole or not at all, and no key is ever written over. Exit 1 when something is wrong.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path

import click
import msgspec
from rich.console import Console
from tuf.api.metadata import Root

from appliance.core.errors import DeskTokenError
from appliance.wire.bundle_trust import Vouched
from firmware_tools.bundle import building, keys, metadata
from firmware_tools.bundle.keys import BundleTrouble, Locked
from firmware_tools.words import _

ROOTS, TARGETS = 3, 2
FILE = click.Path(path_type=Path, dir_okay=False)
FOLDER = click.Path(path_type=Path, file_okay=False)
KEY = click.option(
    "--key", "key_files", type=FILE, multiple=True, required=True, help=_("A key that signs.")
)
PASSPHRASE = click.option(
    "--passphrase-file",
    type=FILE,
    help=_("Where the passphrase stands, for scripts; else it is asked for."),
)
AT = click.option(
    "--at", type=int, help=_("The Unix time to work with; else SOURCE_DATE_EPOCH, else now.")
)
DAYS = click.option(
    "--days", default=metadata.ONLINE_DAYS, show_default=True, help=_("How long it stays fresh.")
)
JSON = click.option("--json", "as_json", is_flag=True, help=_("One JSON line."))


class Sentences(click.Group):
    """A group whose troubles are one sentence and exit 1."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; what it refuses is said."""
        try:
            return super().invoke(ctx)
        except DeskTokenError as trouble:
            raise click.ClickException(str(trouble)) from trouble
        except OSError as trouble:
            raise click.ClickException(f"{trouble.filename}: {trouble.strerror}") from trouble


@click.group(
    cls=Sentences,
    help=_(
        "Update bundles: make the keys, build, sign, refresh and verify a bundle, replace keys."
    ),
)
def bundle() -> None:
    """Update bundles: make the keys, build, sign, refresh and verify a bundle, replace keys."""


@bundle.command(
    name="keys",
    help=_(
        "The key ceremony: three root keys (two must sign), two for bundles, one that keeps them fresh, and "
        "1.root.json. Do it on a computer without a network. Afterwards bring each root key to another safe "
        "place, on paper or a stick of its own; only online.key stays where bundles are made. 1.root.json "
        "goes into every device."
    ),
)
@click.argument("folder", type=FOLDER)
@PASSPHRASE
@AT
@JSON
def make_keys(folder: Path, passphrase_file: Path | None, at: int | None, as_json: bool) -> None:
    """Make the keys in a draft, and put the whole folder in its place."""
    if folder.exists() and any(folder.iterdir()):
        raise BundleTrouble(f"{folder.name} is there already and is never written over")
    draft = folder.with_name(f".{folder.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700, parents=True)
    _fill(draft, _passphrase(passphrase_file, new=True), _at(at))
    draft.replace(folder)
    _say(
        f"made   {ROOTS} root keys, {TARGETS} for bundles, 1 online, and 1.root.json",
        as_json,
        folder=str(folder),
        keys=sorted(path.name for path in folder.glob("*.key")),
    )


def _fill(folder: Path, words: str, made: int) -> None:
    roots = [keys.make(folder / f"root-{n}.key", words) for n in range(1, ROOTS + 1)]
    targets = [keys.make(folder / f"targets-{n}.key", words) for n in range(1, TARGETS + 1)]
    online = keys.make(folder / "online.key", words)
    root = metadata.new_root(roots, targets, online, made)
    for number in range(1, ROOTS + 1):
        metadata.sign(root, keys.unlock(Locked(folder / f"root-{number}.key", words)))
    _write(folder / "1.root.json", metadata.written(root))


@bundle.command(help=_("Build a bundle from packages; it still has to be signed."))
@click.option("--wheels", type=FOLDER, required=True, help=_("The packages, ours among them."))
@click.option("--lock", type=FILE, help=_("The lock whose hashes the packages must have."))
@click.option("--roots", type=FOLDER, required=True, help=_("Where 1.root.json, 2.root.json… lie."))
@click.option("--version", required=True, help=_("The version it brings."))
@click.option(
    "--minimum", default="0.0.0", show_default=True, help=_("The oldest version it may follow.")
)
@click.option(
    "--hardware", multiple=True, required=True, help=_("`uname -m` of a board it is for.")
)
@click.option("--python", required=True, help=_("The tag of its Python, such as cp311."))
@click.option("--out", type=FILE, required=True, help=_("Where the bundle goes."))
@DAYS
@AT
@JSON
def build(
    wheels: Path, lock: Path | None, roots: Path, version: str, minimum: str,
    hardware: tuple[str, ...], python: str, out: Path, days: int, at: int | None, as_json: bool,
) -> None:  # fmt: skip
    """Build a bundle from packages; it still has to be signed."""
    release = building.Release(version, minimum, hardware, python, _at(at))
    with Console(stderr=True).status("Reading the packages…"):
        found = building.wheelhouse(wheels, lock)
        members = building.build(release, found, _roots(roots), days)
        _write(out, building.packed(members, release.made))
    sentence = f"built  {out.name}: version {version}, {len(found)} packages; not signed yet"
    _say(sentence, as_json, file=str(out), version=version, packages=len(found))


@bundle.command(help=_("Sign a bundle with everything that these keys may sign."))
@click.argument("file", type=FILE)
@KEY
@PASSPHRASE
@JSON
def sign(
    file: Path, key_files: tuple[Path, ...], passphrase_file: Path | None, as_json: bool
) -> None:
    """Sign a bundle with everything that these keys may sign."""
    members, made = building.unpacked(file.read_bytes())
    for key_file in key_files:
        signer = keys.unlock(Locked(key_file, _passphrase(passphrase_file, key_file.name)))
        members, roles = building.sign(members, signer)
        sentence = f"signed {', '.join(roles)} with {key_file.name}"
        _say(sentence, as_json, key=key_file.name, roles=list(roles))
    _write(file, building.packed(members, made), over=True)


@bundle.command(
    help=_(
        "Make a bundle fresh again with the online key; its content and its signature stay as they are."
    )
)
@click.argument("file", type=FILE)
@KEY
@PASSPHRASE
@DAYS
@AT
@JSON
def refresh(
    file: Path,
    key_files: tuple[Path, ...],
    passphrase_file: Path | None,
    days: int,
    at: int | None,
    as_json: bool,
) -> None:
    """Make a bundle fresh again with the online key; its content and its signature stay as they are."""
    members, made = building.unpacked(file.read_bytes())
    members = building.refresh(members, _at(at), days)
    for key_file in key_files:
        signer = keys.unlock(Locked(key_file, _passphrase(passphrase_file, key_file.name)))
        members, _roles = building.sign(members, signer)
    _write(file, building.packed(members, made), over=True)
    _say(f"fresh  for {days} days", as_json, file=str(file), days=days)


@bundle.command(help=_("Say what a device with this root would say of a bundle now."))
@click.argument("file", type=FILE)
@click.option("--root", type=FILE, required=True, help=_("The root that the devices have."))
@AT
@JSON
def verify(file: Path, root: Path, at: int | None, as_json: bool) -> None:
    """Say what a device with this root would say of a bundle now."""
    try:
        vouched = building.check(file.read_bytes(), root.read_bytes(), _at(at))
    except DeskTokenError as refused:
        said = msgspec.json.encode({"good": False, "why": str(refused)}).decode()
        click.echo(said if as_json else f"wrong  {refused}")
        sys.exit(1)
    click.echo(_told(vouched, as_json=as_json))


@bundle.command(
    help=_(
        "Replace keys: the next root, signed by enough keys of the one before and enough of its own."
    )
)
@click.argument("before", type=FILE)
@click.option("--leaves", type=FILE, multiple=True, help=_("The public half of a key that goes."))
@click.option("--joins", type=(click.Choice(["root", "targets", "online"]), FILE), multiple=True,
              help=_("A role, and the public half of a key that gets it."))  # fmt: skip
@KEY
@PASSPHRASE
@AT
@JSON
def rotate(
    before: Path, leaves: tuple[Path, ...], joins: tuple[tuple[str, Path], ...],
    key_files: tuple[Path, ...], passphrase_file: Path | None, at: int | None, as_json: bool,
) -> None:  # fmt: skip
    """Replace keys: the next root, signed by enough keys of the one before and enough of its own."""
    old = before.read_bytes()
    joining = [(role, keys.public(file)) for role, file in joins]
    root = metadata.next_root(old, [keys.public(file) for file in leaves], joining, _at(at))
    for key_file in key_files:
        locked = Locked(key_file, _passphrase(passphrase_file, key_file.name))
        metadata.sign(root, keys.unlock(locked))
    for judge, name in ((metadata.opened(old, Root).signed, "before"), (root.signed, "after")):
        if not judge.get_verification_result(Root.type, root.signed_bytes, root.signatures):
            raise BundleTrouble(f"too few keys of the root {name} have signed")
    name = f"{root.signed.version}.root.json"
    _write(before.with_name(name), metadata.written(root))
    sentence = f"made   {name}; it goes into every bundle from now on"
    _say(sentence, as_json, file=name, version=root.signed.version)


def _say(sentence: str, as_json: bool, **facts: object) -> None:
    click.echo(msgspec.json.encode(facts).decode() if as_json else sentence)


def _told(vouched: Vouched, *, as_json: bool) -> str:
    manifest = vouched.manifest
    if as_json:
        return msgspec.json.encode({"good": True, "manifest": manifest}).decode()
    boards = ", ".join(manifest.hardware)
    return f"good   version {manifest.version} for {boards}, {manifest.python}, {len(manifest.wheels)} packages"


def _roots(folder: Path) -> dict[int, bytes]:
    found = {int(p.name.split(".")[0]): p.read_bytes() for p in folder.glob("[0-9]*.root.json")}
    if sorted(found) != list(range(1, len(found) + 1)) or not found:
        raise BundleTrouble("the roots must be 1.root.json, 2.root.json and so on, none missing")
    return found


def _passphrase(file: Path | None, name: str = "the keys", *, new: bool = False) -> str:
    if file is not None:
        return file.read_text().rstrip("\n")
    asked: str = click.prompt(
        f"Passphrase of {name}", hide_input=True, confirmation_prompt=new, err=True
    )
    return asked


def _at(given: int | None) -> int:
    return given if given is not None else int(os.environ.get("SOURCE_DATE_EPOCH") or time.time())


def _write(file: Path, content: bytes, *, over: bool = False) -> None:
    """Whole or not at all."""
    if file.exists() and not over:
        raise BundleTrouble(f"{file.name} is there already")
    draft = file.with_name(f".{file.name}.draft")
    with draft.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)

"""`desk-token-tool bundle`: the ceremony, and the life of a bundle. Passphrases are asked for or come from a file.

Every file is written whole or not at all, and no key is ever written over. Exit 1 when something is wrong.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import click
from rich.console import Console
from tuf.api.metadata import Root

from appliance.core.errors import DeskTokenError
from firmware_tools.bundle import building, keys, metadata
from firmware_tools.bundle.keys import BundleTrouble, Locked
from firmware_tools.bundle.options import (
    AT,
    DAYS,
    KEY,
    PASSPHRASE,
    Sentences,
    at_time,
    new_passphrase,
    passphrase,
)
from firmware_tools.paths import FILE, FOLDER
from firmware_tools.words import JSON, WRONG, Voice, _

ROOTS, TARGETS = 3, 2


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
@click.pass_obj
def make_keys(voice: Voice, folder: Path, passphrase_file: Path | None, at: int | None) -> None:
    """Make the keys in a draft, and put the whole folder in its place."""
    if folder.exists() and any(folder.iterdir()):
        raise BundleTrouble("{name} is there already and is never written over", name=folder.name)
    draft = folder.with_name(f".{folder.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700, parents=True)
    _fill(draft, new_passphrase(voice, passphrase_file), at_time(at))
    draft.replace(folder)
    voice.say(
        "made   {roots} root keys, {targets} for bundles, 1 online, and 1.root.json",
        roots=str(ROOTS),
        targets=str(TARGETS),
    )
    made = sorted(path.name for path in folder.glob("*.key"))
    voice.facts(folder=str(folder), keys=made)


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
@click.pass_obj
def build(
    voice: Voice, /, wheels: Path, lock: Path | None, roots: Path, version: str, minimum: str,
    hardware: tuple[str, ...], python: str, out: Path, days: int, at: int | None,
) -> None:  # fmt: skip
    """Build a bundle from packages; it still has to be signed."""
    release = building.Release(version, minimum, hardware, python, at_time(at))
    with Console(stderr=True).status(voice.words(_("Reading the packages…"))):
        found = building.wheelhouse(wheels, lock)
        members = building.build(release, found, _roots(roots), days)
        _write(out, building.packed(members, release.made))
    voice.say(
        "built  {name}: version {version}, {count} packages; not signed yet",
        name=out.name,
        version=version,
        count=str(len(found)),
    )
    voice.facts(file=str(out), version=version, packages=len(found))


@bundle.command(help=_("Sign a bundle with everything that these keys may sign."))
@click.argument("file", type=FILE)
@KEY
@PASSPHRASE
@JSON
@click.pass_obj
def sign(
    voice: Voice, file: Path, key_files: tuple[Path, ...], passphrase_file: Path | None
) -> None:
    """Sign a bundle with everything that these keys may sign."""
    members, made = building.unpacked(file.read_bytes())
    for key_file in key_files:
        signer = keys.unlock(Locked(key_file, passphrase(voice, passphrase_file, key_file.name)))
        members, roles = building.sign(members, signer)
        voice.say("signed {roles} with {key}", roles=", ".join(roles), key=key_file.name)
        voice.facts(key=key_file.name, roles=list(roles))
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
@click.pass_obj
def refresh(
    voice: Voice,
    /,
    file: Path,
    key_files: tuple[Path, ...],
    passphrase_file: Path | None,
    days: int,
    at: int | None,
) -> None:
    """Make a bundle fresh again with the online key; its content and its signature stay as they are."""
    members, made = building.unpacked(file.read_bytes())
    members = building.refresh(members, at_time(at), days)
    for key_file in key_files:
        signer = keys.unlock(Locked(key_file, passphrase(voice, passphrase_file, key_file.name)))
        members, _roles = building.sign(members, signer)
    _write(file, building.packed(members, made), over=True)
    voice.say("fresh  for {days} days", days=str(days))
    voice.facts(file=str(file), days=days)


@bundle.command(help=_("Say what a device with this root would say of a bundle now."))
@click.argument("file", type=FILE)
@click.option("--root", type=FILE, required=True, help=_("The root that the devices have."))
@AT
@JSON
@click.pass_obj
def verify(voice: Voice, file: Path, root: Path, at: int | None) -> None:
    """Say what a device with this root would say of a bundle now."""
    try:
        vouched = building.check(file.read_bytes(), root.read_bytes(), at_time(at))
    except DeskTokenError as refused:
        voice.say("wrong  {why}", why=voice.words(str(refused)))
        voice.facts(good=False, why=str(refused))
        sys.exit(WRONG)
    manifest = vouched.manifest
    voice.say(
        "good   version {version} for {boards}, {python}, {count} packages",
        version=manifest.version,
        boards=", ".join(manifest.hardware),
        python=manifest.python,
        count=str(len(manifest.wheels)),
    )
    voice.facts(good=True, manifest=manifest)


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
@click.pass_obj
def rotate(
    voice: Voice, /, before: Path, leaves: tuple[Path, ...], joins: tuple[tuple[str, Path], ...],
    key_files: tuple[Path, ...], passphrase_file: Path | None, at: int | None,
) -> None:  # fmt: skip
    """Replace keys: the next root, signed by enough keys of the one before and enough of its own."""
    old = before.read_bytes()
    joining = [(role, keys.public(file)) for role, file in joins]
    root = metadata.next_root(old, [keys.public(file) for file in leaves], joining, at_time(at))
    for key_file in key_files:
        locked = Locked(key_file, passphrase(voice, passphrase_file, key_file.name))
        metadata.sign(root, keys.unlock(locked))
    judges = (
        (metadata.opened(old, Root).signed, _("too few keys of the root before have signed")),
        (root.signed, _("too few keys of the new root have signed")),
    )
    for judge, too_few in judges:
        if not judge.get_verification_result(Root.type, root.signed_bytes, root.signatures):
            raise BundleTrouble(too_few)
    name = f"{root.signed.version}.root.json"
    _write(before.with_name(name), metadata.written(root))
    voice.say("made   {name}; it goes into every bundle from now on", name=name)
    voice.facts(file=name, version=root.signed.version)


def _roots(folder: Path) -> dict[int, bytes]:
    found = {int(p.name.split(".")[0]): p.read_bytes() for p in folder.glob("[0-9]*.root.json")}
    if sorted(found) != list(range(1, len(found) + 1)) or not found:
        raise BundleTrouble("the roots must be 1.root.json, 2.root.json and so on, none missing")
    return found


def _write(file: Path, content: bytes, *, over: bool = False) -> None:
    """Whole or not at all."""
    if file.exists() and not over:
        raise BundleTrouble("{name} is there already", name=file.name)
    draft = file.with_name(f".{file.name}.draft")
    with draft.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)

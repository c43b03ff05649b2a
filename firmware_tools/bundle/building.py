"""Makes, signs, refreshes and checks bundles. The same files, version and time give the same bytes anywhere."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Root, Targets

from appliance.core.errors import Refused
from appliance.wire.bundle import (
    LARGEST_BUNDLE,
    MANIFEST,
    PYTHON,
    WHEEL,
    WHEELS,
    Manifest,
    parse_manifest,
    written,
)
from appliance.wire.bundle_archive import index, pack, read
from appliance.wire.bundle_trust import Known, Moment, Vouched, check_package, vouch
from firmware_tools.bundle import metadata
from firmware_tools.bundle.keys import BundleTrouble
from firmware_tools.source.building import FROM_THE_SYSTEM

HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})", re.ASCII)
COMPILED = 3.5  # a module and its compiled form, against its source alone; tables compile to more than they are
Members = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Release:
    """What a bundle says of itself; `made` is Unix seconds."""

    version: str
    minimum: str
    hardware: tuple[str, ...]
    python: str
    made: int


def wheelhouse(folder: Path, lock: Path | None) -> Members:
    """The wheels of a folder by name, without those that a device takes from its system.

    Raises BundleTrouble for a wheel that is neither ours nor one whose hash is in the lock.
    """
    known = set(HASH.findall(lock.read_text())) if lock else set()
    found = (
        path for path in folder.glob("*.whl") if path.name.partition("-")[0] not in FROM_THE_SYSTEM
    )
    wheels = {path.name: path.read_bytes() for path in sorted(found)}
    if not wheels:
        raise BundleTrouble("there are no wheels in this folder")
    for name, content in wheels.items():
        if not WHEEL.fullmatch(name):
            raise BundleTrouble("{name} is not the name of a wheel", name=name)
        own = name.startswith("desk_token-")
        if lock and not own and hashlib.sha256(content).hexdigest() not in known:
            raise BundleTrouble("{name} is not the file that the lock names", name=name)
    return wheels


def build(release: Release, wheels: Members, roots: Mapping[int, bytes], days: int) -> Members:
    """The members of a bundle, not signed yet. Raises BundleTrouble for a release that no device would take."""
    manifest = Manifest(
        release.version,
        release.minimum,
        release.hardware,
        release.python,
        release.made,
        _unpacked(wheels),
        tuple(sorted(wheels)),
    )
    content = written(manifest)
    try:
        parse_manifest(content)
    except Refused as refused:
        raise BundleTrouble(
            "version, hardware, Python or time are not such as a device takes"
        ) from refused
    _check_tags(wheels, release.python)
    files = {MANIFEST: content, **{f"{WHEELS}{name}": wheel for name, wheel in wheels.items()}}
    chain = {f"metadata/{number}.root.json": root for number, root in sorted(roots.items())}
    signed = metadata.release(files, release.made, days)
    return {
        **chain,
        **{f"metadata/{name}": body for name, body in signed.items()},
        **{f"targets/{name}": body for name, body in files.items()},
    }


def packed(members: Members, made: int) -> bytes:
    """These members as the one file that is handed out. Raises BundleTrouble when it is larger than a device takes."""
    out = io.BytesIO()
    pack(out, sorted(members.items()), made)
    if out.tell() > LARGEST_BUNDLE:
        raise BundleTrouble("the bundle is larger than a device takes")
    return out.getvalue()


def unpacked(bundle: bytes) -> tuple[Members, int]:
    """The members of a bundle and the time on them; nothing is verified. Raises Refused."""
    opened = io.BytesIO(bundle)
    found = index(opened, len(bundle))
    return {n: read(opened, m, m.size) for n, m in found.items()}, int(bundle[136:147], 8)


def sign(members: Members, signer: CryptoSigner) -> tuple[Members, tuple[str, ...]]:
    """The members with this key's signature on every role that it may sign, and which those are."""
    root = metadata.opened(newest_root(members)[1], Root).signed
    signed, roles = dict(members), []
    for name, kind in metadata.NAMES.items():
        if signer.public_key.keyid in root.roles[kind.type].keyids:
            role = metadata.opened(members[f"metadata/{name}"], kind)
            metadata.sign(role, signer)
            signed[f"metadata/{name}"] = metadata.written(role)
            roles.append(kind.type)
    if not roles:
        raise BundleTrouble("this key may sign nothing in this bundle")
    return signed, tuple(roles)


def refresh(members: Members, made: int, days: int) -> Members:
    """The same release, fresh again for so many days from then on; the online key has to sign it anew."""
    version = metadata.opened(members["metadata/targets.json"], Targets).signed.version
    if made <= version:
        raise BundleTrouble("a bundle can only be made fresh after it was made")
    fresh = metadata.freshness(version, made, days)
    return {**members, **{f"metadata/{name}": body for name, body in fresh.items()}}


def check(bundle: bytes, root: bytes, wall: float) -> Vouched:
    """What a device with this root would say at this time, to the last byte. Raises Refused."""
    opened = io.BytesIO(bundle)
    vouched = vouch(opened, len(bundle), Known(root), Moment(wall, certain=True))
    for name in vouched.targets:
        check_package(opened, vouched, name)
    return vouched


def newest_root(members: Mapping[str, bytes]) -> tuple[int, bytes]:
    """The last root of the chain in a bundle. Raises BundleTrouble."""
    roots = chain(members)
    if not roots:
        raise BundleTrouble("this bundle has no root")
    return max(roots.items())


def chain(members: Mapping[str, bytes]) -> dict[int, bytes]:
    """The roots in a bundle by their number."""
    found = ((re.fullmatch(r"metadata/(\d+)\.root\.json", n), body) for n, body in members.items())
    return {int(name[1]): body for name, body in found if name}


def _unpacked(wheels: Mapping[str, bytes]) -> int:
    """How many bytes a slot may take: the files, and their compiled forms."""
    total = 0.0
    for name, content in wheels.items():
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as files:
                for each in files.infolist():
                    total += each.file_size * (COMPILED if each.filename.endswith(".py") else 1)
                total += 4096
        except zipfile.BadZipFile as wrong:
            raise BundleTrouble("{name} is not a wheel", name=name) from wrong
    return int(total) + 65536


def _check_tags(wheels: Iterable[str], python: str) -> None:
    """Each wheel is for this Python: its own tag, a stable one of before, or any Python 3 (PEP 425)."""
    if not PYTHON.fullmatch(python):
        raise BundleTrouble("{python} is not the tag of a Python", python=python)
    for name in wheels:
        tags, abi = name.removesuffix(".whl").split("-")[-3].split("."), name.split("-")[-2]
        older = [tag for tag in tags if PYTHON.fullmatch(tag) and int(tag[3:]) <= int(python[3:])]
        if python not in tags and "py3" not in tags and not (abi == "abi3" and older):
            raise BundleTrouble(
                "{name} is for another Python than {python}", name=name, python=python
            )

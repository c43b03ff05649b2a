"""Who vouches for an update: TUF's client steps over the bytes of a bundle (TUF specification 1.0.34, §5).

The steps are python-tuf's own; this file hands it bytes and the time, and gives its verdicts as sentences. It keeps no
file and reads no clock: what was trusted before comes in as a record and what is trusted now goes out as one, and the
caller makes it durable (python-tuf does not). `made` of the newest release is the floor under every later clock.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO

import msgspec
from tuf.api.exceptions import (
    BadVersionNumberError,
    EqualVersionNumberError,
    ExpiredMetadataError,
    LengthOrHashMismatchError,
    RepositoryError,
    UnsignedMetadataError,
)
from tuf.api.metadata import TargetFile

# the library's own state machine of the client workflow; its Updater above it reads the system clock and keeps files
from tuf.ngclient._internal.trusted_metadata_set import TrustedMetadataSet
from tuf.ngclient.config import EnvelopeType

from appliance.core.errors import Refused
from appliance.wire.bundle import (
    LARGEST_MANIFEST,
    LARGEST_WHEEL,
    MANIFEST,
    NOT_ONE,
    WHEELS,
    Manifest,
    _,
    parse_manifest,
)
from appliance.wire.bundle_archive import CUT_SHORT, Member, index, read

LARGEST_METADATA = 512 * 1024
MOST_ROOTS = 64
A_DAY = 86400.0
CHUNK = 1024 * 1024
CHANGED = _("The update was changed after it was signed")
UNSIGNED = _("The update is not signed by enough of the right keys")
EXPIRED = _("The update has expired. Ask for a newer file.")
OLDER = _("This update is older than one this token has seen")
WRONG_CLOCK = _("The clock of this token is wrong. Set it first.")
DOUBTED_CLOCK = _("The clock of this token is not certain. Set it first.")


class Known(msgspec.Struct, frozen=True):
    """What this device trusts: the metadata as it was last verified (empty before the first), and the floor of time."""

    root: bytes
    timestamp: bytes = b""
    snapshot: bytes = b""
    targets: bytes = b""
    floor: int = 0


@dataclass(frozen=True, slots=True)
class Moment:
    """The time as the one process with a clock believes it: Unix seconds, and whether they may be relied on."""

    wall: float
    certain: bool


@dataclass(frozen=True, slots=True)
class Vouched:
    """A bundle whose signatures and lengths hold; the packages' hashes are checked as they are read."""

    manifest: Manifest
    known: Known
    members: dict[str, Member]
    targets: dict[str, TargetFile]


def vouch(untrusted: BinaryIO, size: int, known: Known, moment: Moment) -> Vouched:
    """Verify metadata and manifest of this archive of so many bytes. Raises Refused; nothing is believed before."""
    if not moment.certain:
        raise Refused(DOUBTED_CLOCK)
    if moment.wall < known.floor:
        raise Refused(WRONG_CLOCK)
    members = index(untrusted, size)
    metadata = {
        name.removeprefix("metadata/"): read(untrusted, member, LARGEST_METADATA)
        for name, member in members.items()
        if name.startswith("metadata/")
    }
    trusted, now_known = _followed(metadata, known, moment.wall)
    targets: dict[str, TargetFile] = dict(trusted.targets.targets)
    inside = {name.removeprefix("targets/"): m for name, m in members.items() if name[0] == "t"}
    manifest = _manifest(untrusted, inside, targets)
    if moment.wall < manifest.made - A_DAY:
        raise Refused(WRONG_CLOCK)
    floor = max(known.floor, manifest.made)
    return Vouched(manifest, msgspec.structs.replace(now_known, floor=floor), inside, targets)


def check_package(untrusted: BinaryIO, vouched: Vouched, name: str) -> None:
    """Whether a package's bytes are the ones that were signed. Raises Refused."""
    member, target = vouched.members[name], vouched.targets[name]
    digest, left = hashlib.sha256(), member.size
    untrusted.seek(member.at)
    while left:
        chunk = untrusted.read(min(CHUNK, left))
        if not chunk:
            raise Refused(CUT_SHORT)
        digest.update(chunk)
        left -= len(chunk)
    if member.size != target.length or digest.hexdigest() != target.hashes.get("sha256"):
        raise Refused(CHANGED)


def _followed(
    metadata: Mapping[str, bytes], known: Known, wall: float
) -> tuple[TrustedMetadataSet, Known]:
    try:
        return _steps(metadata, known, datetime.fromtimestamp(wall, UTC))
    except ExpiredMetadataError as expired:
        raise Refused(EXPIRED) from expired
    except BadVersionNumberError as older:
        raise Refused(OLDER) from older
    except UnsignedMetadataError as unsigned:
        raise Refused(UNSIGNED) from unsigned
    except LengthOrHashMismatchError as changed:
        raise Refused(CHANGED) from changed
    except (
        RepositoryError,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        RecursionError,
    ) as bad:
        raise Refused(NOT_ONE) from bad


def _steps(
    metadata: Mapping[str, bytes], known: Known, now: datetime
) -> tuple[TrustedMetadataSet, Known]:
    """Root by root to the newest (§5.3), then timestamp, snapshot and targets, each after what was trusted before."""
    trusted = TrustedMetadataSet(known.root, EnvelopeType.METADATA)
    trusted.reference_time = now
    root = known.root
    for _step in range(MOST_ROOTS):
        following = metadata.get(f"{trusted.root.version + 1}.root.json")
        if following is None:
            break
        trusted.update_root(following)
        root = following
    timestamp = _timestamp(trusted, metadata["timestamp.json"], known)
    _remembered_snapshot(trusted, known)
    trusted.update_snapshot(metadata["snapshot.json"])
    trusted.update_targets(metadata["targets.json"])
    last = (metadata["snapshot.json"], metadata["targets.json"])
    return trusted, Known(root, timestamp, *last, floor=known.floor)


def _timestamp(trusted: TrustedMetadataSet, untrusted: bytes, known: Known) -> bytes:
    """The one known before only guards against an older one; keys that were replaced make it worthless (§5.3.11)."""
    if known.timestamp:
        with suppress(ExpiredMetadataError, UnsignedMetadataError):
            trusted.update_timestamp(known.timestamp)
    try:
        trusted.update_timestamp(untrusted)
    except EqualVersionNumberError:
        return known.timestamp
    return untrusted


def _remembered_snapshot(trusted: TrustedMetadataSet, known: Known) -> None:
    if not known.snapshot:
        return
    try:
        trusted.update_snapshot(known.snapshot, trusted=True)
    except (ExpiredMetadataError, BadVersionNumberError, UnsignedMetadataError):
        return


def _manifest(
    untrusted: BinaryIO, members: Mapping[str, Member], targets: Mapping[str, TargetFile]
) -> Manifest:
    """The signed manifest; it and the signed list must name the very packages that are here."""
    if MANIFEST not in members or MANIFEST not in targets:
        raise Refused(NOT_ONE)
    content = read(untrusted, members[MANIFEST], LARGEST_MANIFEST)
    try:
        targets[MANIFEST].verify_length_and_hashes(content)
    except LengthOrHashMismatchError as changed:
        raise Refused(CHANGED) from changed
    manifest = parse_manifest(content)
    listed = {MANIFEST, *(f"{WHEELS}{wheel}" for wheel in manifest.wheels)}
    if not listed == set(members) == set(targets):
        raise Refused(CHANGED)
    if any(members[name].size > LARGEST_WHEEL for name in listed):
        raise Refused("The update is too big")
    return manifest

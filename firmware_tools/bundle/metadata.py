"""The signed metadata of updates as bytes: who may sign, what is in a bundle, and until when (TUF specification, §4).

Pure: keys, files and times come in, bytes go out. Versions are the time a bundle was made, so that they only grow and
two builds of one release are equal; the chain of roots is the only thing that counts by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar, cast

from securesystemslib.exceptions import StorageError
from securesystemslib.signer import CryptoSigner, SSlibKey
from tuf.api.metadata import (
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)
from tuf.api.serialization import DeserializationError
from tuf.api.serialization.json import JSONSerializer

from firmware_tools.bundle.keys import BundleTrouble

THRESHOLD, ROOT_KEYS = 2, 3
ROOT_DAYS, TARGET_DAYS, ONLINE_DAYS = 3 * 365, 365, 7
ONLINE = (Snapshot.type, Timestamp.type)
NAMES: dict[str, Any] = {
    "targets.json": Targets,
    "snapshot.json": Snapshot,
    "timestamp.json": Timestamp,
}
S = TypeVar("S", Root, Snapshot, Targets, Timestamp)


def until(made: int, days: int) -> datetime:
    """So many days after that Unix time, in whole seconds."""
    return datetime.fromtimestamp(made, UTC).replace(microsecond=0) + timedelta(days=days)


def new_root(
    roots: Iterable[SSlibKey], targets: Iterable[SSlibKey], online: SSlibKey, made: int
) -> Metadata[Root]:
    """The first root: two of these must sign roots, one of those bundles, and one key keeps them fresh."""
    root = Root(version=1, expires=until(made, ROOT_DAYS), consistent_snapshot=False)
    for key in roots:
        root.add_key(key, Root.type)
    root.roles[Root.type].threshold = THRESHOLD
    for key in targets:
        root.add_key(key, Targets.type)
    for role in ONLINE:
        root.add_key(online, role)
    if len(root.roles[Root.type].keyids) < THRESHOLD:
        raise BundleTrouble("a root needs at least {count} different keys", count=str(THRESHOLD))
    return Metadata(root)


def next_root(
    before: bytes, leaves: Iterable[SSlibKey], joins: Iterable[tuple[str, SSlibKey]], made: int
) -> Metadata[Root]:
    """The root after this one, without the keys that leave and with those that join a role."""
    root = opened(before, Root)
    root.signatures.clear()
    root.signed.version += 1
    root.signed.expires = until(made, ROOT_DAYS)
    for role, key in joins:
        for name in ONLINE if role == "online" else (role,):
            root.signed.add_key(key, name)
    for key in leaves:
        for name, role_keys in root.signed.roles.items():
            if key.keyid in role_keys.keyids:
                root.signed.revoke_key(key.keyid, name)
    if any(len(role.keyids) < role.threshold for role in root.signed.roles.values()):
        raise BundleTrouble("too few keys would be left to sign")
    return root


def release(files: Mapping[str, bytes], made: int, days: int = ONLINE_DAYS) -> dict[str, bytes]:
    """Targets, snapshot and timestamp of these files, not signed yet."""
    targets = Targets(version=made, expires=until(made, TARGET_DAYS))
    for name, content in sorted(files.items()):
        targets.targets[name] = TargetFile.from_data(name, content, ["sha256"])
    return {"targets.json": written(Metadata(targets)), **freshness(made, made, days)}


def freshness(targets: int, made: int, days: int = ONLINE_DAYS) -> dict[str, bytes]:
    """Snapshot and timestamp of that version of the targets, good for so many days, not signed yet."""
    snapshot = Snapshot(made, expires=until(made, days), meta={"targets.json": MetaFile(targets)})
    timestamp = Timestamp(made, expires=until(made, days), snapshot_meta=MetaFile(made))
    return {
        "snapshot.json": written(Metadata(snapshot)),
        "timestamp.json": written(Metadata(timestamp)),
    }


def sign(metadata: Metadata[S], signer: CryptoSigner) -> None:
    """Add one signature; the same key signs once. Ed25519 gives the same bytes each time (RFC 8032)."""
    metadata.sign(signer, append=True)
    metadata.signatures = dict(sorted(metadata.signatures.items()))


def opened(content: bytes, kind: type[S]) -> Metadata[S]:
    """Metadata of this kind; not verified. Raises BundleTrouble."""
    try:
        read = cast("Metadata[S]", Metadata.from_bytes(content))
    except (DeserializationError, StorageError) as wrong:
        raise BundleTrouble("this is not {kind} metadata", kind=kind.type) from wrong
    if read.signed.type != kind.type:
        raise BundleTrouble("this is not {kind} metadata", kind=kind.type)
    return read


def written(metadata: Metadata[S]) -> bytes:
    """The one form in which metadata is written."""
    return metadata.to_bytes(JSONSerializer())

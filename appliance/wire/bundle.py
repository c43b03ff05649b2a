"""What an update says of itself: its version, what it is for, and the packages in it. Pure: bytes in, record out.

Both ends read it with these lines: the tools that make a bundle and the updater that installs one. It refuses what it
does not know and never repairs. Who vouches for the bytes is the business of `bundle_trust`, not of this file.
"""

from __future__ import annotations

import re

import msgspec

from appliance.core.errors import Refused


def _(english: str) -> str:
    """Marks a sentence for the catalogue; it is translated where it is shown."""
    return english


NAME = "desk-token"
MANIFEST = "manifest.json"
WHEELS = "wheels/"
MOST_WHEELS = 120
LARGEST_MANIFEST = 64 * 1024
LARGEST_WHEEL = 200 * 1024 * 1024
LARGEST_BUNDLE = 512 * 1024 * 1024
NOT_ONE = _("This file is not an update for a token")
VERSION = re.compile(r"(0|[1-9][0-9]{0,4})\.(0|[1-9][0-9]{0,4})\.(0|[1-9][0-9]{0,4})", re.ASCII)
WHEEL = re.compile(
    r"[A-Za-z0-9_.]{1,64}-[A-Za-z0-9_.!+]{1,32}(-[A-Za-z0-9_.]{1,96}){3,4}\.whl", re.ASCII
)
PYTHON = re.compile(r"cp3[0-9]{1,2}", re.ASCII)
MACHINE = re.compile(r"[a-z0-9_]{2,16}", re.ASCII)
Version = tuple[int, int, int]


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One release: `hardware` are machine names (`uname -m`), `python` is the tag of its interpreter (cp311).

    `minimum` is the oldest version it may be installed over, `made` the Unix time it was built, `size` what it takes
    unpacked, in bytes. `wheels` are file names; their lengths and hashes stand in the signed metadata.
    """

    version: str
    minimum: str
    hardware: tuple[str, ...]
    python: str
    made: int
    size: int
    wheels: tuple[str, ...]
    name: str = NAME


class Here(msgspec.Struct, frozen=True):
    """The device as a bundle must fit it. `highest` is the newest version that ever ran here."""

    version: str
    highest: str
    machine: str
    python: str


def version_of(untrusted: str) -> Version:
    """Three plain numbers. Raises Refused for anything else."""
    found = VERSION.fullmatch(untrusted)
    if found is None:
        raise Refused(NOT_ONE)
    return int(found[1]), int(found[2]), int(found[3])


def parse_manifest(untrusted: bytes) -> Manifest:
    """The manifest, every field within its range. Raises Refused."""
    if len(untrusted) > LARGEST_MANIFEST:
        raise Refused(NOT_ONE)
    try:
        manifest = msgspec.json.decode(untrusted, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
        raise Refused(NOT_ONE) from wrong
    if manifest.name != NAME or version_of(manifest.minimum) > version_of(manifest.version):
        raise Refused(NOT_ONE)
    if not 1 <= len(manifest.wheels) <= MOST_WHEELS or not 1 <= len(manifest.hardware) <= 8:
        raise Refused(NOT_ONE)
    if len(set(manifest.wheels)) != len(manifest.wheels) or not _well_named(manifest):
        raise Refused(NOT_ONE)
    if not (0 < manifest.made < 2**33 and 0 < manifest.size <= 4 * LARGEST_BUNDLE):
        raise Refused(NOT_ONE)
    return manifest


def written(manifest: Manifest) -> bytes:
    """The one form in which a manifest is written."""
    return msgspec.json.format(msgspec.json.encode(manifest, order="sorted"), indent=1) + b"\n"


def check_fit(manifest: Manifest, here: Here) -> None:
    """Whether this release may be installed here. Raises Refused with what is in the way."""
    if here.machine not in manifest.hardware:
        raise Refused("This update is for other hardware")
    if here.python != manifest.python:
        raise Refused("This update is for another version of Python")
    offered = version_of(manifest.version)
    if offered == version_of(here.version):
        raise Refused("This version is already installed")
    if offered < version_of(here.highest):
        raise Refused("This update is older than what the token had before")
    if version_of(here.version) < version_of(manifest.minimum):
        raise Refused("Another update must be installed before this one")


def _well_named(manifest: Manifest) -> bool:
    wheels = all(WHEEL.fullmatch(wheel) and ".." not in wheel for wheel in manifest.wheels)
    machines = all(MACHINE.fullmatch(machine) for machine in manifest.hardware)
    return wheels and machines and bool(PYTHON.fullmatch(manifest.python))

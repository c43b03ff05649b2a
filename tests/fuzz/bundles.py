"""Laws of update files: one canonical form of an archive, and manifests that mean what they say."""

from __future__ import annotations

import io
from types import ModuleType

from appliance.core.errors import Refused
from appliance.wire import bundle, bundle_archive
from tests.fuzz.verdict import hold, says_nothing

HERE = bundle.Here("1.1.0", "1.1.0", "aarch64", "cp311")


def archive(untrusted: bytes, parser: ModuleType = bundle_archive) -> None:
    """`bundle_archive`: an archive that is read is the one that `pack` writes of its members; else Refused."""
    whole = io.BytesIO(untrusted)
    for size in (len(untrusted) + 512, bundle.LARGEST_BUNDLE + 1):
        told_wrongly(whole, size, parser)
    try:
        found = parser.index(whole, len(untrusted))
    except Refused as refusal:
        says_nothing(refusal)
        return
    try:
        members = [(name, parser.read(whole, member, 4096)) for name, member in found.items()]
    except Refused as refusal:
        says_nothing(refusal)
        hold(any(member.size > 4096 for member in found.values()), "a small member was refused")
        return
    out = io.BytesIO()
    made = int(untrusted[136:147], 8) if members else 0
    parser.pack(out, members, made)
    hold(out.getvalue() == untrusted, "another archive was taken than the one that is written")


def told_wrongly(whole: io.BytesIO, size: int, parser: ModuleType) -> None:
    """A file that is shorter than it is said to be, or too long, is never read."""
    try:
        parser.index(whole, size)
    except Refused as refusal:
        says_nothing(refusal)
        return
    hold(law=False, sentence="a file of another size was taken")


def manifest(untrusted: bytes, parser: ModuleType = bundle) -> None:
    """`bundle.parse_manifest`: every field within its range, whatever came in; else Refused."""
    try:
        read = parser.parse_manifest(untrusted)
    except Refused as refusal:
        says_nothing(refusal)
        return
    hold(parser.parse_manifest(parser.written(read)) == read, "what was read is written otherwise")
    hold(parser.PYTHON.fullmatch(read.python), "a Python has no tag")
    for wheel in read.wheels:
        hold("/" not in wheel and ".." not in wheel, "a package could lie outside its place")
        hold(wheel.isascii() and wheel.isprintable(), "a package has control signs in its name")
    hold(parser.version_of(read.minimum) <= parser.version_of(read.version), "it fits nothing")
    try:
        parser.check_fit(read, HERE)
    except Refused as refusal:
        says_nothing(refusal)
        return
    hold(parser.version_of(read.version) > parser.version_of(HERE.highest), "a version goes back")
    hold(HERE.machine in read.hardware, "it is for other hardware")

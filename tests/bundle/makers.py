"""Keys, packages and bundles for tests, made by the technician's own tools; small, and quick to make."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field, replace
from functools import cached_property

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.signer import CryptoSigner

from appliance.wire.bundle import WHEELS
from appliance.wire.bundle_archive import index
from firmware_tools.bundle import building, metadata
from firmware_tools.bundle.building import Members, Release

MADE = 1_790_000_000
A_DAY = 86_400
RELEASE = Release("1.2.0", "1.0.0", ("aarch64", "x86_64"), "cp311", MADE)


def signer(number: int) -> CryptoSigner:
    """A key that is the same in every run."""
    return CryptoSigner(Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32))


def wheel(name: str, version: str, files: dict[str, bytes], commands: str = "") -> bytes:
    """A package as an index would serve it."""
    about = f"{name}-{version}.dist-info"
    tag = "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    inside = {
        **files,
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode(),
        f"{about}/WHEEL": tag.encode(),
    }
    if commands:
        inside[f"{about}/entry_points.txt"] = commands.encode()
    record = "".join(f"{path},,\n" for path in (*inside, f"{about}/RECORD"))
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as packed:
        for path, content in {**inside, f"{about}/RECORD": record.encode()}.items():
            packed.writestr(zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0)), content)
    return whole.getvalue()


def packages(version: str) -> Members:
    """Our program and one more, as small as they can be."""
    program = f'VERSION = "{version}"\n\n\ndef main():\n    print(VERSION)\n'.encode()
    commands = "[console_scripts]\ndesk-token = desk_token_program:main\n"
    ours = wheel("desk_token", version, {"desk_token_program/__init__.py": program}, commands)
    other = wheel("other", "1.0", {"other/__init__.py": b"", "other/deep/data.bin": b"\1" * 2000})
    return {
        f"desk_token-{version}-py3-none-any.whl": ours,
        "other-1.0-py3-none-any.whl": other,
    }


@dataclass(frozen=True)
class Vendor:
    """Whoever makes updates: three root keys, two for bundles, one online."""

    roots: tuple[CryptoSigner, ...] = field(default_factory=lambda: tuple(map(signer, (1, 2, 3))))
    targets: tuple[CryptoSigner, ...] = field(default_factory=lambda: tuple(map(signer, (4, 5))))
    online: CryptoSigner = field(default_factory=lambda: signer(6))
    later_roots: tuple[bytes, ...] = ()
    since: int = MADE - 30 * A_DAY

    @cached_property
    def root(self) -> bytes:
        """The root that devices came with."""
        keys = ([key.public_key for key in of] for of in (self.roots, self.targets))
        root = metadata.new_root(*keys, self.online.public_key, self.since)
        for key in self.roots[:2]:
            metadata.sign(root, key)
        return metadata.written(root)

    def members(
        self, release: Release = RELEASE, wheels: Members | None = None, days: int = 7
    ) -> Members:
        """A bundle's members, not signed."""
        chain = dict(enumerate((self.root, *self.later_roots), 1))
        return building.build(release, wheels or packages(release.version), chain, days)

    def signed(self, members: Members, *keys: CryptoSigner) -> Members:
        """Signed with these keys, or with the usual ones."""
        for key in keys or (self.targets[0], self.online):
            members, _ = building.sign(members, key)
        return members

    def bundle(
        self,
        version: str = "1.2.0",
        made: int = MADE,
        wheels: Members | None = None,
        release: Release = RELEASE,
    ) -> bytes:
        """A good one."""
        release = replace(release, version=version, made=made)
        return building.packed(self.signed(self.members(release, wheels)), made)


def altered(bundle: bytes) -> bytes:
    """The same bundle, but one bit of one package is another."""
    at = index(io.BytesIO(bundle), len(bundle))["targets/wheels/other-1.0-py3-none-any.whl"].at
    return bundle[:at] + bytes([bundle[at] ^ 1]) + bundle[at + 1 :]


def with_wheel(members: Members, name: str, content: bytes) -> Members:
    """The same members with other bytes under the name of a package."""
    return {**members, f"targets/{WHEELS}{name}": content}

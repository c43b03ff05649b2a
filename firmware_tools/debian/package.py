"""Lays a package out and has dpkg-deb pack it. Two builds of one commit are equal, byte for byte.

The maintainer scripts and the control file are templates in config/debian; the table below says where each file goes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

from firmware_tools.debian.target import Target

UNITS = "usr/lib/systemd/system"
PLACES = {
    "systemd/sysusers.conf": "usr/lib/sysusers.d/desk-token.conf",
    "systemd/tmpfiles.conf": "usr/lib/tmpfiles.d/desk-token.conf",
    "systemd/60-desk-token.rules": "usr/lib/udev/rules.d/60-desk-token.rules",
    "systemd/60-desk-token-steward.polkit.rules": "usr/share/polkit-1/rules.d/60-desk-token-steward.rules",
    "systemd/60-desk-token-updater.polkit.rules": "usr/share/polkit-1/rules.d/60-desk-token-updater.rules",
    "appliance/updater/guard.py": "usr/lib/desk-token/guard.py",
    "systemd/journald.conf": "usr/lib/systemd/journald.conf.d/60-desk-token.conf",
    "systemd/timesyncd.conf": "usr/lib/systemd/timesyncd.conf.d/60-desk-token.conf",
    "systemd/system.conf": "usr/lib/systemd/system.conf.d/60-desk-token.conf",
    "systemd/modules-load.conf": "usr/lib/modules-load.d/desk-token.conf",
    "systemd/usb.nmconnection": "usr/lib/NetworkManager/system-connections/desk-token-usb.nmconnection",
    "systemd/powersave.conf": "usr/lib/NetworkManager/conf.d/60-desk-token.conf",
    "systemd/usb-cable": "usr/lib/desk-token/usb-cable",
    "config/debian/boot-settings": "usr/lib/desk-token/boot-settings",
    "config/debian/copyright": "usr/share/doc/desk-token/copyright",
    "config/desk-token.toml": "etc/desk-token/desk-token.toml",
    "README.md": "usr/share/doc/desk-token/README.md",
    "CHANGELOG.md": "usr/share/doc/desk-token/CHANGELOG.md",
}
PRIVATE = {"desk-token-usb.nmconnection": 0o600}
KEYS = "usr/share/desk-token/root.json"
SCRIPTS = ("postinst", "prerm", "postrm")
STARTED = ("desk-token.target", "usb-desk-token.service")


Fill = Callable[[Path], None]


def build(
    project: Path,
    into: Path,
    target: Target,
    version: str,
    moment: int,
    fill: Fill,
    keys: Path | None = None,
) -> Path:
    """The package file. `moment` is the time, in seconds since 1970, that every file in it bears.

    `fill` makes the slot: the folder with interpreter and libraries. `keys` is the root of trust for updates; a device
    without one takes none.
    """
    tree = into / f"tree-{target.suite}-{target.architecture}"
    shutil.rmtree(tree, ignore_errors=True)
    slot = tree / "opt/desk-token/slots" / version
    slot.mkdir(parents=True)
    fill(slot)
    for source, place in _files(project):
        _lay(project / source, tree / place)
    if keys is not None:
        _lay(keys, tree / KEYS)
    _write_control(project, tree, target, version)
    _settle(tree, moment)
    package = into / f"desk-token_{version}_{target.suite}_{target.architecture}.deb"
    _pack(tree, package, moment)
    shutil.rmtree(tree)
    return package


def _files(project: Path) -> Iterator[tuple[str, str]]:
    yield from PLACES.items()
    for kind in ("service", "socket", "path", "target"):
        for unit in sorted((project / "systemd").glob(f"*.{kind}")):
            yield f"systemd/{unit.name}", f"{UNITS}/{unit.name}"
    for common in sorted((project / "systemd" / "desk-token-.service.d").iterdir()):
        yield (
            f"systemd/desk-token-.service.d/{common.name}",
            f"{UNITS}/desk-token-.service.d/{common.name}",
        )
    for profile in sorted((project / "config" / "profiles").glob("*.toml")):
        yield f"config/profiles/{profile.name}", f"etc/desk-token/profiles/{profile.name}"


def _lay(source: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, place)
    executable = 0o755 if os.access(source, os.X_OK) else 0o644
    place.chmod(PRIVATE.get(place.name, executable))


def _write_control(project: Path, tree: Path, target: Target, version: str) -> None:
    control = tree / "DEBIAN"
    control.mkdir()
    services = sorted(
        unit.name for unit in (project / "systemd").glob("desk-token-*.s*") if unit.is_file()
    )
    words = {
        "@VERSION@": version,
        "@ARCHITECTURE@": target.architecture,
        "@PYTHON@": target.python,
        "@PYTHON_AFTER@": target.python_after,
        "@KIBIBYTES@": str(sum(path.lstat().st_size for path in tree.rglob("*")) // 1024),
        "@UNITS@": " ".join(STARTED),
        "@SERVICES@": " ".join(name for name in services if "@" not in name),
    }
    for name in ("control", *SCRIPTS):
        source = project / "config/debian" / ("control.in" if name == "control" else name)
        text = source.read_text(encoding="utf-8")
        for word, value in words.items():
            text = text.replace(word, value)
        (control / name).write_text(text, encoding="utf-8")
        (control / name).chmod(0o644 if name == "control" else 0o755)
    kept = sorted(
        f"/{path.relative_to(tree)}" for path in (tree / "etc").rglob("*") if path.is_file()
    )
    (control / "conffiles").write_text("".join(f"{path}\n" for path in kept))


def _settle(tree: Path, moment: int) -> None:
    """One time and one set of rights for all, whatever the builder's umask was."""
    for path in sorted(tree.rglob("*"), reverse=True):
        if not path.is_symlink():
            private = path.name in PRIVATE
            executable = path.is_dir() or bool(path.stat().st_mode & 0o100)
            path.chmod(0o600 if private else 0o755 if executable else 0o644)
        os.utime(path, (moment, moment), follow_symlinks=False)
    tree.chmod(0o755)
    os.utime(tree, (moment, moment))


def _pack(tree: Path, package: Path, moment: int) -> None:
    command = [
        "dpkg-deb",
        "--root-owner-group",
        "--threads-max=1",
        "-Zxz",
        "-z6",
        "--build",
        str(tree),
        str(package),
    ]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(moment)}
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)

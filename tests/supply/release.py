"""Makes a release: `python -m tests.supply.release [--roots DIR --hardware NAME]` fills build/release.

Wheel and sdist come from a clean copy of what is committed, and are the same bytes wherever and by whomever they are
built. The list of contents (CycloneDX) is made from an environment that holds exactly the device's lock. The bundle
still has to be signed with keys that are not here.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from firmware_tools.source.building import FROM_THE_SYSTEM, ROOT, built, committed, said, when

OUT, WORK = ROOT / "build" / "release", ROOT / "build" / "release-work"
NO_BUNDLE = (
    "release: no bundle, since nobody named the folder with 1.root.json (make release ROOTS=…)"
)


def main() -> int:
    """Everything, or a failure that names the command that failed."""
    parser = argparse.ArgumentParser(prog="release", description=__doc__)
    parser.add_argument("--roots", type=Path, help="folder with 1.root.json, 2.root.json…")
    parser.add_argument("--hardware", default=platform.machine())
    chosen = parser.parse_args()
    for folder in (OUT, WORK):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    made, version = when(), number()
    source = committed(WORK / "source")
    built(source, OUT, made)
    wheels = wheelhouse(WORK / "wheels")
    contents(wheels, OUT / f"desk-token-{version}.cdx.json", made, WORK)
    if chosen.roots:
        bundle(wheels, chosen.roots, chosen.hardware, version, made)
    else:
        print(NO_BUNDLE)
    checksums()
    print(f"release: {version} in {OUT.relative_to(ROOT)}: {', '.join(names())}")
    return 0


def number() -> str:
    """The version of the project."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"])


def wheelhouse(folder: Path) -> Path:
    """The wheels of the device's lock, by their hashes, without what its system has, and ours."""
    lock = ROOT / "config" / "locks" / "device.txt"
    said(sys.executable, "-m", "pip", "download", "--quiet", "--dest", str(folder), "--only-binary",
         ":all:", "--require-hashes", "--requirement", str(lock))  # fmt: skip
    for name in FROM_THE_SYSTEM:
        for file in folder.glob(f"{name}-*.whl"):
            file.unlink()
    for file in OUT.glob("*.whl"):
        shutil.copy(file, folder)
    return folder


def contents(wheels: Path, file: Path, made: int, work: Path) -> None:
    """CycloneDX 1.6 of an environment with exactly these wheels, which is made under `work`."""
    environment = work / "environment"
    said(sys.executable, "-m", "venv", "--without-pip", str(environment))
    said(sys.executable, "-m", "pip", "--python", str(environment), "install", "--quiet", "--no-index",
         "--no-deps", *sorted(map(str, wheels.glob("*.whl"))))  # fmt: skip
    subprocess.run(
        [sys.executable, "-m", "cyclonedx_py", "environment", "--output-reproducible", "--pyproject",
         str(ROOT / "pyproject.toml"), "--mc-type", "firmware", "-o", str(file), str(environment)],
        env=os.environ | {"SOURCE_DATE_EPOCH": str(made)}, check=True, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def bundle(wheels: Path, roots: Path, hardware: str, version: str, made: int) -> None:
    """The bundle, for somebody with keys to sign."""
    python = f"cp{sys.version_info[0]}{sys.version_info[1]}"
    file = OUT / f"desk-token-{version}-{hardware}-{python}.desk-token"
    said(str(Path(sys.executable).with_name("desk-token-tool")), "bundle", "build", "--wheels", str(wheels),
         "--lock", str(ROOT / "config" / "locks" / "device.txt"), "--roots", str(roots), "--version",
         version, "--hardware", hardware, "--python", python, "--out", str(file), "--at", str(made))  # fmt: skip


def checksums() -> None:
    """SHA256SUMS, as `sha256sum --check` reads it."""
    lines = (f"{hashlib.sha256((OUT / n).read_bytes()).hexdigest()}  {n}\n" for n in names())
    (OUT / "SHA256SUMS").write_text("".join(lines))


def names() -> list[str]:
    """What is in the release."""
    return sorted(path.name for path in OUT.iterdir() if path.name != "SHA256SUMS")


if __name__ == "__main__":
    sys.exit(main())

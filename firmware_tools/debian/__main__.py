"""`python -m firmware_tools.debian [--suite trixie] [--architecture arm64] [--into build/deb]`, also `make deb`."""

from __future__ import annotations

import subprocess
from importlib.metadata import version
from pathlib import Path

import click

from firmware_tools.debian.package import build
from firmware_tools.debian.slot import make_slot
from firmware_tools.debian.target import MACHINES, PYTHONS, Target

PROJECT = Path(__file__).resolve().parents[2]


@click.command()
@click.option("--suite", type=click.Choice(sorted(PYTHONS)), default="trixie", show_default=True)
@click.option(
    "--architecture", type=click.Choice(sorted(MACHINES)), default="arm64", show_default=True
)
@click.option("--into", type=click.Path(path_type=Path), default=PROJECT / "build" / "deb")
@click.option(
    "--keys", type=click.Path(path_type=Path, exists=True), help="root of trust of updates"
)
def main(suite: str, architecture: str, into: Path, keys: Path | None) -> None:
    """Build the Debian package of the device, on this machine, for that one."""
    into.mkdir(parents=True, exist_ok=True)
    target = Target(suite, architecture)
    package = build(
        PROJECT,
        into,
        target,
        version("desk-token"),
        _moment(),
        lambda slot: make_slot(PROJECT, slot, target),
        keys,
    )
    click.echo(f"{package} ({package.stat().st_size / 1_048_576:.1f} MiB)")


def _moment() -> int:
    """When the code was last changed, in seconds since 1970; a tree without history counts from 1980."""
    asked = ["git", "-C", str(PROJECT), "log", "-1", "--format=%ct"]
    said = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
    return int(said or 315_532_800)


if __name__ == "__main__":
    main()

"""`make deb`, or `python -m firmware_tools.debian [--suite trixie] [--architecture arm64] [--into build/deb]`.

With `--keys 1.root.json` its device believes updates of that root; without, it takes none.
"""

from __future__ import annotations

import tempfile
from functools import partial
from importlib.metadata import version
from pathlib import Path

import click

from firmware_tools.debian.package import build
from firmware_tools.debian.slot import make_slot
from firmware_tools.debian.target import MACHINES, PYTHONS, Target
from firmware_tools.source.building import ROOT, committed, when


@click.command()
@click.option("--suite", type=click.Choice(sorted(PYTHONS)), default="trixie", show_default=True)
@click.option(
    "--architecture", type=click.Choice(sorted(MACHINES)), default="arm64", show_default=True
)
@click.option("--into", type=click.Path(path_type=Path), default=ROOT / "build" / "deb")
@click.option(
    "--keys", type=click.Path(path_type=Path, exists=True), help="root of trust of updates"
)
def main(suite: str, architecture: str, into: Path, keys: Path | None) -> None:
    """Build the Debian package of what is committed, on this machine, for that one."""
    into.mkdir(parents=True, exist_ok=True)
    target, made = Target(suite, architecture), when()
    with tempfile.TemporaryDirectory() as work:
        source = committed(Path(work) / "source")
        fill = partial(make_slot, source, target, made)
        package = build(source, into, target, version("desk-token"), made, fill, keys)
    click.echo(f"{package} ({package.stat().st_size / 1_048_576:.1f} MiB)")


if __name__ == "__main__":
    main()

"""`desk-token-tool`: the technician's commands, each with `--json` for scripts; exit 1 when something is wrong.

It must never print a secret; nothing here may read one.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click
import msgspec

from firmware_tools.audit import check
from firmware_tools.bundle.command import bundle
from firmware_tools.profiles import Verdict, check_config, check_profiles, usual_folder


@click.group()
def main() -> None:
    """The technician's tools for desk tokens."""


main.add_command(bundle)


@main.command()
@click.option(
    "--config", "config", type=click.Path(path_type=Path), help="Check this configuration file."
)
@click.option(
    "--folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Where the profiles lie, if not where they are installed.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON line for each file.")
def profiles(config: Path | None, folder: Path | None, as_json: bool) -> None:
    """List and check the hardware profiles, or check a configuration file."""
    folder = folder or usual_folder()
    verdicts = [check_config(config, folder)] if config else list(check_profiles(folder))
    if not verdicts:
        verdicts = [Verdict(str(folder), trouble="there are no profiles in this folder")]
    for verdict in verdicts:
        click.echo(msgspec.json.encode(verdict).decode() if as_json else _sentence(verdict))
    sys.exit(any(verdict.trouble for verdict in verdicts))


def _sentence(verdict: Verdict) -> str:
    if verdict.board is None:
        return f"wrong  {verdict.trouble}"
    display = verdict.board.display
    panel = f"{display.driver} {display.width}x{display.height} on {display.bus}"
    keys = ", ".join(f"{role} {pin}" for role, pin in verdict.board.keys.pins().items())
    return f"good   {Path(verdict.file).stem}: {verdict.board.name}; {panel}; keys: {keys}"


@main.command()
@click.argument("exported", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="One JSON line.")
def audit(exported: Path, as_json: bool) -> None:
    """Check an audit log that a token exported: nothing changed, nothing missing in between."""
    checked = check(line for line in exported.read_bytes().splitlines() if line)
    if as_json:
        click.echo(msgspec.json.encode(checked).decode())
    elif checked.broken:
        click.echo(f"wrong  line {checked.broken}: {checked.why}")
    else:
        click.echo(
            f"good   {checked.lines} entries hold together; the newest is {checked.last[:16]}"
        )
    sys.exit(checked.broken != 0)

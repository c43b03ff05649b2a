"""`python -m appliance.check`, on a device `sudo desk-token check`. Exit codes: 0 nothing is bad, 1 something is."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click
import msgspec

from appliance.check.finding import Finding, Verdict
from appliance.check.rules import findings
from appliance.check.this_machine import ThisMachine
from appliance.check.world import World
from appliance.config import ConfigTrouble, load, rescued
from appliance.core.screen import text
from appliance.wording import LANGUAGES, spoken

CONFIG = Path("/etc/desk-token/desk-token.toml")
WORDS = {Verdict.GOOD: text("good"), Verdict.HINT: text("hint"), Verdict.BAD: text("bad")}
ROOT_ALONE = text("Only root can look at everything: sudo desk-token check")


@click.command()
@click.option("--config", type=click.Path(path_type=Path), default=CONFIG, show_default=True)
@click.option("--language", type=click.Choice(LANGUAGES), help="Speak this one, not the device's.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def main(config: Path, language: str | None, as_json: bool) -> None:
    """Say what is wrong with this device, and the cure. Changes nothing."""
    chosen = language or language_of(config)
    if os.geteuid() != 0:
        click.echo(spoken(ROOT_ALONE, chosen), err=True)
        sys.exit(1)
    os.environ.setdefault("LIBCAMERA_LOG_LEVELS", "*:ERROR")  # it would speak between our lines
    sys.exit(report(ThisMachine(config), chosen, as_json=as_json))


def report(world: World, language: str, *, as_json: bool) -> int:
    """Each finding as it is made; the exit code."""
    wrong = 0
    for finding in findings(world):
        click.echo(_record(finding, language) if as_json else _sentence(finding, language))
        wrong |= finding.verdict is Verdict.BAD
    return wrong


def _record(finding: Finding, language: str) -> str:
    return msgspec.json.encode(finding.spoken(language)).decode()


def _sentence(finding: Finding, language: str) -> str:
    read = finding.spoken(language)
    cure = f"\n       -> {read.cure}" if read.cure else ""
    return f"{spoken(WORDS[finding.verdict], language):6} {read.said}{cure}"


def language_of(file: Path) -> str:
    """The device's own; of a configuration that is refused, what can be read of it."""
    try:
        return load(file).language
    except ConfigTrouble:
        return rescued(file)[1]


if __name__ == "__main__":
    main(prog_name="desk-token check")

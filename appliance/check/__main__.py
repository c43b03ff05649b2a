"""`python -m appliance.check`, on a device `sudo desk-token check`. Exit codes: 0 nothing is bad, 1 something is."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click
import msgspec

from appliance.check.finding import Finding, Verdict, _
from appliance.check.rules import findings
from appliance.check.this_machine import ThisMachine
from appliance.check.world import World
from appliance.config import Config, ConfigTrouble, load
from appliance.wording import LANGUAGES, translate

CONFIG = Path("/etc/desk-token/desk-token.toml")
DUTCH = "nl"
WORDS = {Verdict.GOOD: _("good"), Verdict.HINT: _("hint"), Verdict.BAD: _("bad")}
ROOT_ALONE = _("Only root can look at everything: sudo desk-token check")


@click.command()
@click.option("--config", type=click.Path(path_type=Path), default=CONFIG, show_default=True)
@click.option("--language", type=click.Choice(LANGUAGES), help="Speak this one, not the device's.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def main(config: Path, language: str | None, as_json: bool) -> None:
    """Say what is wrong with this device, and the cure. Changes nothing."""
    spoken = language or _language(config)
    if os.geteuid() != 0:
        click.echo(translate(ROOT_ALONE, spoken), err=True)
        sys.exit(1)
    sys.exit(report(ThisMachine(config), spoken, as_json=as_json))


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
    spoken = finding.spoken(language)
    word = translate(WORDS[finding.verdict], language)
    cure = f"\n       -> {spoken.cure}" if spoken.cure else ""
    return f"{word:6} {spoken.said}{cure}"


def _language(file: Path) -> str:
    """The device's own; the language of a configuration that is refused is not known."""
    try:
        config: Config = load(file)
    except ConfigTrouble:
        return DUTCH
    return config.language


if __name__ == "__main__":
    main(prog_name="desk-token check")

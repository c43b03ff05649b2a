"""`desk-token-tool`: the technician's commands, each with `--json` for scripts. It must never print a secret.

Exit codes: 0 good, 1 something is wrong, 2 the command was misspelled, 3 no device or the line was lost, 130 Ctrl-C.
"""

from __future__ import annotations

import copy
import sys
from pathlib import Path

import click
import msgspec

from appliance.core.errors import DeskTokenError
from appliance.wording import translate
from firmware_tools.audit import check
from firmware_tools.bench import command as bench
from firmware_tools.bench.wanted import BadRows
from firmware_tools.bundle.command import bundle
from firmware_tools.card.command import prepare
from firmware_tools.fleet.command import fleet
from firmware_tools.profiles import Verdict, check_config, check_profiles, usual_folder
from firmware_tools.words import STOPPED, WRONG, Voice, _, language_of, spoken


@click.group(
    context_settings={"max_content_width": 100},
    help=_(
        "The technician's tools for desk tokens. Begin with `prepare` for the card, then `line` for the devices. "
        "Exit codes: 0 good, 1 something is wrong, 2 the command was misspelled, 3 no device or the line was lost, "
        "130 stopped with Ctrl-C."
    ),
)
@click.option("--language", type=click.Choice(["nl", "en"]), help=_("Speak this language."))
@click.option(
    "--json", "as_json", is_flag=True, help=_("One JSON object a line on standard output.")
)
@click.pass_context
def main(context: click.Context, language: str | None, as_json: bool) -> None:
    """The technician's tools."""
    context.obj = Voice(language_of(language), as_json)


for _each in (prepare, bench.provision, bench.selftest, bench.label, bench.line_, fleet, bundle):
    main.add_command(_each)


def run() -> None:
    """The command as a person starts it: help in their language, every known trouble as one sentence."""
    words = iter(sys.argv[1:])
    asked = next((next(words, "") for word in words if word == "--language"), None)
    voice = Voice(language_of(asked))
    tool = spoken(copy.deepcopy(main), voice.language)
    try:
        sys.exit(tool.main(standalone_mode=False) or 0)
    except click.ClickException as wrong:
        wrong.show()
        sys.exit(wrong.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo(voice.words(_("Stopped; nothing is half done, begin again to go on")), err=True)
        sys.exit(STOPPED)
    except BadRows as bad:
        for line, why in bad.rows:
            click.echo(
                translate(
                    "line {line}: {why}", voice.language, line=str(line), why=voice.words(why)
                ),
                err=True,
            )
        click.echo(voice.words(str(bad)), err=True)
        sys.exit(WRONG)
    except DeskTokenError as trouble:
        click.echo(voice.words(str(trouble)), err=True)
        sys.exit(WRONG)


@main.command(
    help=_(
        "List and check the hardware profiles, or check a configuration file before it goes onto a token. "
        "Example: desk-token-tool profiles --config desk-token.toml. Exit code 1 when a file is wrong."
    )
)
@click.option(
    "--config", "config", type=click.Path(path_type=Path), help=_("Check this configuration file.")
)
@click.option(
    "--folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help=_("Where the profiles lie, if not where they are installed."),
)
@click.option("--json", "as_json", is_flag=True, help=_("One JSON line for each file."))
def profiles(config: Path | None, folder: Path | None, as_json: bool) -> None:
    """Check files of the hardware."""
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


@main.command(
    help=_(
        "Check an audit log that a token exported: nothing changed, nothing missing in between. "
        "Example: desk-token-tool audit DT-F35R37WY.jsonl. Exit code 1 when a line does not hold."
    )
)
@click.argument("exported", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help=_("One JSON line."))
def audit(exported: Path, as_json: bool) -> None:
    """Check one log."""
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

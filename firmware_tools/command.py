"""`desk-token-tool`: the technician's commands, each with `--json` for scripts. It must never print a secret.

Exit codes: 0 good, 1 something is wrong, 2 the command was misspelled, 3 no device or the line was lost, 130 Ctrl-C.
"""

from __future__ import annotations

import copy
import signal
import sys
from pathlib import Path

import click

from appliance.core.errors import DeskTokenError
from appliance.wording import translate
from firmware_tools.audit import check
from firmware_tools.bench import command as bench
from firmware_tools.bench.wanted import BadRows
from firmware_tools.bundle.command import bundle
from firmware_tools.card.command import prepare
from firmware_tools.click_words import speak
from firmware_tools.ctrl_c import listen
from firmware_tools.fleet.command import fleet
from firmware_tools.paths import EXISTING_FILE, EXISTING_FOLDER
from firmware_tools.profiles import Verdict, check_config, check_profiles, usual_folder
from firmware_tools.teaching import spoken
from firmware_tools.words import JSON, STOPPED, WRONG, Voice, _, language_of


@click.group(
    context_settings={"max_content_width": 100},
    help=_(
        "The technician's tools for desk tokens. Begin with `prepare` for the card, then `line` for the devices."
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
    listen()
    try:
        speak(voice.language)
        sys.exit(_done(spoken(copy.deepcopy(main), voice.language), voice))
    except (click.Abort, KeyboardInterrupt):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # it ends already
        click.echo(voice.words(_("Stopped; nothing is half done, begin again to go on")), err=True)
        sys.exit(STOPPED)


def _done(tool: click.Command, voice: Voice) -> int:
    """The exit code; what went wrong was said."""
    try:
        return int(tool.main(standalone_mode=False) or 0)
    except click.ClickException as wrong:
        wrong.show()
        return wrong.exit_code
    except BadRows as bad:
        for line, why in bad.rows:
            said = translate(
                "line {line}: {why}", voice.language, line=str(line), why=voice.words(why)
            )
            click.echo(said, err=True)
        click.echo(voice.words(str(bad)), err=True)
    except DeskTokenError as trouble:
        click.echo(voice.words(str(trouble)), err=True)
    return WRONG


@main.command(
    help=_(
        "List and check the hardware profiles, or check a configuration file before it goes onto a token."
    )
)
@click.option("--config", type=click.Path(path_type=Path), help=_("Check this configuration file."))
@click.option(
    "--folder",
    type=EXISTING_FOLDER,
    help=_("Where the profiles lie, if not where they are installed."),
)
@JSON
@click.pass_obj
def profiles(voice: Voice, config: Path | None, folder: Path | None) -> None:
    """Check every profile, or one configuration."""
    folder = folder or usual_folder()
    verdicts = [check_config(config, folder)] if config else list(check_profiles(folder))
    if not verdicts:
        verdicts = [Verdict(str(folder), trouble=_("there are no profiles in this folder"))]
    for verdict in verdicts:
        _tell(voice, verdict)
        voice.record(verdict)
    sys.exit(any(verdict.trouble for verdict in verdicts))


def _tell(voice: Voice, verdict: Verdict) -> None:
    if verdict.board is None:
        voice.say("wrong  {why}", why=voice.words(verdict.trouble))
        return
    display = verdict.board.display
    voice.say(
        "good   {file}: {name}; {panel} on {bus}; keys: {keys}",
        file=Path(verdict.file).stem,
        name=verdict.board.name,
        panel=f"{display.driver} {display.width}x{display.height}",
        bus=display.bus,
        keys=", ".join(f"{role} {pin}" for role, pin in verdict.board.keys.pins().items()),
    )


@main.command(
    help=_("Check an audit log that a token exported: nothing changed, nothing missing in between.")
)
@click.argument("exported", type=EXISTING_FILE)
@JSON
@click.pass_obj
def audit(voice: Voice, exported: Path) -> None:
    """Check one log."""
    checked = check(line for line in exported.read_bytes().splitlines() if line)
    if checked.broken:
        why = voice.words(checked.why)
        voice.say("wrong  line {line}: {why}", line=str(checked.broken), why=why)
    else:
        count, newest = str(checked.lines), checked.last[:16]
        voice.say(
            "good   {count} entries hold together; the newest is {newest}",
            count=count,
            newest=newest,
        )
    voice.record(checked)
    sys.exit(checked.broken != 0)

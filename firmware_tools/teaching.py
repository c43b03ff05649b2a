"""What the help of each command teaches below its description: an example that can be typed, and its exit codes.

One table, so that no command is without; a test holds it against the commands themselves.
"""

from __future__ import annotations

import click

from appliance.wording import translate
from firmware_tools.words import _

TOOL = "desk-token-tool"
EXAMPLES = {
    "": "prepare",
    "prepare": "--boot /media/me/bootfs --name token-0001 --ssid Station --country NL --key me.pub",
    "provision": "--portal https://portal.example.org --speaks nl",
    "selftest": "--into report.json",
    "label": "--into labels --docs https://intranet.example.org/desk-token",
    "line": "--book batch-1 --count 20 --portal https://portal.example.org",
    "fleet": "status --list fleet.csv",
    "fleet status": "--list fleet.csv --json",
    "fleet inventory": "--portal-csv portal.csv --list fleet.csv",
    "fleet set": "brightness 120 --list fleet.csv",
    "fleet audits": "--into logs --list fleet.csv",
    "bundle": "verify 1.2.0.desk-token --root 1.root.json",
    "bundle keys": "ceremony",
    "bundle build": "--wheels wheels --lock device.txt --roots ceremony --version 1.2.0 --hardware aarch64 "
    "--python cp313 --out 1.2.0.desk-token",
    "bundle sign": "1.2.0.desk-token --key targets-1.key",
    "bundle refresh": "1.2.0.desk-token --key online.key --days 30",
    "bundle verify": "1.2.0.desk-token --root 1.root.json",
    "bundle rotate": "1.root.json --leaves lost.pub --joins root new.pub --key root-1.key --key root-2.key",
    "profiles": "--config desk-token.toml",
    "audit": "DT-F35R37WY.jsonl",
}
EXAMPLE = _("Example:")
CODES = _(
    "Exit codes: 0 good, 1 something is wrong, 2 the command was misspelled, 130 stopped with Ctrl-C."
)
CODES_OF_A_CABLE = _(
    "Exit codes: 0 good, 1 something is wrong, 2 the command was misspelled, 3 no device or the line was lost, "
    "130 stopped with Ctrl-C."
)
WITH_A_CABLE = ("", "provision", "selftest", "label", "line")
# What stands in the place of a value, and of the words after a command; click itself has English alone for them.
KINDS = (
    _("text"),
    _("file"),
    _("directory"),
    _("integer"),
    _("integer range"),
    _("float"),
    _("choice"),
)
ARGUMENTS = (_("FOLDER"), _("FILE"), _("BEFORE"), _("EXPORTED"), _("KEY"), _("VALUE"))
OPTIONS, COMMAND = _("[OPTIONS]"), _("COMMAND [ARGS]...")


def example(path: str) -> str:
    """A whole line to type for this command, `` for the tool itself. Raises KeyError for one without."""
    return " ".join(filter(None, (TOOL, path, EXAMPLES[path])))


def codes(path: str) -> str:
    """The sentence about this command's exit codes."""
    return CODES_OF_A_CABLE if path in WITH_A_CABLE else CODES


def spoken(command: click.Command, language: str, path: str = "") -> click.Command:
    """This command, and all under it, with its help in this language. Give it a copy: help is changed in place."""
    command.help = translate(command.help or "", language)
    before, after = translate(EXAMPLE, language), translate(codes(path), language)
    command.epilog = f"\b\n{before}\n  {example(path)}\n\n{after}"
    command.options_metavar = translate(OPTIONS, language)
    for param in command.params:
        _said(param, language)
    if isinstance(command, click.Group):
        command.subcommand_metavar = translate(COMMAND, language)
        for name, each in command.commands.items():
            spoken(each, language, f"{path} {name}".strip())
    return command


def _said(param: click.Parameter, language: str) -> None:
    """One option or argument, and what its value is called."""
    kinds = param.type.types if isinstance(param.type, click.Tuple) else (param.type,)
    for kind in kinds:
        kind.name = translate(kind.name, language)
    if isinstance(param, click.Argument) and param.name:
        param.metavar = translate(param.name.upper(), language)
    if isinstance(param, click.Option) and param.help:
        param.help = translate(param.help, language)

"""The help of every command teaches: what it does, an example that would be understood, and its exit codes."""

from __future__ import annotations

import copy
import os
import shlex
import subprocess
from collections.abc import Iterator

import click
import pytest

from appliance.wording import translate
from firmware_tools.command import main
from firmware_tools.teaching import EXAMPLES, TOOL, codes, spoken
from tests.tour.servers import BIN

WORDS = {"en": ("Example:", "Exit codes: 0 "), "nl": ("Voorbeeld:", "Afsluitcodes: 0 ")}


def commands(command: click.Command, path: str = "") -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        for name, each in command.commands.items():
            yield from commands(each, f"{path} {name}".strip())


ALL = dict(commands(main))
SPOKEN = {lang: dict(commands(spoken(copy.deepcopy(main), lang))) for lang in WORDS}


def page(path: str, language: str) -> str:
    """The help as it comes onto the screen."""
    command = SPOKEN[language][path]
    return command.get_help(click.Context(command, info_name=path or TOOL, max_content_width=100))


def test_every_command_has_its_row_in_the_table_of_examples() -> None:
    assert EXAMPLES.keys() == ALL.keys()


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("path", ALL)
def test_every_help_has_a_description_an_example_and_the_exit_codes(
    path: str, language: str
) -> None:
    shown = page(path, language)
    description = SPOKEN[language][path].help or ""
    assert len(description.split()) >= 4
    assert description.split()[0] in shown
    for part in (*WORDS[language], f"  {TOOL} "):
        assert part in shown
    assert translate(codes(path), language) in " ".join(shown.split())


@pytest.mark.parametrize("path", ALL)
def test_no_help_says_the_same_in_both_languages(path: str) -> None:
    english, dutch = SPOKEN["en"][path], SPOKEN["nl"][path]
    assert (english.help, english.epilog) != (dutch.help, dutch.epilog)
    assert english.help != dutch.help
    for one, other in zip(english.params, dutch.params, strict=True):
        if isinstance(one, click.Option) and isinstance(other, click.Option):
            assert one.help, f"{one.opts} has no help"
            assert one.help != other.help, f"{one.opts} has no Dutch"


@pytest.mark.parametrize("path", ALL)
def test_every_example_is_one_that_the_command_understands(path: str) -> None:
    """Each word that looks like an option is one of it, with a value; no required word is missing."""
    tool, *words = shlex.split(f"{TOOL} {path} {EXAMPLES[path]}")
    assert tool == TOOL
    command: click.Command = main
    while words and isinstance(command, click.Group):
        command = command.commands[words.pop(0)]
    parser = command.make_parser(click.Context(command))
    given, rest, _order = parser.parse_args(list(words))
    assert rest == []
    required = {param.name for param in command.params if param.required}
    assert required <= {name for name, value in given.items() if value not in (None, ())}


@pytest.mark.parametrize(("language", "word"), [("en", "Example:"), ("nl", "Voorbeeld:")])
def test_the_command_itself_shows_it(language: str, word: str) -> None:
    command = [str(BIN / TOOL), "--language", language, "bundle", "rotate", "--help"]
    env = {**os.environ, "COLUMNS": "100"}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    assert word in done.stdout
    assert f"{TOOL} bundle rotate 1.root.json" in done.stdout

"""How the tool speaks: Dutch or English from the one catalogue, lines for people or one JSON object a line for scripts.

It prints what it is given and nothing else; a secret is never given to it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

import click
import msgspec

from appliance.wording import LANGUAGES, translate, translate_with

GOOD, WRONG, NO_DEVICE, STOPPED = 0, 1, 3, 130


def _(english: str) -> str:
    """Marks a sentence for the catalogue."""
    return english


# What a device says of itself in one word, and people read in their language.
STATES = (
    *(_("good"), _("bad"), _("wrong"), _("right")),
    *(_("synced"), _("holdover"), _("rtc"), _("set"), _("unknown")),
)


@dataclass(frozen=True, slots=True)
class Voice:
    """One way of speaking, for the whole of a command."""

    language: str = "en"
    as_json: bool = False

    def say(self, english: str, **fill: str) -> None:
        """A line for the person; with --json it goes to standard error, so that scripts read records alone."""
        click.echo(translate(english, self.language, **fill), err=self.as_json)

    def tell(self, words: str) -> None:
        """A line that is spoken already."""
        click.echo(words, err=self.as_json)

    def words(self, english: str, fill: Mapping[str, str] | None = None) -> str:
        """The sentence in the person's language."""
        return translate_with(english, self.language, fill or {})

    def state(self, untrusted_word: str) -> str:
        """A device's word for how it is; one that is not ours stays as it came."""
        return self.words(untrusted_word) if untrusted_word in STATES else untrusted_word

    def record(self, record: msgspec.Struct) -> None:
        """A record for a script; people have heard it in words."""
        if self.as_json:
            click.echo(msgspec.json.encode(record).decode())

    def facts(self, **facts: object) -> None:
        """A record for a script that is made only here."""
        if self.as_json:
            click.echo(msgspec.json.encode(facts).decode())


def _in_json(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted:
        context.obj = Voice(context.obj.language, as_json=True)


JSON = click.option(
    "--json",
    is_flag=True,
    expose_value=False,
    callback=_in_json,
    help=_("One JSON object a line on standard output."),
)


def language_of(asked: str | None) -> str:
    """The language that was asked for, else the system's when we speak it, else English."""
    system = next((os.environ[name] for name in ("LC_ALL", "LANG") if os.environ.get(name)), "")
    wanted = asked or system[:2].lower()
    return wanted if wanted in LANGUAGES else "en"

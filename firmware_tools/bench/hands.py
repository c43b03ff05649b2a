"""The technician at the terminal: questions with yes or no, keys to press, a code to hold before the camera.

Everything is said in the person's language; the code is drawn with the terminal's own blocks.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import click
import segno

from firmware_tools.ctrl_c import heed
from firmware_tools.words import Voice, _


@dataclass(frozen=True, slots=True)
class Terminal:
    """A person with a keyboard."""

    voice: Voice

    def answers(self, question: str) -> bool:
        """Yes or no; nothing but a clear yes is one."""
        choice = self.voice.words(_("y/n"))
        said: str = click.prompt(
            f"{self.voice.words(question)} [{choice}]",
            default="",
            show_default=False,
            err=self.voice.as_json,
        )
        heed()
        return said.strip().lower() in ("y", "yes", "j", "ja")

    def presses(self, keys: tuple[str, ...]) -> None:
        """Ask for each key of the board."""
        self.voice.say("Press each key of the token once: {keys}", keys=" ".join(keys))

    def shows(self, text: str) -> None:
        """Draw the code and ask to hold it before the camera."""
        drawn = io.StringIO()
        segno.make(text, error="m", micro=False).terminal(drawn, compact=True, border=3)
        self.voice.say("Hold this code before the camera of the token: {code}", code=text)
        click.echo(drawn.getvalue(), err=self.voice.as_json)

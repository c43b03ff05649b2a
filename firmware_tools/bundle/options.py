"""What the commands of a bundle share: their options, the passphrases they ask for, and how a trouble is said."""

from __future__ import annotations

import errno
import os
import time
from pathlib import Path

import click

from appliance.core.errors import DeskTokenError
from appliance.wording import translate
from firmware_tools.bundle import metadata
from firmware_tools.bundle.keys import BundleTrouble
from firmware_tools.paths import FILE
from firmware_tools.words import Voice, _

KEY = click.option(
    "--key", "key_files", type=FILE, multiple=True, required=True, help=_("A key that signs.")
)
PASSPHRASE = click.option(
    "--passphrase-file",
    type=FILE,
    help=_("Where the passphrase stands, for scripts; else it is asked for."),
)
AT = click.option(
    "--at", type=int, help=_("The Unix time to work with; else SOURCE_DATE_EPOCH, else now.")
)
DAYS = click.option(
    "--days", default=metadata.ONLINE_DAYS, show_default=True, help=_("How long it stays fresh.")
)


class Sentences(click.Group):
    """A group whose troubles are one sentence and exit 1."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; what it refuses is said."""
        voice: Voice = ctx.obj
        try:
            return super().invoke(ctx)
        except BundleTrouble as trouble:
            raise click.ClickException(voice.words(trouble.english, trouble.fill)) from trouble
        except DeskTokenError as trouble:
            raise click.ClickException(voice.words(str(trouble))) from trouble
        except OSError as trouble:
            why = _why(trouble, str(trouble.filename or voice.words(_("The file"))))
            raise click.ClickException(voice.words(why.english, why.fill)) from trouble


def _why(trouble: OSError, name: str) -> BundleTrouble:
    """The system's own words are English; these are ours."""
    match trouble.errno:
        case errno.ENOENT:
            return BundleTrouble("{name} is not there", name=name)
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return BundleTrouble("{name} may not be read or written by you", name=name)
        case errno.ENOSPC | errno.EFBIG | errno.EDQUOT:
            return BundleTrouble("{name} cannot be written: the disk is full", name=name)
        case _:
            return BundleTrouble("{name} cannot be read or written", name=name)


def passphrase(voice: Voice, file: Path | None, name: str) -> str:
    """What opens this key: from its file, or typed."""
    if file is not None:
        return _written_in(file)
    asked = translate("Passphrase of {name}", voice.language, name=name)
    typed: str = click.prompt(asked, hide_input=True, err=True)
    return typed


def new_passphrase(voice: Voice, file: Path | None) -> str:
    """What the new keys are to lie under: from its file, or typed twice."""
    if file is not None:
        return _written_in(file)
    asked = voice.words(_("Passphrase of the new keys"))
    typed: str = click.prompt(asked, hide_input=True, confirmation_prompt=True, err=True)
    return typed


def _written_in(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").rstrip("\n")
    except UnicodeDecodeError as wrong:
        raise BundleTrouble("{name} is no text", name=file.name) from wrong


def at_time(given: int | None) -> int:
    """The time to work with, in Unix seconds."""
    return given if given is not None else int(os.environ.get("SOURCE_DATE_EPOCH") or time.time())

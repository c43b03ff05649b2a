"""The options that several bench commands share, and what they come to."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

from firmware_tools.bench.wanted import Wanted, faults
from firmware_tools.words import JSON, Voice, _

F = TypeVar("F", bound=Callable[..., Any])
USAGE = 2
_OPTIONS = (
    click.option("--ssid", default="", help=_("The Wi-Fi network.")),
    click.option(
        "--passphrase",
        default="",
        envvar="DESK_TOKEN_PASSPHRASE",
        help=_("Its password; better in DESK_TOKEN_PASSPHRASE."),
    ),
    click.option(
        "--country", default="", help=_("The Wi-Fi country, two capitals; required with --ssid.")
    ),
    click.option("--hidden", is_flag=True, help=_("The network does not tell its name.")),
    click.option(
        "--portal",
        "portals",
        multiple=True,
        help=_("A portal that may be linked; repeat it for more."),
    ),
    click.option("--speaks", default="", help=_("The language of the token: nl or en.")),
    click.option("--profile", default="", help=_("The hardware profile; `profiles` lists them.")),
)


DOCS = click.option(
    "--docs",
    default="",
    envvar="DESK_TOKEN_DOCS",
    help=_("The address in the code, also from DESK_TOKEN_DOCS; the serial number without one."),
)


def PORT(command: F) -> F:  # noqa: N802 - a bundle of options
    """Add the options of a command for one device."""
    port = click.option("--port", help=_("The serial port; found by its USB name without it."))
    return port(JSON(command))


def WANTED(command: F) -> F:  # noqa: N802 - a bundle of options, used as PORT is
    """Add the options of what a device is given."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def wanted_of(given: dict[str, Any], voice: Voice) -> Wanted:
    """What the options ask for; every fault is told, and then the command ends."""
    wanted = Wanted(
        ssid=given["ssid"],
        passphrase=given["passphrase"],
        country=given["country"],
        hidden=given["hidden"],
        portals=tuple(given["portals"]),
        language=given["speaks"],
        profile=given["profile"],
    )
    wrong = list(faults(wanted))
    for fault in wrong:
        voice.tell(voice.words(fault))
    if wrong:
        sys.exit(USAGE)
    return wanted

"""The command `desk-token`. It starts other programs by their module names and knows nothing of their insides."""

from __future__ import annotations

import os
import sys

import click


@click.group()
def main() -> None:
    """The desk token, on a device or on a bench."""


@main.command(
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    add_help_option=False,
)
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def bench(words: tuple[str, ...]) -> None:
    """A virtual token in your browser: all device processes, simulated hardware, bench page."""
    os.execv(sys.executable, (sys.executable, "-m", "web.bench", *words))  # noqa: S606 - no shell is wanted


@main.command(
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    add_help_option=False,
)
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def check(words: tuple[str, ...]) -> None:
    """Say what is wrong with this device, and the cure: configuration, hardware, records, clock."""
    os.execv(sys.executable, (sys.executable, "-P", "-m", "appliance.check", *words))  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    main()

"""The `desk-portal app` commands: which applications sign their people in here. A secret goes into a file and is never
printed.
"""

from __future__ import annotations

import os
from pathlib import Path

import click

from appliance.core.errors import DeskTokenError
from web.login_portal.applications import registry
from web.login_portal.applications.registry import Registered, Wanted
from web.login_portal.command_options import DATA, opened
from web.login_portal.portal import Portal
from web.login_portal.rules.roles import COMMAND


@click.group("app")
def applications() -> None:
    """The applications that sign their people in here."""


@applications.command("add")
@DATA
@click.argument("name")
@click.option("--redirect", "redirects", multiple=True, help="where browsers go back to, exactly")
@click.option("--after-sign-out", "after", multiple=True, help="where they go after signing out")
@click.option("--tell", default="", help="where it wants to hear that a person signed out")
@click.option(
    "--kiosk",
    type=click.Choice(["press", "number", "scan"]),
    help="may start sign-ins without a browser; how they are matched at least",
)
@click.option(
    "--public-key",
    type=click.Path(path_type=Path),
    help="the file with its public key (PEM): it proves itself with that, and has no secret",
)
@click.option("--pushed", is_flag=True, help="only hear requests that it pushed ahead (PAR)")
@click.option("--public", is_flag=True, help="it can keep no secret, as an app on a desk or phone")
@click.option(
    "--secret-file", type=click.Path(path_type=Path), help="where its secret is written, once"
)
def add_application(
    *,
    data: Path,
    name: str,
    redirects: tuple[str, ...],
    after: tuple[str, ...],
    tell: str,
    kiosk: str | None,
    public_key: Path | None,
    pushed: bool,
    public: bool,
    secret_file: Path | None,
) -> None:
    """Register an application; its secret goes into a file that only you can read."""
    if [public, public_key is not None, secret_file is not None].count(True) != 1:
        raise DeskTokenError(
            "Say where the secret goes with --secret-file, or give a --public-key, or --public"
        )
    proof = _read(public_key) if public_key else ""
    with opened(data) as portal:
        wanted = Wanted(name, redirects, after, kiosk or "", tell, not public, proof, pushed)
        made = portal.applications.registrations.add(COMMAND, wanted)
        if secret_file is not None:
            _hand_over(portal, made, secret_file)
    click.echo(made.application.id)


@applications.command("list")
@DATA
def list_applications(data: Path) -> None:
    """List the applications: id, name, kind, and where they go back to."""
    with opened(data) as portal, portal.database.reading() as reading:
        for one in registry.everything(reading):
            kind = "confidential" if one.confidential else "public"
            state = "disabled" if one.disabled else kind
            kiosk = f"kiosk {one.kiosk}" if one.kiosk else "browser"
            click.echo("\t".join((one.id, one.name, state, kiosk, *one.redirects)))


@applications.command("remove")
@DATA
@click.argument("application_id", metavar="ID")
def remove_application(data: Path, application_id: str) -> None:
    """Forget an application; what it was given counts no longer."""
    with opened(data) as portal:
        portal.applications.registrations.remove(COMMAND, application_id)
    click.echo(f"{application_id} removed")


@applications.command("disable")
@DATA
@click.argument("application_id", metavar="ID")
def disable_application(data: Path, application_id: str) -> None:
    """Let an application sign nobody in until it is enabled again."""
    with opened(data) as portal:
        portal.applications.registrations.disable(COMMAND, application_id)
    click.echo(f"{application_id} disabled")


@applications.command("enable")
@DATA
@click.argument("application_id", metavar="ID")
def enable_application(data: Path, application_id: str) -> None:
    """Let a disabled application sign people in again."""
    with opened(data) as portal:
        portal.applications.registrations.enable(COMMAND, application_id)
    click.echo(f"{application_id} enabled")


@applications.command("new-key")
@DATA
def new_key(data: Path) -> None:
    """Announce a new signing key for ID tokens; it signs from tomorrow on."""
    with opened(data) as portal:
        portal.applications.signing.renew(portal.clock())
    click.echo("a new key is published and signs from tomorrow on")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as trouble:
        raise DeskTokenError("The file with the public key cannot be read") from trouble


def _hand_over(portal: Portal, made: Registered, path: Path) -> None:
    """Write the secret where nobody else reads it; an application without its secret is forgotten again."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as trouble:
        portal.applications.registrations.remove(COMMAND, made.application.id)
        raise DeskTokenError(
            "The file for the secret is there already or cannot be made"
        ) from trouble
    with os.fdopen(handle, "w") as file:
        file.write(f"{made.secret}\n")

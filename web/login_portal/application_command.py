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
    public: bool,
    secret_file: Path | None,
) -> None:
    """Register an application; its secret goes into a file that only you can read."""
    if public == (secret_file is not None):
        raise DeskTokenError("Say where the secret goes with --secret-file, or --public")
    with opened(data) as portal:
        wanted = Wanted(name, redirects, after, kiosk or "", tell, not public)
        made = portal.applications.add(wanted)
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
            kiosk = f"kiosk {one.kiosk}" if one.kiosk else "browser"
            click.echo("\t".join((one.id, one.name, kind, kiosk, *one.redirects)))


@applications.command("remove")
@DATA
@click.argument("application_id", metavar="ID")
def remove_application(data: Path, application_id: str) -> None:
    """Forget an application; what it was given counts no longer."""
    with opened(data) as portal:
        portal.applications.remove(application_id)
    click.echo(f"{application_id} removed")


@applications.command("new-key")
@DATA
def new_key(data: Path) -> None:
    """Announce a new signing key for ID tokens; it signs from tomorrow on."""
    with opened(data) as portal:
        portal.applications.signing.renew(portal.clock())
    click.echo("a new key is published and signs from tomorrow on")


def _hand_over(portal: Portal, made: Registered, path: Path) -> None:
    """Write the secret where nobody else reads it; an application without its secret is forgotten again."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as trouble:
        portal.applications.remove(made.application.id)
        raise DeskTokenError(
            "The file for the secret is there already or cannot be made"
        ) from trouble
    with os.fdopen(handle, "w") as file:
        file.write(f"{made.secret}\n")

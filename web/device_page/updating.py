"""What pages and API can do about updates, once for both: bring a file piece by piece, look for one, ask.

The bytes go to the control socket as they come and are kept nowhere here; whether to believe them is not judged here.
"""

from __future__ import annotations

import re
import secrets
from typing import BinaryIO

from appliance.wire.call import Done
from appliance.wire.client import Caller
from appliance.wire.updates import (
    LARGEST_PIECE,
    AskBack,
    AskUpdate,
    DropUpdate,
    FindUpdate,
    Piece,
    SendUpdate,
    Update,
    UpdateState,
)
from web.device_page.actions import Unfit, _

CAP = 512 * 1024 * 1024
CHUNK, PATIENCE = 512 * 1024, 60.0
NUMBER = re.compile(r"([0-9a-f]{32})-([0-9]{1,10})", re.ASCII)
EMPTY = _("Choose the file of the update first.")
TOO_BIG = _("The update is too big")


def state(desk: Caller) -> UpdateState:
    """How an update stands, and what came in."""
    return desk.call(Update(), UpdateState, 5.0)


def begin(desk: Caller, size: int) -> str:
    """Announce a file of so many bytes; its number. Raises Unfit."""
    if size <= 0:
        raise Unfit(EMPTY)
    if size > CAP:
        raise Unfit(TOO_BIG)
    number = secrets.token_hex(16)
    desk.call(SendUpdate(number, size), Done, PATIENCE)
    return number


def piece(desk: Caller, untrusted_place: str, untrusted_data: bytes) -> None:
    """The next bytes of a file; the place is `NUMBER-OFFSET`. Raises Unfit."""
    place = NUMBER.fullmatch(untrusted_place)
    if place is None or not 0 < len(untrusted_data) <= LARGEST_PIECE:
        raise Unfit(_("The call is not complete"))
    desk.call(Piece(place[1], int(place[2]), untrusted_data), Done, PATIENCE)


def whole(desk: Caller, untrusted_file: BinaryIO, size: int) -> None:
    """A file that a browser without script sent in one go. Raises Unfit."""
    number, at = begin(desk, size), 0
    while at < size:
        chunk = untrusted_file.read(CHUNK)
        if not chunk:
            raise Unfit(EMPTY)
        desk.call(Piece(number, at, chunk), Done, PATIENCE)
        at += len(chunk)


def find(desk: Caller, where: str) -> None:
    """Look for an update on a `stick`, or fetch it over the `network`. Raises Unfit."""
    if where not in ("stick", "network"):
        raise Unfit(_("That is not one of the choices"))
    desk.call(FindUpdate(where), Done, PATIENCE)


def forget(desk: Caller) -> None:
    """Forget the file."""
    desk.call(DropUpdate(), Done)


def ask_install(desk: Caller, version: str) -> None:
    """Ask to install this version; the hold on the token does it."""
    desk.call(AskUpdate(version[:32]), Done)


def ask_back(desk: Caller) -> None:
    """Ask to go back to the version before; the hold on the token does it."""
    desk.call(AskBack(), Done)

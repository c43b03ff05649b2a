"""What the device page and the serial line ask of the authenticator: how the device is, and to link, name and set.

What needs a hold is only asked for here; no reply has a place for a secret or a code.
"""

from __future__ import annotations

import msgspec

from appliance.wire.call import Done, Rows


class Status(msgspec.Struct, frozen=True):
    """Page, console: how the device is."""

    since: int = -1
    wait: float = 0.0


class StatusReply(msgspec.Struct, frozen=True):
    """How the device is, never a secret. `version` counts changes; `bell` is where push gateways must post, if any."""

    serial: str
    software: str
    trust: str
    storage: str
    parts: dict[str, str]
    accounts: tuple[AccountRow, ...]
    waiting: int
    stage: str
    settings: dict[str, str]
    page_open: bool
    version: int
    sealed: bool = False
    bell: str = ""


class AccountRow(msgspec.Struct, frozen=True):
    """One account as the page may know it; `unchecked` says that its server's certificate is not looked at."""

    id: str
    kind: str
    label: str
    issuer: str
    origin: str
    unchecked: bool = False


class Paste(msgspec.Struct, frozen=True):
    """Page: a pasted link or code text; the person at the device still holds the button."""

    text: str

    def __repr__(self) -> str:
        return "Paste(…)"


class Show(msgspec.Struct, frozen=True):
    """Page: a picture of a QR code (at most 8 MiB), read by the scanner."""

    data: bytes

    def __repr__(self) -> str:
        return "Show(…)"


class Confirm(msgspec.Struct, frozen=True):
    """Page: the confirm code from the SMS."""

    digits: str

    def __repr__(self) -> str:
        return "Confirm(…)"


class Rename(msgspec.Struct, frozen=True):
    """Page: another label for an account."""

    account: str
    label: str


class Change(msgspec.Struct, frozen=True):
    """Page: another value for a setting."""

    key: str
    value: str


class AskReset(msgspec.Struct, frozen=True):
    """Page, console: ask for a reset; only a hold on the device does it."""


class AskScan(msgspec.Struct, frozen=True):
    """Page: ask for a scan; only a hold on the device starts it."""


class TryPin(msgspec.Struct, frozen=True):
    """Page: the 8-digit code from the panel that lets a browser in (checklist rows 22, 23)."""

    digits: str

    def __repr__(self) -> str:
        return "TryPin(…)"


class Admitted(msgspec.Struct, frozen=True):
    """Whether the code was right, and how many tries are left before a new hold is needed."""

    admitted: bool
    tries_left: int


class Identify(msgspec.Struct, frozen=True):
    """Console: serial and version."""


class Identity(msgspec.Struct, frozen=True):
    """Who this device is."""

    serial: str
    software: str


OF_PAGE: Rows = {
    "Status": (Status, StatusReply),
    "TryPin": (TryPin, Admitted),
    "Paste": (Paste, Done),
    "Show": (Show, Done),
    "Confirm": (Confirm, Done),
    "Rename": (Rename, Done),
    "Change": (Change, Done),
    "AskReset": (AskReset, Done),
    "AskScan": (AskScan, Done),
}
OF_CONSOLE: Rows = {
    "Identify": (Identify, Identity),
    "Status": (Status, StatusReply),
    "AskReset": (AskReset, Done),
    "Change": (Change, Done),
}

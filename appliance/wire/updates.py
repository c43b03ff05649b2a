"""Updates on the control socket: who brings a file, who asks, who does it, and how it goes.

The page and the courier bring pieces of a file that nobody believes; the page asks, and only a hold on the device has
it done; the updater does one job at a time and reports. Nothing here is secret, and nothing here is code.
"""

from __future__ import annotations

import msgspec

from appliance.wire.call import Done, Rows

PIECE = 48 * 1024
LARGEST_PIECE = 1024 * 1024


class Offer(msgspec.Struct, frozen=True):
    """An update that was checked and may be installed. `made` is Unix seconds, `size` bytes of the file."""

    version: str
    minimum: str
    made: int
    size: int
    packages: int


class UpdateState(msgspec.Struct, frozen=True):
    """How things stand. `phase`: idle, sending, checking, ready, installing, restarting, trying.

    `trouble` is why the file was refused, `ended` how the last installation went (empty `ended_version`: none yet).
    `updater` False in a reply means that nobody on this device looks after updates.
    """

    updater: bool = False
    version: str = ""
    previous: str = ""
    phase: str = "idle"
    percent: int = 0
    offer: Offer | None = None
    trouble: str = ""
    ended_version: str = ""
    ended: str = ""
    source: bool = False


class Update(msgspec.Struct, frozen=True):
    """Page: how things stand."""


class SendUpdate(msgspec.Struct, frozen=True):
    """Page, courier: a file of so many bytes begins under this number; a file that was there before is forgotten."""

    number: str
    size: int


class Piece(msgspec.Struct, frozen=True):
    """Page, courier: the next bytes of that file, at this offset. The reply comes when they are stored."""

    number: str
    at: int
    data: bytes

    def __repr__(self) -> str:
        return f"Piece({self.at})"


class FindUpdate(msgspec.Struct, frozen=True):
    """Page: look for a file on a `stick`, or fetch it over the `network`."""

    where: str


class DropUpdate(msgspec.Struct, frozen=True):
    """Page: forget the file."""


class AskUpdate(msgspec.Struct, frozen=True):
    """Page: ask to install this version; only a hold on the device does it."""

    version: str


class AskBack(msgspec.Struct, frozen=True):
    """Page: ask to go back to the version before; only a hold on the device does it."""


class NextJob(msgspec.Struct, frozen=True):
    """Updater: the next thing to do, waiting up to `wait` seconds for one."""

    wait: float = 25.0


class Job(msgspec.Struct, frozen=True):
    """One thing for the updater: `begin`, `piece`, `stick`, `drop`, `install` or `back`.

    `wall` and `certain` are the device's time and whether it may be relied on.
    """

    id: str
    what: str
    number: str = ""
    at: int = 0
    size: int = 0
    data: bytes = b""
    version: str = ""
    wall: float = 0.0
    certain: bool = False

    def __repr__(self) -> str:
        return f"Job({self.what})"


class JobList(msgspec.Struct, frozen=True):
    """No job or one."""

    jobs: tuple[Job, ...] = ()


class JobDone(msgspec.Struct, frozen=True):
    """Updater: how it went; `trouble` is an English sentence from the catalogue, empty when it worked."""

    id: str
    trouble: str = ""


class UpdateReport(msgspec.Struct, frozen=True):
    """Updater: how things stand now."""

    state: UpdateState


class Health(msgspec.Struct, frozen=True):
    """Updater: whether the device works; with `look` also through its camera, whose answer a later call has."""

    look: bool = False


class HealthReply(msgspec.Struct, frozen=True):
    """What runs, and each part by name with `good`, `bad` or `unknown`; no camera where there is none."""

    version: str
    parts: dict[str, str]


class NextFetch(msgspec.Struct, frozen=True):
    """Courier: whether a file should be fetched, waiting up to `wait` seconds."""

    wait: float = 25.0


class Fetch(msgspec.Struct, frozen=True):
    """A file to fetch from this address, to be sent on under this number."""

    number: str
    url: str


class FetchList(msgspec.Struct, frozen=True):
    """No file or one."""

    files: tuple[Fetch, ...] = ()


class FetchFailed(msgspec.Struct, frozen=True):
    """Courier: it could not be fetched; `trouble` is a value of `Trouble`."""

    number: str
    trouble: str


OF_PAGE: Rows = {
    "Update": (Update, UpdateState),
    "SendUpdate": (SendUpdate, Done),
    "Piece": (Piece, Done),
    "FindUpdate": (FindUpdate, Done),
    "DropUpdate": (DropUpdate, Done),
    "AskUpdate": (AskUpdate, Done),
    "AskBack": (AskBack, Done),
}
OF_COURIER: Rows = {
    "NextFetch": (NextFetch, FetchList),
    "SendUpdate": (SendUpdate, Done),
    "Piece": (Piece, Done),
    "FetchFailed": (FetchFailed, Done),
}
OF_UPDATER: Rows = {
    "NextJob": (NextJob, JobList),
    "Health": (Health, HealthReply),
    "JobDone": (JobDone, Done),
    "UpdateReport": (UpdateReport, Done),
}

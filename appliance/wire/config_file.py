"""The configuration a technician writes and the device reads: one record for both, from text to `Config`.

Pure: text in, record out. It refuses what it does not know, names the file, the line and the key, and never
repairs. It holds no secret and must never get one: the file is readable to every process of the device.
"""

from __future__ import annotations

import re
import tomllib
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import urlsplit

import msgspec

from appliance.core.errors import DeskTokenError
from appliance.core.screen import Text, in_english, text
from appliance.wire.boards import Board, Pin, Table, check_pins
from appliance.wire.config_words import not_toml, refusal

MOST_CHARACTERS = 65_536
_Record = TypeVar("_Record", bound=msgspec.Struct)

Width = Annotated[int, msgspec.Meta(ge=160, le=4608)]
Height = Annotated[int, msgspec.Meta(ge=120, le=2592)]


class ConfigTrouble(DeskTokenError):
    """A configuration that cannot be used; the sentence names the file, the line (0: unknown), the key and why.

    `said` is all of it, for whoever speaks to a person in their language; `str()` is the same in English, for the log.
    """

    def __init__(self, file: str, why: Text, line: int = 0, untrusted_key: str = "") -> None:
        self.key, self.why = _plain(untrusted_key), why
        numbered = text("{file}, line {line}", file=file, line=str(line))
        self.place = numbered if line else Text("{file}", (("file", file),))
        key = f"{self.key}: " if self.key else ""
        self.said = Text("{place}: {key}{why}", (("place", self.place), ("key", key), ("why", why)))
        super().__init__(in_english(self.said))


class Camera(Table, frozen=True):
    """Which camera, and how many pixels a frame has."""

    model: Literal["auto", "imx708", "imx219", "ov5647", "none"] = "auto"
    size: tuple[Width, Height] = (640, 480)


class Clock(Table, frozen=True):
    """Which battery clock, if any."""

    rtc: Literal["auto", "pi5", "ds3231", "none"] = "auto"


class Paths(Table, frozen=True):
    """Where the device keeps its records, and where its sockets lie while it runs."""

    state: str = "/var/lib/desk-token"
    run: str = "/run/desk-token"


class Portal(Table, frozen=True):
    """The origins a scanned enrolment may name; empty allows every https origin, after a look and a hold."""

    allow: tuple[str, ...] = ()


class UpdateSource(Table, frozen=True):
    """Where a newer version may be fetched: the https address of one file; empty means by hand only."""

    source: str = ""


class Light(Table, frozen=True):
    """Another pin for the light than the board's."""

    pin: Pin | None = None


class Buzzer(Table, frozen=True):
    """Another pin for the buzzer than the board's; silent unless enabled."""

    pin: Pin | None = None
    enabled: bool = False


class Hardware(Table, frozen=True):
    """The board by name, and what differs from it here."""

    profile: str
    rotate: Annotated[int, msgspec.Meta(ge=0, le=3)] = 0
    display: dict[str, Any] = msgspec.field(default_factory=dict)
    keys: dict[str, Any] = msgspec.field(default_factory=dict)
    led: Light = Light()
    buzzer: Buzzer = Buzzer()


class File(Table, frozen=True):
    """The file as it stands."""

    hardware: Hardware
    language: Literal["nl", "en"] = "nl"
    camera: Camera = Camera()
    clock: Clock = Clock()
    paths: Paths = Paths()
    portal: Portal = Portal()
    update: UpdateSource = UpdateSource()


class Config(msgspec.Struct, frozen=True):
    """What the processes are built from; `rotate` counts quarter turns."""

    board: Board
    rotate: int
    buzzer_enabled: bool
    language: Literal["nl", "en"]
    camera: Camera
    clock: Clock
    paths: Paths
    portal: Portal
    update: UpdateSource = UpdateSource()


def parse_board(untrusted_text: str, name: str) -> Board:
    """The board of this profile file. Raises ConfigTrouble naming the file, the line and the key."""
    board = _convert(_tables(untrusted_text, name), Board, untrusted_text, name)
    _check_board(board, untrusted_text, name)
    return board


def profile_name(untrusted_text: str, name: str) -> str:
    """Which profile this file asks for: a plain name, never a path. Raises ConfigTrouble."""
    profile = _file(untrusted_text, name).hardware.profile
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,63}", profile):
        why = text("this is not the name of a profile")
        raise _trouble(untrusted_text, name, ("hardware", "profile"), why)
    return profile


def no_profile(untrusted_text: str, name: str, known: str) -> ConfigTrouble:
    """For a file that asks for a profile which does not lie beside it."""
    why = text("there are no profiles in this folder")
    if known:
        why = text("no such profile; there are: {known}", known=known)
    return _trouble(untrusted_text, name, ("hardware", "profile"), why)


def glimpse(untrusted_text: str, key: str) -> str:
    """A plain word that stands behind this key in a file that may be refused as a whole; empty when there is none."""
    found = re.search(
        rf'^\s*{key}\s*=\s*"([a-z0-9][a-z0-9-]{{0,63}})"', untrusted_text, re.MULTILINE
    )
    return found[1] if found else ""


def parse(untrusted_text: str, name: str, board: Board) -> Config:
    """The whole configuration over this board. Raises ConfigTrouble naming the file, the line and the key."""
    file = _file(untrusted_text, name)
    _check_origins(file.portal.allow, untrusted_text, name)
    _check_source(file.update.source, untrusted_text, name)
    built = msgspec.to_builtins(board)
    merged = {
        **built,
        "display": {**built["display"], **file.hardware.display},
        "keys": {**built["keys"], **file.hardware.keys},
        "led": _either(file.hardware.led.pin, board.led),
        "buzzer": _either(file.hardware.buzzer.pin, board.buzzer),
    }
    board = _convert(merged, Board, untrusted_text, name, ("hardware",))
    _check_board(board, untrusted_text, name, ("hardware",))
    return Config(
        board=board,
        rotate=file.hardware.rotate,
        buzzer_enabled=file.hardware.buzzer.enabled,
        language=file.language,
        camera=file.camera,
        clock=file.clock,
        paths=file.paths,
        portal=file.portal,
        update=file.update,
    )


def _either(chosen: int | None, usual: int | None) -> int | None:
    return usual if chosen is None else chosen


def _file(untrusted_text: str, name: str) -> File:
    return _convert(_tables(untrusted_text, name), File, untrusted_text, name)


def _tables(untrusted_text: str, name: str) -> dict[str, Any]:
    if len(untrusted_text) > MOST_CHARACTERS:
        raise ConfigTrouble(name, text("the file is too long"))
    try:
        return tomllib.loads(untrusted_text)
    except tomllib.TOMLDecodeError as error:
        line, why = not_toml(str(error))
        raise ConfigTrouble(name, why, line) from None
    # a number of thousands of digits; a list in a list in a list
    except (ValueError, RecursionError):
        raise ConfigTrouble(name, text("a value is too long or nested too deeply")) from None


def _convert(
    tables: dict[str, Any],
    kind: type[_Record],
    untrusted_text: str,
    name: str,
    under: tuple[str, ...] = (),
) -> _Record:
    try:
        return msgspec.convert(tables, kind)
    except msgspec.ValidationError as error:
        path, why = refusal(str(error), kind)
        raise _trouble(untrusted_text, name, (*under, *path), why) from None


def _check_board(board: Board, untrusted_text: str, name: str, under: tuple[str, ...] = ()) -> None:
    for path, why in check_pins(board):
        raise _trouble(untrusted_text, name, (*under, *path), why)


def _check_origins(origins: tuple[str, ...], untrusted_text: str, name: str) -> None:
    for origin in origins:
        if not is_origin(origin):
            why = text("each entry is an https origin, without a path or a user name")
            raise _trouble(untrusted_text, name, ("portal", "allow"), why)


def _check_source(source: str, untrusted_text: str, name: str) -> None:
    host, _, path = source.removeprefix("https://").removeprefix("http://").partition("/")
    origin = source[: len(source) - len(path) - 1] if path else source
    plain = bool(host) and re.fullmatch(r"[!-~]{0,1024}", path) and is_origin(origin)
    if source and not plain:
        why = text("this is the https address of a file, without a user name")
        raise _trouble(untrusted_text, name, ("update", "source"), why)


def is_origin(untrusted_origin: str) -> bool:
    """Whether this is `https://host[:port]` and nothing more; plain http only for this very machine."""
    try:
        parts = urlsplit(untrusted_origin)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    loopback = parts.scheme == "http" and host in {"localhost", "127.0.0.1", "::1"}
    plain = untrusted_origin == f"{parts.scheme}://{parts.netloc}" and parts.username is None
    known = host == "::1" or re.fullmatch(r"[a-z0-9.-]{1,253}", host or "", re.ASCII)
    return bool(known) and plain and (parts.scheme == "https" or loopback)


def _trouble(untrusted_text: str, name: str, path: tuple[str, ...], why: Text) -> ConfigTrouble:
    return ConfigTrouble(name, why, _line_of(untrusted_text, path), ".".join(path))


def _plain(words: str) -> str:
    """Words of the file on their way to a terminal: no control signs, and not more than one reads."""
    return "".join(sign if sign.isprintable() else "?" for sign in words)[:160]


def _line_of(untrusted_text: str, path: tuple[str, ...]) -> int:
    """The line where this key stands, else its table's, else 0."""
    table: tuple[str, ...] = ()
    nearest = 0
    for number, line in enumerate(untrusted_text.splitlines(), start=1):
        header = re.match(r"\s*\[([\w.\s-]+)\]", line)
        if header:
            table = tuple(part.strip() for part in header[1].split("."))
            nearest = number if table == path[: len(table)] else nearest
            if table == path:
                return number
            continue
        key = re.match(r'\s*"?([\w-]+)"?\s*=', line)
        if key and (*table, key[1]) == path[: len(table) + 1]:
            return number
    return nearest

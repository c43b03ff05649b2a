"""Laws of words and files from outside: names, settings, the configuration, and the portal's stream of events."""

from __future__ import annotations

import ipaddress
import re
import shutil
import socket
import tempfile
import unicodedata
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from types import ModuleType

import httpx

from appliance.core import screen, settings
from appliance.core.errors import Refused
from appliance.courier import event_stream
from appliance.wire import boards, config_disk, config_file
from appliance.wording import spoken, translate
from tests.fuzz.one_time import text_of
from tests.fuzz.verdict import hold, is_one_line, our_sentences, says_nothing
from tests.house.source import ROOT

PROFILES = ROOT / "config" / "profiles"
CUT = b"\n----\n"


def name(untrusted: bytes, parser: ModuleType = screen) -> None:
    """`screen.name`: clean words on one line, and clean words stay as they are."""
    text = text_of(untrusted).replace("\ufffd\ufffd", "\ud800")
    words = parser.name(text).words
    hold(len(words) <= 512, "a name is too long")
    hold(all(unicodedata.category(sign)[0] != "C" for sign in words), "a name has control signs")
    hold(words == " ".join(words.split()), "a name has more than single spaces")
    hold(parser.name(words).words == words, "a clean name is cleaned into another")


def changed_setting(untrusted: bytes, parser: ModuleType = settings) -> None:
    """`settings.change`: one value, inside its row, of its own type; or Refused, and nothing is changed."""
    key, _, value = text_of(untrusted).partition("\n")
    before = settings.Settings()
    try:
        after = parser.change(before, key, value)
    except Refused as refusal:
        says_nothing(refusal)
        return
    rule = next(row for row in settings.ROWS if row.key == key)
    now = getattr(after, key)
    hold(type(now) is type(getattr(before, key)), "a setting has become another type")
    hold(not rule.choices or now in rule.choices, "a setting has a value that is no choice")
    hold(not rule.high or rule.low <= now <= rule.high, "a setting is outside its range")
    hold(
        parser.change(before, key, parser.written(now)) == after, "what is stored is read otherwise"
    )
    if key == "page_networks":
        nowhere = ipaddress.ip_address("192.0.2.1")
        hold(now or not parser.within(now, nowhere), "an empty list has a network")
    for server in now if key == "server_exceptions" else ():
        name, _, port = server.partition(":")
        hold(parser.excepted(after, name, int(port or 443)), "a listed server is checked")
    others = [field.name for field in fields(before) if field.name != key]
    hold(
        all(getattr(after, other) == getattr(before, other) for other in others),
        "one change has changed another setting too",
    )


class Configuration:
    """The configuration from disk: a whole `Config` over a board one can build, or ConfigTrouble on one line,
    and then still a board whose panel can say so.

    An input is a configuration, and behind a line `----` the profile `fuzzed` that it may name.
    """

    def __init__(self, parser: ModuleType = config_file) -> None:
        self._parser = parser
        self._kept = tempfile.TemporaryDirectory(prefix="fuzz-config-")
        self._folder = Path(self._kept.name)
        shutil.copytree(PROFILES, self._folder / "profiles")

    def __call__(self, untrusted: bytes) -> None:
        text, cut, profile = untrusted.partition(CUT)
        path = self._folder / ("absent.toml" if not untrusted else "desk-token.toml")
        if untrusted:
            path.write_bytes(text)
        fuzzed = self._folder / "profiles" / "fuzzed.toml"
        fuzzed.write_bytes(profile if cut else b"")
        self._read(path)
        self._parse(text, profile)

    def _read(self, path: Path) -> None:
        """From disk, with the parser that the device has."""
        try:
            config = config_disk.read_config(path, self._folder / "profiles")
        except config_file.ConfigTrouble as trouble:
            can_be_read(trouble, path.name, "fuzzed.toml")
            named = config_disk.glimpsed(path, "profile")
            board = config_disk.first_board(self._folder / "profiles", "fuzzed", named)
            hold(board is not None, "a refused configuration leaves no panel to say so on")
            return
        usable(config)

    def _parse(self, untrusted: bytes, untrusted_profile: bytes) -> None:
        """From text, with the parser under test."""
        text, profile = text_of(untrusted), text_of(untrusted_profile)
        try:
            named = self._parser.profile_name(text, "desk-token.toml")
            hold(re.fullmatch(r"[a-z0-9-]{1,64}", named), "a profile's name leaves its folder")
            board = self._parser.parse_board(
                profile or (PROFILES / "generic-ssd1306-i2c.toml").read_text(), "fuzzed.toml"
            )
            config = self._parser.parse(text, "desk-token.toml", board)
        except self._parser.ConfigTrouble as trouble:
            can_be_read(trouble, "desk-token.toml", "fuzzed.toml")
            return
        usable(config)


def can_be_read(trouble: config_file.ConfigTrouble, *files: str) -> None:
    """The sentence names the file, fits one line of a terminal, and its reason is one of ours with a Dutch twin."""
    hold(str(trouble).startswith(files), "a trouble does not name its file")
    dutch = spoken(trouble.said, "nl")
    for said in (str(trouble), dutch):
        is_one_line(said, 400)
    hold(trouble.why.english in our_sentences(), "a reason is not a sentence of ours")
    hold(translate(trouble.why.english, "nl") != trouble.why.english, "a reason has no Dutch twin")


def usable(config: config_file.Config) -> None:
    """What the processes are built from can be built."""
    hold(config.rotate in range(4), "a panel is turned by something else than quarters")
    hold(not list(boards.check_pins(config.board)), "two parts share a pin")
    for origin in config.portal.allow:
        scheme, _, place = origin.partition("://")
        hold(scheme == "https" or place.startswith(("localhost", "127.0.0.1", "[::1]")), "no https")
        hold(not set(place) & set("/?#@ \t\n"), "an origin has more than a host and a port")
    hold(160 <= config.camera.size[0] <= 4608, "a frame of an impossible width")
    hold(120 <= config.camera.size[1] <= 2592, "a frame of an impossible height")


class _Stream(httpx.SyncByteStream):
    def __init__(self, data: bytes, size: int) -> None:
        self._data, self._size = data, size

    def __iter__(self) -> Iterator[bytes]:
        for at in range(0, len(self._data), self._size):
            yield self._data[at : at + self._size]


class _Network:
    def __init__(self, connection: object) -> None:
        self._connection = connection

    def get_extra_info(self, info: str) -> object:
        return self._connection if info == "socket" else None


def events(untrusted: bytes, parser: ModuleType = event_stream) -> None:
    """`event_stream.letters`: cursors and texts, the same in whatever pieces they come; else httpx's errors.

    The first byte is the size of the pieces, the first line the content type, the rest the stream.
    """
    size, (kind, _, data) = 1 + (untrusted[0] if untrusted else 0), untrusted[1:].partition(b"\n")
    size = max(size, len(data) // 64)
    whole, pieces = read(kind, data, 1 << 30, parser), read(kind, data, size, parser)
    for letters in (whole, pieces):
        for cursor, _ in letters or []:
            hold(0 <= cursor < 10**18, "a cursor that no database counts to")
    if len(data) < 60_000:
        hold(whole == pieces, "a stream means something else when it comes in other pieces")
    if size % 32 == 1:
        hung_up(socket.socketpair(), parser)
        hung_up(None, parser)


def read(kind: bytes, data: bytes, size: int, parser: ModuleType) -> list[tuple[int, str]] | None:
    """All letters of a stream; None when it breaks off."""
    head = [(b"content-type", kind.replace(b"\r", b" ").replace(b"\0", b" "))]
    response = httpx.Response(200, headers=head, stream=_Stream(data, size))
    try:
        if not parser.is_stream(response):
            return None
        return list(parser.letters(response))
    except httpx.HTTPError as broken:
        hold(len(str(broken)) < 60, "an error that carries the stream")
        return None
    finally:
        response.close()


def hung_up(pair: tuple[socket.socket, socket.socket] | None, parser: ModuleType) -> None:
    """A stream can be cut from outside, also one that is gone already or never was."""
    extensions = {"network_stream": _Network(pair[0])} if pair else {}
    for _ in range(2):
        parser.cut(httpx.Response(200, extensions=extensions))
        if pair:
            hold(pair[1].recv(1) == b"", "a stream that was cut goes on")
            pair[0].close()
    if pair:
        pair[1].close()

"""TLS to a real directory, begun at once and on request: who the other end is comes before every name and password."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from appliance.core.errors import DeskTokenError
from tests.web.login_portal.authority import Authority
from tests.web.login_portal.conftest import World
from tests.web.login_portal.eavesdropper import Ear, listening_in
from tests.web.login_portal.slapd import BASE, PASSWORD, READER, READER_PASSWORD, Slapd, slapd
from web.login_portal.sources.about import About
from web.login_portal.sources.directory import Directory
from web.login_portal.sources.verdicts import SourceGone, Word

pytestmark = pytest.mark.xdist_group("slapd")
NAME = "tess"
WAYS = ["start", "ldaps"]
LAST_YEAR, NEXT_YEAR = (dt.datetime.now(dt.UTC) + dt.timedelta(days=days) for days in (-365, 365))
SECRETS = (PASSWORD, READER_PASSWORD, READER, NAME)


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Slapd]]:
    """Real directories whose certificates are right, or wrong in one way each; all of one authority."""
    folder = tmp_path_factory.mktemp("directories")
    ours = Authority(folder / "ours")
    identities = {
        "right": ours.identity("localhost"),
        "other name": ours.identity("elsewhere.example.org"),
        "expired": ours.identity("localhost", end=LAST_YEAR),
        "not yet": ours.identity("localhost", start=NEXT_YEAR),
        "by address": ours.identity("127.0.0.1"),
        "other authority": Authority(folder / "theirs", "somebody else").identity("localhost"),
    }
    with ExitStack() as stack:
        made = {
            word: stack.enter_context(slapd(folder / word.replace(" ", "-"), one))
            for word, one in identities.items()
        }
        for one in made.values():
            one.add_person(NAME)
        yield made


def about(server: Slapd, ear: Ear, way: str, **changed: object) -> About:
    """That directory with an ear on the line."""
    return server.about(**{"port": ear.port, "tls": way, "patience": 3.0, **changed})


def door(server: Slapd, way: str) -> int:
    return server.tls_port if way == "ldaps" else server.port


def nothing_was_told(ear: Ear) -> bool:
    return not any(secret.encode() in ear.heard for secret in SECRETS)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("kind", "host"), [("right", "localhost"), ("by address", "127.0.0.1")])
def test_the_right_certificate_is_taken_and_nothing_is_said_in_the_clear(
    servers: dict[str, Slapd], way: str, kind: str, host: str
) -> None:
    server = servers[kind]
    with listening_in(door(server, way)) as ear:
        verdict = Directory(about(server, ear, way, host=host), time.time).judge(NAME, PASSWORD)
    assert verdict.word is Word.FITS
    assert ear.connections == 2
    assert nothing_was_told(ear)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("other name", r"is for another name than \[directory\] host"),
        ("expired", "certificate has expired"),
        ("not yet", "look at this machine's clock"),
        ("other authority", r"Nobody in \[directory\] ca_file vouches"),
    ],
)
def test_a_wrong_certificate_is_refused_in_a_sentence_before_anything_is_said(
    servers: dict[str, Slapd], way: str, kind: str, sentence: str
) -> None:
    server = servers[kind]
    with listening_in(door(server, way)) as ear:
        told = about(server, ear, way, ca_file=str(servers["right"].ca))
        with pytest.raises(SourceGone, match=sentence):
            Directory(told, time.time).judge(NAME, PASSWORD)
        assert ear.connections == 1
        assert nothing_was_told(ear)


@pytest.mark.parametrize("way", WAYS)
def test_the_authorities_of_the_system_do_not_vouch_for_it(
    servers: dict[str, Slapd], way: str
) -> None:
    server = servers["right"]
    with (
        listening_in(door(server, way)) as ear,
        pytest.raises(SourceGone, match="vouches"),
    ):
        Directory(about(server, ear, way, ca_file=""), time.time).judge(NAME, PASSWORD)
    assert nothing_was_told(ear)


def _refuses(piece: bytes) -> bytes:
    """StartTLS is answered with protocolError, as by a directory without it (or by somebody who wants it so)."""
    return piece.replace(b"\x78\x07\x0a\x01\x00", b"\x78\x07\x0a\x01\x02")


def _adds(piece: bytes) -> bytes:
    """Behind the plain answer to StartTLS comes a yes to whatever is asked next."""
    return piece + bytes.fromhex("300c02010261070a010004000400") if b"\x78\x07" in piece else piece


def _goes_silent(piece: bytes) -> bytes:
    """The answer to StartTLS is the last thing that comes."""
    return piece if b"\x78\x07" in piece else b""


@pytest.mark.parametrize("meddle", [_refuses, _adds, _goes_silent])
def test_somebody_between_learns_nothing_and_can_say_nothing(
    servers: dict[str, Slapd], meddle: Callable[[bytes], bytes]
) -> None:
    server = servers["right"]
    with listening_in(server.port, meddle) as ear:
        with pytest.raises(SourceGone):
            Directory(about(server, ear, "start", patience=1.0), time.time).judge(NAME, "wrong")
        assert ear.connections == 1
        assert nothing_was_told(ear)


def test_a_directory_that_begins_no_tls_is_said(servers: dict[str, Slapd]) -> None:
    server = servers["right"]
    with (
        listening_in(server.port, _refuses) as ear,
        pytest.raises(SourceGone, match="does not begin TLS"),
    ):
        Directory(about(server, ear, "start"), time.time).judge(NAME, PASSWORD)
    with pytest.raises(SourceGone, match="does not speak TLS"):
        Directory(server.about(tls="ldaps"), time.time).judge(NAME, PASSWORD)


def test_a_file_without_authorities_is_said_at_the_start(tmp_path: Path) -> None:
    for words in ("", "no certificate"):
        (tmp_path / "ca.pem").write_text(words)
        about = About("localhost", 1, BASE, READER, "x", ca_file=str(tmp_path / "ca.pem"))
        with pytest.raises(DeskTokenError, match="holds no certificates"):
            Directory(about, time.time)
    with pytest.raises(DeskTokenError, match="holds no certificates"):
        Directory(About("localhost", 1, BASE, READER, "x", ca_file="/nowhere"), time.time)


@pytest.mark.parametrize(
    ("kind", "says"), [("right", "directory: ok"), ("expired", "certificate has expired")]
)
def test_check_says_how_the_directory_stands(
    servers: dict[str, Slapd], world: World, tmp_path: Path, kind: str, says: str
) -> None:
    server, config = servers[kind], tmp_path / "portal.toml"
    (tmp_path / "reader").write_text(READER_PASSWORD)
    config.write_text(
        f'[directory]\nhost = "localhost"\nport = {server.tls_port}\ntls = "ldaps"\nbase = "{BASE}"\n'
        f'reader = "{READER}"\nreader_password_file = "{tmp_path}/reader"\nca_file = "{server.ca}"\n'
    )
    world.clock.now = time.time()
    said = world.command("check", "--config", str(config))
    assert says in said.output
    assert (said.exit_code == 0) == (kind == "right")
    assert READER_PASSWORD not in said.output

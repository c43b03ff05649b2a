"""The `desk-portal` command, as a person types it."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner, Result

from appliance.core.errors import Refused
from web.login_portal.command import main
from web.login_portal.rules.addresses import origin


def run(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(main, list(words), input=typed)


def test_people_are_added_and_listed(tmp_path: Path) -> None:
    data = str(tmp_path / "portal")
    added = run("user", "add", "Jan", "--display", "Jan de Vries", "--match", "press",
                "--password-stdin", "--data", data, typed="correct horse\n")  # fmt: skip
    assert (added.exit_code, added.output) == (0, "jan added\n")
    assert run("user", "list", "--data", data).output == "jan\tJan de Vries\tpress\n"


def test_a_refusal_is_one_sentence(tmp_path: Path) -> None:
    data = str(tmp_path / "portal")
    result = run("user", "add", "jan", "--password-stdin", "--data", data, typed="short\n")
    assert result.exit_code == 1
    assert result.output == "Error: A password has 8 to 256 characters\n"


def test_serve_says_when_it_is_ready_and_stops_in_good_order(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "web.login_portal", "serve", "--port", "0"]
    with subprocess.Popen(
        [*words, "--data", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as portal:
        assert portal.stdout is not None
        assert portal.stderr is not None
        ready = portal.stdout.readline().split()
        assert ready[:2] == ["portal", "ready"]
        assert httpx.get(f"{ready[2]}/sign-in").status_code == 200
        portal.send_signal(signal.SIGTERM)
        assert portal.wait(20) == 0
        log = portal.stderr.read().splitlines()
    assert [line.split(" portal ")[1].split(" origin")[0] for line in log] == [
        "portal started",
        "portal stopped",
    ]


@pytest.mark.parametrize(
    "url",
    ["http://portal.example", "http://10.0.0.1", "ftp://127.0.0.1", "https://x/path", "https://",
     "http://localhost.evil.example", "javascript:alert(1)"],
)  # fmt: skip
def test_plain_http_is_for_the_loopback_only(url: str, tmp_path: Path) -> None:
    with pytest.raises(Refused):
        origin(url)
    result = run("serve", "--port", "0", "--origin", url, "--data", str(tmp_path))
    assert result.exit_code == 1


def test_a_public_address_needs_an_origin(tmp_path: Path) -> None:
    result = run("serve", "--port", "0", "--host", "0.0.0.0", "--data", str(tmp_path))
    assert result.exit_code == 1
    assert "--origin" in result.output


def test_an_address_in_use_is_said(tmp_path: Path) -> None:
    from web.login_portal.serving import listening_socket

    with listening_socket("127.0.0.1", 0) as taken:
        taken.listen()
        port = str(taken.getsockname()[1])
        result = run("serve", "--port", port, "--data", str(tmp_path))
    assert result.exit_code == 1
    assert "in use" in result.output


@pytest.mark.parametrize(
    "words",
    [
        ("serve", "--port", "99999"),
        ("serve", "--port", "0", "--metrics-port", "77777"),
        ("serve", "--port", "0", "--origin", "https://a.example:99999"),
        ("serve", "--port", "0", "--keep-days", "-5"),
        ("init", "--data", "/proc/none/portal"),
        ("backup", "/proc/none/backup"),
        ("broker-files", "/proc/none/broker", "--host", "letters.example.org"),
        ("broker-files", "/tmp/none/broker", "--host", "x" * 80),
        ("broker-files", "/tmp/none/broker", "--host", "not a host"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(words: tuple[str, ...], tmp_path: Path) -> None:
    data = () if "--data" in words else ("--data", str(tmp_path / "portal"))
    result = run(*words, *data)
    assert isinstance(result.exception, SystemExit)
    assert result.exit_code in {1, 2}
    assert "Error: " in result.output


def test_a_port_for_figures_that_is_taken_is_said(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = run("serve", "--port", "0", "--metrics-port", port, "--data", str(tmp_path))
    assert result.output == "Error: The port for the figures is in use\n"


def test_a_look_at_what_is_not_there_makes_nothing(tmp_path: Path) -> None:
    result = run("check", "--data", str(tmp_path / "none"))
    assert result.exit_code == 1
    assert "run desk-portal init" in result.output
    (tmp_path / "empty").mkdir()
    result = run("check", "--data", str(tmp_path / "empty"))
    assert result.exit_code == 1
    assert "database: there are none: run desk-portal init" in result.output
    assert [path.name for path in tmp_path.rglob("*")] == ["empty"]

"""A session of the fleet's tool at a page that fails at the end of it: what was done stays done."""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from click.testing import CliRunner

from appliance.porter.certificate import credential
from firmware_tools.command import main
from firmware_tools.fleet.pages import mark_of

STATUS = b'{"serial": "DT-1", "software": "1.2.0", "trust": "SYNCED", "storage": "tpm2"}'


class Page(BaseHTTPRequestHandler):
    """A device page that takes a setting and then falls over at every farewell."""

    taken: ClassVar[int] = 204

    def do_GET(self) -> None:
        """How the device is."""
        self._says(200, STATUS)

    def do_POST(self) -> None:
        """A session."""
        self._says(200, b'{"bearer": "x"}')

    def do_PATCH(self) -> None:
        """A setting."""
        self._says(self.taken)

    def do_DELETE(self) -> None:
        """The farewell."""
        self._says(500)

    def _says(self, status: int, body: bytes = b"") -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


class PageThatRefuses(Page):
    """One that does not take the setting either."""

    taken: ClassVar[int] = 422


@pytest.fixture
def listed(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A fleet of one such page."""
    server = HTTPServer(("127.0.0.1", 0), request.param)
    context = credential(tmp_path, ("127.0.0.1",), time.time()).context
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    port = server.server_port
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    shown = ssl.PEM_cert_to_DER_cert(ssl.get_server_certificate(("127.0.0.1", port)))
    path = tmp_path / "fleet.csv"
    row = f"desk,https://127.0.0.1:{port},{mark_of(shown)},12345678"
    path.write_text(f"name,address,fingerprint,code\n{row}\n")
    yield path
    server.shutdown()
    server.server_close()
    thread.join(10)


def fleet(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["--language", "en", "fleet", *words])
    return done.exit_code, done.stdout


@pytest.mark.parametrize("listed", [Page], indirect=True)
def test_a_farewell_that_fails_does_not_undo_what_was_done(listed: Path) -> None:
    done = fleet("set", "brightness", "120", "--list", str(listed))
    assert done == (0, "good  desk: brightness 120\n")


@pytest.mark.parametrize("listed", [PageThatRefuses], indirect=True)
def test_a_setting_that_was_not_taken_is_wrong_for_its_own_reason(listed: Path) -> None:
    assert fleet("set", "brightness", "120", "--list", str(listed)) == (1, "wrong  desk: 422\n")


@pytest.mark.parametrize("listed", [Page], indirect=True)
def test_status_shows_all_that_it_read(listed: Path) -> None:
    told = "good  desk: serial DT-1, software 1.2.0, trust SYNCED, storage tpm2\n"
    assert fleet("status", "--list", str(listed)) == (0, told)
    code, line = fleet("status", "--list", str(listed), "--json")
    assert (code, json.loads(line)["read"]) == (0, json.loads(STATUS))

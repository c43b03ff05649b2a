"""A second portal for the tests: the inbox of the device API on a real port, with switches for what may go wrong."""

from __future__ import annotations

import json
import ssl
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Thread
from urllib.parse import parse_qs, urlsplit

from joserfc.jwk import OKPKey

from appliance.core.errors import Refused
from appliance.wire.letters import INBOX, TOKEN, Letter, open_assertion, sign_letter


class ScriptedPortal:
    """Letters in order, tokens that can be withdrawn, streams that can be cut, refused or left silent."""

    def __init__(self, device_key: OKPKey, trust: ssl.SSLContext | None = None) -> None:
        self.device_key = device_key
        self.key = OKPKey.generate_key("Ed25519")
        self.changed = Condition()
        self.letters: list[str] = []
        self.asked: list[str] = []
        self.tokens: set[str] = set()
        self.given = 0
        self.streams = True
        self.waits = True
        self.silent = False
        self.wants_time = False
        self.broken = 0
        self.generation = 0
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.portal = self
        if trust:
            self._server.socket = trust.wrap_socket(self._server.socket, server_side=True)
        scheme = "https" if trust else "http"
        self.origin = f"{scheme}://127.0.0.1:{self._server.server_port}"
        Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def post(self, name: str) -> str:
        """Put a signed letter in the inbox."""
        letter = Letter(self.origin, "device-1", name, 1.0, 121.0, "login", person=name)
        with self.changed:
            self.letters.append(sign_letter(letter, self.key))
            self.changed.notify_all()
            return self.letters[-1]

    def cut(self) -> None:
        """End every open stream and poll."""
        with self.changed:
            self.generation += 1
            self.changed.notify_all()

    def withdraw_tokens(self) -> None:
        with self.changed:
            self.tokens.clear()

    def wait_until_asked(self, what: str, times: int = 1) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: self.asked.count(what) >= times, 20), self.asked

    def note(self, what: str) -> None:
        with self.changed:
            self.asked.append(what)
            self.changed.notify_all()

    def close(self) -> None:
        self.cut()
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    portal: ScriptedPortal


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = 30

    def log_message(self, *_args: object) -> None:
        return

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.server.portal.broken:
            return self._say(self.server.portal.broken, {})
        assert self.path == TOKEN
        self.server.portal.note("token")
        try:
            claims = open_assertion(
                parse_qs(body)["client_assertion"][0], self.server.portal.device_key
            )
        except Refused:
            return self._say(401, {"title": "unknown device"})
        if self.server.portal.wants_time and claims.iat < 1_000_000:
            return self._say(401, {"title": "clock"})
        with self.server.portal.changed:
            self.server.portal.given += 1
            token = f"token-{self.server.portal.given}"
            self.server.portal.tokens.add(token)
        return self._say(200, {"access_token": token, "token_type": "Bearer", "expires_in": 600})

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        query = parse_qs(asked.query)
        if self.server.portal.broken:
            return self._say(self.server.portal.broken, {})
        assert asked.path == INBOX
        if (
            self.headers.get("Authorization", "").removeprefix("Bearer ")
            not in self.server.portal.tokens
        ):
            return self._say(401, {})
        after = int(query["after"][0])
        if self.headers["Accept"] == "text/event-stream":
            self.server.portal.note("stream")
            return self._stream(after) if self.server.portal.streams else self._say(406, {})
        self.server.portal.note("long-poll" if "wait" in query else "poll")
        if "wait" in query and self.server.portal.waits:
            self._wait(after, self.server.portal.generation)
        rows = [
            {"cursor": at, "letter": letter}
            for at, letter in enumerate(self.server.portal.letters, 1)
            if at > after
        ]
        return self._say(200, {"letters": rows})

    def _wait(self, after: int, generation: int) -> None:
        with self.server.portal.changed:
            self.server.portal.changed.wait_for(
                lambda: (
                    len(self.server.portal.letters) > after
                    or self.server.portal.generation != generation
                ),
                25,
            )

    def _stream(self, after: int) -> None:
        generation = self.server.portal.generation
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        while self.server.portal.generation == generation:
            for at in range(
                after, len(self.server.portal.letters) if not self.server.portal.silent else 0
            ):
                event = f"id: {at + 1}\nevent: letter\ndata: {self.server.portal.letters[at]}\n\n"
                self.wfile.write(event.encode())
                after = at + 1
            self._wait(after if not self.server.portal.silent else 10**9, generation)

    def _say(self, status: int, what: object) -> None:
        body = json.dumps(what).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

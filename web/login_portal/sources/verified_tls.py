"""TLS to a directory, checked by Python itself: the chain and the name of the server, before a password goes out.

The library's own check leans on a call that Python has dropped. Source: RFC 9525, RFC 4513 section 3.1.3.
"""

from __future__ import annotations

import ssl

from ldap3 import Connection, Tls


class VerifiedTls(Tls):  # type: ignore[misc]  # the library has no annotations
    """Trusts the authorities of this file, or the system's when it is empty."""

    def __init__(self, ca_file: str) -> None:
        super().__init__(validate=ssl.CERT_REQUIRED)
        self._context = ssl.create_default_context(cafile=ca_file or None)

    def wrap_socket(self, connection: Connection, do_handshake: bool = False) -> None:
        """Put TLS on the connection's socket. Raises OSError when the other end is not who it should be."""
        connection.socket = self._context.wrap_socket(
            connection.socket,
            server_hostname=connection.server.host,
            do_handshake_on_connect=do_handshake,
        )

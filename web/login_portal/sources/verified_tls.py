"""TLS to a directory, checked by Python itself: the chain and the name of the server, before a password goes out.

The library's own check leans on a call that Python has dropped. Source: RFC 9525, RFC 4513 section 3.1.3.
"""

from __future__ import annotations

import ssl

from ldap3 import Connection, Tls

from appliance.core.errors import DeskTokenError

# OpenSSL's numbers of what is wrong with a certificate (x509_vfy.h)
_NOT_YET, _EXPIRED, _OTHER_NAME, _OTHER_ADDRESS = 9, 10, 62, 64
_UNKNOWN = (2, 18, 19, 20, 21)
_SENTENCES = {
    _NOT_YET: "The directory's certificate does not count yet: look at this machine's clock",
    _EXPIRED: "The directory's certificate has expired",
    _OTHER_NAME: "The directory's certificate is for another name than [directory] host",
    _OTHER_ADDRESS: "The directory's certificate is for another name than [directory] host",
    **dict.fromkeys(
        _UNKNOWN, "Nobody in [directory] ca_file vouches for the directory's certificate"
    ),
}


def trust(ca_file: str) -> ssl.SSLContext:
    """Trust in the authorities of this file, or in the system's when it is empty. Raises DeskTokenError."""
    try:
        return ssl.create_default_context(cafile=ca_file or None)
    except OSError as wrong:
        raise DeskTokenError("The file of [directory] ca_file holds no certificates") from wrong


class VerifiedTls(Tls):  # type: ignore[misc]  # the library has no annotations
    """The TLS of one connection. `refusal` says afterwards why the other end was not who it should be."""

    def __init__(self, context: ssl.SSLContext) -> None:
        super().__init__(validate=ssl.CERT_REQUIRED)
        self._context, self.refusal = context, ""

    def wrap_socket(self, connection: Connection, do_handshake: bool = False) -> None:
        """Put TLS on the connection's socket. Raises OSError when the other end is not who it should be."""
        try:
            connection.socket = self._context.wrap_socket(
                connection.socket,
                server_hostname=connection.server.host,
                do_handshake_on_connect=do_handshake,
            )
        except ssl.SSLCertVerificationError as wrong:
            fallback = "The directory's certificate cannot be trusted"
            self.refusal = _SENTENCES.get(wrong.verify_code, fallback)
            raise
        except ssl.SSLError:
            self.refusal = "The directory does not speak TLS in a way that the portal takes"
            raise

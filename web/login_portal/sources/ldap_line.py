"""One line to a directory: first TLS and who the other end is, then a bind. No name and no password goes before TLS.

It follows no referral, and says in one sentence why a directory cannot be asked.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from ldap3 import NONE, SIMPLE, Connection, Server
from ldap3.core.exceptions import (
    LDAPConfidentialityRequiredResult,
    LDAPException,
    LDAPInvalidCredentialsResult,
    LDAPNoSuchObjectResult,
    LDAPOperationResult,
    LDAPSASLPrepError,
    LDAPStartTLSError,
    LDAPStrongerAuthRequiredResult,
)

from appliance.core.errors import Refused
from web.login_portal.sources.about import About
from web.login_portal.sources.verdicts import SourceGone
from web.login_portal.sources.verified_tls import VerifiedTls, trust

_GONE = "The directory of people cannot be reached"
_NO_TLS = "The directory does not begin TLS, so nothing was asked"
_SENTENCES: tuple[tuple[type[Exception], str], ...] = (
    (LDAPStartTLSError, _NO_TLS),
    (LDAPStrongerAuthRequiredResult, "The directory takes no passwords without TLS"),
    (LDAPConfidentialityRequiredResult, "The directory takes no passwords without TLS"),
    (LDAPNoSuchObjectResult, "The directory lacks the entry of [directory] base, group or policy"),
)


class LdapLine:
    """Makes connections to one directory, each bound as somebody."""

    def __init__(self, about: About) -> None:
        self._about, self._trust = about, trust(about.ca_file)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that is bound as the portal's own reader. Raises SourceGone."""
        try:
            with self.bound(self._about.reader, self._about.reader_password) as reader:
                yield reader
        except (LDAPInvalidCredentialsResult, LDAPSASLPrepError):
            raise SourceGone("The directory does not let the portal's reader in") from None

    @contextmanager
    def bound(self, dn: str, password: str) -> Iterator[Connection]:
        """A bound connection. Raises SourceGone; LDAPInvalidCredentialsResult when the bind is refused."""
        tls = VerifiedTls(self._trust)
        connection = self._connection(tls, dn, password)
        try:
            self._open(connection)
            connection.bind()
            yield connection
        except (LDAPInvalidCredentialsResult, LDAPSASLPrepError, Refused):
            raise
        except (LDAPException, OSError) as wrong:
            raise SourceGone(tls.refusal or _sentence(wrong)) from wrong
        finally:
            connection.strategy.close()
            if connection.socket is not None:  # the library leaves one open that never connected
                connection.socket.close()

    def _connection(self, tls: VerifiedTls, dn: str, password: str) -> Connection:
        about = self._about
        server = Server(
            about.host, about.port, about.tls == "ldaps", tls=tls, get_info=NONE,
            connect_timeout=about.patience,
        )  # fmt: skip
        return Connection(
            server, dn, password, authentication=SIMPLE, auto_referrals=False, read_only=False,
            receive_timeout=max(1, round(about.patience)), raise_exceptions=True,
        )  # fmt: skip

    def _open(self, connection: Connection) -> None:
        """Open it, under TLS where that is wanted. Raises LDAPException, OSError."""
        connection.open()
        if self._about.tls == "start":
            _start_tls(connection)
        if self._about.tls != "none" and not isinstance(connection.socket, ssl.SSLSocket):
            raise LDAPStartTLSError(_NO_TLS)  # the library says so by a value in some cases


def _start_tls(connection: Connection) -> None:
    """Begin TLS on an open line. Raises LDAPException."""
    try:
        connection.start_tls()
    except LDAPOperationResult as refusal:
        raise LDAPStartTLSError(_NO_TLS) from refusal


def _sentence(wrong: Exception) -> str:
    return next((words for kind, words in _SENTENCES if isinstance(wrong, kind)), _GONE)

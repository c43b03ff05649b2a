"""People and passwords from LDAP or Active Directory. The person's own password is tried by a bind, and kept nowhere.

It follows no referral, takes one entry or none, and never binds with an empty password (RFC 4513 section 5.1.2).
A name that nobody has costs the same calls as one that somebody has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from ldap3 import BASE, NONE, SIMPLE, SUBTREE, Connection, Server
from ldap3.core.exceptions import (
    LDAPException,
    LDAPInvalidCredentialsResult,
    LDAPOperationResult,
    LDAPSASLPrepError,
    LDAPSizeLimitExceededResult,
)
from ldap3.utils.dn import escape_rdn

from appliance.core.errors import DeskTokenError, Refused
from web.login_portal.clock import Clock
from web.login_portal.rules import directory as rules
from web.login_portal.rules.addresses import is_loopback
from web.login_portal.rules.names import LONGEST_PASSWORD, login_name
from web.login_portal.sources.verdicts import WRONG, Known, SourceGone, Verdict, Word
from web.login_portal.sources.verified_tls import VerifiedTls

_WANTED = [
    "shadowLastChange",
    "shadowMax",
    "shadowExpire",
    "pwdChangedTime",
    "pwdPolicySubentry",
    "pwdAccountLockedTime",
    "nsAccountLock",
    "userAccountControl",
    "msDS-UserPasswordExpiryTimeComputed",
]
_GONE = "The directory of people cannot be reached"
_AD_REASON = re.compile(r"data ([0-9a-f]{3})\b")
_AD_WORDS = {"533": Word.DISABLED, "701": Word.DISABLED, "532": Word.EXPIRED, "773": Word.EXPIRED}


@dataclass(frozen=True, slots=True)
class About:
    """Where the directory is and how people stand in it. `find` has `{name}` where the user name goes.

    `tls` is `start`, `ldaps` or `none`; `policy` is the entry of the default password policy. Seconds.
    """

    host: str
    port: int
    base: str
    reader: str
    reader_password: str = field(repr=False)
    tls: str = "start"
    ca_file: str = ""
    find: str = "(&(objectClass=person)(uid={name}))"
    group: str = ""
    name: str = "uid"
    display: str = "cn"
    phone: str = "mobile"
    email: str = "mail"
    policy: str = ""
    active_directory: bool = False
    patience: float = 5.0


@dataclass(frozen=True, slots=True)
class _Entry:
    """One person's entry: every attribute by its name in small letters, its first value as text."""

    dn: str
    found: dict[str, str] = field(repr=False)


class Directory:
    """A source that asks a directory at every sign-in."""

    def __init__(self, about: About, clock: Clock) -> None:
        self._about, self._clock = about, clock
        self._tls = VerifiedTls(about.ca_file)

    def judge(self, untrusted_name: str, untrusted_password: str) -> Verdict:
        """Find the person as the reader, then bind as the person. Raises SourceGone."""
        name, password = login_name(untrusted_name), untrusted_password
        if not name or not 0 < len(password) <= LONGEST_PASSWORD:
            return WRONG
        with self._connected(self._about.reader, self._about.reader_password) as reader:
            entry = self._find(reader, name)
            known = self._known(reader, entry, name) if entry else None
        dn = entry.dn if entry else f"{self._about.name}={escape_rdn(name)},{self._about.base}"
        word = self._tried(dn, password)
        if known is None or entry is None or word is Word.WRONG:
            return WRONG
        if word is Word.FITS and rules.disabled(entry.found, self._clock()):
            word = Word.DISABLED
        return Verdict(word, known if word is Word.FITS else None, outside=True)

    def look(self, name: str) -> Known | None:
        """The person as the directory knows them now. Raises SourceGone."""
        with self._connected(self._about.reader, self._about.reader_password) as reader:
            entry = self._find(reader, login_name(name))
            return self._known(reader, entry, name) if entry else None

    def change(self, name: str, old: str, fresh: str, until: float | None) -> None:
        """The person changes their own password; when it ends then is the directory's. Raises Refused, SourceGone."""
        del until
        with self._connected(self._about.reader, self._about.reader_password) as reader:
            entry = self._find(reader, login_name(name))
        if entry is None or self._tried(entry.dn, old) is not Word.FITS:
            raise Refused("The old password is not right")
        with self._connected(entry.dn, old) as person:
            try:
                if self._about.active_directory:
                    person.extend.microsoft.modify_password(entry.dn, fresh, old)
                else:
                    person.extend.standard.modify_password(entry.dn, old, fresh)
            except LDAPOperationResult as refusal:
                raise Refused("The directory does not take this password") from refusal

    def _tried(self, dn: str, password: str) -> Word:
        try:
            with self._connected(dn, password):
                return Word.FITS
        except LDAPInvalidCredentialsResult as refusal:
            reason = _AD_REASON.search(str(refusal.message or ""))
            return _AD_WORDS.get(reason[1], Word.WRONG) if reason else Word.WRONG
        except LDAPSASLPrepError:  # no password may hold such signs
            return Word.WRONG

    @contextmanager
    def _connected(self, dn: str, password: str) -> Iterator[Connection]:
        """A bound connection. Raises SourceGone; LDAPInvalidCredentialsResult when the bind is refused."""
        about = self._about
        server = Server(
            about.host, about.port, about.tls == "ldaps", tls=self._tls, get_info=NONE,
            connect_timeout=about.patience,
        )  # fmt: skip
        connection = Connection(
            server, dn, password, authentication=SIMPLE, auto_referrals=False, read_only=False,
            receive_timeout=max(1, round(about.patience)), raise_exceptions=True,
        )  # fmt: skip
        try:
            connection.open()
            if about.tls == "start":
                connection.start_tls()
            connection.bind()
            yield connection
        except (LDAPInvalidCredentialsResult, LDAPSASLPrepError, Refused):
            if dn == about.reader:
                raise SourceGone("The directory does not let the portal in") from None
            raise
        except (LDAPException, OSError) as wrong:
            raise SourceGone(_GONE) from wrong
        finally:
            connection.strategy.close()
            if connection.socket is not None:  # the library leaves one open that never connected
                connection.socket.close()

    def _find(self, reader: Connection, name: str) -> _Entry | None:
        """The one entry of this name in the group; two entries are nobody."""
        about = self._about
        wanted = about.find.replace("{name}", rules.escaped(name))
        names = [about.name, about.display, about.phone, about.email, *_WANTED]
        try:
            reader.search(about.base, wanted, SUBTREE, attributes=names, size_limit=2)
        except LDAPSizeLimitExceededResult:
            return None
        found = _entries(reader)
        belongs = self._belongs(reader, found[0]["dn"] if found else about.base, name)
        return _Entry(found[0]["dn"], _plain(found[0])) if len(found) == 1 and belongs else None

    def _belongs(self, reader: Connection, dn: str, name: str) -> bool:
        """Whether the person is of the group that may sign in; asked for nobody too, for the sake of the time."""
        if not self._about.group:
            return True
        whom, uid = rules.escaped(dn), rules.escaped(name)
        member = f"(|(member={whom})(uniqueMember={whom})(memberUid={uid}))"
        reader.search(self._about.group, member, BASE, attributes=["1.1"])
        return bool(_entries(reader))

    def _known(self, reader: Connection, entry: _Entry, name: str) -> Known:
        about, found = self._about, entry.found
        until = rules.password_until(found, self._max_age(reader, found))
        words = {
            key: found.get(getattr(about, key).lower(), "") for key in ("display", "phone", "email")
        }
        return Known(
            login_name(name), words["display"] or name, words["phone"], words["email"], until
        )

    def _max_age(self, reader: Connection, found: dict[str, str]) -> float | None:
        """How long a password of this person's policy lives, in seconds."""
        policy = found.get("pwdpolicysubentry") or self._about.policy
        if not policy or "pwdchangedtime" not in found:
            return None
        reader.search(policy, "(objectClass=*)", BASE, attributes=["pwdMaxAge"])
        rows = _entries(reader)
        age = _plain(rows[0]).get("pwdmaxage", "") if rows else ""
        return float(age) if age.isascii() and age.isdigit() else None


def _entries(reader: Connection) -> list[dict[str, Any]]:
    """What was found, without the referrals to elsewhere."""
    return [row for row in reader.response or [] if row.get("type") == "searchResEntry"]


def _plain(row: dict[str, Any]) -> dict[str, str]:
    """The first value of each attribute as the directory sent it, for those that are text."""
    raw = row["raw_attributes"]
    return {key.lower(): _text(values[0]) for key, values in raw.items() if values}


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace")[:256]


def checked(about: About) -> About:
    """The same, if it can work. Raises DeskTokenError."""
    if about.find.count("{name}") < 1 or about.tls not in {"start", "ldaps", "none"}:
        raise DeskTokenError("[directory] has a wrong find or tls")
    if about.tls == "none" and not is_loopback(about.host):
        raise DeskTokenError("A directory is asked over TLS, unless it is on this machine")
    return about

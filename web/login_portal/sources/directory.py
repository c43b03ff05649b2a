"""People and passwords from LDAP or Active Directory. The person's own password is tried by a bind, and kept nowhere.

It follows no referral, takes one entry or none, and never binds with an empty password (RFC 4513 section 5.1.2).
A name that nobody has costs the same calls as one that somebody has.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from ldap3 import BASE, SUBTREE, Connection
from ldap3.core.exceptions import (
    LDAPInvalidCredentialsResult,
    LDAPOperationResult,
    LDAPSASLPrepError,
    LDAPSizeLimitExceededResult,
)
from ldap3.utils.dn import escape_rdn

from appliance.core.errors import Refused
from web.login_portal.clock import Clock
from web.login_portal.rules import directory as rules
from web.login_portal.rules.names import LONGEST_PASSWORD, login_name
from web.login_portal.sources.about import About
from web.login_portal.sources.ldap_line import LdapLine
from web.login_portal.sources.verdicts import WRONG, Known, SourceGone, Verdict, Word

_WANTED = [
    "shadowLastChange",
    "shadowMax",
    "shadowExpire",
    "pwdChangedTime",
    "pwdPolicySubentry",
    "pwdAccountLockedTime",
    "nsAccountLock",
    "userAccountControl",
    "accountExpires",
    "pwdLastSet",
    "msDS-UserPasswordExpiryTimeComputed",
]
# in the message of a refused bind; a Win32 error, in hex
_AD_REASON = re.compile(r"data ([0-9a-f]{3})\b")
_AD_WORDS = {
    "530": Word.DISABLED,  # not at this hour
    "531": Word.DISABLED,  # not from here
    "532": Word.EXPIRED,
    "533": Word.DISABLED,
    "701": Word.DISABLED,  # the account itself has expired
    "773": Word.EXPIRED,  # must be changed first
    "775": Word.LOCKED,
}


@dataclass(frozen=True, slots=True)
class _Entry:
    """One person's entry: every attribute by its name in small letters, its first value as text."""

    dn: str
    found: dict[str, str] = field(repr=False)


class Directory:
    """A source that asks a directory at every sign-in."""

    def __init__(self, about: About, clock: Clock) -> None:
        self._about, self._clock, self._line = about, clock, LdapLine(about)

    def judge(self, untrusted_name: str, untrusted_password: str) -> Verdict:
        """Find the person as the reader, then bind as the person. Raises SourceGone."""
        name, password = login_name(untrusted_name), untrusted_password
        if not name or not 0 < len(password) <= LONGEST_PASSWORD:
            return WRONG
        with self._line.reading() as reader:
            entry = self._find(reader, name)
            known = self._known(reader, entry) if entry else None
        word = self._tried(entry.dn if entry else self._nobody(name), password)
        if known is None or entry is None:
            return WRONG
        if word is Word.FITS:
            word = self._standing(entry, known)
        return Verdict(word, known if word is Word.FITS else None, outside=True, name=known.name)

    def look(self, name: str) -> Known | None:
        """The person as the directory knows them now. Raises SourceGone."""
        with self._line.reading() as reader:
            entry = self._find(reader, login_name(name))
            return self._known(reader, entry) if entry else None

    def check(self) -> None:
        """Let the reader in and look for the base. Raises SourceGone with what is wrong."""
        with self._line.reading() as reader:
            reader.search(self._about.base, "(objectClass=*)", BASE, attributes=["1.1"])

    def change(self, name: str, old: str, fresh: str, until: float | None) -> None:
        """The person changes their own password; when it ends then is the directory's. Raises Refused, SourceGone."""
        del until
        with self._line.reading() as reader:
            entry = self._find(reader, login_name(name))
        if entry is None or self._tried(entry.dn, old) is not Word.FITS:
            raise Refused("The old password is not right")
        with self._line.bound(entry.dn, old) as person:
            try:
                if self._about.active_directory:
                    person.extend.microsoft.modify_password(entry.dn, fresh, old)
                else:
                    person.extend.standard.modify_password(entry.dn, old, fresh)
            except LDAPOperationResult as refusal:
                raise Refused("The directory does not take this password") from refusal

    def _tried(self, dn: str, password: str) -> Word:
        try:
            with self._line.bound(dn, password):
                return Word.FITS
        except LDAPInvalidCredentialsResult as refusal:
            return word_of_refusal(str(refusal.message or ""))
        except LDAPSASLPrepError:  # no password may hold such signs
            return Word.WRONG

    def _nobody(self, name: str) -> str:
        """An entry that is not there, for a name that nobody has: the bind must be asked all the same."""
        return f"cn={escape_rdn(name)},{self._about.base}"

    def _standing(self, entry: _Entry, known: Known) -> Word:
        """What the directory thinks of an account whose password was right, where its bind does not say so."""
        now = self._clock()
        if rules.disabled(entry.found, now):
            return Word.DISABLED
        return Word.EXPIRED if rules.must_change(entry.found, known.until, now) else Word.FITS

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

    def _known(self, reader: Connection, entry: _Entry) -> Known:
        """The person of this entry, by the one name that the directory has for them. Raises SourceGone."""
        about, found = self._about, entry.found
        name = login_name(found.get(about.name.lower(), ""))
        if not name:
            raise SourceGone("The directory does not show the attribute of [directory] name")
        until = rules.password_until(found, self._max_age(reader, found))
        words = {
            key: found.get(getattr(about, key).lower(), "") for key in ("display", "phone", "email")
        }
        return Known(name, words["display"] or name, words["phone"], words["email"], until)

    def _max_age(self, reader: Connection, found: dict[str, str]) -> float | None:
        """How long a password of this person's policy lives, in seconds."""
        policy = found.get("pwdpolicysubentry") or self._about.policy
        if not policy or not rules.ages(found):
            return None
        reader.search(policy, "(objectClass=*)", BASE, attributes=["pwdMaxAge", "maxPwdAge"])
        rows = _entries(reader)
        return rules.max_age(_plain(rows[0])) if rows else None


def word_of_refusal(message: str) -> Word:
    """What a refused bind means by the directory's own words; only Active Directory says more than no."""
    reason = _AD_REASON.search(message)
    return _AD_WORDS.get(reason[1], Word.WRONG) if reason else Word.WRONG


def _entries(reader: Connection) -> list[dict[str, Any]]:
    """What was found, without the referrals to elsewhere."""
    return [row for row in reader.response or [] if row.get("type") == "searchResEntry"]


def _plain(row: dict[str, Any]) -> dict[str, str]:
    """The first value of each attribute as the directory sent it, for those that are text."""
    raw = row["raw_attributes"]
    return {key.lower(): _text(values[0]) for key, values in raw.items() if values}


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace")[:256]

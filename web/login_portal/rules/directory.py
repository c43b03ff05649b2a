"""How directories write dates and states: shadow days, password policy, Active Directory's 100 nanoseconds since 1601.

Sources: RFC 2307 section 3 (shadowAccount), draft-behera-ldap-password-policy section 5.3, [MS-ADTS] sections 2.2.16
and 3.1.1.4.5.39; RFC 4515 section 3 for filters.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

DAY = 86400.0
_AD_EPOCH, _AD_TICKS, _AD_NEVER = 11_644_473_600.0, 1e7, 0x7FFFFFFFFFFFFFFF
_AD_DISABLED = 0x2
_ESCAPED = {ord(sign): f"\\{ord(sign):02x}" for sign in "\\*()\0"}
_MOST_DAYS = 36500

Attributes = Mapping[str, str]


def escaped(untrusted: str) -> str:
    """A value for a search filter: none of its signs means anything there."""
    return untrusted.translate(_ESCAPED)


def password_until(found: Attributes, max_age: float | None) -> float | None:
    """When the password ends, by whatever this directory says; None when it says nothing. Unix seconds.

    `max_age` is the pwdMaxAge of the person's policy in seconds, if there is one.
    """
    active = _whole(found.get("msds-userpasswordexpirytimecomputed", ""))
    if active is not None:
        ends = active / _AD_TICKS - _AD_EPOCH
        return None if ends <= 0 or active >= _AD_NEVER else ends
    changed = _moment(found.get("pwdchangedtime", ""))
    if changed is not None and max_age:
        return changed + max_age
    last, most = _whole(found.get("shadowlastchange", "")), _whole(found.get("shadowmax", ""))
    if last is not None and most is not None and last > 0 and 0 <= most < _MOST_DAYS:
        return (last + most) * DAY
    return None


def disabled(found: Attributes, now: float) -> bool:
    """Whether the directory has shut this account, by any of the ways that directories write it."""
    control = _whole(found.get("useraccountcontrol", ""))
    if control is not None and control & _AD_DISABLED:
        return True
    if found.get("nsaccountlock", "").lower() == "true" or found.get("pwdaccountlockedtime"):
        return True
    ends = _whole(found.get("shadowexpire", ""))
    return ends is not None and 0 <= ends < now / DAY


def _whole(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None


def _moment(text: str) -> float | None:
    """A generalized time in UTC (RFC 4517 section 3.3.13)."""
    try:
        return datetime.strptime(text[:14] + "+0000", "%Y%m%d%H%M%S%z").timestamp()
    except ValueError:
        return None

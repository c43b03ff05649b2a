"""How directories write dates and states: shadow days, password policy, Active Directory's 100 nanoseconds since 1601.

Sources: RFC 2307 section 3 (shadowAccount), draft-behera-ldap-password-policy section 5.3, [MS-ADTS] sections 2.2.16
and 3.1.1.4.5.39, [MS-ADA1] accountExpires, [MS-ADA2] maxPwdAge, [MS-ADA3] pwdLastSet; RFC 4515 section 3 for filters.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

DAY = 86400.0
_AD_EPOCH, _AD_TICKS, _AD_NEVER = 11_644_473_600.0, 1e7, 0x7FFFFFFFFFFFFFFF
_AD_DISABLED, _AD_LASTS = 0x2, 0x10000  # bits of userAccountControl
_ESCAPED = {ord(sign): f"\\{ord(sign):02x}" for sign in "\\*()\0"}
_MOST_DAYS = 36500
_LATEST = 253_402_300_800.0  # the year 10000, which no calendar of ours can show

Attributes = Mapping[str, str]


def escaped(untrusted: str) -> str:
    """A value for a search filter: none of its signs means anything there."""
    return untrusted.translate(_ESCAPED)


def password_until(found: Attributes, max_age: float | None) -> float | None:
    """When the password ends, by whatever this directory says; None when it says nothing usable. Unix seconds.

    `max_age` is how long a password lives by the person's policy in seconds, if there is one.
    """
    ends = _ends(found, max_age)
    return ends if ends is not None and 0 < ends < _LATEST else None


def _ends(found: Attributes, max_age: float | None) -> float | None:
    computed = found.get("msds-userpasswordexpirytimecomputed", "")
    if _whole(computed) is not None:
        return _filetime(computed)
    changed = _changed(found)
    if changed is not None and max_age:
        return changed + max_age
    last, most = _whole(found.get("shadowlastchange", "")), _whole(found.get("shadowmax", ""))
    if last is not None and most is not None and last > 0 and 0 <= most < _MOST_DAYS:
        return (last + most) * DAY
    return None


def ages(found: Attributes) -> bool:
    """Whether the age of the policy matters for this password."""
    return _changed(found) is not None


def max_age(policy: Attributes) -> float | None:
    """How long a password lives by this policy, in seconds; None for ever. Active Directory counts backwards."""
    age = _whole(policy.get("pwdmaxage", ""))
    if age is None:
        ticks = _whole(policy.get("maxpwdage", ""))
        age = None if ticks is None or ticks <= -_AD_NEVER else round(-ticks / _AD_TICKS)
    return float(age) if age is not None and 0 < age < _MOST_DAYS * DAY else None


def must_change(found: Attributes, until: float | None, now: float) -> bool:
    """Whether Active Directory wants another password before anything else: it was set to 0, or its time has come."""
    if found.get("pwdlastset") == "0":
        return not _control(found) & _AD_LASTS
    return "pwdlastset" in found and until is not None and until <= now


def disabled(found: Attributes, now: float) -> bool:
    """Whether the directory has shut this account, by any of the ways that directories write it."""
    if _control(found) & _AD_DISABLED:
        return True
    if found.get("nsaccountlock", "").lower() == "true" or found.get("pwdaccountlockedtime"):
        return True
    over = _filetime(found.get("accountexpires", ""))
    if over is not None and over <= now:
        return True
    ends = _whole(found.get("shadowexpire", ""))
    return ends is not None and 0 <= ends < now / DAY


def _control(found: Attributes) -> int:
    return _whole(found.get("useraccountcontrol", "")) or 0


def _changed(found: Attributes) -> float | None:
    """When this password was set; None for one that never ends."""
    if "pwdlastset" in found:
        return None if _control(found) & _AD_LASTS else _filetime(found["pwdlastset"])
    return _moment(found.get("pwdchangedtime", ""))


def _filetime(text: str) -> float | None:
    """100 nanoseconds since 1601 as Unix seconds; None for "never", which is 0 or the greatest number there is."""
    ticks = _whole(text)
    if ticks is None or not 0 < ticks < _AD_NEVER:
        return None
    return ticks / _AD_TICKS - _AD_EPOCH


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

"""The one root of our errors. A reason is a sentence a person can act on; it never carries data."""

from __future__ import annotations


class DeskTokenError(Exception):
    """Something we refuse or could not do; `str()` is an English sentence with a Dutch twin in the catalogue."""


class Refused(DeskTokenError):
    """Outside input that does not satisfy our rules: nothing was kept, nothing was done."""


class StorageTrouble(DeskTokenError):
    """The device cannot read or write its records durably."""


class HardwareMissing(DeskTokenError):
    """A panel, camera or other part did not answer."""


class PeerTrouble(DeskTokenError):
    """The other end of a wire is absent, too slow, or says what it may not say."""

"""What must be carried by hand between panel and another screen, and a key that takes its time: events and effects.

A push token's key is made while the panel stays alive; some servers want digits or a text from the panel typed there.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class KeyMaking:
    """A key of so many bits is being made; the panel stays alive meanwhile."""

    bits: int


@dataclass(frozen=True, slots=True)
class KeyMade:
    """It is made, and the server is being told."""


@dataclass(frozen=True, slots=True)
class DigitsToType:
    """The approval was taken, and the login page still waits for these digits."""

    request: str
    digits: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class TextToType:
    """The account is stored; its server works only after somebody typed this text there."""

    account: str
    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class TokenUnknown:
    """The server of this account has refused our signature for hours, with a right clock; False: it takes it again."""

    account: str
    unknown: bool


@dataclass(frozen=True, slots=True)
class ShowText:
    """Effect: show the text again that must be typed at the server. Answer: TextToType."""

    account: str


@dataclass(frozen=True, slots=True)
class TextTyped:
    """Effect: the person says that the server took the text. Answer: AccountsChanged."""

    account: str


@dataclass(frozen=True, slots=True)
class WordsAsked:
    """A server asks the person for words before it links, with this prompt; `wrong` when others were not taken."""

    prompt: str
    wrong: bool = False


@dataclass(frozen=True, slots=True)
class WordsTyped:
    """Somebody typed those words on the device page."""

    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SendWords:
    """Effect: link with these words. Answer: AccountKept, WordsAsked or EnrolmentFailed."""

    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RenewAccounts:
    """Effect: have this container's key and all its accounts renewed. Answer: Synchronised or UpdateFailed."""

    account: str


@dataclass(frozen=True, slots=True)
class Synchronised:
    """The server of this container has handed out what it had."""

    account: str


ElsewhereEvent = (
    KeyMaking
    | KeyMade
    | DigitsToType
    | TextToType
    | TokenUnknown
    | Synchronised
    | WordsAsked
    | WordsTyped
)
ElsewhereEffect = ShowText | TextTyped | SendWords | RenewAccounts

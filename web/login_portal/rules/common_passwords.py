"""The passwords that are tried first, with their usual endings: English, Dutch and keyboard rows. Compared in one case.

Source: NIST SP 800-63B-4 section 3.1.1.2 (a blocklist of commonly used values).
"""

from __future__ import annotations

import re
from itertools import pairwise

_WORDS = (
    "welkom welcome qwerty azerty admin geheim hallo zomer winter lente herfst letmein dragon "
    "password passw0rd p@ssw0rd p@ssword password! iloveyou princess sunshine football baseball "
    "superman starwars computer whatever trustno1 letmein1 welcome1 welcome! michelle jennifer "
    "corvette mercedes maverick midnight butterfly charlie1 liverpool chelsea1 ajax1234 feyenoord "
    "feijenoord amsterdam rotterdam nederland wachtwoord wachtw00rd geheim123 geheimpje welkom123 "
    "welkom01 welkom1234 welkomwelkom zomer2024 zomer2025 zomer2026 winter2024 winter2025 winter2026 "
    "lente2026 herfst2026 voorjaar najaar2026 treinreis stationsplein qwertyui qwertyuiop qwerty123 "
    "qwerty12345 azertyuiop asdfghjk asdfghjkl zxcvbnm1 1q2w3e4r 1qaz2wsx qazwsxedc abcd1234 abc12345 "
    "a1b2c3d4 aa123456 admin123 administrator changeme default1 test1234 testtest hallohallo hallo123"
)
COMMON = frozenset(_WORDS.split())
_ENDINGS = re.compile(r"[0-9!?.#@*\-_]{0,4}")


def is_common(password: str) -> bool:
    """Whether this is one of the first that anybody tries: a listed word, with or without a short ending, one sign
    over and over, or a row of digits or letters."""
    word = password.strip().casefold()
    if len(set(word)) <= 2 or _is_row(word):
        return True
    return any(
        word.startswith(known) and _ENDINGS.fullmatch(word[len(known) :]) for known in COMMON
    )


def _is_row(word: str) -> bool:
    """12345678, 87654321, abcdefgh, and the same with the 0 after the 9."""
    steps = {(ord(right) - ord(left)) % 10 for left, right in pairwise(word)}
    return word.isalnum() and len(steps) == 1 and steps <= {1, 9}

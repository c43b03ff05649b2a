"""Which of our two languages a page speaks: what was chosen, else what the browser asks for, else Dutch."""

from __future__ import annotations

LANGUAGES = ("nl", "en")


def language(chosen: str, accept_language: str) -> str:
    """`nl` or `en`."""
    if chosen in LANGUAGES:
        return chosen
    wishes = [_wish(part) for part in accept_language[:500].lower().split(",")]
    known = [(weight, tag) for weight, tag in wishes if tag in LANGUAGES and weight > 0]
    return max(known, key=lambda wish: wish[0])[1] if known else "nl"


def asked_for(untrusted_locales: str) -> str:
    """The first of our languages among those an application names (`en-GB nl`); empty when it names none."""
    tags = (tag.partition("-")[0] for tag in untrusted_locales[:200].lower().split())
    return next((tag for tag in tags if tag in LANGUAGES), "")


def _wish(part: str) -> tuple[float, str]:
    tag, _, rest = part.strip().partition(";")
    quality = rest.strip().removeprefix("q=")
    try:
        weight = float(quality) if quality else 1.0
    except ValueError:
        weight = 0.0
    return weight, tag.strip().partition("-")[0]

"""What every law shares: how a broken law is told, and what the words of a refusal may be.

A refusal's sentence must stand in the product's source just as it is; then nothing of the input can be in it.
"""

from __future__ import annotations

import ast
import unicodedata
from functools import cache

from appliance.core.errors import DeskTokenError
from tests.house.source import python_files, tree


class LawBroken(AssertionError):
    """A parser did what it may never do."""


def hold(law: object, sentence: str) -> None:
    """Raise LawBroken with this sentence unless the law holds."""
    if not law:
        raise LawBroken(sentence)


@cache
def our_sentences() -> frozenset[str]:
    """Every text constant of the product."""
    return frozenset(
        node.value
        for path in python_files("appliance", "web", "firmware_tools")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def says_nothing(refusal: DeskTokenError) -> None:
    """The refusal is made of our own words alone."""
    hold(str(refusal) in our_sentences(), "a refusal says something that is not in our source")
    words = [word for word in refusal.args if isinstance(word, str)]
    hold(all(word in our_sentences() for word in words), "a refusal carries something of the input")


def is_one_line(words: str, longest: int) -> None:
    """The words can be printed on one line of a terminal and do nothing else there."""
    hold(len(words) <= longest, "a sentence is longer than a person reads")
    hold(
        all(unicodedata.category(sign)[0] != "C" for sign in words), "a sentence has control signs"
    )

"""Click's own words have their Dutch twins: a new click with new words is red here before a person reads them."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import click
from babel.messages.pofile import read_po

from tests.wording.sources import click_compiled, click_file

# said of a mistake in the program, of Windows, of a shell or of what no command of ours has
UNUSED_FILES = ("_winconsole.py", "_termui_impl.py", "shell_completion.py", "decorators.py")
NAMELESS = "No options defined but a name was passed ({name}). "
UNUSED = {
    f"{NAMELESS}Did you mean to declare an argument instead? Did you mean to pass '--{{name}}'?",
    "DeprecationWarning: The command {name!r} is deprecated.{extra_message}",
    "DeprecationWarning: The {param_type} {name!r} is deprecated.{extra_message}",
    "Could not determine name for option with declarations {decls!r}",
    "Arguments take exactly one parameter declaration, got {length}: {decls}.",
    "Name '{name}' defined twice",
    "Boolean option {decl!r} cannot use the same flag for true/false.",
    "Unknown color {colour!r}",
    "Choice({choices})",
}
BUILT = {"required", "Show this message and exit."}


def says() -> Iterator[str]:
    """Every sentence that click asks gettext for."""
    for file in Path(click.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())) if file.name not in UNUSED_FILES else ():
            match node:
                case ast.Call(
                    func=ast.Name("_" | "ngettext"), args=[ast.Constant(str() as english), *_]
                ):
                    yield english


def ours() -> dict[str, tuple[str, ...]]:
    """Each English sentence (of a plural the singular) with all of its Dutch forms."""
    with click_file("po").open("rb") as text:
        read = read_po(text, locale="nl")
    found = {}
    for message in read:
        english = message.id if isinstance(message.id, str) else message.id[0]
        forms = (message.string,) if isinstance(message.string, str) else tuple(message.string)
        found[english] = forms
    found.pop("")
    return found


def places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_every_word_of_click_has_its_dutch_twin() -> None:
    assert (set(says()) - UNUSED | BUILT) - ours().keys() == set()
    assert all(dutch for forms in ours().values() for dutch in forms)


def test_no_word_is_left_over_from_an_older_click() -> None:
    everything = "".join(file.read_text() for file in Path(click.__file__).parent.glob("*.py"))
    assert [e for e in ours() if repr(e)[1:-1] not in everything and e not in everything] == []
    assert UNUSED - set(says()) == set()


def test_no_twin_asks_for_a_value_that_click_does_not_give() -> None:
    with click_file("po").open("rb") as text:
        for message in read_po(text, locale="nl"):
            english = (message.id,) if isinstance(message.id, str) else message.id
            dutch = (message.string,) if isinstance(message.string, str) else message.string
            given = set().union(*map(places, english))
            assert all(places(form) <= given for form in dutch), english


def test_the_compiled_catalogue_is_the_written_one() -> None:
    assert click_file("mo").read_bytes() == click_compiled()

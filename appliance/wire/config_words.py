"""What is wrong in a configuration file, in sentences of ours: what belongs there, never a library's own words.

Of the library that refused it is asked only where that was, and whether a key is missing or unknown; what belongs
there is read from the record. Nothing of the file is repeated but the name of a key.
"""

from __future__ import annotations

import re

import msgspec
from msgspec.inspect import (
    BoolType,
    DictType,
    IntType,
    LiteralType,
    StrType,
    StructType,
    TupleType,
    Type,
    UnionType,
    VarTupleType,
    type_info,
)

from appliance.core.screen import Text, text

Path = tuple[str, ...]
UNKNOWN = text("this key does not exist")
MISSING = text("this is missing")
OTHER = text("another kind of value is expected here")
TWICE = text("this key or table stands in the file twice")
UNFINISHED = text("the file ends too early: a value, a quote or a bracket is missing")
NO_VALUE = text("this is not a value: text stands between quotes, and a list ends with ]")
NO_TOML = text("this line is not TOML: a quote, a bracket or an = is missing, or one too many")
_TABLE = text("a table is expected here: a line with this name in square brackets")
_BY_KIND: dict[type[Type], Text] = {
    BoolType: text("true or false is expected here"),
    DictType: _TABLE,
    StrType: text("text between quotes is expected here"),
    StructType: _TABLE,
    VarTupleType: text('a list is expected here, such as ["one", "two"]'),
}
_REFUSED = re.compile(
    r"(?:Object contains unknown field `(?P<unknown>.*?)`|Object missing required field `(?P<missing>\w+)`|.*?)"
    r"(?: - at `\$(?P<place>[\w.\[\]]*)`)?",
    re.DOTALL,
)


def refusal(untrusted_reason: str, record: type[msgspec.Struct]) -> tuple[Path, Text]:
    """The key that does not fit the record, and what belongs there; `untrusted_reason` is msgspec's."""
    found = _REFUSED.fullmatch(untrusted_reason)
    unknown, missing, place = found.group("unknown", "missing", "place") if found else ("", "", "")
    path = tuple(re.findall(r"\.(\w+)", place or ""))
    if unknown is not None:
        return (*path, unknown), UNKNOWN
    if missing is not None:
        return (*path, missing), MISSING
    return path, expected(_kind_at(record, path))


def _kind_at(record: type[msgspec.Struct], path: Path) -> Type:
    kind = type_info(record)
    for key in path:
        fields = kind.fields if isinstance(kind, StructType) else ()
        kind = next((field.type for field in fields if field.encode_name == key), kind)
    return kind


def expected(kind: Type) -> Text:
    """What belongs where a value of this kind is read."""
    match kind:
        case UnionType(types=(some, _)):
            return expected(some)
        case IntType(ge=low, le=high):
            return text(
                "a whole number from {low} to {high} is expected here", low=str(low), high=str(high)
            )
        case LiteralType(values=values):
            return text("choose from: {words}", words=Text(", ".join(map(str, values))))
        case TupleType(item_types=(IntType() as first, IntType() as second)):
            return text(
                "two whole numbers are expected here: [{first}, {second}]",
                first=_range(first),
                second=_range(second),
            )
        case _:
            return _BY_KIND.get(type(kind), OTHER)


def _range(number: IntType) -> Text:
    return text("{low} to {high}", low=str(number.ge), high=str(number.le))


def not_toml(untrusted_reason: str) -> tuple[int, Text]:
    """The line that is not TOML, 0 at the end of the file, and what to look for; `untrusted_reason` is tomllib's."""
    found = re.search(r"\(at line (\d+), column \d+\)$", untrusted_reason)
    if found is None:
        return 0, UNFINISHED
    line = int(found[1])
    if untrusted_reason.startswith(("Cannot ", "Duplicate ")):
        return line, TWICE
    if untrusted_reason.startswith("Invalid "):
        return line, NO_VALUE
    return line, NO_TOML

"""The records of an API as the JSON schemas of its OpenAPI file: one way for the device's page and for the portal."""

from __future__ import annotations

from collections.abc import Sequence
from inspect import cleandoc
from typing import Any

import msgspec


def schemas_of(records: Sequence[type]) -> tuple[dict[type, Any], dict[str, Any]]:
    """What stands for each record where it is used, and the components by name that this refers to."""
    schemas, parts = msgspec.json.schema_components(
        records, ref_template="#/components/schemas/{name}"
    )
    for part in parts.values():  # Python 3.13 takes the indentation away, 3.11 does not
        part["description"] = cleandoc(part.get("description", ""))
    return dict(zip(records, schemas, strict=True)), parts

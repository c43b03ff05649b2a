"""What tests do to an entry of a real directory, whichever directory it is."""

from __future__ import annotations

from collections.abc import Mapping

from ldap3 import MODIFY_REPLACE, Connection


def rewrite(root: Connection, dn: str, values: Mapping[str, str]) -> None:
    """Give each of these attributes this one value."""
    changes = {key: [(MODIFY_REPLACE, [value])] for key, value in values.items()}
    assert root.modify(dn, changes), root.result

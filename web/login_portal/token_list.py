"""The portal's list of tokens as CSV, for the technician's `fleet inventory`. It must never hold a key or a seed."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from sqlalchemy import Connection

from appliance.wire.portal_list import COLUMNS, LINKED, REVOKED, PortalToken
from web.login_portal import token_states, tokens
from web.login_portal.rules.tables_of_text import moment, written


def as_csv(reading: Connection) -> str:
    """Every token that was ever linked, oldest first, below a line of headings."""
    return written([COLUMNS, *(msgspec.structs.astuple(row) for row in _rows(reading))])


def _rows(reading: Connection) -> Iterator[PortalToken]:
    states = token_states.everyone(reading)
    for one in tokens.everything(reading):
        state = states.get(one.id, token_states.State(one.id))
        yield PortalToken(
            token=one.id,
            person=one.name,
            serial=one.serial,
            software=state.software or one.software,
            storage=state.storage or one.storage,
            clock=state.clock,
            linked=moment(one.made),
            seen="" if state.seen is None else moment(state.seen),
            state=LINKED if one.revoked is None else REVOKED,
        )

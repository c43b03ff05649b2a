"""Who may come in where no password is judged: by passkey, from a kiosk, or on with what an application was given.

The one place that every such way asks, so that somebody who may not come in is kept out of all of them.
"""

from __future__ import annotations

from sqlalchemy import Connection

from web.login_portal import particulars, people
from web.login_portal.people import Person


def admitted(reading: Connection, person: str) -> Person | None:
    """The person with this id, if they may come in: the service desk can block anybody."""
    if particulars.of(reading, person).blocked is not None:
        return None
    return people.with_id(reading, person)

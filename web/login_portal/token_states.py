"""How a token is doing, as it says itself: when it was last heard, its version, storage level and clock. A loan's end.

What stands here is for the eye of the service desk; nothing is decided by it but the end of a loan.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, insert, select, update

from web.login_portal.store.database import Writing
from web.login_portal.store.desk_tables import token_states
from web.login_portal.store.prepared import Prepared
from web.login_portal.store.schema import tokens

_CHANGE = Prepared(update(token_states).where(token_states.c.token == bindparam("of")))
_ADD = Prepared(insert(token_states))


@dataclass(frozen=True, slots=True)
class State:
    """Of one token. `seen` and `ends` are Unix seconds; None when never, and when it is no loan."""

    token: str
    seen: float | None = None
    software: str = ""
    storage: str = ""
    clock: str = ""
    ends: float | None = None


def of(reading: Connection, token: str) -> State:
    """How this token is doing."""
    row = reading.execute(select(token_states).where(token_states.c.token == token)).mappings()
    found = row.first()
    return State(token) if found is None else State(**found)


def everyone(reading: Connection) -> dict[str, State]:
    """How every token is doing that said so, by its id."""
    rows = reading.execute(select(token_states)).mappings()
    return {row["token"]: State(**row) for row in rows}


def heard(writing: Writing, token: str, now: float, **said: str) -> None:
    """The token was heard, and said this of itself; an empty word changes nothing, nor one that cannot be shown."""
    told = {field: word[:64] for field, word in said.items() if word and word.isprintable()}
    _change(writing, token, seen=now, **told)


def lend(writing: Writing, token: str, ends: float) -> None:
    """This token is a loan that ends by itself."""
    _change(writing, token, ends=ends)


def over(reading: Connection, now: float) -> list[str]:
    """Linked tokens whose loan is over."""
    joined = token_states.join(tokens, tokens.c.id == token_states.c.token)
    due = tokens.c.revoked.is_(None) & (token_states.c.ends <= now)
    rows = reading.execute(select(token_states.c.token).select_from(joined).where(due))
    return [str(row.token) for row in rows]


def _change(writing: Writing, token: str, **values: object) -> None:
    if _CHANGE.run(writing.connection, of=token, **values) == 0:
        _ADD.run(writing.connection, token=token, **values)

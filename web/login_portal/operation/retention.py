"""What is forgotten, and when. Whatever guards against a replay is kept longer than what could be replayed lives."""

from __future__ import annotations

from sqlalchemy import delete

from web.login_portal.store.database import Writing
from web.login_portal.store.desk_tables import audit, reports
from web.login_portal.store.schema import answers, assertions, outbox, requests, tickets

DAY = 86400.0
AUDIT_DAYS = 2 * 365


def forget_old(writing: Writing, now: float, days: int) -> None:
    """Drop ended requests and their answers after so many days; spent tickets, assertions and messages after one.

    What the service desk did is kept two years, a report that somebody has seen to as long as a request.
    """
    long_ago, yesterday = now - days * DAY, now - DAY
    writing.execute(delete(requests).where(requests.c.issued < long_ago))
    writing.execute(delete(answers).where(answers.c.at < long_ago))
    writing.execute(delete(tickets).where(tickets.c.expires < yesterday))
    writing.execute(delete(assertions).where(assertions.c.expires < now))
    writing.execute(delete(outbox).where(outbox.c.at < yesterday))
    writing.execute(delete(audit).where(audit.c.at < now - AUDIT_DAYS * DAY))
    writing.execute(delete(reports).where(reports.c.acknowledged < long_ago))

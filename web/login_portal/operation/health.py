"""Whether this worker lives, and whether it can serve: two addresses for load balancers, which say nothing else."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from sqlalchemy import text as sql

from appliance.core.errors import StorageTrouble
from web.login_portal.device_api.asgi import Scope, Send
from web.login_portal.store.database import Database

LIVE, READY = "/health/live", "/health/ready"


@dataclass(slots=True)
class Health:
    """Answers both addresses. Once it is `stopping`, the balancer is to send people elsewhere."""

    database: Database
    stopping: bool = False

    async def __call__(self, scope: Scope, send: Send) -> None:
        """200 or 503, with one word."""
        good = scope["path"] == LIVE or (not self.stopping and await asyncio.to_thread(self._reads))
        word = b"ok\n" if good else b"not ready\n"
        headers = [(b"content-type", b"text/plain"), (b"cache-control", b"no-store")]
        status = 200 if good else 503
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": word, "more_body": False})

    def _reads(self) -> bool:
        try:
            with self.database.reading() as reading:
                return reading.execute(sql("SELECT 1")).scalar() == 1
        except StorageTrouble:
            return False

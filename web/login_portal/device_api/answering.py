"""The address for answers as one plain ASGI callable: signed text in, how the login ended out.

Somebody stands at the token and waits, so there is nothing between the network and the judge. An answer that comes by
the broker is judged by the same function. It never decides anything itself.
"""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass

import msgspec

from appliance.core.errors import Refused, StorageTrouble
from appliance.wire.broker import Receipt
from appliance.wire.jose import CAP
from appliance.wire.letters import Result
from web.login_portal.device_api.asgi import Receive, Scope, Send, body, on_worker, plain, reply
from web.login_portal.device_api.problems import KIND, problem_body
from web.login_portal.portal import Portal


@dataclass(frozen=True, slots=True)
class Answering:
    """Serves the address; transactions run on the workers, so that the event loop waits for no disk."""

    portal: Portal
    workers: Executor

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One answer, from start to end."""
        if plain(scope).get("host", "").lower() not in self.portal.config.origin.hosts:
            return await _refuse(send, 421, "Misdirected Request")
        if scope["method"] != "POST":
            return await _refuse(send, 405, "Method Not Allowed")
        untrusted = await body(receive, CAP)
        if untrusted is None:
            return None
        if len(untrusted) > CAP:
            return await _refuse(send, 413, "Request Entity Too Large")
        text = untrusted.decode("ascii", "replace").strip()
        receipt = await on_worker(self.workers, judged, self.portal, text)
        kind = "application/json" if receipt.status == 200 else KIND
        return await reply(send, receipt.status, kind, receipt.body.encode())


def judged(portal: Portal, untrusted: str) -> Receipt:
    """What is said to an answer, whatever carried it."""
    try:
        outcome = portal.answers.take(untrusted, portal.clock())
    except Refused as refused:
        portal.log.note("answer refused", reason=str(refused))
        return Receipt(403, problem_body(403, str(refused)).decode())
    except StorageTrouble as trouble:
        portal.log.note("store failed", reason=str(trouble))
        return Receipt(503, problem_body(503, "Service Unavailable").decode())
    return Receipt(200, msgspec.json.encode(Result(outcome.value)).decode())


async def _refuse(send: Send, status: int, title: str) -> None:
    await reply(send, status, KIND, problem_body(status, title))

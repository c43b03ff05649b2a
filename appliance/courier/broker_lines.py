"""The lines to brokers that are open now, by portal: an answer takes the open line, and HTTP when there is none."""

from __future__ import annotations

from appliance.courier.broker_line import BrokerLine
from appliance.courier.exchange import Reply
from appliance.wire.paths import ANSWERS


class BrokerLines:
    """Shared by the lines, which open and close them, and by the errands, which use them."""

    def __init__(self) -> None:
        self._open: dict[str, BrokerLine] = {}

    def opened(self, origin: str, line: BrokerLine) -> None:
        """This portal is reached by this line from now on."""
        self._open[origin] = line

    def ended(self, origin: str, line: BrokerLine) -> None:
        """It is not any more, unless another line took its place."""
        if self._open.get(origin) is line:
            del self._open[origin]

    def ask(self, url: str, body: str) -> Reply | None:
        """What the portal says to this answer; None to send it by HTTP, which does the same when done twice."""
        line = self._open.get(url.removesuffix(ANSWERS)) if url.endswith(ANSWERS) else None
        receipt = line.ask(body) if line is not None else None
        return None if receipt is None else Reply(receipt.status, receipt.body)

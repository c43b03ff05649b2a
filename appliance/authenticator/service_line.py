"""The technician's line as the authenticator knows it: sealed or not, open until when, and what its orders came to.

The seal is one record of the vault, durable when it is told; a vault that does not answer counts as sealed, and so does
a device that already has an account. A reset leaves the record: it belongs to the device, as its language does.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field

import msgspec

from appliance.authenticator.boards import Boards
from appliance.authenticator.vault import Vault
from appliance.core.clock_trust import Now
from appliance.core.desk import Desk
from appliance.core.errors import Refused, StorageTrouble
from appliance.core.events import Event
from appliance.core.flows.asked import Asked
from appliance.core.flows.trial import Trying
from appliance.core.wishes import Kind, Wish, Wished
from appliance.wire.config_file import is_origin

OPEN_SECONDS = 600.0
MOST_PORTALS, MOST_ORDERS = 8, 16
RECORD = "service"
KINDS = (Kind.SEAL, Kind.SERVICE)


class Provided(msgspec.Struct, frozen=True):
    """What a technician gave this device for good."""

    sealed: bool = False
    portals: tuple[str, ...] = ()


@dataclass
class ServiceLine:
    """The state of it; the consumer uses it. `desk` is the newest one, `decoded` how the camera's trial went."""

    vault: Vault
    boards: Boards = field(default_factory=Boards)
    allowed: tuple[str, ...] = ()
    keys: tuple[str, ...] = ("ok",)
    desk: Desk | None = None
    decoded: str = ""
    orders: dict[str, str] = field(default_factory=dict)
    _text: str = field(default="", repr=False)
    _until: float = 0.0
    _known: Provided | None = None

    def provided(self) -> Provided:
        """What was given; a vault that does not answer counts as sealed."""
        if self._known is None:
            try:
                self._known = self.vault.read(RECORD, Provided) or Provided()
            except StorageTrouble:
                return Provided(sealed=True)
        return self._known

    def portals(self) -> tuple[str, ...]:
        """The portals that may be linked: the configuration's, and of these the line's choice."""
        return self.provided().portals or self.allowed

    def open_for(self, now: float) -> float:
        """The seconds for which the line is open; -1 while it is so until the sealing."""
        if not self.vault.trouble and not self._counts_as_sealed():
            return -1.0
        return max(0.0, self._until - now)

    def guard(self, now: float) -> None:
        """Raises Refused unless the line is open."""
        if self.open_for(now) == 0.0:
            raise Refused("This token is sealed; hold on the token first")

    def ask(self, kind: Kind) -> Event:
        """Put the question before the person."""
        return Wished(Wish(secrets.token_hex(8), kind))

    def granted(self, kind: Kind, now: Now) -> None:
        """The person held. Sealing is durable when this returns. Raises StorageTrouble."""
        if kind is Kind.SERVICE:
            self._until = now.monotonic + OPEN_SECONDS
            return
        self._keep(msgspec.structs.replace(self.provided(), sealed=True))
        self._until = 0.0

    def choose_portals(self, untrusted_origins: tuple[str, ...]) -> tuple[str, ...]:
        """Only these from now on. Raises Refused, StorageTrouble."""
        if len(untrusted_origins) > MOST_PORTALS or not all(map(is_origin, untrusted_origins)):
            raise Refused("Each portal is an https address without a path")
        if self.allowed and not set(untrusted_origins) <= set(self.allowed):
            raise Refused("The configuration of this token does not allow that portal")
        self._keep(msgspec.structs.replace(self.provided(), portals=untrusted_origins))
        return self.portals()

    def keep_through_reset(self, provided: Provided) -> None:
        """After the records were erased. Raises StorageTrouble."""
        self._until = 0.0
        self._keep(provided)

    def expect(self, text: str) -> None:
        """The camera's trial begins: this is what its code must say."""
        self._text, self.decoded = text, "looking"

    def saw(self, untrusted_text: str) -> None:
        """The camera read something. What it was is compared and forgotten."""
        right = hmac.compare_digest(untrusted_text.encode(), self._text.encode())
        self.decoded = "right" if right and self._text else "wrong"

    def order(self, number: str) -> None:
        """Remember an order of this line."""
        self.orders[number] = ""
        while len(self.orders) > MOST_ORDERS:
            del self.orders[next(iter(self.orders))]

    def done(self, number: str, trouble: str) -> None:
        """An order ended, if it was ours."""
        if number in self.orders:
            self.orders[number] = trouble[:120] or "done"

    def on_panel(self) -> str:
        """Which question of ours stands on the panel now."""
        mode = self.desk.mode if self.desk else None
        return mode.wish.kind.value if isinstance(mode, Asked) and mode.wish.kind in KINDS else ""

    def trial(self) -> Trying | None:
        """The trial that goes on."""
        mode = self.desk.mode if self.desk else None
        return mode if isinstance(mode, Trying) else None

    def _counts_as_sealed(self) -> bool:
        return self.provided().sealed or bool(self.desk and self.desk.accounts)

    def _keep(self, provided: Provided) -> None:
        self.vault.write({RECORD: msgspec.json.encode(provided)})
        self._known = provided

"""What the check asks of the device it runs on. The real one is `this_machine`; the tests have one of their own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from appliance.core.clock_trust import Trust
from appliance.wire.boards import Display
from appliance.wire.config_file import Camera, Config


@dataclass(frozen=True, slots=True)
class Member:
    """That a user of ours exists, and belongs to a group, as the package wants it."""

    user: str
    group: str
    is_user: bool
    is_member: bool


@dataclass(frozen=True, slots=True)
class Disk:
    """The disk with the records: free bytes, and whether the system has made it read-only."""

    free: int
    read_only: bool


@dataclass(frozen=True, slots=True)
class Token:
    """What the running token says of itself: `parts` are `good`, `bad` or `unknown`."""

    parts: dict[str, str]
    trust: Trust


class World(Protocol):
    """The device, as root sees it. Nothing here changes anything."""

    def config(self) -> Config:
        """What the authenticator would start with. Raises ConfigTrouble."""

    def members(self) -> tuple[Member, ...]:
        """Each membership that the package asks for."""

    def is_there(self, device: Path) -> bool:
        """Whether this device file exists."""

    def has_driver(self, module: str) -> bool:
        """Whether Python finds this driver."""

    def panel_at(self, display: Display) -> int | None:
        """The I2C address at which a panel answers, its own first. Raises HardwareMissing without a bus."""

    def see(self, camera: Camera) -> None:
        """Take one frame. Raises CameraMissing, CameraBusy."""

    def disk(self, state: Path) -> Disk | None:
        """None when the folder of the records is not there."""

    def key_level(self, state: Path) -> str:
        """At which level the key of the records is guarded; empty for a fresh device."""

    def trust(self) -> Trust:
        """How far a token that starts now would believe the clock."""

    def failed(self) -> tuple[str, ...]:
        """Our units that failed."""

    def token(self) -> Token | None:
        """What the running token says; None when it does not answer."""

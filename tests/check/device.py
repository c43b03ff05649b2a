"""A device as the check sees it, whole unless a test says otherwise."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from appliance.check.world import Disk, Member, Token
from appliance.config import load
from appliance.core.clock_trust import Trust
from appliance.core.errors import DeskTokenError
from appliance.wire.boards import Display
from appliance.wire.config_file import Camera, Config

SHIPPED = Path(__file__).parents[2] / "config" / "desk-token.toml"
DEVICES = frozenset(map(Path, ("/dev/gpiochip0", "/dev/i2c-1", "/dev/spidev0.0")))
DRIVERS = frozenset({"lgpio", "spidev", "picamera2"})
GPIO = Member("desk-token", "gpio", is_user=True, is_member=True)


@dataclass(frozen=True)
class Device:
    """Every answer of `World` is a field; one that is an error is raised."""

    board: str = "generic-ssd1306-i2c"
    refused: DeskTokenError | None = None
    groups: tuple[Member, ...] = (GPIO,)
    devices: frozenset[Path] = DEVICES
    drivers: frozenset[str] = DRIVERS
    answers: int | DeskTokenError | None = 0x3C
    camera: DeskTokenError | None = None
    space: Disk | None = field(default=Disk(1 << 30, read_only=False))
    level: str = "TPM 2.0"
    clock: Trust = Trust.SYNCED
    broken: tuple[str, ...] = ()
    says: Token | None = field(default=Token({"storage": "good"}, Trust.SYNCED))

    def but(self, **changed: object) -> Device:
        """The same with another answer."""
        return replace(self, **changed)  # type: ignore[arg-type]

    def config(self) -> Config:
        if self.refused is not None:
            raise self.refused
        return load(SHIPPED, self.board)

    def members(self) -> tuple[Member, ...]:
        return self.groups

    def is_there(self, device: Path) -> bool:
        return device in self.devices

    def has_driver(self, module: str) -> bool:
        return module in self.drivers

    def panel_at(self, display: Display) -> int | None:
        del display
        if isinstance(self.answers, DeskTokenError):
            raise self.answers
        return self.answers

    def see(self, camera: Camera) -> None:
        del camera
        if self.camera is not None:
            raise self.camera

    def disk(self, state: Path) -> Disk | None:
        del state
        return self.space

    def key_level(self, state: Path) -> str:
        del state
        return self.level

    def trust(self) -> Trust:
        return self.clock

    def failed(self) -> tuple[str, ...]:
        return self.broken

    def token(self) -> Token | None:
        return self.says

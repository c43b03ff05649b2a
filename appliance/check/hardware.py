"""What the pins, buses, panel and camera answered, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from appliance.check.finding import Finding, _, bad, good, hint
from appliance.check.world import World
from appliance.core.errors import HardwareMissing
from appliance.hardware.camera import CameraBusy
from appliance.wire.boards import Display
from appliance.wire.config_file import Config

CHIPS = (Path("/dev/gpiochip0"), Path("/dev/gpiochip4"))


def hardware(world: World, config: Config) -> Iterator[Finding]:
    """Pins, then the panel's bus, then what hangs on it, then the camera."""
    yield from _pins(world)
    display = config.board.display
    if display.bus == "i2c":
        yield from _i2c(world, display)
    elif display.bus == "spi":
        yield from _spi(world, display)
    yield _camera(world, config)


def _pins(world: World) -> Iterator[Finding]:
    if not any(world.is_there(chip) for chip in CHIPS):
        yield bad(
            "pins",
            _("There are no pins: this is not a Raspberry Pi, or its kernel is too old"),
            _("Use a Raspberry Pi with a current Raspberry Pi OS"),
        )
    elif not world.has_driver("lgpio"):
        yield bad(
            "pins", _("The driver of the pins is missing"), _("sudo apt install python3-lgpio")
        )
    else:
        yield good("pins", _("The pins are there"))  # fmt: skip


def _i2c(world: World, display: Display) -> Iterator[Finding]:
    port, wanted = str(display.i2c_port), hex(display.i2c_address)
    if not world.is_there(Path(f"/dev/i2c-{port}")):
        yield _no_bus(f"i2c-{port}")
        return
    try:
        answers = world.panel_at(display)
    except HardwareMissing:
        yield _no_bus(f"i2c-{port}")
        return
    if answers is None:
        yield bad(
            "panel",
            _("No panel answers at {address}"),
            _("Check the panel's four wires (docs/wiring.md) and the board's name in the configuration"),
            address=wanted,
        )  # fmt: skip
    elif answers != display.i2c_address:
        yield bad(
            "panel",
            _("The panel answers at {found}, not at {address}"),
            _("Write i2c_address = {found} under [hardware.display] in /etc/desk-token/desk-token.toml"),
            address=wanted,
            found=hex(answers),
        )  # fmt: skip
    else:
        yield good("panel", _("A panel answers at {address}"), address=wanted)
        yield from _twin(display)


def _twin(display: Display) -> Iterator[Finding]:
    """Both controllers take the same words on I2C; only an eye tells them apart."""
    other = {"ssd1306": "generic-sh1106-i2c", "sh1106": "generic-ssd1306-i2c"}.get(display.driver)
    if other:
        yield hint(
            "panel",
            _("Panels with an SH1106 are sold as SSD1306"),
            _('Is the picture two pixels off, or is there snow at an edge? Then: profile = "{other}"'),
            other=other,
        )  # fmt: skip


def _spi(world: World, display: Display) -> Iterator[Finding]:
    """A panel on SPI cannot answer: the running token knows only whether its writes are taken."""
    bus = f"spidev{display.spi_port}.{display.spi_device}"
    if not world.is_there(Path(f"/dev/{bus}")):
        yield _no_bus(bus)
    elif not world.has_driver("spidev"):
        yield bad(
            "panel", _("The driver of the bus is missing"), _("sudo apt install python3-spidev")
        )
    else:
        yield good(
            "panel", _("The bus {bus} is there; a panel on it cannot answer, so look at it"), bus=bus
        )  # fmt: skip


def _no_bus(bus: str) -> Finding:
    return bad(
        "panel",
        _("There is no bus {bus}"),
        _("sudo /usr/lib/desk-token/boot-settings apply, then start the Pi anew"),
        bus=bus,
    )


def _camera(world: World, config: Config) -> Finding:
    if config.camera.model == "none":
        return good("camera", _("The configuration says that there is no camera"))
    try:
        world.see(config.camera)
    except CameraBusy:
        return hint(
            "camera",
            _("The camera is in use"),
            _("End the scan on the panel, or whatever program uses the camera, and check again"),
        )
    except HardwareMissing:
        return bad("camera", _("No camera gives a picture"), _camera_cure(world))
    return good("camera", _("The camera gives pictures"))


def _camera_cure(world: World) -> str:
    if not world.has_driver("picamera2"):
        return _(
            "sudo apt install --no-install-recommends python3-picamera2, or plug in a USB camera"
        )
    return _("Switch off and push the ribbon in to the end, at both sides and the right way round")

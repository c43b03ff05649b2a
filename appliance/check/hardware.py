"""What the pins, buses, panel and camera answered, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from appliance.check.finding import Finding, bad, good, hint
from appliance.check.world import World
from appliance.core.errors import HardwareMissing
from appliance.core.screen import Text, text
from appliance.hardware.camera import CameraBusy
from appliance.wire.boards import Display
from appliance.wire.config_file import Config

CHIPS = (Path("/dev/gpiochip0"), Path("/dev/gpiochip4"))
CURRENT_PI = text("Use a Raspberry Pi with a current Raspberry Pi OS")
SWITCH_ON = text("sudo /usr/lib/desk-token/boot-settings apply, then start the Pi anew")
CHECK_WIRES = text(
    "Check the panel's four wires (docs/wiring.md) and the board's name in the configuration"
)
END_USE = text(
    "End the scan on the panel, or whatever program uses the camera, and check again"
)  # fmt: skip
GET_CAMERA = text(
    "sudo apt install --no-install-recommends python3-picamera2, or plug in a USB camera"
)
PUSH_RIBBON = text(
    "Switch off and push the ribbon in to the end, at both sides and the right way round"
)


def hardware(world: World, config: Config) -> Iterator[Finding]:
    """Pins, then the panel's bus and what hangs on it, then the camera."""
    yield _pins(world)
    display = config.board.display
    if display.bus == "i2c":
        yield from _i2c(world, display)
    elif display.bus == "spi":
        yield _spi(world, display)
    yield _camera(world, config)


def _pins(world: World) -> Finding:
    if not any(world.is_there(chip) for chip in CHIPS):
        said = text("There are no pins: this is not a Raspberry Pi, or its kernel is too old")
        return bad("pins", said, CURRENT_PI)
    if not world.has_driver("lgpio"):
        cure = text("sudo apt install python3-lgpio")
        return bad("pins", text("The driver of the pins is missing"), cure)
    return good("pins", text("The pins are there"))


def _i2c(world: World, display: Display) -> Iterator[Finding]:
    bus, wanted = f"i2c-{display.i2c_port}", hex(display.i2c_address)
    if not world.is_there(Path("/dev") / bus):
        yield _no_bus(bus)
        return
    try:
        answers = world.panel_at(display)
    except HardwareMissing:
        yield _no_bus(bus)
        return
    if answers is None:
        yield bad("panel", text("No panel answers at {address}", address=wanted), CHECK_WIRES)
    elif answers != display.i2c_address:
        yield _elsewhere(wanted, hex(answers))
    else:
        yield good("panel", text("A panel answers at {address}", address=wanted))
        yield from _twin(display)


def _elsewhere(wanted: str, found: str) -> Finding:
    said = text("The panel answers at {found}, not at {address}", found=found, address=wanted)
    cure = text(
        "Write i2c_address = {found} under [hardware.display] in /etc/desk-token/desk-token.toml",
        found=found,
    )
    return bad("panel", said, cure)


def _twin(display: Display) -> Iterator[Finding]:
    """Both controllers take the same words on I2C; only an eye tells them apart."""
    other = {"ssd1306": "generic-sh1106-i2c", "sh1106": "generic-ssd1306-i2c"}.get(display.driver)
    if other:
        cure = text(
            'Is the picture two pixels off, or is there snow at an edge? Then: profile = "{other}"',
            other=other,
        )
        yield hint("panel", text("Panels with an SH1106 are sold as SSD1306"), cure)


def _spi(world: World, display: Display) -> Finding:
    bus = f"spidev{display.spi_port}.{display.spi_device}"
    if not world.is_there(Path("/dev") / bus):
        return _no_bus(bus)
    if not world.has_driver("spidev"):
        cure = text("sudo apt install python3-spidev")
        return bad("panel", text("The driver of the bus is missing"), cure)
    said = text("The bus {bus} is there; a panel on it cannot answer, so look at it", bus=bus)
    return good("panel", said)


def _no_bus(bus: str) -> Finding:
    return bad("panel", text("There is no bus {bus}", bus=bus), SWITCH_ON)


def _camera(world: World, config: Config) -> Finding:
    if config.camera.model == "none":
        return good("camera", text("The configuration says that there is no camera"))
    try:
        world.see(config.camera)
    except CameraBusy:
        return hint("camera", text("The camera is in use"), END_USE)
    except HardwareMissing:
        return bad("camera", text("No camera gives a picture"), _camera_cure(world))
    return good("camera", text("The camera gives pictures"))


def _camera_cure(world: World) -> Text:
    return PUSH_RIBBON if world.has_driver("picamera2") else GET_CAMERA

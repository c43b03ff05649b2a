"""Other hardware and hardware that is not there: an SPI panel, no bus, another address, a dead scanner."""

from __future__ import annotations

import time

import pytest

from tests.hardware.glass import Sh1106
from tests.vm.story_faults import PAGE
from tests.vm.token import Token

CONFIG = "/etc/desk-token/desk-token.toml"
AUTHENTICATOR = "desk-token-authenticator.service"
LOG = f"journalctl -b -u {AUTHENTICATOR} --no-pager"
OK_OF_THE_HAT = 13
HOME = "Scan uw QR-code"  # a message of what went wrong has the same title as home
# takes the camera as any other program would, and keeps it
HOLDER = (
    "systemd-run --quiet --unit=holder -p Environment=PYTHONPATH=$(echo /opt/desk-token/current/lib/"
    "python3*/site-packages) /opt/desk-token/current/bin/python -c 'from appliance.hardware import "
    'camera_v4l2 as v; c = v.V4l2Camera(v.first_device(), (640, 480)).__enter__(); print("held", '
    "flush=True); [None for _ in c.frames()]'"
)
HELD = "journalctl -b -u holder --no-pager | grep -q held"
PREVIEW = (slice(0, 54), slice(0, 72))
LINK = "otpauth://totp/Example:kim?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Example"


def changed(token: Token, change: str) -> None:
    """Change the configuration as a person would, and start anew."""
    token.machine.does(f"sed -i '{change}' {CONFIG}")
    token.forgets()
    token.machine.does(f"systemctl restart {AUTHENTICATOR}")


def test_a_panel_on_spi_is_a_line_in_the_configuration(fresh: Token) -> None:
    fresh.picture()
    hat = Token(fresh.machine, Sh1106())
    hat.taken = fresh.taken
    fresh.machine.does(f"systemctl stop {AUTHENTICATOR}")
    fresh.picture()
    hat.taken = fresh.taken
    changed(hat, "s/generic-ssd1306-i2c/waveshare-oled-1in3/")
    hat.sees("Niet gekoppeld")
    hat.settle()
    hat.hold(key=OK_OF_THE_HAT)
    hat.sees("Camera", "aan")


def test_a_board_without_the_bus_says_so_in_the_log_and_its_page_still_answers(
    fresh: Token,
) -> None:
    machine = fresh.machine
    words = machine.does("cat /sys/module/pitap/parameters/dc_gpio")
    machine.does(f"systemctl stop {AUTHENTICATOR} tap.service; rmmod pitap")
    machine.does(f"systemctl start {AUTHENTICATOR}")
    machine.until(f"{LOG} | grep -q 'There is no I2C bus; is it switched on'")
    machine.until(PAGE)
    assert "Traceback" not in machine.does(LOG)
    assert machine.does(f"systemctl is-active {AUTHENTICATOR}") == "active"
    machine.does(f"modprobe pitap bus=1 dc_gpio={words}; systemctl start tap.service")
    fresh.taken = 0
    fresh.glass = type(fresh.glass)()
    machine.does(f"systemctl restart {AUTHENTICATOR}")
    fresh.sees("Niet gekoppeld")


def test_a_panel_at_the_other_address_is_named_in_the_log_and_used_when_it_is_configured(
    fresh: Token,
) -> None:
    machine = fresh.machine
    machine.does("echo 61 > /sys/module/pitap/parameters/addr")
    fresh.forgets()
    machine.does(f"systemctl restart {AUTHENTICATOR}")
    machine.until(f"{LOG} | grep -q 'A panel answers at the other I2C address'")
    # nothing to see is no life: the watchdog starts it anew, and never so often that systemd gives up
    machine.until(f"test $(systemctl show -p NRestarts --value {AUTHENTICATOR}) -gt 0", 120)
    changed(fresh, "s/^# i2c_address = 0x3d/i2c_address = 0x3d/")
    fresh.sees("Niet gekoppeld")


@pytest.mark.parametrize(("signal", "sentence"), [("KILL", "Camera niet"), ("STOP", "tijd is om")])
def test_a_scanner_that_dies_or_hangs_is_a_sentence_and_the_next_scan_reads(
    fresh: Token, signal: str, sentence: str
) -> None:
    machine = fresh.machine
    fresh.camera_sees()
    fresh.wakes("Niet gekoppeld")
    fresh.hold()
    fresh.sees("Camera", "aan")
    machine.does(f"systemctl kill --signal={signal} 'desk-token-scanner@*.service'")
    fresh.sees(sentence)
    fresh.camera_sees(LINK)
    fresh.wakes(HOME)
    fresh.hold()
    fresh.sees("Example", patience=120)


def test_a_camera_that_another_program_holds_is_said_and_used_when_it_is_free(
    fresh: Token,
) -> None:
    machine = fresh.machine
    machine.does("mv /usr/share/libcamera/pipeline/virtual /var/tmp/")
    machine.does("modprobe vivid n_devs=1 node_types=0x1; udevadm settle")
    machine.does(HOLDER)
    machine.until(HELD)
    fresh.wakes("Niet gekoppeld")
    fresh.hold()
    fresh.sees("is in gebruik")
    machine.does("systemctl stop holder.service")
    fresh.wakes(HOME)
    fresh.hold()
    fresh.sees("Camera", "aan")
    deadline = time.monotonic() + 60
    while fresh.picture()[PREVIEW].mean() < 0.05:  # dots alone frame a picture that is not there
        assert time.monotonic() < deadline, fresh.drawn()


@pytest.mark.parametrize(
    ("change", "sentence"),
    {
        "an unknown key": (r"s/^\[camera\]/[camera]\nzoom = 2/", ("camera.zoom", "bestaat")),
        "two roles on one pin": (
            r"s/^# ok = 17.*/ok = 17\nback = 17/",
            ("keys.back", "GPIO 17", "keys.ok"),
        ),
        "a panel that is none": (
            's/^# i2c_address = 0x3d.*/driver = "tube"/',
            ("display.driver", "sh1106"),
        ),
    }.values(),
    ids=("an unknown key", "two roles on one pin", "a panel that is none"),
)
def test_a_refused_configuration_is_on_the_panel_until_it_is_mended(
    fresh: Token, change: str, sentence: tuple[str, ...]
) -> None:
    machine = fresh.machine
    machine.does(f"cp {CONFIG} /var/tmp/good.toml; sed -i '{change}' {CONFIG}")
    fresh.forgets()
    machine.tell(f"systemctl restart {AUTHENTICATOR}")
    fresh.sees("Niet gestart", "desk-token.toml", *sentence)
    machine.until(f"systemctl is-failed {AUTHENTICATOR}")
    assert fresh.says("Niet gestart", *sentence)
    machine.does(f"cp /var/tmp/good.toml {CONFIG}; systemctl restart {AUTHENTICATOR}")
    fresh.sees("Niet gekoppeld")


def test_a_refused_configuration_is_on_the_panel_of_the_board_that_it_names(fresh: Token) -> None:
    fresh.machine.does(f"systemctl stop {AUTHENTICATOR}")
    fresh.picture()
    hat = Token(fresh.machine, Sh1106())
    hat.taken = fresh.taken
    fresh.machine.does(f"sed -i 's/^language/zoom = 2\\nlanguage/' {CONFIG}")
    fresh.machine.does(f"sed -i 's/generic-ssd1306-i2c/waveshare-oled-1in3/' {CONFIG}")
    fresh.machine.tell(f"systemctl restart {AUTHENTICATOR}")
    hat.sees("Niet gestart", "zoom")

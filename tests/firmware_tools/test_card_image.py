"""`prepare` on an image as Raspberry Pi OS has them, with the files held against cloud-init's own schemas."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from jsonschema import Draft4Validator, Draft7Validator

from appliance.core.errors import DeskTokenError, Refused
from firmware_tools.bench.wanted import Wanted
from firmware_tools.card.boot_files import files
from firmware_tools.card.disks import Disk, agreed, disks_of
from firmware_tools.card.writing import PIECE, copy_image, exchange, put
from tests.firmware_tools import card_images
from tests.tour.servers import BIN

SCHEMAS = Path(__file__).resolve().parents[1] / "vendor" / "cloud-init"
SERIAL_KEYS = {"console", "hardware"}
WIFI_KEYS = {"dhcp4", "optional", "regulatory-domain", "access-points"}
WANTED = Wanted("token-37wy", "DT-F35R37WY", "Station’s wifi", "PLANTED-geheim", "NL", hidden=True)
KEY = "ssh-ed25519 AAAAC3Nz technician"
CARD = Disk("/dev/sda", 32_000_000_000, "Reader", True, (), ("R1", "9fa5d14b"))


@pytest.fixture
def card(tmp_path: Path) -> Path:
    return card_images.image(tmp_path / "card.img")


def prepare(boot: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    key = folder / "id.pub"
    key.write_text(KEY)
    given = ("--boot", str(boot), "--name", "token-37wy", "--ssid", "Station", "--country", "NL")
    command = [str(BIN / "desk-token-tool"), "--language", "en", "prepare", *given]
    return subprocess.run(
        [*command, "--key", str(key), *words],
        env={**os.environ, "DESK_TOKEN_PASSPHRASE": "PLANTED-geheim"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_trixie_image_gets_its_files_and_keeps_all_others(card: Path, tmp_path: Path) -> None:
    boot = card_images.taken_out(card, tmp_path / "boot")
    done = prepare(boot, tmp_path, "--serial", "DT-F35R37WY")
    assert (done.returncode, done.stdout) == (0, "The card of token-37wy is ready\n"), done.stderr
    card_images.put_in(card, boot)
    assert card_images.boot_is_sound(card, tmp_path / "spare")
    back = card_images.taken_out(card, tmp_path / "back")
    held = {path.name: path.read_text() for path in back.iterdir()}
    assert held.keys() == card_images.STOCK.keys()
    assert held["cmdline.txt"] == card_images.STOCK["cmdline.txt"]
    assert "token-37wy" in held["user-data"]
    assert b"PLANTED" not in card.read_bytes()


def test_a_bookworm_image_gets_its_script_and_the_word_that_starts_it(
    card: Path, tmp_path: Path
) -> None:
    boot = card_images.taken_out(card, tmp_path / "boot")
    for _again in range(2):
        done = prepare(boot, tmp_path, "--suite", "bookworm", "--serial", "DT-F35R37WY")
        assert done.returncode == 0, done.stderr
    card_images.put_in(card, boot)
    back = card_images.taken_out(card, tmp_path / "back")
    assert {path.name for path in back.iterdir()} == {*card_images.STOCK, "firstrun.sh"}
    own, *ours = (back / "cmdline.txt").read_text().split(" systemd.")
    assert own == card_images.STOCK["cmdline.txt"].strip()
    assert [word.split("=")[0] for word in ours] == ["run", "run_success_action", "unit"]
    assert b"PLANTED" not in card.read_bytes()


def test_a_folder_that_is_no_boot_partition_of_bookworm_is_refused(tmp_path: Path) -> None:
    done = prepare(tmp_path, tmp_path, "--suite", "bookworm")
    assert (done.returncode, "no boot partition of Bookworm" in done.stderr) == (1, True)
    assert not (tmp_path / "firstrun.sh").exists()


@pytest.mark.parametrize(
    "wanted",
    [WANTED, Wanted(), Wanted("a", ssid="open", country="BE")],
    ids=["all", "none", "open"],
)
def test_cloud_inits_own_schemas_have_nothing_to_say(wanted: Wanted) -> None:
    """Its network schema knows no radio (netplan reads that part), and `rpi` is Raspberry Pi's addition to it."""
    made = files(wanted, (KEY,), "trixie")
    user = json.loads(made["user-data"].removeprefix("#cloud-config\n"))
    parts = user.pop("rpi")["interfaces"]
    assert {type(on) for on in parts.values()} == {bool, dict}
    assert parts["serial"].keys() == SERIAL_KEYS
    schema = json.loads((SCHEMAS / "schema-cloud-config-v1.json").read_text())
    assert [wrong.message for wrong in Draft4Validator(schema).iter_errors(user)] == []
    network = json.loads(made["network-config"])
    radio = network["network"].pop("wifis", {"wlan0": {}})["wlan0"]
    assert radio.keys() <= WIFI_KEYS
    schema = json.loads((SCHEMAS / "schema-network-config-v2.json").read_text())
    assert [wrong.message for wrong in Draft7Validator(schema).iter_errors(network)] == []


def test_the_schemas_do_find_a_mistake() -> None:
    schema = json.loads((SCHEMAS / "schema-cloud-config-v1.json").read_text())
    assert list(Draft4Validator(schema).iter_errors({"hostname": 7}))
    assert list(Draft4Validator(schema).iter_errors({"host_name": "token"}))


def test_a_key_that_may_log_in_finds_an_ssh_server_that_runs() -> None:
    said = files(WANTED, (KEY,), "trixie")["user-data"]
    assert '"systemctl",\n      "enable",\n      "--now",\n      "ssh"' in said
    assert "systemctl" not in files(WANTED, (), "trixie")["user-data"]


def test_a_card_that_started_before_takes_what_is_new_on_it_and_only_that() -> None:
    first = files(WANTED, (KEY,), "trixie")
    other = files(Wanted("token-37wy", ssid="Other", country="NL"), (KEY,), "trixie")
    assert first["meta-data"] == files(WANTED, (KEY,), "trixie")["meta-data"]
    assert first["meta-data"] != other["meta-data"]
    assert list(first)[-1] == "meta-data"


def test_what_stops_half_way_puts_the_old_files_back(tmp_path: Path) -> None:
    (tmp_path / "network-config").write_text("old")
    drafts = {tmp_path / name: tmp_path / f".{name}" for name in ("network-config", "user-data")}
    drafts[tmp_path / "meta-data"] = tmp_path / ".lost"
    for draft in list(drafts.values())[:2]:
        draft.write_text("new")
    old = {path: b"old" if path.name == "network-config" else None for path in drafts}
    with pytest.raises(FileNotFoundError):
        exchange(drafts, old)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"network-config": "old"}


def test_ctrl_c_while_the_drafts_are_written_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "network-config").write_text("old")
    with pytest.raises(KeyboardInterrupt):
        put(tmp_path, Stopping({"network-config": "new", "user-data": "new"}))
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"network-config": "old"}


class Stopping(dict[str, str]):
    """Contents during whose writing somebody presses Ctrl-C."""

    def __getitem__(self, name: str) -> str:
        if name == "user-data":
            raise KeyboardInterrupt
        return super().__getitem__(name)


def test_an_image_comes_back_byte_for_byte(card: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.write_bytes(os.urandom(card.stat().st_size + 4096))
    copy_image(card, disk, lambda *_: None)
    assert disk.read_bytes()[: card.stat().st_size] == card.read_bytes()
    assert card_images.taken_out(disk, tmp_path / "back").is_dir()


@pytest.mark.parametrize("pieces", [2, 5, 11])
def test_a_card_pulled_out_half_way_has_no_table_of_partitions(
    card: Path, tmp_path: Path, pieces: int
) -> None:
    disk = tmp_path / "disk"
    disk.write_bytes(card.read_bytes())

    def pulled(done: int, _of: int) -> None:
        if done >= pieces * PIECE:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copy_image(card, disk, pulled)
    assert disk.read_bytes()[:PIECE] == bytes(PIECE)


def test_an_image_that_is_too_large_leaves_the_card_as_it_was(card: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.write_bytes(b"old" * 1000)
    with pytest.raises(DeskTokenError, match="does not fit"):
        copy_image(card, disk, lambda *_: None)
    assert disk.read_bytes() == b"old" * 1000


@dataclass
class Reader:
    """A computer with one card reader; what lies in it may be changed."""

    now: tuple[Disk, ...]

    def all(self) -> tuple[Disk, ...]:
        return self.now


@pytest.mark.parametrize(
    "then",
    [
        (),
        (Disk("/dev/sda", 32_000_000_000, "Reader", True, (), ("R1", "4bd1a59f")),),
        (Disk("/dev/sda", 64_000_000_000, "Reader", True, (), ("R1", "9fa5d14b")),),
        (Disk("/dev/sda", 32_000_000_000, "Reader", True, ("/",), ("R1", "9fa5d14b")),),
    ],
    ids=["taken out", "another card", "a larger card", "the system's"],
)
def test_a_card_changed_while_the_person_types_is_not_written(then: tuple[Disk, ...]) -> None:
    reader = Reader((CARD,))

    def typed(disk: Disk) -> str:
        reader.now = then
        return disk.path

    with pytest.raises(Refused):
        agreed(reader, "/dev/sda", typed)
    assert agreed(Reader((CARD,)), "/dev/sda", lambda disk: disk.path) == CARD
    with pytest.raises(Refused, match="another path"):
        agreed(Reader((CARD,)), "/dev/sda", lambda _: "/dev/sdb")


def test_two_cards_in_one_reader_are_told_apart_by_their_partition_tables() -> None:
    row = {"path": "/dev/sda", "size": 32, "model": "Reader", "rm": True, "hotplug": True}
    row |= {"type": "disk", "mountpoints": [], "serial": "R1"}
    one, other = (
        disks_of(json.dumps({"blockdevices": [row | {"ptuuid": mark}]}).encode())
        for mark in ("9fa5d14b", "4bd1a59f")
    )
    assert one != other

"""The card of a new device: the right disk, the right files, all of them or none, and read back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from appliance.core.errors import DeskTokenError, Refused
from firmware_tools.bench.wanted import Wanted
from firmware_tools.card.boot_files import files, wpa_key
from firmware_tools.card.disks import Disk, SystemDisks, cards, chosen, disks_of
from firmware_tools.card.writing import copy_image, put
from tests.tour.servers import BIN

WANTED = Wanted("token-37wy", "DT-F35R37WY", "Station’s wifi", "PLANTED-geheim", "NL", hidden=True)
KEY = "ssh-ed25519 AAAAC3Nz technician"
LSBLK = {
    "blockdevices": [
        {"path": "/dev/nvme0n1", "size": 512e9, "model": "SSD", "rm": False, "hotplug": False}
        | {"type": "disk", "mountpoints": [None], "children": [{"mountpoints": ["/"]}]},
        {"path": "/dev/sda", "size": 32e9, "model": "Card ", "rm": True, "hotplug": True}
        | {"type": "disk", "mountpoints": [None]},
        {"path": "/dev/sdb", "size": 32e9, "model": "Stick", "rm": True, "hotplug": True}
        | {"type": "disk", "mountpoints": [], "children": [{"mountpoints": ["/boot/firmware"]}]},
        {"path": "/dev/sdc", "size": 64e9, "model": "Used", "rm": True, "hotplug": True}
        | {"type": "disk", "mountpoints": [], "children": [{"mountpoints": ["/media/me"]}]},
        {"path": "/dev/sdd", "size": 0, "model": "Empty reader", "rm": True, "hotplug": True}
        | {"type": "disk", "mountpoints": []},
    ]
}


class Told:
    """A computer with these disks."""

    def all(self) -> tuple[Disk, ...]:
        return disks_of(json.dumps(LSBLK).encode())


def test_only_removable_disks_are_listed_and_never_one_the_system_runs_from() -> None:
    assert [disk.path for disk in cards(Told())] == ["/dev/sda", "/dev/sdc"]


@pytest.mark.parametrize(
    "path", ["/dev/nvme0n1", "/dev/sdb", "/dev/sdc", "/dev/sdd", "/dev/none", ""]
)
def test_a_system_disk_or_one_in_use_is_refused(path: str) -> None:
    with pytest.raises(Refused):
        chosen(Told(), path)


def test_the_disks_of_this_computer_are_read_and_its_own_is_not_among_the_cards() -> None:
    found = SystemDisks().all()
    assert all("/" not in disk.mounted for disk in cards(SystemDisks()))
    assert all(disk.size > 0 for disk in found)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes a loop device")
def test_an_image_is_written_to_a_real_block_device_and_read_back(tmp_path: Path) -> None:
    backing, image = tmp_path / "card", tmp_path / "image"
    backing.write_bytes(bytes(8 * 1024 * 1024))
    image.write_bytes(os.urandom(3 * 1024 * 1024))
    loop = subprocess.run(
        ["losetup", "-f", "--show", str(backing)], capture_output=True, text=True, check=True
    ).stdout.strip()
    try:
        assert chosen(SystemDisks(), loop).size == 8 * 1024 * 1024
        steps: list[int] = []
        copy_image(image, Path(loop), lambda done, _of: steps.append(done))
        assert steps[-1] == 2 * image.stat().st_size
        with Path(loop).open("rb") as written:
            assert written.read(3 * 1024 * 1024) == image.read_bytes()
        image.write_bytes(bytes(9 * 1024 * 1024))
        with pytest.raises(DeskTokenError, match="does not fit"):
            copy_image(image, Path(loop), lambda *_: None)
    finally:
        subprocess.run(["losetup", "-d", loop], check=True)


def test_trixie_gets_cloud_inits_three_files_without_the_words_of_the_password() -> None:
    made = files(WANTED, (KEY,), "trixie")
    user = json.loads(made["user-data"].removeprefix("#cloud-config\n"))
    assert user["hostname"] == "token-37wy"
    assert user["ssh_authorized_keys"] == [KEY]
    assert user["ssh_pwauth"] is False
    assert user["rpi"]["interfaces"]["i2c"] is True
    wlan = json.loads(made["network-config"])["network"]["wifis"]["wlan0"]
    assert wlan["regulatory-domain"] == "NL"
    point = wlan["access-points"]["Station’s wifi"]
    assert point == {"hidden": True, "password": wpa_key("Station’s wifi", "PLANTED-geheim")}
    assert "meta-data" in made
    assert "PLANTED" not in "".join(made.values())


def test_the_key_of_a_network_is_that_of_the_standards_own_vector() -> None:
    vector = "f42c6fc52df0ebef9ebb4b90b38a5f902e83fe1b135a70e23aed762e9710a12e"
    assert wpa_key("IEEE", "password") == vector


def test_a_full_card_changes_nothing(tmp_path: Path) -> None:
    """A limit on the size of files makes this very process meet the full disk, in the second file."""
    (tmp_path / "user-data").write_text("old")
    (tmp_path / "meta-data").write_text("old")
    script = (
        "import resource, sys; from pathlib import Path\n"
        "from firmware_tools.card.writing import put\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\n"
        "put(Path(sys.argv[1]), {'meta-data': 'new', 'user-data': 'x' * 500})\n"
    )
    done = subprocess.run(
        [sys.executable, "-B", "-c", script, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "DeskTokenError: There is no room on the card" in done.stderr
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        "user-data": "old",
        "meta-data": "old",
    }


def test_files_are_written_whole_and_leave_no_draft(tmp_path: Path) -> None:
    put(tmp_path, {"a": "één", "b": "2"})
    put(tmp_path, {"a": "nieuw", "b": "2"})
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a": "nieuw", "b": "2"}


def tool(*words: str) -> subprocess.CompletedProcess[str]:
    command = [str(BIN / "desk-token-tool"), "--language", "nl", "prepare", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_the_command_prepares_a_card_from_a_row_of_a_batch(tmp_path: Path) -> None:
    (tmp_path / "boot").mkdir()
    batch, key = tmp_path / "batch.csv", tmp_path / "id.pub"
    batch.write_text(
        "name,serial,ssid,passphrase,country\ntoken-1,DT-AAAA,Station,PLANTED-geheim,NL\n"
    )
    key.write_text(KEY)
    words = ("--boot", str(tmp_path / "boot"), "--batch", str(batch), "--row", "token-1")
    done = tool(*words, "--key", str(key))
    assert (done.returncode, done.stdout) == (0, "De kaart van token-1 is klaar\n")
    assert "DT-AAAA" in (tmp_path / "boot" / "user-data").read_text()
    key.write_text("-----BEGIN OPENSSH PRIVATE KEY-----\n")
    done = tool(*words, "--key", str(key))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert ".pub" in done.stderr
    batch.write_text("name,ssid\nToken 1,Station\n")
    done = tool(*words)
    assert done.returncode == 1
    assert "regel 2:" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_system_disk_cannot_be_written_however_it_is_asked(tmp_path: Path) -> None:
    image = tmp_path / "image"
    image.write_bytes(b"x")
    done = tool(
        "--image", str(image), "--disk", "/dev/sda-of-nobody", "--yes", "/dev/sda-of-nobody"
    )
    assert done.returncode == 1
    assert "geen verwisselbare schijf" in done.stderr

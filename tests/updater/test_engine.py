"""One update: installed, tried, kept or undone; and whatever is refused leaves everything as it was."""

from __future__ import annotations

import errno
import subprocess
from pathlib import Path

import pytest
from msgspec.structs import replace

from appliance.core.errors import Refused, StorageTrouble
from appliance.updater.engine import INTERRUPTED, WENT_BACK
from appliance.updater.guard import MOST_STARTS, SLOTS, read_trial, stand
from appliance.wire import bundle_trust as trust
from appliance.wire.bundle_trust import Moment
from firmware_tools.bundle import building, metadata
from tests.bundle.makers import A_DAY, MADE, altered, packages, wheel
from tests.crash.journal import Fault
from tests.crash.tree_image import seen
from tests.crash.tree_journal import TreeJournal, WatchedTree
from tests.updater.device import HERE, NOW, VENDOR, Device, release


@pytest.fixture
def device(tmp_path: Path) -> Device:
    return Device(tmp_path)


def again(device: Device) -> Device:
    """The same device after a restart."""
    return Device(device.folder)


def test_an_update_is_installed_tried_and_kept(device: Device) -> None:
    device.installs()
    assert device.current == "1.2.0"
    assert read_trial(device.state) is not None
    assert device.engine.confirm().trouble == ""
    assert (device.engine.slots.previous, read_trial(device.state)) == ("1.1.0", None)
    assert device.engine.book().highest == "1.2.0"


def test_the_slot_is_an_environment_that_runs(device: Device) -> None:
    device.installs()
    program = device.root / "current" / "bin" / "python"
    done = subprocess.run(
        [program, "-I", "-c", "import desk_token_program as p; print(p.VERSION, p.__cached__)"],
        capture_output=True,
        text=True,
        check=True,
    )
    said = done.stdout.split()
    assert said[0] == "1.2.0"
    assert "/slots/1.2.0/lib/" in said[1] or "/current/lib/" in said[1]
    assert Path(said[1]).is_file()


def test_the_commands_of_a_package_start_the_program_of_their_own_slot(device: Device) -> None:
    device.installs()
    command = device.root / "current" / "bin" / "desk-token"
    first = command.read_text().splitlines()[0]
    assert first == f"#!{device.root / SLOTS / '1.2.0' / 'bin' / 'python'}"
    assert subprocess.run([command], capture_output=True, check=True).stdout == b"1.2.0\n"


def test_an_update_that_does_not_work_is_undone(device: Device) -> None:
    device.installs()
    outcome = device.engine.undo("panel")
    assert (device.current, outcome.trouble) == ("1.1.0", WENT_BACK)
    assert device.engine.book().last == outcome
    assert again(device).engine.settle() == outcome


def test_an_undone_version_may_be_tried_again(device: Device) -> None:
    device.installs()
    device.engine.undo("panel")
    device.installs()
    assert device.current == "1.2.0"


def test_the_guard_goes_back_after_too_many_starts(device: Device) -> None:
    """A slot in which not even the updater runs is left by what stands outside it."""
    device.installs()
    starts = [stand(device.root, device.state) for _ in range(MOST_STARTS + 1)]
    assert starts == ["1.2.0"] * MOST_STARTS + ["1.1.0"]
    outcome = again(device).engine.settle()
    assert outcome is not None
    assert (outcome.version, outcome.trouble) == ("1.2.0", WENT_BACK)


def test_the_guard_leaves_a_confirmed_slot_alone(device: Device) -> None:
    device.installs()
    device.engine.confirm()
    assert {stand(device.root, device.state) for _ in range(10)} == {"1.2.0"}


def test_the_guard_takes_the_previous_slot_when_the_current_one_is_gone(device: Device) -> None:
    device.installs()
    device.engine.confirm()
    (device.root / SLOTS / "1.2.0").rename(device.root / "gone")
    assert stand(device.root, device.state) == "1.1.0"


def test_a_trial_that_was_cut_before_the_switch_is_said_to_be_interrupted(device: Device) -> None:
    device.installs()
    device.engine.slots.use("1.1.0")
    outcome = again(device).engine.settle()
    assert outcome is not None
    assert outcome.trouble == INTERRUPTED


def test_going_back_by_hand_is_a_trial_too(device: Device) -> None:
    device.installs()
    device.engine.confirm()
    device.engine.back()
    assert device.current == "1.1.0"
    device.engine.confirm()
    assert (device.current, device.engine.slots.previous) == ("1.1.0", "1.2.0")
    assert device.engine.book().highest == "1.2.0"


def test_there_is_nothing_to_go_back_to_on_a_new_device(device: Device) -> None:
    with pytest.raises(Refused, match="no version to go back to"):
        device.engine.back()


def test_older_slots_go_and_two_stay(device: Device) -> None:
    for minor, version in enumerate(("1.2.0", "1.3.0", "1.4.0")):
        device.receive(VENDOR.bundle(version, MADE + minor, release=release()))
        device.engine.install(version, NOW, lambda _percent: None)
        device.engine.confirm()
    device.engine.slots.tidy()
    assert {path.name for path in (device.root / SLOTS).iterdir()} == {"1.3.0", "1.4.0"}


def refused(device: Device, sentence: str, bundle: bytes, moment: Moment = NOW) -> None:
    """Refused with this sentence, and nothing has changed."""
    before = device.tree()
    device.receive(bundle)
    with pytest.raises((Refused, StorageTrouble), match=sentence):
        device.engine.install("1.2.0", moment, lambda _percent: None)
    assert (device.tree(), device.current, read_trial(device.state)) == (before, "1.1.0", None)


def test_a_bundle_for_other_hardware_is_refused(device: Device) -> None:
    bundle = VENDOR.bundle(release=release(hardware=("riscv64",)))
    refused(device, "This update is for other hardware", bundle)


def test_a_bundle_for_another_python_is_refused(device: Device) -> None:
    bundle = VENDOR.bundle(release=release(python="cp399"))
    refused(device, "This update is for another version of Python", bundle)


def test_a_bundle_that_skips_a_needed_version_is_refused(device: Device) -> None:
    bundle = VENDOR.bundle(release=release(minimum="1.1.5"))
    refused(device, "Another update must be installed before this one", bundle)


def test_an_altered_bundle_is_refused(device: Device) -> None:
    refused(device, "changed after it was signed", altered(VENDOR.bundle(release=release())))


def test_a_truncated_bundle_is_refused(device: Device) -> None:
    refused(device, "is not complete", VENDOR.bundle(release=release())[:-2000])


def test_an_expired_bundle_is_refused(device: Device) -> None:
    late = Moment(MADE + 30.0 * A_DAY, certain=True)
    refused(device, trust.EXPIRED, VENDOR.bundle(release=release()), late)


def test_with_a_clock_that_is_not_certain_nothing_is_installed(device: Device) -> None:
    refused(
        device,
        trust.DOUBTED_CLOCK,
        VENDOR.bundle(release=release()),
        Moment(NOW.wall, certain=False),
    )


def test_with_a_wrong_clock_nothing_is_installed(device: Device) -> None:
    """Years behind: an expired bundle would look fresh, so the floor of time is what counts."""
    early = Moment(MADE - 900.0 * A_DAY, certain=True)
    refused(device, trust.WRONG_CLOCK, VENDOR.bundle(release=release()), early)


def test_an_old_bundle_is_refused_after_a_newer_one_also_after_a_restart(device: Device) -> None:
    device.installs("1.3.0", NOW)
    device.engine.confirm()
    restarted = again(device)
    restarted.receive(VENDOR.bundle("1.2.0", MADE - 10, release=release()))
    with pytest.raises(Refused, match=trust.OLDER):
        restarted.engine.install("1.2.0", NOW, lambda _percent: None)
    assert restarted.current == "1.3.0"


def test_a_device_without_keys_installs_nothing(device: Device) -> None:
    device.keys.unlink()
    refused(device, "no keys to check updates with", VENDOR.bundle(release=release()))


def test_a_second_update_is_refused_while_one_is_on_trial(device: Device) -> None:
    device.installs()
    device.receive(VENDOR.bundle("1.3.0", MADE + 5, release=release()))
    with pytest.raises(Refused, match="Another update is under way"):
        device.engine.install("1.3.0", NOW, lambda _percent: None)
    with pytest.raises(Refused, match="Another update is under way"):
        device.engine.back()


def wheels_with(files: dict[str, bytes], commands: str = "") -> dict[str, bytes]:
    """Packages of which one has these files; signed all the same, as by a stolen key."""
    others = packages("1.2.0")
    others["other-1.0-py3-none-any.whl"] = wheel("other", "1.0", files, commands)
    return others


@pytest.mark.parametrize(
    "name",
    [
        "../../../evil.py",
        "/etc/evil",
        "a/../../b",
        "other-1.0.data/scripts/../../../evil",
        "other-1.0.data/purelib/../../evil.py",
        "other-1.0.data/elsewhere/x",
        "a\\..\\b",
        "a\nb",
    ],
)
def test_a_signed_package_that_leaves_its_slot_is_refused(device: Device, name: str) -> None:
    bundle = VENDOR.bundle(wheels=wheels_with({name: b"evil"}), release=release())
    refused(device, "outside its place|not an update", bundle)
    assert list(device.folder.rglob("evil*")) == []


def test_a_package_that_writes_over_another_ones_file_is_refused(device: Device) -> None:
    wheels = wheels_with({"desk_token_program/__init__.py": b"evil = 1\n"})
    refused(device, "not an update", VENDOR.bundle(wheels=wheels, release=release()))


def test_a_zip_bomb_stops_at_the_size_that_was_signed(device: Device) -> None:
    """40 MB of zeros in 40 kB; the maker's tool would write a true size, so this one lies."""
    bomb = wheels_with({"other/bomb.bin": bytes(40_000_000)})
    honest = VENDOR.members(release(), bomb)
    small = VENDOR.members(release())
    lied = {**honest, "targets/manifest.json": small["targets/manifest.json"]}
    files = {n.removeprefix("targets/"): b for n, b in lied.items() if n.startswith("targets/")}
    fresh = metadata.release(files, MADE, 7)
    lied |= {f"metadata/{name}": body for name, body in fresh.items()}
    refused(device, "more in the update than it says", building.packed(VENDOR.signed(lied), MADE))


def test_a_version_that_was_not_asked_for_is_not_installed(device: Device) -> None:
    device.receive(VENDOR.bundle("1.3.0", release=release()))
    with pytest.raises(Refused, match="no update to install"):
        device.engine.install("1.2.0", NOW, lambda _percent: None)


def test_a_book_that_cannot_be_read_refuses_updates_and_nothing_else(device: Device) -> None:
    (device.state / "book.json").write_bytes(b"\xff{")
    refused(device, "cannot read its own records", VENDOR.bundle(release=release()))


@pytest.mark.parametrize("at", [12, 30, 60])
def test_a_card_that_is_full_is_said_and_nothing_is_half_done(device: Device, at: int) -> None:
    before, bundle = device.tree(), VENDOR.bundle(release=release())
    journal = TreeJournal(device.folder, seen(device.folder), fault=Fault(at, errno.ENOSPC))
    crowded = Device(device.folder, WatchedTree(journal))
    crowded.receive(bundle)
    with pytest.raises(Refused, match="The card is too full for this update"):
        crowded.engine.install("1.2.0", NOW, lambda _percent: None)
    assert (device.tree(), device.current, read_trial(device.state)) == (before, "1.1.0", None)
    assert device.engine.book().highest == ""


def test_an_update_that_would_not_fit_is_refused_before_anything_is_written(device: Device) -> None:
    with pytest.raises(Refused, match="The card is too full for this update"):
        device.engine.slots.check_room(2**60)


def test_what_is_installed_already_is_not_installed_again(device: Device) -> None:
    device.engine._here = replace(HERE, version="1.1.0")
    device.receive(VENDOR.bundle("1.1.0", release=release()))
    with pytest.raises(Refused, match="already installed"):
        device.engine.check(NOW)

"""Who vouches for a bundle: enough of the right keys, in time, and never an older one (checklist row 32)."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace as with_field
from tuf.api.metadata import Root

from appliance.core.errors import Refused
from appliance.wire import bundle_trust as trust
from appliance.wire.bundle_trust import Known, Moment, Vouched, check_package, vouch
from firmware_tools.bundle import building, metadata
from firmware_tools.bundle.building import Members
from tests.bundle.makers import A_DAY, MADE, RELEASE, Vendor, signer, wheel, with_wheel

VENDOR = Vendor()
NOW = Moment(MADE + 60.0, certain=True)
KNOWN = Known(VENDOR.root)
GOOD = VENDOR.bundle()


def judged(bundle: bytes, known: Known = KNOWN, moment: Moment = NOW) -> Vouched:
    """What a device says of it, to the last package."""
    opened = io.BytesIO(bundle)
    vouched = vouch(opened, len(bundle), known, moment)
    for name in vouched.targets:
        check_package(opened, vouched, name)
    return vouched


def packed(members: Members) -> bytes:
    return building.packed(members, MADE)


def test_a_good_bundle_is_vouched_for_and_moves_the_floor_of_time() -> None:
    vouched = judged(GOOD)
    assert vouched.manifest.version == "1.2.0"
    assert vouched.known.floor == MADE


def test_the_same_bundle_may_come_twice() -> None:
    assert judged(GOOD, judged(GOOD).known).manifest.version == "1.2.0"


@settings(max_examples=300)
@given(st.integers(0, len(GOOD) - 1), st.integers(0, 7))
def test_no_changed_bit_changes_what_is_vouched_for(at: int, bit: int) -> None:
    """A signature may be written in capitals, and the device never reads its own first root; what was signed stays."""
    altered = bytearray(GOOD)
    altered[at] ^= 1 << bit
    try:
        vouched = judged(bytes(altered))
    except Refused:
        return
    good = judged(GOOD)
    assert (vouched.manifest, vouched.targets) == (good.manifest, good.targets)
    assert all(
        altered[m.at : m.at + m.size] == GOOD[m.at : m.at + m.size] for m in good.members.values()
    )


def test_a_changed_package_is_said_to_be_changed() -> None:
    members = VENDOR.signed(VENDOR.members())
    other = wheel("other", "1.0", {"other/__init__.py": b"evil = 1\n"})
    with pytest.raises(Refused, match=trust.CHANGED):
        judged(packed(with_wheel(members, "other-1.0-py3-none-any.whl", other)))


def test_a_package_too_many_is_refused() -> None:
    members = VENDOR.signed(VENDOR.members())
    with pytest.raises(Refused, match=trust.CHANGED):
        judged(packed(with_wheel(members, "more-1.0-py3-none-any.whl", b"")))


@pytest.mark.parametrize("role", ["targets", "snapshot", "timestamp"])
def test_a_bundle_signed_by_too_few_is_refused(role: str) -> None:
    members = VENDOR.signed(VENDOR.members())
    name = f"metadata/{role}.json"
    bare = metadata.opened(members[name], metadata.NAMES[f"{role}.json"])
    bare.signatures.clear()
    with pytest.raises(Refused, match=trust.UNSIGNED):
        judged(packed({**members, name: metadata.written(bare)}))


def test_keys_of_somebody_else_do_not_count() -> None:
    stranger = Vendor(tuple(map(signer, (11, 12, 13))), (signer(14),), signer(16))
    with pytest.raises(Refused, match=trust.UNSIGNED):
        judged(stranger.bundle())


def test_the_metadata_of_one_release_does_not_fit_the_packages_of_another() -> None:
    one, other = (VENDOR.signed(VENDOR.members(replace(RELEASE, made=m))) for m in (MADE, MADE + 9))
    mixed = {**one, "metadata/targets.json": other["metadata/targets.json"]}
    with pytest.raises(Refused):
        judged(packed(mixed))


@pytest.mark.parametrize("days", [8, 400, 4000])
def test_an_expired_bundle_is_refused(days: int) -> None:
    late = Moment(MADE + days * A_DAY, certain=True)
    with pytest.raises(Refused, match=trust.EXPIRED):
        judged(GOOD, moment=late)


def test_an_expired_bundle_is_good_again_after_the_online_key_made_it_fresh() -> None:
    members, made = building.unpacked(GOOD)
    fresh = VENDOR.signed(building.refresh(members, MADE + 20 * A_DAY, 7), VENDOR.online)
    later = Moment(MADE + 21 * A_DAY, certain=True)
    assert judged(building.packed(fresh, made), moment=later).manifest.version == "1.2.0"


def test_an_older_bundle_is_refused_after_a_newer_one() -> None:
    newer = judged(VENDOR.bundle("1.3.0", MADE + 10), moment=Moment(MADE + 60.0, certain=True))
    with pytest.raises(Refused, match=trust.OLDER):
        judged(GOOD, newer.known)


def test_a_clock_that_is_not_certain_judges_nothing() -> None:
    with pytest.raises(Refused, match=trust.DOUBTED_CLOCK):
        judged(GOOD, moment=Moment(NOW.wall, certain=False))


def test_a_clock_before_the_floor_is_wrong() -> None:
    with pytest.raises(Refused, match=trust.WRONG_CLOCK):
        judged(GOOD, with_field(KNOWN, floor=MADE + 100))


def test_a_bundle_from_the_future_means_that_the_clock_is_wrong() -> None:
    with pytest.raises(Refused, match=trust.WRONG_CLOCK):
        judged(GOOD, moment=Moment(MADE - 2.0 * A_DAY, certain=True))


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\3\4" * 100, b"\0" * 20480])
def test_another_file_is_not_an_update(content: bytes) -> None:
    with pytest.raises(Refused):
        judged(content)


def rotated(vendor: Vendor, *signers: int) -> Vendor:
    """The drill: root key 1 and both bundle keys are lost and replaced; these keys sign the new root."""
    new_root, new_target = signer(7), signer(8)
    lost = (vendor.roots[0], *vendor.targets)
    joins = [("root", new_root.public_key), ("targets", new_target.public_key)]
    root = metadata.next_root(vendor.root, [key.public_key for key in lost], joins, MADE)
    for number in signers:
        metadata.sign(root, signer(number))
    return replace(vendor, targets=(new_target,), later_roots=(metadata.written(root),))


def test_the_rotation_drill_devices_follow_to_new_keys_and_drop_the_lost_ones() -> None:
    after = rotated(VENDOR, 2, 3)
    followed = judged(after.bundle("1.3.0", MADE + 5)).known
    assert metadata.opened(followed.root, Root).signed.version == 2
    old_keys = replace(after, targets=VENDOR.targets)
    with pytest.raises(building.BundleTrouble):
        old_keys.signed(old_keys.members(), VENDOR.targets[0])
    before = VENDOR.bundle("1.4.0", MADE + 10)
    with pytest.raises(Refused, match=trust.UNSIGNED):
        judged(before, followed)


def test_a_new_root_with_one_signature_is_not_followed() -> None:
    with pytest.raises(Refused, match=trust.UNSIGNED):
        judged(rotated(VENDOR, 2, 7).bundle("1.3.0", MADE + 5))


def test_a_root_that_was_left_out_of_the_chain_stops_the_way() -> None:
    members = VENDOR.signed(VENDOR.members())
    following = rotated(VENDOR, 2, 3).later_roots[0]
    skipped = {**members, "metadata/3.root.json": following}
    assert judged(packed(skipped)).known.root == VENDOR.root

"""The page's key and certificate: made here, ours alone, right for this device's names, and renewed in time."""

from __future__ import annotations

import ssl
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from appliance.porter.certificate import FILE, credential, fingerprint

NAMES = ("dt-7f3a-0042.local", "192.0.2.10", "localhost")
NOW = 1_764_000_000.0
DAY = 86400.0


def stored(folder: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate((folder / FILE).read_bytes())


def test_the_key_is_p256_for_one_year_and_names_this_device(tmp_path: Path) -> None:
    credential(tmp_path, NAMES, NOW)
    made = stored(tmp_path)
    key = made.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert isinstance(key.curve, ec.SECP256R1)
    assert made.not_valid_after_utc - made.not_valid_before_utc == timedelta(days=365)
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["dt-7f3a-0042.local", "localhost"]
    assert [str(one) for one in names.get_values_for_type(x509.IPAddress)] == ["192.0.2.10"]


def test_the_file_is_for_nobody_else(tmp_path: Path) -> None:
    credential(tmp_path / "new", NAMES, NOW)
    assert (tmp_path / "new" / FILE).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700


def test_the_fingerprint_is_the_whole_hash_as_browsers_show_it(tmp_path: Path) -> None:
    made = credential(tmp_path, NAMES, NOW)
    assert len(made.fingerprint) == 64
    assert set(made.fingerprint) <= set("0123456789ABCDEF")
    assert made.fingerprint == fingerprint(stored(tmp_path))


def test_it_is_kept_while_it_fits(tmp_path: Path) -> None:
    first = credential(tmp_path, NAMES, NOW).fingerprint
    assert credential(tmp_path, tuple(reversed(NAMES)), NOW + 300 * DAY).fingerprint == first


def test_it_is_replaced_before_it_runs_out_for_other_names_and_when_it_is_damaged(
    tmp_path: Path,
) -> None:
    seen = {credential(tmp_path, NAMES, NOW).fingerprint}
    seen.add(credential(tmp_path, NAMES, NOW + 340 * DAY).fingerprint)
    seen.add(credential(tmp_path, (*NAMES, "192.0.2.11"), NOW + 340 * DAY).fingerprint)
    (tmp_path / FILE).write_bytes(b"-----BEGIN CERTIFICATE-----\nhalf")
    seen.add(credential(tmp_path, NAMES, NOW + 340 * DAY).fingerprint)
    assert len(seen) == 4


def test_a_new_certificate_keeps_the_key_and_has_another_fingerprint(tmp_path: Path) -> None:
    first, before = credential(tmp_path, NAMES, NOW), stored(tmp_path)
    moved, after = credential(tmp_path, (*NAMES, "192.0.2.99"), NOW), stored(tmp_path)
    assert moved.fingerprint != first.fingerprint
    assert after.public_key() == before.public_key()
    credential(tmp_path, NAMES, NOW + 400 * DAY)
    assert stored(tmp_path).public_key() == before.public_key()


def test_a_file_that_cannot_be_one_of_ours_gives_way_to_a_new_key(tmp_path: Path) -> None:
    credential(tmp_path, NAMES, NOW)
    before, other = stored(tmp_path), tmp_path / "other"
    credential(other, NAMES, NOW)
    halves = [
        (folder / FILE).read_bytes().partition(b"-----BEGIN CERTIFICATE")
        for folder in (other, tmp_path)
    ]
    (tmp_path / FILE).write_bytes(halves[0][0] + halves[1][1] + halves[1][2])
    credential(tmp_path, NAMES, NOW)
    assert stored(tmp_path).public_key() == stored(other).public_key() != before.public_key()
    rsa_key = rsa.generate_private_key(65537, 2048)
    (tmp_path / FILE).write_bytes(
        rsa_key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    credential(tmp_path, NAMES, NOW)
    assert isinstance(stored(tmp_path).public_key(), ec.EllipticCurvePublicKey)


def test_after_a_reset_there_is_another_key_and_the_old_one_is_overwritten(tmp_path: Path) -> None:
    first = credential(tmp_path, NAMES, NOW, "life one").fingerprint
    assert credential(tmp_path, NAMES, NOW, "life one").fingerprint == first
    assert credential(tmp_path, NAMES, NOW).fingerprint == first
    old = (tmp_path / FILE).read_bytes()
    with (tmp_path / FILE).open("rb") as kept_open:
        second = credential(tmp_path, NAMES, NOW, "life two").fingerprint
        assert second != first
        left = kept_open.read()
    assert len(left) == len(old)
    assert b"PRIVATE KEY" not in left
    assert credential(tmp_path, NAMES, NOW, "life two").fingerprint == second
    renewed = credential(tmp_path, ("another.local",), NOW)
    assert credential(tmp_path, ("another.local",), NOW, "life two") != renewed
    assert credential(tmp_path, ("another.local",), NOW, "life two").fingerprint == (
        renewed.fingerprint
    )


def test_old_protocols_are_not_spoken(tmp_path: Path) -> None:
    assert credential(tmp_path, NAMES, NOW).context.minimum_version >= ssl.TLSVersion.TLSv1_2

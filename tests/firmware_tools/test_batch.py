"""A batch with bad rows: all of them are told, each with its line, and none of the good ones is used."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_tools.bench.countries import COUNTRIES
from firmware_tools.bench.wanted import BadRows, Wanted, read_batch
from firmware_tools.fleet.inventory import read_inventory

GOOD = b"name,serial,ssid,passphrase,country,portal\ntoken-1,DT-AAAA,Station,PLANTED-geheim,NL,https://a.nl\n"


def refused(text: bytes) -> tuple[tuple[int, str], ...]:
    with pytest.raises(BadRows) as bad:
        read_batch(text)
    return bad.value.rows


def test_a_good_batch_gives_each_device_what_its_row_says() -> None:
    (device,) = read_batch(GOOD)
    assert device == Wanted(
        "token-1", "DT-AAAA", "Station", "PLANTED-geheim", "NL", portals=("https://a.nl",)
    )


def test_a_sheet_program_may_write_semicolons_and_a_byte_order_mark() -> None:
    assert read_batch("\ufeffname;serial\ntoken-1;DT-AAAA\n".encode())[0].serial == "DT-AAAA"


def test_every_bad_row_is_told_with_its_line_and_nothing_is_used() -> None:
    rows = [
        b"name,serial,ssid,passphrase,country",
        b"token-1,DT-AAAA,Station,PLANTED-geheim,NL",
        b"Token 2,DT-BBBB,Station,PLANTED-geheim,NL",
        b"token-3,x,Station,kort,XX",
        b"token-4,DT-DDDD",
        b"token-1,DT-EEEE,,,",
        b"token-6,DT-FFFF,,PLANTED-geheim,",
    ]
    bad = refused(b"\n".join(rows))
    assert [line for line, _why in bad] == [3, 4, 4, 4, 5, 6, 7]
    assert "PLANTED" not in repr(bad)


@pytest.mark.parametrize("country", ["", "nl", "XX", "NLD", "00"])
def test_a_network_without_a_real_country_is_refused(country: str) -> None:
    assert country not in COUNTRIES
    text = f"name,ssid,passphrase,country\ntoken-1,Station,geheim-woord,{country}\n"
    assert "two capitals" in refused(text.encode())[0][1]


@pytest.mark.parametrize(
    "text",
    [b"", b"\n", b"name\n", b"name,pasword\na,b\n", b"\xff\xfe", b'name\n"a', b"only words"],
    ids=["empty", "blank", "no rows", "unknown column", "not utf-8", "open quote", "no heading"],
)
def test_a_file_that_is_no_batch_is_one_sentence(text: bytes) -> None:
    assert refused(text)


@given(st.binary(max_size=300))
def test_whatever_a_file_holds_it_is_a_batch_or_bad_rows(text: bytes) -> None:
    for read in (read_batch, read_inventory):
        try:
            read(text)
            read(b"name,serial\n" + text)
            read(b"name,address,fingerprint\n" + text)
        except BadRows as bad:
            str(bad)


def test_a_fleet_list_with_bad_rows_tells_them_all() -> None:
    mark = "A2Q7MW4X" * 6 + "K5RT"
    rows = f"name,address,fingerprint,code\na,https://a.local,{mark},40718265\nb,http://b,x,12\n"
    with pytest.raises(BadRows) as bad:
        read_inventory(rows.encode())
    assert [line for line, _why in bad.value.rows] == [3, 3, 3]
    good = read_inventory("\n".join(rows.splitlines()[:2]).encode())
    assert "40718265" not in repr(good)


def test_a_password_never_prints() -> None:
    assert "PLANTED" not in repr(read_batch(GOOD))

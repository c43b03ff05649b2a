"""The fleet's commands at a real token's page: trusted by the label's mark, entered with the panel's code."""

from __future__ import annotations

import json
import ssl
import subprocess
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from firmware_tools.fleet.pages import mark_of
from tests.story.house import House, service_desk
from tests.story.technician import opens_the_page
from tests.tour.hands import Hands
from tests.tour.servers import BIN, serving

OTHER = "A2Q7MW4X" * 6 + "K5RT"


def mark(address: str) -> str:
    found = urlsplit(address)
    shown = ssl.get_server_certificate((found.hostname, found.port))
    return mark_of(ssl.PEM_cert_to_DER_cert(shown))


def fleet(listed: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [str(BIN / "desk-token-tool"), "--language", "nl", "fleet", *words, "--list"]
    return subprocess.run([*command, str(listed)], capture_output=True, text=True, check=False)


def test_a_fleet_is_asked_changed_and_checked_offline(home: House, tmp_path: Path) -> None:
    address, code = opens_the_page(home)
    listed = tmp_path / "fleet.csv"

    def lists(fingerprint: str, digits: str) -> None:
        rows = f"name,address,fingerprint,code\ndesk,{address},{fingerprint},{digits}\n"
        listed.write_text(rows + f"gone,https://127.0.0.1:9,{OTHER},12345678\n")

    lists(OTHER, code)
    refused = fleet(listed, "status")
    assert refused.returncode == 1
    assert "desk: Daar antwoordt een ander certificaat" in refused.stdout
    assert "gone: Het token antwoordt niet" in refused.stdout
    lists(mark(address), code)
    wrong = fleet(listed, "set", "brightness", "900")
    assert (wrong.returncode, wrong.stdout) == (1, "")
    logs = tmp_path / "logs"
    asked = fleet(listed, "audits", "--into", str(logs))
    assert "goed  desk: " in asked.stdout
    (log,) = logs.iterdir()
    offline = subprocess.run(
        [str(BIN / "desk-token-tool"), "audit", str(log)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert offline.stdout.startswith("good")
    assert code not in asked.stdout + asked.stderr + log.read_text()


def rows_of(home: House, hands: Hands) -> str:
    """The fleet's list, with new codes from both panels: the first token is linked. A code is good for one session."""
    rows = "name,address,fingerprint,code\n"
    for name, at, linked in (("one", home.hands, True), ("two", hands, False)):
        address, code = opens_the_page(replace(home, hands=at), linked=linked)
        rows += f"{name},{address},{mark(address)},{code}\n"
    return rows


def test_two_tokens_are_set_and_counted_with_the_portals_own_list(
    home: House, tmp_path: Path
) -> None:
    home.is_linked()
    words = ("bench", "--data", str(tmp_path / "second"), "--port", "0")
    listed, exported = tmp_path / "fleet.csv", tmp_path / "portal.csv"
    exported.write_text(service_desk(home.folder / "portal", "token", "export"))
    with serving(str(BIN / "desk-token"), *words) as second, closing(Hands(second.url)) as hands:
        hands.sees("Scan uw QR-code")
        listed.write_text(rows_of(home, hands))
        changed = fleet(listed, "set", "brightness", "120")
        assert changed.stdout == "goed  one: brightness 120\ngoed  two: brightness 120\n"
        home.hands.hold()
        hands.hold()
        home.hands.sees_a_code()
        hands.sees("Scan uw QR-code")
        good = rows_of(home, hands)
        listed.write_text(good + "three,http://x,y,1\n")
        refused = fleet(listed, "set", "brightness", "60")
        assert (refused.returncode, refused.stderr.count("regel 4: ")) == (1, 3)
        listed.write_text(good)
        counted = fleet(listed, "inventory", "--portal-csv", str(exported), "--json")
        boxes = {box["name"]: box for box in map(json.loads, counted.stdout.splitlines())}
        assert (counted.returncode, boxes["one"]["people"]) == (0, ["jan"]), counted.stderr
        assert boxes["one"]["seen"] > "2020"
        assert boxes["two"]["remarks"] == ["The portal does not know it"]
        assert "Het portaal kent het niet" in counted.stderr

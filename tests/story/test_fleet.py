"""The fleet's commands at a real token's page: trusted by the label's mark, entered with the panel's code."""

from __future__ import annotations

import ssl
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

from firmware_tools.fleet.pages import mark_of
from tests.story.house import House
from tests.story.technician import opens_the_page
from tests.tour.servers import BIN

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
    assert "good  desk: " in asked.stdout
    (log,) = logs.iterdir()
    offline = subprocess.run(
        [str(BIN / "desk-token-tool"), "audit", str(log)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert offline.stdout.startswith("good")
    assert code not in asked.stdout + asked.stderr + log.read_text()

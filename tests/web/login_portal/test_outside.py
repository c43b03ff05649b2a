"""The file about the world outside: the example is true, every mistake is named, and no secret stands in it."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from appliance.core.errors import DeskTokenError
from tests.house.source import ROOT
from web.login_portal.gateways.http_messages import HttpMessages
from web.login_portal.gateways.modem import Modem
from web.login_portal.gateways.smtp import Smtp
from web.login_portal.outside import NOTHING, read
from web.login_portal.sources.about import About

EXAMPLE = ROOT / "config" / "desk-portal.toml"
MAIL = '[mail]\nhost = "mail.example.org"\nsender = "desk@example.org"\n'


def table(name: str) -> str:
    """One table of the example, no longer a comment, with its secret in a file beside it."""
    found = re.search(rf"# \[{name}\].*?(?=\n\n|\Z)", EXAMPLE.read_text(), re.DOTALL)
    assert found is not None
    return re.sub(r"^# ", "", found[0], flags=re.MULTILINE)


def written(folder: Path, text: str) -> Path:
    (folder / "secret").write_text("canary\n")
    file = folder / "portal.toml"
    file.write_text(
        re.sub(r'/etc/desk-portal/(reader|sms|mail)"', f'{folder}/secret"', text).replace(
            "/etc/desk-portal/ca.pem", ""
        )
    )
    return file


@pytest.mark.parametrize(
    ("name", "kind"),
    [("directory", About), ("http", HttpMessages), ("modem", Modem), ("mail", Smtp)],
)
def test_the_example_names_every_key_and_works(tmp_path: Path, name: str, kind: type) -> None:
    text = table(name)
    outside = read(written(tmp_path, text))
    assert isinstance(getattr(outside, name), kind)
    said = {key.removesuffix("_file") if "password" in key or "secret" in key else key
            for key in re.findall(r"^(\w+) = ", text, re.MULTILINE)}  # fmt: skip
    assert said == {field.name for field in fields(kind)}
    assert "canary" not in repr(outside)


def test_without_a_file_nothing_is_outside() -> None:
    assert read(None) == NOTHING
    assert read(EXAMPLE) == NOTHING


@pytest.mark.parametrize(
    "text",
    [
        "[",
        "x = 1",
        "[other]\n",
        "mail = 3",
        MAIL + "colour = 1\n",
        MAIL + 'password = "in the file"\n',
        MAIL + 'password_file = "/no/such/file"\n',
        MAIL + 'port = "25"\n',
        MAIL + "patience = true\n",
        MAIL + 'tls = "none"\n',
        MAIL + 'sender_file = "x"\n',
        '[mail]\nhost = "mail.example.org"\n',
        '[modem]\nport = "/etc/passwd"\n',
        '[http]\nurl = "http://sms.example.org"\n',
        '[http]\nurl = "https://x.example.org"\n[modem]\nport = "/dev/x"\n',
    ],
)
def test_every_mistake_is_one_sentence_at_the_start(tmp_path: Path, text: str) -> None:
    with pytest.raises(DeskTokenError) as wrong:
        read(written(tmp_path, text))
    assert 10 < len(str(wrong.value)) < 120
    assert "in the file" not in str(wrong.value)


def test_a_file_that_is_no_text_is_said(tmp_path: Path) -> None:
    (tmp_path / "portal.toml").write_bytes(b"\xff\xfe")
    for path in (tmp_path / "portal.toml", tmp_path / "missing"):
        with pytest.raises(DeskTokenError):
            read(path)

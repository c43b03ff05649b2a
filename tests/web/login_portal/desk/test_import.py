"""Import of people and tokens: every bad line is named, nothing is half done, and what is shown is what is done."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from tests.web.login_portal.conftest import World
from tests.web.login_portal.desk.conftest import Desk
from tests.web.login_portal.person import PASSWORD
from web.login_portal import particulars, people
from web.login_portal.command import main
from web.login_portal.rules.people_file import COLUMNS, parse

GOOD = (
    "name,display,phone,email,match,password,role,serial,until\r\n"
    f"kim,Kim de Boer,0612345678,kim@example.org,press,{PASSWORD},,DT-0007,2027-03-01\r\n"
    f"lee,Lee,,,,{PASSWORD},reader,,\r\n"
)


def names(world: World) -> list[str]:
    with world.portal.database.reading() as reading:
        return [person.name for person in people.everybody(reading)]


def look(desk: Desk, content: str) -> int:
    """Choose a file on the page; the status of what it says."""
    desk.browser.get("/desk/import")
    desk.browser.page = desk.browser.client.post(
        "/desk/import",
        base_url=desk.browser.origin,
        data={"csrf": desk.browser.word, "file": (io.BytesIO(content.encode()), "people.csv")},
        headers={"Origin": desk.browser.origin, "Accept-Language": "en"},
    )
    return desk.browser.page.status_code


def draft(desk: Desk) -> str:
    found = re.search(r'name="draft" value="([^"]+)"', desk.browser.text)
    return found[1] if found else ""


def test_what_is_shown_is_not_done_until_somebody_says_so(world: World, admin: Desk) -> None:
    assert look(admin, GOOD) == 200
    assert "New people in this file: 2. Tokens to hand out: 1." in admin.browser.text
    assert "kim" not in names(world)
    admin.browser.post("/desk/import/apply", {"draft": draft(admin)})
    assert {"kim", "lee"} <= set(names(world))
    assert world.browser().sign_in("kim").headers["Location"] == "/link"
    with world.portal.database.reading() as reading:
        kim = people.named(reading, "kim")
        assert kim is not None
        assert particulars.of(reading, kim.id).email == "kim@example.org"
    assert ("ada", "file imported", "") in admin.trail()
    assert ("ada", "enrolment issued", "kim") in admin.trail()


def test_a_file_is_applied_once(admin: Desk, world: World) -> None:
    look(admin, GOOD)
    word = draft(admin)
    admin.browser.post("/desk/import/apply", {"draft": word})
    before = names(world)
    assert admin.browser.post("/desk/import/apply", {"draft": word}).status_code == 422
    assert names(world) == before


def test_another_admins_draft_is_nobodys(admin: Desk, at_desk: object) -> None:
    from web.login_portal.rules.roles import Role

    look(admin, GOOD)
    other: Desk = at_desk("otto", Role.ADMIN)  # type: ignore[operator]
    reply = other.browser.post("/desk/import/apply", {"draft": draft(admin)})
    assert reply.status_code == 422


def test_every_bad_line_is_named_with_its_number_and_nothing_is_done(
    world: World, admin: Desk
) -> None:
    text = (
        "name;email;match;password\n"
        f"good;g@example.org;press;{PASSWORD}\n"
        f"two words;;;{PASSWORD}\n"
        "\n"
        f"bad;no-address;;{PASSWORD}\n"
        f"odd;;shout;{PASSWORD}\n"
        "weak;;;short\n"
        f"good;;;{PASSWORD}\n"
        f"jan;;;{PASSWORD}\n"
        "none;;;\n"
        f"long;;;{PASSWORD};x\n"
    )
    assert look(admin, text) == 422
    lines = re.findall(r'data-label="Line">(\d+)<', admin.browser.text)
    assert lines == ["3", "5", "6", "7", "8", "9", "10", "11"]
    assert draft(admin) == ""
    assert set(names(world)) == {"ada", "jan"}


@pytest.mark.parametrize(
    "text",
    ["", "\n\n", "surname,first\na,b\n", "name,name\na,b\n", 'name\n"unclosed', "name,secret\na,b"],
)
def test_a_file_that_is_none_is_said(admin: Desk, text: str) -> None:
    assert look(admin, text) == 422
    assert "Nothing was changed" in admin.browser.text


def test_a_name_that_was_taken_meanwhile_stops_the_whole_file(world: World, admin: Desk) -> None:
    look(admin, GOOD)
    world.portal.add_person("lee", PASSWORD)
    assert admin.browser.post("/desk/import/apply", {"draft": draft(admin)}).status_code == 422
    assert "kim" not in names(world)


def test_a_token_is_handed_to_somebody_who_is_there(world: World, admin: Desk) -> None:
    assert look(admin, "name,serial\njan,DT-0042\n") == 200
    admin.browser.post("/desk/import/apply", {"draft": draft(admin)})
    folder = admin.folder()
    assert "There is an open enrolment" in folder
    assert names(world).count("jan") == 1


def test_markup_in_a_file_stays_text(admin: Desk) -> None:
    look(admin, f"name,display,password\nx,<img src=x>,{PASSWORD}\n")
    assert "<img src=x>" not in admin.browser.text
    assert "&lt;img src=x&gt;" in admin.browser.text


def test_too_large_a_file_is_said(admin: Desk) -> None:
    body = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n'
        + b"x" * 2_200_000
    )
    kind = {"content_type": "multipart/form-data; boundary=b", "base_url": admin.browser.origin}
    assert admin.browser.client.post("/desk/import", data=body, **kind).status_code == 413  # type: ignore[arg-type]


def test_a_draft_stands_sealed_and_is_forgotten_after_an_hour(world: World, admin: Desk) -> None:
    look(admin, GOOD)
    stored = b"".join(path.read_bytes() for path in world.portal.config.data.glob("portal.db*"))
    assert PASSWORD.encode() not in stored
    word = draft(admin)
    world.clock.now += 3601
    admin.browser.sign_in("ada")
    admin.browser.post("/waiting/code", {"code": admin.token.code(world.clock())})
    assert admin.browser.post("/desk/import/apply", {"draft": word}).status_code == 422
    world.portal.tidy()
    with world.portal.database.reading() as reading:
        assert reading.execute(text("SELECT count(*) FROM drafts")).scalar() == 0


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reading(untrusted: bytes) -> None:
    rows, bad = parse(untrusted)
    assert rows or bad or not untrusted.strip()


@given(st.lists(st.lists(st.text(max_size=8), max_size=10), max_size=6))
def test_no_cells_break_the_reading(lines: list[list[str]]) -> None:
    text = ",".join(COLUMNS) + "\n" + "\n".join(",".join(line) for line in lines)
    rows, bad = parse(text.encode("utf-8", "surrogatepass"))
    assert all(row.name for row in rows)
    assert all(one.why and one.line >= 1 for one in bad)


def run(data: Path, *words: str) -> Result:
    return CliRunner().invoke(main, [*words, "--data", str(data)])


def test_the_command_says_first_and_does_when_told(tmp_path: Path) -> None:
    data, file = tmp_path / "portal", tmp_path / "people.csv"
    file.write_text(GOOD)
    said = run(data, "import", str(file))
    assert (said.exit_code, said.output) == (0, "2 people and 1 tokens would be added\n")
    assert run(data, "user", "list").output == ""
    assert "2 people and 1 tokens added" in run(data, "import", str(file), "--apply").output
    assert "kim\tKim de Boer\tpress" in run(data, "user", "list").output


def test_the_command_names_every_bad_line(tmp_path: Path) -> None:
    data, file = tmp_path / "portal", tmp_path / "people.csv"
    file.write_text(f"name,password\ngood,{PASSWORD}\na b,{PASSWORD}\nc,short\n")
    said = run(data, "import", str(file), "--apply")
    assert said.exit_code == 1
    assert "line 3: A user name has 1 to 64 characters and no spaces" in said.output
    assert "line 4: A password has 8 to 256 characters" in said.output
    assert run(data, "user", "list").output == ""


def test_people_of_a_directory_need_no_password(tmp_path: Path) -> None:
    data, file = tmp_path / "portal", tmp_path / "people.csv"
    file.write_text("name,serial\nkim,DT-1\n")
    assert run(data, "import", str(file), "--apply").exit_code == 1
    assert run(data, "import", str(file), "--apply", "--directory").exit_code == 0


def test_the_first_role_is_given_by_command(tmp_path: Path) -> None:
    data = tmp_path / "portal"
    CliRunner().invoke(
        main, ["user", "add", "ada", "--password-stdin", "--data", str(data)], input=f"{PASSWORD}\n"
    )
    assert run(data, "user", "set-role", "ada", "admin").output == "ada: admin\n"
    assert run(data, "user", "set-role", "nobody", "admin").exit_code == 1


def test_a_file_of_a_whole_company_is_taken_by_the_page(admin: Desk) -> None:
    many = "".join(f"person{number},{PASSWORD}\n" for number in range(10_000))
    assert look(admin, f"name,password\n{many}") == 200
    assert "New people in this file: 10000." in admin.browser.text


@pytest.mark.parametrize("end", ["\r", "\r\n", "\n"])
def test_lines_end_as_any_office_ends_them(end: str) -> None:
    rows, bad = parse(f"name;display{end}kim;Kim{end}lee;Lee{end}".encode())
    assert ([row.name for row in rows], bad) == (["kim", "lee"], [])


def test_a_loan_that_is_over_before_it_begins_is_a_bad_line(admin: Desk) -> None:
    assert look(admin, f"name,password,serial,until\nkim,{PASSWORD},DT-1,2001-01-01\n") == 422
    assert "A loan ends in the future" in admin.browser.text

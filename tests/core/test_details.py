"""What the first screen of a request has to clip is read in full behind it, and reading signs nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from appliance.core import desk as rules
from appliance.core import details
from appliance.core.screen import Name, Passage, name, text
from tests.core.person import JAN, Person, request

LONG = "Zeer lange naam " * 32


def test_past_yes_come_the_pages_and_then_no_again() -> None:
    person = Person((JAN,)).is_asked().taps(2).sees("In full", "jan", "Werkplek", "Utrecht")
    person.sees("Sent at").taps().sees("https://portal.example").taps().sees("No", "Yes")
    person.holds().sees("Why not?")
    assert person.signed == []


def test_a_hold_on_a_page_goes_back_to_no() -> None:
    person = Person((JAN,)).is_asked().taps(2).holds().sees("Signing in?").holds()
    person.sees("Why not?")
    assert person.signed == []


def test_reading_every_page_of_a_hostile_request_signs_nothing() -> None:
    person = Person((JAN,)).is_asked(request(person=LONG, service="\u202e42" * 200))
    person.taps(2)
    pages = rules.view(person.desk).body
    assert isinstance(pages, Passage)
    person.taps(pages.pages).sees("Signing in?")
    assert person.signed == []


def test_an_unlock_is_read_in_full_too() -> None:
    person = Person((JAN,)).is_asked(request(asks="unlock", note="14:02 Zwolle")).taps(2)
    person.sees("In full", "14:02 Zwolle").holds().sees("Account locked")
    assert person.signed == []


@given(some.lists(some.text(max_size=600), min_size=1, max_size=4))
def test_no_letter_of_any_name_is_lost_between_the_pages(words: list[str]) -> None:
    lines = tuple(map(name, words))
    told = [part for page in details.pages(lines) for part in page]
    assert all(isinstance(part, Name) for part in told)
    joined = "".join(part.words for part in told if isinstance(part, Name))
    assert joined == "".join(line.words for line in lines)


@given(some.lists(some.text(max_size=600), min_size=1, max_size=4))
def test_no_page_asks_for_more_rows_than_there_are(words: list[str]) -> None:
    for page in details.pages(tuple(map(name, words))):
        rows = sum(details.rows(part.words) for part in page if isinstance(part, Name))
        assert rows <= details.ROWS


def test_a_sentence_of_ours_takes_one_row() -> None:
    five = tuple(text("Sent at {time}", time=str(at)) for at in range(6))
    assert [len(page) for page in details.pages(five)] == [5, 1]

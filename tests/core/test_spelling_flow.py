"""Words that a server asks for are spelled with one button: a tap moves, a hold takes."""

from __future__ import annotations

import pytest

from appliance.core.effects import DropOffer
from appliance.core.elsewhere import SendWords, WordsAsked, WordsTyped
from appliance.core.flows.spelling import ALL, DONE, ERASE, LONGEST
from tests.core.person import Person
from tests.core.test_enrolment_flow import offered

ITEMS = ERASE + 1


def asked(*, wrong: bool = False) -> Person:
    """The server wants words; the panel with its question has settled."""
    return offered().holds().happens(WordsAsked("Your word?", wrong)).waits(0.8)


def spells(person: Person, word: str, thumb: int = 0) -> int:
    """Take letter after letter; gives where the thumb is then."""
    for letter in word:
        group = next(number for number, letters in enumerate(ALL) if letter in letters)
        person.taps((group - thumb) % ITEMS).holds()
        person.taps(ALL[group].index(letter)).holds()
        thumb = group
    return thumb


def chooses(person: Person, item: int, thumb: int) -> Person:
    """Move to what ends it, and hold."""
    return person.taps((item - thumb) % ITEMS).holds()


def sent(person: Person) -> list[str]:
    """The words that were sent."""
    return [effect.words for effect in person.done if isinstance(effect, SendWords)]


@pytest.fixture
def person() -> Person:
    """Somebody who has read what is asked and sees the letters."""
    return asked().sees("Asked by the server", "Your word?").taps().waits(0.8)


def test_what_is_asked_is_read_before_any_letter(person: Person) -> None:
    person.sees("a–i", "Done", "One back")
    assert "Your word?" not in person.screen


def test_words_that_were_wrong_are_asked_once_more() -> None:
    asked(wrong=True).sees("Wrong. Once more", "Your word?")


def test_a_word_is_spelled_letter_by_letter_and_sent_whole(person: Person) -> None:
    chooses(person, DONE, spells(person, "Peer 7"))
    assert sent(person) == ["Peer 7"]
    person.sees("One moment please")


def test_only_the_last_letter_can_be_read(person: Person) -> None:
    spells(person, "peer")
    person.sees("•••r_")
    assert "p" not in person.screen.split("_")[0].replace("Asked by the server", "")


def test_of_a_long_word_the_end_is_shown(person: Person) -> None:
    spells(person, "a" * 20)
    person.sees("•" * 15 + "a_")
    assert "•" * 16 not in person.screen


def test_an_opened_group_begins_at_its_first_letter(person: Person) -> None:
    spells(person, "i")
    person.holds().holds()
    chooses(person, DONE, 0)
    assert sent(person) == ["ia"]


def test_a_space_has_a_name(person: Person) -> None:
    person.taps(7).holds().sees("Space", "-")


def test_the_way_back_out_of_a_group_takes_nothing(person: Person) -> None:
    person.taps(1).holds().sees("j", "Back").taps(len(ALL[1])).holds().sees("j–r")
    chooses(person, DONE, spells(person, "k", thumb=1))
    assert sent(person) == ["k"]


def test_one_back_takes_the_last_letter_away(person: Person) -> None:
    thumb = spells(person, "ab")
    chooses(person, ERASE, thumb)
    chooses(person, DONE, spells(person, "c", thumb=ERASE))
    assert sent(person) == ["ac"]


def test_one_back_without_a_letter_gives_it_up(person: Person) -> None:
    chooses(person, ERASE, 0).sees("Not linked", "Nothing was saved")
    assert person.did(DropOffer)


def test_no_words_are_not_sent(person: Person) -> None:
    chooses(person, DONE, 0).sees("a–i")
    assert sent(person) == []


def test_what_does_not_fit_is_not_taken(person: Person) -> None:
    chooses(person, DONE, spells(person, "a" * (LONGEST + 1)))
    assert sent(person) == ["a" * 128]


def test_words_typed_on_the_page_are_sent_instead(person: Person) -> None:
    spells(person, "pe")
    assert sent(person.happens(WordsTyped("peer"))) == ["peer"]


def test_nobody_waits_longer_than_ten_minutes(person: Person) -> None:
    person.waits(590.0).sees("a–i")
    person.waits(11.0).sees("Not linked", "Time is up")
    assert person.did(DropOffer)

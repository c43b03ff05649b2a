"""An account that its portal has ended: nothing of it stays in the desk's memory, and the panel says so."""

from __future__ import annotations

from appliance.core.accounts import Profile
from appliance.core.events import AccountRevoked, ProfileArrived, Requested
from tests.core.person import JAN, MAIL, Person, now, request


def test_nothing_of_it_stays() -> None:
    person = Person((JAN, MAIL))
    person.happens(ProfileArrived(Profile(JAN.id, "Jan", None, now().wall)))
    person.happens(Requested(request()))
    person.happens(AccountRevoked(JAN))
    assert person.desk.accounts == (MAIL,)
    assert person.desk.facts.profiles == ()
    assert person.desk.facts.waiting == ()


def test_the_panel_says_which_one_and_then_goes_home() -> None:
    person = Person((JAN, MAIL))
    person.happens(AccountRevoked(JAN)).sees("Unlinked", "Jan de Boer", "Ask the helpdesk")
    person.waits(9.0).sees("jan@mail.example")

"""Every screen of the device by name, made by the flows themselves from the facts of one ordinary person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from appliance.core import dialling
from appliance.core.accounts import Code, Profile
from appliance.core.events import Health, ScanHint, Trouble
from appliance.core.flow import Facts, Mode
from appliance.core.flows import (
    about,
    answering,
    asked,
    confirm_code,
    enrolment,
    home,
    linked,
    login_scan,
    menu,
    notice,
    page,
    pin,
    practice,
    profile,
    reset,
    scan_hints,
    self_test,
    set_up,
    sign_in,
    unlock,
)
from appliance.core.key_words import JOYSTICK, THREE, in_words_of
from appliance.core.requests import Verdict
from appliance.core.screen import Bar, Screen, text
from appliance.core.stories import STORIES, story
from appliance.core.system_screens import SYSTEM_SCREENS
from appliance.core.wishes import Kind as WishKind
from appliance.core.wishes import Wish
from tests.painting.facts import (
    ALONE,
    FACTS,
    FOB,
    LOGIN,
    LONG,
    NOBODY,
    NOW,
    OTHER,
    UNLOCK,
    UNSURE,
    WORK,
    preview,
)


def modes() -> Iterator[tuple[str, Mode, Facts]]:
    """Every mode of every flow, some of them with other facts, by a name that says what is seen."""
    yield from _homes()
    yield from _enrolments()
    yield from _requests()
    for why, lines in notice.TROUBLES.items():
        yield f"trouble-{why}", notice.Notice(enrolment.FAILED, lines, 0.0, 0.0), FACTS
    for outcome, (title, line, _light) in notice.OUTCOMES.items():
        yield f"ended-{outcome}", notice.Notice(title, (line,), 0.0, 0.0), FACTS
    unsent = notice.TROUBLES[Trouble.NO_NETWORK]
    yield "trouble-not-sent", notice.Notice(text("Not sent"), unsent, 0.0, 0.0), FACTS
    for chosen in range(0, len(menu.items(menu.Menu(), FACTS)), 2):
        yield f"menu-{chosen}", menu.Menu(chosen), FACTS
    yield "menu-unlinked", menu.Menu(0), NOBODY
    yield "menu-counter", menu.Menu(0, "a3"), FACTS
    for chosen in range(len(set_up.VALUES) + 1):
        yield f"settings-{chosen}", set_up.SetUp(chosen), FACTS
    yield "settings-other", set_up.SetUp(1), replace(FACTS, settings=OTHER)
    yield from _profiles()
    yield from _tests()
    yield "page-closed", page.Closed(0.0), FACTS
    for where in (
        "https://192.168.178.123:8443",
        "https://desk-token-7f3a.local",
        "http://127.0.0.1:8091/door",
    ):
        yield f"page-open-{len(where)}", page.Open(where, "40718265", 9e9), FACTS
    yield "about", about.About(), FACTS
    yield "reset", reset.Offering(0.0, 9e9), FACTS
    yield "reset-wiping", reset.Wiping(), FACTS
    yield from _wishes()
    yield from _pins()


def _pins() -> Iterator[tuple[str, Mode, Facts]]:
    locked, some = replace(FACTS, pins=("",)), dialling.Dialled(4, "47", 1)
    entering = pin.Entering("", 0.0, "a1", dialled=some)
    yield "home-locked", home.Home("a1"), locked
    yield "pin-enter", entering, locked
    yield "pin-again", replace(entering, wrong=True), locked
    yield "pin-wait", replace(entering, wrong=True, wait_until=NOW.monotonic + 3600), locked
    yield "pin-checking", replace(entering, checking=True), locked
    yield "pin-request", pin.Proving(entering, LOGIN, 0.0), locked
    yield "pin-choose", pin.Choosing("", 0.0, some), FACTS
    yield "pin-once-more", pin.Choosing("", 0.0, some, first="4711"), FACTS
    yield "pin-differed", pin.Choosing("", 0.0, some, differed=True), FACTS
    for chosen in range(3):
        yield f"pin-manage-{chosen}", pin.Managing("", 0.0, chosen), locked
    for said in ("The PIN is set", "The PIN is removed"):
        lines = (text(said),)
        yield f"pin-{said.split()[-1]}", notice.Notice(text("PIN"), lines, 0.0, 0.0), FACTS


def _wishes() -> Iterator[tuple[str, Mode, Facts]]:
    about = {
        WishKind.REMOVE: "a.devries",
        WishKind.NETWORK: "Stationswifi",
        WishKind.WIFI: "Thuis 5G",
    }
    for kind in WishKind:
        wish = Wish("w1", kind, about.get(kind, ""))
        yield f"asked-{kind}", asked.Asked(wish, 0.0, 9e9), FACTS
        yield f"asked-{kind}-granting", asked.Granting(wish, 9e9), FACTS
    marked = page.Open("https://dt.local", "40718265", 9e9, "A2Q7MW4X" * 6 + "K5RT", marks=True)
    yield "page-certificate", marked, FACTS


def _profiles() -> Iterator[tuple[str, Mode, Facts]]:
    for days in (1, 12, 60):
        known = _password(days)
        yield f"profile-{days}", profile.Showing("a1"), known
        yield f"home-password-{days}", _coded("a1"), known
    yield "profile-unknown", profile.Showing("a1"), FACTS
    yield "profile-away-1", profile.Away("a1"), _password(12)
    yield "profile-away-2", profile.Away("a1", 2), _password(12)
    yield "profile-away-unknown", profile.Away("a1", 3), FACTS
    yield "profile-updating", profile.Updating("a1", 9e9), FACTS
    yield "profile-none", profile.start(NOBODY).mode, NOBODY
    yield "update-none", profile.update(NOBODY).mode, NOBODY
    failed = notice.TROUBLES[Trouble.PORTAL_DOWN]
    yield "update-failed", notice.Notice(text("Not updated"), failed, 0.0, 0.0), FACTS


def _password(days: int) -> Facts:
    told = Profile(
        "a1", "Ada de Vries", password_until=NOW.wall + days * 86400.0 + 60, fetched=NOW.wall - 7200
    )
    return replace(FACTS, profiles=(told,))


def _tests() -> Iterator[tuple[str, Mode, Facts]]:
    good = tuple((part, Health.GOOD, None) for part in self_test.PARTS)
    yield "test-running", self_test.Testing(9e9, good[:2]), FACTS
    yield "test-good", self_test.Testing(9e9, good), FACTS
    for shown, (part, _health, _why) in enumerate(good):
        bad = replace_part(good, part)
        yield f"test-bad-{part}", self_test.Testing(9e9, bad), FACTS
        yield f"test-list-{part}", self_test.Testing(9e9, bad, shown or 1), FACTS
    yield "practice", practice.Practising(0.0, 1060.0), FACTS
    for said in (text("You said yes"), text("You said no")):
        lines = (said, text("Nothing was sent"))
        yield f"practised-{said.english[9:]}", notice.Notice(text("PRACTICE"), lines, 0, 0), FACTS
    waiting = (text("Nobody is waiting"),)
    yield "open-requests", notice.Notice(text("Open requests"), waiting, 0, 0), FACTS


def replace_part(good: self_test.Results, part: str) -> self_test.Results:
    """The results with one part failing for its usual reason."""
    why = {"camera": Trouble.NO_CAMERA, "clock": Trouble.CLOCK, "network": Trouble.NO_NETWORK}
    return tuple(
        (name, Health.BAD, why.get(part, Trouble.PORTAL_DOWN))
        if name == part
        else (name, health, None)
        for name, health, _why in good
    )


def _coded(account: str) -> home.Home:
    return home.Home(account, Code(account, "276210", NOW.wall - 10, NOW.wall + 20))


def _homes() -> Iterator[tuple[str, Mode, Facts]]:
    code = Code("a1", "276210", NOW.wall - 10, NOW.wall + 20)
    yield "home-unlinked", home.Home(), NOBODY
    yield "home-code", home.Home("a1", code), FACTS
    yield "home-code-alone", home.Home("a1", code), ALONE
    yield (
        "home-code-fresh",
        home.Home("a1", replace(code, valid_from=NOW.wall, valid_to=NOW.wall + 30)),
        FACTS,
    )
    ending = replace(code, valid_to=NOW.wall + 4)
    yield "home-code-ending", home.Home("a1", ending), FACTS
    coming = Code("a1", "058331", NOW.wall + 4, NOW.wall + 34)
    yield "home-code-coming", home.Home("a1", ending, coming), FACTS
    yield "home-code-8", home.Home("a2", Code("a2", "40718265", 0, NOW.wall + 20)), FACTS
    yield "home-counter", home.Home("a3", Code("a3", "888008", 0, None)), FACTS
    yield "home-counter-empty", home.Home("a3"), FACTS
    yield "home-waiting", home.Home("a1"), FACTS
    yield "home-no-clock", home.Home("a1"), UNSURE
    for part in ("network", "portal", "storage"):
        bad = ((part, Health.BAD),)
        yield f"home-bad-{part}", home.Home("a1", code), replace(FACTS, parts=bad)
        yield f"home-bad-{part}-unlinked", home.Home(), replace(NOBODY, parts=bad)
    big = replace(FACTS, settings=OTHER, parts=(("network", Health.BAD),))
    yield "home-big-bad-network", home.Home("a1", code), big


def _enrolments() -> Iterator[tuple[str, Mode, Facts]]:
    for hint in ScanHint:
        seen = enrolment.Scanning(9e9, scan_hints.HINTS[hint], 64, 48, preview())
        yield f"scan-{hint}", seen, FACTS
    yield "scan-starting", enrolment.Scanning(9e9), FACTS
    yield "offer", enrolment.Offered(WORK, "werkplek.example.org", 0.0, 9e9), FACTS
    collecting = enrolment.Scanning(9e9, scan_hints.START, 64, 48, preview(), 63, 64)
    yield "scan-export", collecting, FACTS
    yield "looking-export", enrolment.Looking(9e9, 63, 64), FACTS
    yield "offer-export", enrolment.Offered(FOB, "", 0.0, 9e9, 98, 99), FACTS
    some = (text("Linked: {count} of {all}", count="98", all="99"),)
    yield "linked-some", notice.Notice(text("Link complete"), some, 0, 0), FACTS
    yield "offer-foreign", enrolment.Offered(FOB, "", 0.0, 9e9), FACTS
    yield "linking", enrolment.Working(9e9), FACTS
    yield "looking", enrolment.Looking(9e9), FACTS
    yield "confirm-first", confirm_code.start("•••• 42", FACTS).mode, FACTS
    half = dialling.Dialled(6, "407", 8)
    yield "confirm-half", confirm_code.Dialling("•••• 42", half, 9e9, 0.0), FACTS
    yield "confirm-again", confirm_code.Dialling("•••• 42", dialling.Dialled(6), 9e9, 0.0, 4), FACTS
    erase = dialling.Dialled(6, "4071", dialling.ERASE)
    yield "confirm-erase", confirm_code.Dialling("•••• 42", erase, 9e9, 0.0), FACTS
    yield "confirm-checking", confirm_code.Checking("", 9e9, 9e9), FACTS
    yield "linked", linked.Ready(WORK, 0.0), FACTS
    yield "linked-foreign", linked.Ready(FOB, 0.0), FACTS
    yield "not-linked", notice.Notice(enrolment.FAILED, (text("Nothing was saved"),), 0, 0), FACTS
    yield "erased", notice.Notice(text("Erased"), (text("Nothing is left"),), 0, 0), FACTS


def _requests() -> Iterator[tuple[str, Mode, Facts]]:
    yield "request-no", sign_in.Asking(LOGIN, 0.0), FACTS
    yield "request-yes", sign_in.Asking(LOGIN, 0.0, sign_in.YES), FACTS
    for number in range(len(sign_in.told(LOGIN))):
        yield f"request-page-{number + 1}", sign_in.Asking(LOGIN, 0.0, 2 + number), FACTS
    behind = replace(FACTS, waiting=(LOGIN, replace(LOGIN, id="r2"), replace(LOGIN, id="r3")))
    yield "request-more", sign_in.Asking(LOGIN, 0.0), behind
    yield "unlock-page-1", unlock.Unlocking(UNLOCK, 0.0, unlock.UNLOCK + 1), FACTS
    yield "unlock-not-me", unlock.Unlocking(UNLOCK, 0.0), FACTS
    yield "unlock-yes", unlock.Unlocking(UNLOCK, 0.0, unlock.UNLOCK), FACTS
    yield "unlock-back", unlock.GoingOn(UNLOCK, 0.0), FACTS
    yield "unlock-go-on", unlock.GoingOn(UNLOCK, 0.0, unlock.GO_ON), FACTS
    yield "unlocked", notice.unlocked(FACTS).mode, FACTS
    yield "login-scan", login_scan.LoginScanning(LOGIN, scan_hints.START, 64, 48, preview()), FACTS
    yield "login-found", login_scan.LoginFound(LOGIN, 0.0, ""), FACTS
    hostile = replace(LOGIN, person=LONG, service="עברית 42 \u202e24", place="42 " * 170)
    yield "request-hostile", sign_in.Asking(hostile, 0.0), FACTS
    for number in (1, 2, 7, len(sign_in.told(hostile))):
        yield f"request-hostile-page-{number}", sign_in.Asking(hostile, 0.0, number + 1), FACTS
    yield "number-first", sign_in.Numbering(LOGIN, 0.0), FACTS
    yield "number-second", sign_in.Numbering(LOGIN, 0.0, dialling.Dialled(2, "4", 2)), FACTS
    yield "number-erase", sign_in.Numbering(LOGIN, 0.0, dialling.Dialled(2, "4", 10)), FACTS
    for chosen in range(len(sign_in.ENDINGS) + 1):
        yield f"refuse-{chosen}", sign_in.Refusing(LOGIN, 0.0, chosen), FACTS
    yield "sending", answering.Sending(LOGIN, Verdict.APPROVE), FACTS


def catalogue() -> dict[str, Screen]:
    """Every screen by name, and again by name and set of keys where other keys need other words."""
    made = _with_one_button()
    for keys in (THREE, JOYSTICK):
        others = {
            name: in_words_of(keys, screen) for name, screen in made.items() if "." not in name
        }
        made |= {
            f"{name}.{keys}": screen
            for name, screen in others.items()
            if screen not in (made[name], made.get(f"{name}.{THREE}"))
        }
    return made


def _with_one_button() -> dict[str, Screen]:
    """Every screen by name, and a few again while the key is held, let go, or nobody looks."""
    made = {name: story(mode).view(mode, facts) for name, mode, facts in modes()}
    for name in (
        "request-no",
        "request-yes",
        "offer",
        "number-second",
        "menu-2",
        "reset",
        "scan-none",
    ):
        made[f"{name}-held"] = replace(made[name], bar=Bar("hold", 0.6))
    for said, name in (
        ("let-go", "offer"),
        ("let-go-request", "request-yes"),
        ("let-go-home", "home-code"),
    ):
        made[said] = replace(made[name], hint=text("Let go: nothing done"))
    made["stuck"] = replace(made["home-code"], hint=text("A key is stuck"))
    made["stuck-request"] = replace(made["request-no"], hint=text("A key is stuck"))
    made |= {f"system-{name}": screen for name, screen in SYSTEM_SCREENS.items()}
    code = made["home-code"]
    for half in (0, 1):
        made[f"home-big-{half + 1}"] = replace(code, body=replace(code.body, half=half))
    return made


def unseen() -> set[str]:
    """Modes that no screen of the catalogue shows."""
    seen = {type(mode) for _name, mode, _facts in modes()}
    return {mode.__name__ for mode in STORIES if mode not in seen}

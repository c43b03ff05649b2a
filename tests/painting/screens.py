"""Every screen of the device by name, made by the flows themselves from the facts of one ordinary person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from appliance.core import dialling
from appliance.core.accounts import Code
from appliance.core.clock_trust import Trust
from appliance.core.events import FrameSeen, Health, ScanHint
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
    proving,
    reset,
    scan_hints,
    set_up,
    sign_in,
    trial,
    unlock,
    update,
)
from appliance.core.key_words import JOYSTICK, THREE, in_words_of
from appliance.core.requests import Verdict
from appliance.core.screen import Bar, Screen, text
from appliance.core.settings import Settings
from appliance.core.stories import STORIES, story
from appliance.core.system_screens import SYSTEM_SCREENS, not_started
from appliance.core.troubles import Trouble
from appliance.core.updates import Phase, UpdateEnded
from appliance.core.wishes import Kind as WishKind
from appliance.core.wishes import Wish
from tests.painting.about_screens import profiles, tests
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
    VOUCH,
    WORK,
    preview,
)
from tests.painting.push_screens import push


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
    yield from profiles()
    yield from tests()
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
    for part in trial.PARTS:
        seen = ("ok", "back", "up") if part == "keys" else ()
        yield f"trial-{part}", trial.Trying(part, 9e9, seen), FACTS
    looking = trial.Trying("camera", 9e9, frame=FrameSeen(64, 48, preview(), ScanHint.CLOSER))
    yield "trial-camera-seen", looking, FACTS
    yield from push()


def _pins() -> Iterator[tuple[str, Mode, Facts]]:
    locked, some = replace(FACTS, pins=("",)), dialling.Dialled(4, "47", 1)
    entering = pin.Entering("", 0.0, "a1", dialled=some)
    yield "home-locked", home.Home("a1"), locked
    yield "pin-enter", entering, locked
    yield "pin-again", replace(entering, wrong=True), locked
    yield "pin-wait", replace(entering, wrong=True, wait_until=NOW.monotonic + 3600), locked
    yield "pin-wait-short", replace(entering, wrong=True, wait_until=NOW.monotonic + 119), locked
    yield "pin-checking", replace(entering, checking=True), locked
    yield "pin-request", proving.Proving(entering, LOGIN, 0.0), locked
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
        WishKind.SERVER: "pi.spoor.example",
    }
    for kind in WishKind:
        wish = Wish("w1", kind, about.get(kind, ""))
        yield f"asked-{kind}", asked.Asked(wish, 0.0, 9e9), FACTS
        yield f"asked-{kind}-granting", asked.Granting(wish, 9e9), FACTS
    yield from _updates()
    marked = page.Open("https://dt.local", "40718265", 9e9, "3AF291BC" * 8, marks=True)
    yield "page-certificate", marked, FACTS


def _updates() -> Iterator[tuple[str, Mode, Facts]]:
    yield "update", update.Proposed("10.12.103", back=False, settles_at=0.0, until=9e9), FACTS
    yield "update-back", update.Proposed("10.12.103", back=True, settles_at=0.0, until=9e9), FACTS
    for phase, percent in ((Phase.INSTALLING, 40), (Phase.RESTARTING, 100), (Phase.TRYING, 100)):
        yield f"update-{phase}", update.Installing(phase, percent, 9e9), FACTS
    for name, event in (
        ("done", UpdateEnded("10.12.103")),
        ("failed", UpdateEnded("10.12.103", failed=True)),
    ):
        yield f"update-{name}", update.ended(event, FACTS).mode, FACTS


def _homes() -> Iterator[tuple[str, Mode, Facts]]:
    code = Code("a1", "276210", NOW.wall - 10, NOW.wall + 20)
    shared = replace(FACTS, settings=Settings(kiosk=True))
    yield "home-kiosk", home.Home("a1", code), shared
    for chosen in range(0, len(menu.items(menu.Menu(), shared)), 2):
        yield f"menu-kiosk-{chosen}", menu.Menu(chosen), shared
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
    by_hand = replace(FACTS, now=replace(NOW, trust=Trust.SET))
    yield "home-clock-by-hand", home.Home("a1", code), by_hand
    big_by_hand = replace(by_hand, settings=OTHER)
    yield "home-clock-by-hand-big", home.Home("a1", code), big_by_hand
    yield "home-no-storage", home.Home("a1"), replace(FACTS, parts=(("storage", Health.BAD),))
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
    yield "vouch-no", sign_in.Asking(VOUCH, 0.0), FACTS
    yield "vouch-yes", sign_in.Asking(VOUCH, 0.0, sign_in.YES), FACTS
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
    made["system-not-started"] = not_started(
        text("{file}, line {line}", file="desk-token.toml", line="24"),
        "hardware.keys.back",
        text(
            "GPIO {pin} is used twice, also for {part}",
            pin="2",
            part=text("the panel's I2C data line"),
        ),
    )
    code = made["home-code"]
    for half in (0, 1):
        made[f"home-big-{half + 1}"] = replace(code, body=replace(code.body, half=half))
    return made


def unseen() -> set[str]:
    """Modes that no screen of the catalogue shows."""
    seen = {type(mode) for _name, mode, _facts in modes()}
    return {mode.__name__ for mode in STORIES if mode not in seen}

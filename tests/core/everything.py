"""One example of every mode and every event, for laws that must hold for all of them."""

from __future__ import annotations

from typing import get_args

from appliance.core import events as e
from appliance.core import gestures as g
from appliance.core.accounts import Code, Profile
from appliance.core.clock_trust import Trust
from appliance.core.dialling import Dialled
from appliance.core.flow import Mode
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
    self_test,
    set_up,
    sign_in,
    trial,
    unlock,
)
from appliance.core.requests import Match, Outcome, Verdict
from appliance.core.screen import text
from appliance.core.settings import Settings
from appliance.core.troubles import Trouble
from appliance.core.wishes import KeySeen, Kind, TryAsked, Wish
from tests.core.person import JAN, MAIL, now, request

SETTLES = 100.7
WISH = Wish("w1", Kind.REMOVE, "Jan de Boer")
CODE = Code("a1", "276210", now().wall - 5, now().wall + 25)

MODES: tuple[Mode, ...] = (
    home.Home(),
    home.Home("a1", CODE),
    menu.Menu(),
    menu.Menu(2, "a3"),
    enrolment.Scanning(160.0),
    enrolment.Scanning(160.0, have=1, of=3),
    enrolment.Looking(160.0),
    enrolment.Looking(160.0, 1, 3),
    enrolment.Offered(MAIL, "", SETTLES, 160.0, 2, 3, 1),
    enrolment.Working(160.0, more=True),
    enrolment.Offered(JAN, "portal.example", SETTLES, 160.0),
    enrolment.Working(160.0),
    confirm_code.Dialling("06•••12", Dialled(6, "12345", 6), 700.0, SETTLES, 3),
    confirm_code.Checking("06•••12", 700.0, 160.0),
    linked.Ready(JAN, SETTLES),
    sign_in.Asking(request(), SETTLES, sign_in.NO),
    sign_in.Asking(request(), SETTLES, sign_in.YES),
    sign_in.Asking(request(match=Match.NUMBER), SETTLES, sign_in.YES),
    sign_in.Asking(request(), SETTLES, sign_in.YES + 1),
    sign_in.Numbering(request(match=Match.NUMBER), SETTLES, Dialled(2, "4", 2)),
    sign_in.Refusing(request(), SETTLES, 0),
    sign_in.Refusing(request(), SETTLES, 1),
    sign_in.Refusing(request(), SETTLES, 2),
    sign_in.Refusing(request(), SETTLES, 3),
    answering.Sending(request(), Verdict.APPROVE),
    login_scan.LoginScanning(request(match=Match.SCAN)),
    login_scan.LoginFound(request(match=Match.SCAN), SETTLES, "LOGINSECRET"),
    unlock.Unlocking(request(asks="unlock"), SETTLES, 0),
    unlock.Unlocking(request(asks="unlock"), SETTLES, 1),
    unlock.Unlocking(request(asks="unlock"), SETTLES, 2),
    unlock.GoingOn(request(asks="unlock"), SETTLES, 0),
    unlock.GoingOn(request(asks="unlock"), SETTLES, 1),
    profile.Showing("a1"),
    profile.Away("a1", 3),
    profile.Updating("a1", 120.0),
    self_test.Testing(145.0),
    self_test.Testing(145.0, tuple((part, e.Health.GOOD, None) for part in self_test.PARTS)),
    practice.Practising(SETTLES, 160.0, 1),
    notice.Notice(text("Approved"), (text("You are signed in"),), 102.5, SETTLES),
    page.Closed(SETTLES),
    page.Open("http://127.0.0.1:8091", "12345678", 700.0),
    page.Open("https://dt-0042.local", "12345678", 700.0, "A2" * 26, marks=True),
    reset.Offering(SETTLES, 160.0),
    reset.Wiping(),
    pin.Entering("", SETTLES, dialled=Dialled(4, "123", 4)),
    pin.Entering("a1", SETTLES, "a1", manages=True, checking=True),
    pin.Proving(pin.Entering("", SETTLES, dialled=Dialled(4, "123", 4)), request(), SETTLES),
    pin.Choosing("", SETTLES, Dialled(4, "123", 4)),
    pin.Choosing("", SETTLES, Dialled(4, "123", 4), first="1234"),
    pin.Managing("", SETTLES, 1),
    asked.Asked(WISH, SETTLES, 160.0),
    asked.Granting(WISH, 160.0),
    set_up.SetUp(),
    set_up.SetUp(5),
    about.About(),
    trial.Trying("panel", 160.0),
    trial.Trying("keys", 160.0, ("ok",)),
    trial.Trying("camera", 160.0),
)

EARLY, LATE = SETTLES - 0.01, SETTLES + 0.01
EVENTS: tuple[e.Event, ...] = (
    e.Ticked(now()),
    e.Ticked(now(1000.0)),
    e.Ticked(now(100.0, Trust.UNKNOWN)),
    g.PressBegan(EARLY),
    g.PressBegan(LATE),
    g.PressEnded(LATE),
    *(g.Tapped(move, began, LATE + 0.2) for move in g.Move for began in (EARLY, LATE)),
    g.Held(EARLY, LATE + 1.0),
    g.Held(LATE, LATE + 1.0),
    g.LetGo(LATE, LATE + 0.7),
    g.KeyStuck(LATE + 15.0),
    e.FrameSeen(8, 1, b"\xff", e.ScanHint.CLOSER),
    e.ScanEnded(Trouble.NO_CAMERA),
    e.OfferSought(),
    e.OfferMade(MAIL, "portal.example", needs_confirm=False),
    e.OfferMade(MAIL, "", needs_confirm=False, number=2, of=3, kept=1),
    e.ExportSeen(1, 3),
    *(e.EnrolmentFailed(why) for why in Trouble),
    e.ConfirmAsked("06•••12"),
    e.ConfirmRefused(3),
    e.ConfirmRefused(0),
    e.ConfirmTyped("123456"),
    e.AccountKept(JAN),
    e.AccountsChanged((JAN, MAIL)),
    e.CodeReady(CODE),
    e.ProfileArrived(Profile("a1", "Jan de Boer", now().wall + 3 * 86400.0, now().wall)),
    e.UpdateFailed(Trouble.PORTAL_DOWN),
    e.LoginSeen("LOGINSECRET"),
    e.PartTested("camera", e.Health.BAD, Trouble.NO_CAMERA),
    e.Requested(request("r2")),
    *(e.RequestEnded("r1", outcome) for outcome in Outcome),
    e.RequestEnded("unknown", Outcome.APPROVED),
    *(e.AnswerStuck("r1", why) for why in Trouble),
    e.SettingsChanged(Settings(language="en")),
    e.PartChanged("panel", e.Health.BAD),
    e.PartChanged("network", e.Health.GOOD),
    e.ResetAsked(),
    e.ScanAsked(),
    e.PageOpened("http://127.0.0.1:8091", "12345678", 700.0),
    e.PinTried("", right=True),
    e.PinTried("a1", right=False, wait=30.0),
    e.PinsChanged(("",)),
    e.AccountRevoked(JAN),
    e.Wiped(),
    e.Wished(WISH),
    e.Granted(WISH.id),
    e.Granted(WISH.id, "The device is busy"),
    e.TestAsked(),
    TryAsked("keys"),
    TryAsked("none"),
    KeySeen("ok"),
)
EVENT_KINDS = frozenset(get_args(e.Event))

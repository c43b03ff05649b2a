"""How states of the device are called on the page: our English sentences, keys of the one catalogue.

A state this table does not know is shown as a plain word, so a new one is never hidden.
"""

from __future__ import annotations

from appliance.core.settings import Row


def _(english: str) -> str:
    """Marks a sentence for the catalogue; it is translated where it is shown."""
    return english


TRUST = {
    "synced": _("Set by the network"),
    "holdover": _("Right, kept since the last check"),
    "rtc": _("From the battery clock"),
    "unknown": _("Unknown: codes are hidden"),
}
STORAGE = {
    "tpm2": _("Sealed by the security chip"),
    "otp": _("Sealed by this device's own key"),
    "systemd-creds": _("Sealed by the system"),
    "plain file": _("Plain file: for trying out only"),
    "simulated": _("Plain file: for trying out only"),
}
PARTS = {
    "network": _("Network"),
    "portal": _("Portal"),
    "storage": _("Storage"),
    "panel": _("Panel"),
    "camera": _("Camera"),
}
HEALTH = {"good": _("Good"), "bad": _("Not good"), "unknown": _("Not known yet")}
CLOCK = _("Clock")
KINDS = {
    "portal": _("Signs logins and shows codes"),
    "totp": _("Shows codes"),
    "hotp": _("Shows codes, one per press"),
}
STAGES = {
    "scanning": _("The camera is on. Hold the QR code in front of the token."),
    "looking": _("The portal is asked what this code means…"),
    "offered": _("Check on the token who and which service this is, then hold the button to link."),
    "working": _("The token makes its keys and sends them to the portal…"),
    "dialling": _("The portal has sent a code by SMS. Type it below, or on the token."),
    "checking": _("The code is being checked…"),
    "ready": _("Linked. The token now shows the account."),
    "notice": _("The token shows how it ended."),
    "offering": _("Hold the button on the token for 5 seconds to erase everything."),
    "wiping": _("Everything is being erased…"),
    "asking": _("Somebody is signing in. Answer that on the token first."),
    "numbering": _("Somebody is signing in. Answer that on the token first."),
    "refusing": _("Somebody is signing in. Answer that on the token first."),
    "sending": _("Somebody is signing in. Answer that on the token first."),
}
TURNING = ("scanning", "looking", "working", "checking", "wiping")
CHOICES = {
    "nl": _("Dutch"),
    "en": _("English"),
    "one": _("One button"),
    "three": _("Three keys"),
    "joystick": _("Joystick"),
}
HELP = {
    "language": _("The language of the panel and of this page."),
    "keys": _("Which keys the token has."),
    "hold_time": _("How long a hold is. Longer helps people with a tremor."),
    "tap_limit": _("A press shorter than this is a tap."),
    "dim_after": _("Without a touch, the panel dims after this time."),
    "off_after": _("Without a touch, the panel goes dark after this time."),
    "brightness": _("How bright the panel is."),
    "big_digits": _("Fill the panel with the code."),
    "sound": _("A short sound at a request and at an answer."),
    "quiet": _("In these hours of the day the token makes no sound."),
    "slow_keys": _("Waits longer for a press and ignores a second one right after it."),
}
MENU = (
    ("status.show", _("Status")),
    ("linking.show", _("Linking")),
    ("accounts.show", _("Accounts")),
    ("settings.show", _("Settings")),
    ("reset.show", _("Erase")),
)
SECONDS = ("hold_time", "tap_limit", "dim_after", "off_after")


def step_of(row: Row) -> str:
    """The step of the number field: tenths for short times, whole numbers otherwise."""
    return "0.1" if row.high < 10 else "1"

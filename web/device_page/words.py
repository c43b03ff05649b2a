"""How states of the device are called on the page: our English sentences, keys of the one catalogue.

A state this table does not know is shown as a plain word, so a new one is never hidden.
"""

from __future__ import annotations

from appliance.core.settings import Row

TRUST = {
    "synced": "Set by the network",
    "holdover": "Right, kept since the last check",
    "rtc": "From the battery clock",
    "unknown": "Unknown: codes are hidden",
}
STORAGE = {
    "tpm2": "Sealed by the security chip",
    "otp": "Sealed by this device's own key",
    "systemd-creds": "Sealed by the system",
    "plain file": "Plain file: for trying out only",
    "simulated": "Plain file: for trying out only",
}
PARTS = {
    "network": "Network",
    "portal": "Portal",
    "storage": "Storage",
    "panel": "Panel",
    "camera": "Camera",
}
HEALTH = {"good": "Good", "bad": "Not good", "unknown": "Not known yet"}
KINDS = {
    "portal": "Signs logins and shows codes",
    "totp": "Shows codes",
    "hotp": "Shows codes, one per press",
}
STAGES = {
    "scanning": "The camera is on. Hold the QR code in front of the token.",
    "looking": "The portal is asked what this code means…",
    "offered": "Check on the token who and which service this is, then hold the button to link.",
    "working": "The token makes its keys and sends them to the portal…",
    "dialling": "The portal has sent a code by SMS. Type it below, or on the token.",
    "checking": "The code is being checked…",
    "ready": "Linked. The token now shows the account.",
    "notice": "The token shows how it ended.",
    "offering": "Hold the button on the token for 5 seconds to erase everything.",
    "wiping": "Everything is being erased…",
    "asking": "Somebody is signing in. Answer that on the token first.",
    "numbering": "Somebody is signing in. Answer that on the token first.",
    "refusing": "Somebody is signing in. Answer that on the token first.",
    "sending": "Somebody is signing in. Answer that on the token first.",
}
TURNING = ("scanning", "looking", "working", "checking", "wiping")
CHOICES = {
    "nl": "Dutch",
    "en": "English",
    "one": "One button",
    "three": "Three keys",
    "joystick": "Joystick",
}
HELP = {
    "language": "The language of the panel and of this page.",
    "keys": "Which keys the token has.",
    "hold_time": "How long a hold is. Longer helps people with a tremor.",
    "tap_limit": "A press shorter than this is a tap.",
    "dim_after": "Without a touch, the panel dims after this time.",
    "off_after": "Without a touch, the panel goes dark after this time.",
    "brightness": "How bright the panel is.",
    "big_digits": "Fill the panel with the code.",
    "sound": "A short sound at a request and at an answer.",
}
MENU = (
    ("status.show", "Status"),
    ("linking.show", "Linking"),
    ("accounts.show", "Accounts"),
    ("settings.show", "Settings"),
    ("reset.show", "Erase"),
)
SECONDS = ("hold_time", "tap_limit", "dim_after", "off_after")


def step_of(row: Row) -> str:
    """The step of the number field: tenths for short times, whole numbers otherwise."""
    return "0.1" if row.high < 10 else "1"

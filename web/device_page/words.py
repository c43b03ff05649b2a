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
    "set": _("Set by hand, not confirmed"),
    "unknown": _("Unknown: codes are hidden"),
}
STORAGE = {
    "TPM 2": _("Sealed by the security chip"),
    "Pi firmware key": _("Sealed by this device's own key"),
    "systemd credential": _("Sealed by the system"),
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
    "push": _("Answers logins of another server"),
    "container": _("A server hands out accounts to this token"),
}
# what the administrator of a privacyIDEA fills in at its HTTP gateway, name and value
GATEWAY = (
    ("HTTP_METHOD", "POST"),
    ("SEND_DATA_AS_JSON", "yes"),
    ("ALLOW_PUSH", "yes"),
    ("CHECK_SSL", "yes"),
    ("to", "{phone}"),
)
STAGES = {
    "scanning": _("The camera is on. Hold the QR code in front of the token."),
    "looking": _("The portal is asked what this code means…"),
    "offered": _("Check on the token who and which service this is, then hold the button to link."),
    "making": _("The token makes a key. On a small board that takes a while…"),
    "working": _("The token makes its keys and sends them to the portal…"),
    "dialling": _("The portal has sent a code by SMS. Type it below, or on the token."),
    "spelling": _("The server asks for words. Type them below, or on the token."),
    "checking": _("The code is being checked…"),
    "ready": _("Linked. The token now shows the account."),
    "notice": _("The token shows how it ended."),
    "offering": _("Hold the button on the token for 5 seconds to erase everything."),
    "wiping": _("Everything is being erased…"),
    "asked": _(
        "Look at the token: it asks whether this is meant. Hold its button for 3 seconds to agree."
    ),
    "granting": _("The token is doing it…"),
    "proposed": _(
        "Look at the token: it asks whether this is meant. Hold its button for 3 seconds to agree."
    ),
    "installing": _("The token is being updated. Leave it plugged in."),
    "testing": _("The token is testing its parts…"),
    "asking": _("Somebody is signing in. Answer that on the token first."),
    "numbering": _("Somebody is signing in. Answer that on the token first."),
    "refusing": _("Somebody is signing in. Answer that on the token first."),
    "picking": _("Somebody is signing in. Answer that on the token first."),
    "digital": _("The token shows digits that the login page asks for."),
    "textual": _("The token shows a text that must be typed at the server."),
    "sending": _("Somebody is signing in. Answer that on the token first."),
}
UPDATING = {
    "sending": _("The file is coming in"),
    "checking": _("The token checks who signed it"),
    "installing": _("The token is being updated"),
    "restarting": _("The token starts anew"),
    "trying": _("The token tests the new version"),
}
LEAVE_PLUGGED_IN = ("installing", "restarting", "trying")
TESTED = {**PARTS, "clock": CLOCK, "key": _("Key")}
TROUBLES = {
    "good": _("Good"),
    "bad": _("Not good"),
    "unknown": _("Not known yet"),
    "no-camera": _("Not found. Check the cable."),
    "camera-busy": _("In use. Try again."),
    "clock": _("Not set. Give the token a network."),
    "no-network": _("No network. Check the cable or Wi-Fi."),
    "portal-down": _("The portal does not answer."),
    "timeout": _("No answer in time."),
    "proxy": _("The proxy refuses. Look at its name and password."),
}
KINDS_OF_NETWORK = {"wifi": "Wi-Fi", "cable": _("Cable")}
COUNTRIES = {
    "NL": _("Netherlands"),
    "BE": _("Belgium"),
    "DE": _("Germany"),
    "LU": _("Luxembourg"),
    "FR": _("France"),
    "GB": _("United Kingdom"),
    "DK": _("Denmark"),
    "AT": _("Austria"),
    "CH": _("Switzerland"),
}
LEVELS = {"WARNING": "doubt", "ERROR": "bad", "CRITICAL": "bad"}
# while the device is at one of these stages a page without script loads itself again
BUSY = ("asked", "granting", "offering", "wiping", "testing")
# beside the words of these stages a wheel turns: the device is at work
TURNING = ("scanning", "looking", "making", "working", "checking", "wiping", "granting", "testing")
CHOICES = {
    "nl": _("Dutch"),
    "en": _("English"),
    "one": _("One button"),
    "three": _("Three keys"),
    "joystick": _("Joystick"),
    "all": _("Every network"),
    "local": _("Private networks only"),
    "cable": _("Only a cable straight to the token"),
    "off": _("Never"),
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
    "pin_each": _("Ask for the PIN before each account is used."),
    "pin_wipe": _("Ten wrong PINs in a row erase everything on the token."),
    "key_size": _("Longer keys take longer to make; a new key only comes with a new link."),
    "page_from": _("From which networks this page may be used, once the button has opened it."),
    "page_networks": _(
        "Such as 192.0.2.0/24; empty means no further limit. The USB cable always works."
    ),
    "kiosk": _(
        "Names are shortened on the panel until somebody signs in, and its menu changes nothing. "
        "Linking, settings and reset are then asked on this page."
    ),
    "backup_codes": _(
        "A hold on the token may put the codes of other services in a backup. "
        "Whoever has the file and its passphrase can make those codes."
    ),
    "server_exceptions": _(
        "Whoever stands between can read and change what goes to such a server."
    ),
    "proxy": _("Such as http://proxy.example.org:3128; empty means a direct line."),
    "no_proxy": _(
        "Names or addresses, each with everything below it; this token itself never uses it."
    ),
}
SECURITY = (
    "pin_each",
    "pin_wipe",
    "kiosk",
    "backup_codes",
    "page_from",
    "page_networks",
    "key_size",
)
PROXY = ("proxy", "no_proxy")
MENU = (
    ("status.show", _("Status")),
    ("linking.show", _("Linking")),
    ("accounts.show", _("Accounts")),
    ("network.show", _("Network")),
    ("clock.show", _("Time")),
    ("panel.show", _("Panel and sound")),
    ("settings.show", _("Settings")),
    ("security.show", _("Security")),
    ("backup.show", _("Backup")),
    ("kiosk.show", _("Who is waiting")),
    ("log.show", _("Log and diagnosis")),
    ("update.show", _("Update")),
    ("reset.show", _("Restart and erase")),
)
SECONDS = ("hold_time", "tap_limit", "dim_after", "off_after")


def value(said: str, other: str) -> str:
    """A setting's value as a person reads it; `other` is the one it stands beside, which tells a switch."""
    if {said, other} == {"on", "off"}:
        return {"on": _("On"), "off": _("Off")}[said]
    return CHOICES.get(said, said) or "–"


def step_of(row: Row) -> str:
    """The step of the number field: tenths for short times, whole numbers otherwise."""
    return "0.1" if row.high < 10 else "1"

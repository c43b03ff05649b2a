"""Where the portal's device API lives, for both ends. A file of its own, so that the courier knows no cryptography."""

from __future__ import annotations

ENROLMENTS = "/device/v1/enrolments"
TOKEN = "/device/v1/token"
INBOX = "/device/v1/inbox"
ANSWERS = "/device/v1/answers"
PROFILE = "/device/v1/profile"
FAREWELL = "/device/v1/farewell"
RELAY = "/device/v1/relay"
RING = "/device/v1/ring"
BROKER = "/device/v1/broker"

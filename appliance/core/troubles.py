"""Why something did not work, in kinds that have a cure. The words for each stand in `flows/notice.py`."""

from __future__ import annotations

from enum import StrEnum


class Trouble(StrEnum):
    """Why something did not work, in kinds that have a cure."""

    NO_CAMERA = "no-camera"
    CAMERA_BUSY = "camera-busy"
    NOTHING_FOUND = "nothing-found"
    NOT_A_PICTURE = "not-a-picture"
    NOT_LOGIN_QR = "not-login-qr"
    TOO_LONG = "too-long"
    TIMEOUT = "timeout"
    NO_NETWORK = "no-network"
    NOT_TRUSTED = "not-trusted"
    PROXY = "proxy"
    PORTAL_DOWN = "portal-down"
    USED_OR_EXPIRED = "used-or-expired"
    WRONG_CODE = "wrong-code"
    TOO_MANY_TRIES = "too-many-tries"
    FOREIGN = "foreign"
    NOT_HTTPS = "not-https"
    CLOCK = "clock"
    STORAGE = "storage"
    DUPLICATE = "duplicate"
    WEAK_SECRET = "weak-secret"
    WIFI = "wifi"
    WIFI_UNFIT = "wifi-unfit"
    OTHER_EXPORT = "other-export"
    IS_LOGIN_PAGE = "is-login-page"
    IS_WEB = "is-web"
    IS_CONTACT = "is-contact"
    IS_MAIL = "is-mail"
    IS_PHONE = "is-phone"
    IS_PUSH = "is-push"
    IS_TEXT = "is-text"

"""What an application's request says, read once: what we do not know is left out, what we cannot do is said.

Sources: RFC 6749 section 3.1 (unknown names are ignored); OpenID Connect Core 1.0 sections 3.1.2.1, 6.1 and 7.2.1.
"""

from __future__ import annotations

from collections.abc import Mapping

from authlib.oauth2.rfc6749.errors import InvalidRequestError, OAuth2Error
from authlib.oidc.core.errors import ConsentRequiredError

from web.login_portal.applications import authorizations
from web.login_portal.applications.authorizations import Authorization
from web.login_portal.rules.application_words import is_plain
from web.login_portal.rules.names import login_name

LONGEST_AGO = 10.0**9
NAMES = frozenset(
    (
        *("response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "prompt"),
        *("code_challenge", "code_challenge_method", "max_age", "login_hint", "ui_locales"),
        *("id_token_hint", "response_mode"),
    )
)
NOT_HERE = ("request", "request_uri", "registration")
PROMPTS = ("none", "login", "select_account")


class NotSupported(OAuth2Error):  # type: ignore[misc]
    """A name of OpenID Connect that would change the request, and that we do not read."""


def heard(sent: Mapping[str, str]) -> dict[str, str]:
    """The part of a request that we know. Raises an OAuth2Error for one that means more than we do."""
    known = {name: value for name, value in sent.items() if name in NAMES}
    for name in NOT_HERE:
        if name in sent:
            raise NotSupported(
                f"{name} is not read here", error=f"{name}_not_supported", **_way(sent)
            )
    if not is_plain(known):
        raise InvalidRequestError("Wrong form", **_way(sent))
    if known.get("response_mode", "query") != "query":
        raise InvalidRequestError("The response_mode is query, and no other", **_way(sent))
    _prompted(known)
    return known


def wish(sent: Mapping[str, str], browser: str, now: float) -> Authorization:
    """The request as a row. Raises InvalidRequestError."""
    return Authorization(
        id=authorizations.new_id(),
        application=sent["client_id"],
        redirect=sent.get("redirect_uri", ""),
        scope=sent.get("scope", ""),
        state=sent.get("state", ""),
        nonce=sent.get("nonce", ""),
        challenge=sent.get("code_challenge", ""),
        fresh=bool({"login", "select_account"} & set(sent.get("prompt", "").split())),
        longest_ago=_seconds(sent),
        hint=login_name(sent.get("login_hint", "")),
        browser=browser,
        waits_for="",
        made=now,
    )


def as_sent(wish: Authorization) -> dict[str, str]:
    """The request as the application sent it."""
    sent = {
        "response_type": "code",
        "client_id": wish.application,
        "redirect_uri": wish.redirect,
        "scope": wish.scope,
        "state": wish.state,
        "nonce": wish.nonce,
        "code_challenge": wish.challenge,
        "code_challenge_method": "S256",
    }
    return {name: value for name, value in sent.items() if value}


def _prompted(sent: Mapping[str, str]) -> None:
    """Raises an OAuth2Error for a question that no page of ours asks (OpenID Connect Core 1.0 section 3.1.2.1)."""
    strange = set(sent.get("prompt", "").split()).difference(PROMPTS)
    if "consent" in strange:
        raise ConsentRequiredError("Nobody is asked for consent here", **_way(sent))
    if strange:
        raise InvalidRequestError("This prompt is not known here", **_way(sent))


def _seconds(sent: Mapping[str, str]) -> float | None:
    text = sent.get("max_age", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        raise InvalidRequestError("max_age is a number of seconds", **_way(sent))
    return min(LONGEST_AGO, float(text))


def _way(sent: Mapping[str, str]) -> dict[str, str]:
    """Where the browser goes back to with an error."""
    return {"redirect_uri": sent.get("redirect_uri", ""), "state": sent.get("state", "")}

"""An application signs its person out of the portal (OpenID Connect RP-Initiated Logout 1.0).

Only an ID token of ours, of the very session that this browser has, ends that session without a question; and only an
address that the application registered for this is gone back to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from authlib.common.urls import add_params_to_uri

from appliance.core.errors import Refused
from web.login_portal.applications import registry
from web.login_portal.applications.id_tokens import IdTokens
from web.login_portal.sessions import Session
from web.login_portal.store.database import Database


@dataclass(frozen=True, slots=True)
class Leaving:
    """One such request: which session it proves to know, and where the browser goes afterwards."""

    sid: str = field(default="", repr=False)
    back: str = ""


@dataclass(frozen=True, slots=True)
class Leavings:
    """Reads such requests."""

    database: Database
    writer: IdTokens

    def read(self, sent: Mapping[str, str]) -> Leaving:
        """What this request is worth. Raises Refused."""
        hint = sent.get("id_token_hint", "")
        if not hint:
            return Leaving()
        claims = self.writer.signing.read(hint)
        if claims is None or sent.get("client_id", claims.get("aud")) != claims.get("aud"):
            raise Refused("The application asks to sign out in a way that is not right")
        back = self._back(str(claims.get("aud")), sent)
        return Leaving(str(claims.get("sid", "")), back)

    def is_of(self, leaving: Leaving, session: Session) -> bool:
        """Whether it proves to know this very session."""
        return bool(leaving.sid) and leaving.sid == self.writer.sid(session.id)

    def _back(self, application: str, sent: Mapping[str, str]) -> str:
        with self.database.reading() as reading:
            found = registry.find(reading, application)
        wanted = sent.get("post_logout_redirect_uri", "")
        if found is None or wanted not in found.after_sign_out:
            return ""
        state = sent.get("state", "")
        return str(add_params_to_uri(wanted, [("state", state)])) if state else wanted

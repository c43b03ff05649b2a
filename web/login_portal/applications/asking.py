"""Requests and applications in the form that Authlib asks for, free of any web framework."""

from __future__ import annotations

from collections.abc import Mapping

from authlib.oauth2.rfc6749 import ClientMixin, OAuth2Request
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload

from web.login_portal.applications.id_tokens import SCOPES
from web.login_portal.applications.registry import Application
from web.login_portal.keys import Keys

CODE_GRANT, KIOSK_GRANT = "authorization_code", "urn:openid:params:grant-type:ciba"
BY_SECRET, BY_KEY = ("client_secret_basic", "client_secret_post"), "private_key_jwt"
PROVEN = (*BY_SECRET, BY_KEY)


class Asked(OAuth2Request):  # type: ignore[misc]
    """One request of an application, free of any web framework."""

    def __init__(
        self, verb: str, values: Mapping[str, str], headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(verb, "https://portal", headers=dict(headers or {}))
        self.payload = BasicOAuth2Payload(dict(values))

    @property
    def args(self) -> dict[str, str]:
        """What stood in the address."""
        return dict(self.payload.data)

    @property
    def form(self) -> dict[str, str]:
        """What stood in the body."""
        return dict(self.payload.data)


class Client(ClientMixin):  # type: ignore[misc]
    """An application as Authlib wants to see it."""

    def __init__(self, application: Application, keys: Keys) -> None:
        self.application, self._keys = application, keys
        self.client_id = application.id
        after = list(application.after_sign_out)
        self.client_metadata = {"post_logout_redirect_uris": after}

    def get_client_id(self) -> str:
        """Its id."""
        return self.application.id

    def get_default_redirect_uri(self) -> None:
        """None: every request names its address."""

    def get_allowed_scope(self, scope: str | None) -> str:
        """What it gets of what it asks; a scope that we do not know is left out."""
        return " ".join(one for one in SCOPES if one in (scope or "").split())

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Whether this is one of its addresses, sign by sign (RFC 9700 section 4.1.3)."""
        return redirect_uri in self.application.redirects

    def check_client_secret(self, client_secret: str) -> bool:
        """Whether this is its secret."""
        return self.application.knows(client_secret, self._keys)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        """Whether it may prove itself in this way."""
        del endpoint
        if self.application.public_key:
            return method == BY_KEY
        return method in BY_SECRET if self.application.confidential else method == "none"

    def check_response_type(self, response_type: str) -> bool:
        """Whether it may ask for this: codes only."""
        return response_type == "code" and bool(self.application.redirects)

    def check_grant_type(self, grant_type: str) -> bool:
        """Whether it may use this grant."""
        may = {CODE_GRANT: self.application.redirects, KIOSK_GRANT: self.application.kiosk}
        return bool(may.get(grant_type))

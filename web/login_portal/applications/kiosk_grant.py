"""The grant by which a kiosk fetches what its person has approved meanwhile (CIBA Core 1.0 section 10)."""

from __future__ import annotations

from typing import Any

from authlib.oauth2.rfc6749.errors import (
    InvalidGrantError,
    InvalidRequestError,
    UnauthorizedClientError,
)
from authlib.oauth2.rfc6749.grants import BaseGrant, TokenEndpointMixin

from web.login_portal.applications.asking import KIOSK_GRANT, PROVEN


class KioskGrant(BaseGrant, TokenEndpointMixin):  # type: ignore[misc]
    """One poll of a kiosk."""

    GRANT_TYPE = KIOSK_GRANT
    TOKEN_ENDPOINT_AUTH_METHODS = PROVEN

    def validate_token_request(self) -> None:
        """Who asks, and for which request. Raises an OAuth2Error."""
        client = self.authenticate_token_endpoint_client()
        if not client.check_grant_type(KIOSK_GRANT):
            raise UnauthorizedClientError("This application may start no requests")
        wanted = self.request.form.get("auth_req_id")
        if not wanted:
            raise InvalidRequestError("Missing 'auth_req_id' in request.")
        self.request.client = client
        self.taken = self.server.backchannel.take(client.application, wanted)

    def create_token_response(self) -> tuple[int, dict[str, Any], list[tuple[str, str]]]:
        """The tokens, once. Raises InvalidGrantError when the person is gone."""
        person = self.server.person_of(self.taken)
        if person is None:
            raise InvalidGrantError("There is nobody for this request")
        token = self.generate_token(scope=self.taken.scope, include_refresh_token=False)
        self.server.keep_access(token["access_token"], self.taken)
        token["id_token"] = self.server.id_token(self.taken, person, token["access_token"])
        return 200, token, self.TOKEN_RESPONSE_HEADER

"""What the portal tells every application about itself (OpenID Connect Discovery 1.0, RFC 8414, CIBA Core 1.0)."""

from __future__ import annotations

from web.login_portal.applications.asking import CODE_GRANT, KIOSK_GRANT, PROVEN
from web.login_portal.applications.id_tokens import SCOPES
from web.login_portal.applications.signing_keys import ALGORITHM
from web.login_portal.applications.wishes import PROMPTS
from web.login_portal.rules.application_keys import ALGORITHMS
from web.login_portal.rules.approval import ACR_VALUES
from web.login_portal.rules.tongue import LANGUAGES

DISCOVERY = "/.well-known/openid-configuration"
AUTHORIZE, END_SESSION = "/authorize", "/end-session"
TOKEN, JWKS, USERINFO = "/openid/token", "/openid/keys", "/openid/userinfo"
BACKCHANNEL, PUSH = "/openid/backchannel", "/openid/par"
CLAIMS = ("sub", "name", "preferred_username", "auth_time", "acr", "amr", "sid")


def metadata(issuer: str) -> dict[str, object]:
    """The discovery document of the portal at this origin."""
    places = {
        "authorization_endpoint": AUTHORIZE,
        "token_endpoint": TOKEN,
        "jwks_uri": JWKS,
        "userinfo_endpoint": USERINFO,
        "end_session_endpoint": END_SESSION,
        "backchannel_authentication_endpoint": BACKCHANNEL,
        "pushed_authorization_request_endpoint": PUSH,
    }
    return {
        "issuer": issuer,
        **{name: f"{issuer}{path}" for name, path in places.items()},
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": [CODE_GRANT, KIOSK_GRANT],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "token_endpoint_auth_methods_supported": [*PROVEN, "none"],
        "token_endpoint_auth_signing_alg_values_supported": list(ALGORITHMS),
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": list(SCOPES),
        "claims_supported": list(CLAIMS),
        "acr_values_supported": list(ACR_VALUES),
        "ui_locales_supported": list(LANGUAGES),
        "prompt_values_supported": list(PROMPTS),
        "authorization_response_iss_parameter_supported": True,
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "require_pushed_authorization_requests": False,
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
        "backchannel_token_delivery_modes_supported": ["poll"],
        "backchannel_user_code_parameter_supported": False,
    }

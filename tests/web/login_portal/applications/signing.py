"""An application's own key, and the assertions that it signs with it."""

from __future__ import annotations

import json
import secrets
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey
from werkzeug.test import TestResponse

from tests.web.login_portal.applications.relying import Relying

KIND = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def key_pair() -> tuple[dict[str, Any], str]:
    """The private half as a JWK, the public half as PEM."""
    key = ECKey.generate_key("P-256", {"alg": "ES256", "kid": "one", "use": "sig"})
    return dict(key.as_dict(private=True)), key.as_pem(private=False).decode()


def assertion(relying: Relying, private: dict[str, Any], **changed: object) -> str:
    """A signed assertion for the portal, now; an empty value leaves a claim out."""
    now, home = relying.world.clock(), relying.world.portal.config.origin.url
    claims = {"iss": relying.id, "sub": relying.id, "aud": f"{home}/openid/token"}
    claims |= {"jti": secrets.token_urlsafe(12), "iat": now, "exp": now + 60}
    said = {name: value for name, value in {**claims, **changed}.items() if value != ""}
    return jwt.encode({"alg": "ES256"}, json.loads(json.dumps(said)), ECKey.import_key(private))


def push_proven(relying: Relying, given: str) -> TestResponse:
    """Push the usual request, with this assertion as the only proof."""
    sent = dict(parse_qsl(urlsplit(relying.wish()).query))
    sent |= {"client_assertion_type": KIND, "client_assertion": given}
    return relying.post("/openid/par", sent, "")

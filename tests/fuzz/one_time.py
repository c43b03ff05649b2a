"""Laws of what a scanned text becomes: `otpauth` texts, migration pictures, links, and everything else people scan."""

from __future__ import annotations

import base64
from dataclasses import replace
from types import ModuleType
from urllib.parse import quote

from appliance.core.accounts import Kind
from appliance.core.errors import Refused
from appliance.core.troubles import Trouble
from appliance.courier.exchange import is_allowed
from appliance.credentials import candidates, google_migration, otpauth, scanned
from appliance.credentials.candidates import OtpCandidate
from appliance.wire import enrolment
from tests.fuzz.verdict import hold, says_nothing


def text_of(untrusted: bytes) -> str:
    return untrusted.decode("utf-8", "replace")


def otpauth_text(untrusted: bytes, parser: ModuleType = otpauth) -> None:
    """`otpauth.parse`: a candidate within our limits that survives being written and read again, or NotTaken."""
    text = text_of(untrusted)
    try:
        candidate = parser.parse(text)
    except candidates.NotTaken as refusal:
        says_nothing(refusal)
        return
    within_limits(candidate)
    hold(len(text) <= 2048, "a text that is too long was taken")
    query = text.partition("?")[2].partition("#")[0].lower().split("&")
    keys = [pair.partition("=")[0] for pair in query]
    hold(all(keys.count(key) <= 1 for key in otpauth.KNOWN), "a value that stands twice was taken")
    again = written(candidate)
    if len(again) <= 2048:
        hold(parser.parse(again) == candidate, "written and read again, it is another candidate")


def written(candidate: OtpCandidate) -> str:
    """The candidate as the plainest text that describes it."""
    secret = base64.b32encode(candidate.secret).decode().rstrip("=")
    tail = f"&counter={candidate.counter}" if candidate.kind is Kind.HOTP else ""
    tail += f"&pin={candidate.must_pin}&serial={candidate.serial}"
    if candidate.two_step is not None:
        step = candidate.two_step
        tail += f"&2step_salt={step.salt}&2step_output={step.output}&2step_difficulty={step.rounds}"
    return (
        f"otpauth://{candidate.kind}/{quote(':' + candidate.label, safe='')}?secret={secret}"
        f"&issuer={quote(candidate.issuer, safe='')}&algorithm={candidate.algorithm}"
        f"&digits={candidate.digits}&period={candidate.period}{tail}"
    )


def within_limits(candidate: OtpCandidate) -> None:
    """Checklist rows 1 and 38, said once more and by other words than the parsers'."""
    hold(candidate.kind in {Kind.TOTP, Kind.HOTP}, "a kind that shows no codes was taken")
    hold(16 <= len(candidate.secret) <= 128, "a secret of the wrong length was taken")
    hold(candidate.digits in {6, 7, 8}, "a number of digits that we do not show was taken")
    hold(1 <= candidate.period <= 31 * 86_400, "a period that we do not keep was taken")
    hold(0 <= candidate.counter < 2**63, "a counter that no record holds was taken")
    hold(candidate.kind is Kind.HOTP or candidate.counter == 0, "a timed code has a counter")
    hold(len(candidate.label) <= 128 and len(candidate.issuer) <= 128, "a long name was taken")
    hold(candidate.algorithm in candidates.Algorithm, "a method that we do not know was taken")
    blank = replace(candidate, secret=bytes(len(candidate.secret)))
    hold(repr(blank) == repr(candidate), "the secret is in the record's words")


def migration_text(untrusted: bytes, parser: ModuleType = google_migration) -> None:
    """`google_migration.parse`: a bare message is wrapped into a picture's text first, to get behind its base64."""
    text = text_of(untrusted)
    if not text.startswith("otpauth"):
        text = parser.SCHEME + "data=" + quote(base64.b64encode(untrusted).decode(), safe="")
    try:
        found = parser.parse(text)
    except candidates.NotTaken as refusal:
        says_nothing(refusal)
        return
    hold(len(text) <= 4096, "a text that is too long was taken")
    hold(1 <= len(found.candidates) <= 32, "a picture without accounts, or with too many")
    hold(0 <= found.batch < found.batches <= 64, "a picture that is not one of its batch")
    for candidate in found.candidates:
        within_limits(candidate)


def scanned_text(untrusted: bytes, parser: ModuleType = scanned) -> None:
    """`scanned.understand`: one of its records, and a link only to where a portal may live."""
    text = text_of(untrusted)
    try:
        found = parser.understand(text)
    except candidates.NotTaken as refusal:
        says_nothing(refusal)
        hold(refusal.why in Trouble, "a refusal without a kind")
        return
    hold(len(text) <= 4096, "a text that is too long was taken")
    if isinstance(found, (parser.LoginLink, parser.Wifi, parser.Unknown)):
        why = getattr(parser, "refused", lambda _: Trouble.NOT_LOGIN_QR)(found)
        hold(why in Trouble, "a text that is nothing to link has no kind of trouble")
    if isinstance(found, OtpCandidate):
        within_limits(found)
    elif isinstance(found, parser.EnrolmentLink):
        safe_origin(found.origin)
        ticket = enrolment.parse_link(found.link)
        hold(ticket.origin == found.origin, "the link leads elsewhere than it says")
        hold(repr(replace(found, link="")) == repr(found), "the ticket is in the record's words")
    elif isinstance(found, parser.LoginLink):
        safe_origin(found.origin)
        hold(len(found.code) == 26, "a login code of less than 128 bits was taken")
        hold(repr(replace(found, code="")) == repr(found), "the code is in the record's words")


def safe_origin(origin: str) -> None:
    """https anywhere, http only to this very machine, with a port that exists and nothing else."""
    scheme, _, place = origin.partition("://")
    host, colon, port = place.rpartition(":") if not place.endswith("]") else (place, "", "")
    host = host if colon else place
    here = host.lower() in {"localhost", "[::1]"} or host.startswith("127.")
    hold(scheme == "https" or (scheme == "http" and here), "an address that is not safe was taken")
    hold(not colon or 1 <= int(port) <= 65535, "a port that does not exist was taken")
    hold(not set(host) & set("@/?#\\ "), "an origin has more than a host and a port")
    hold(is_allowed(f"{origin}/device/v1/enrolments/x"), "the courier may not go where this leads")


def enrolment_link(untrusted: bytes, parser: ModuleType = enrolment) -> None:
    """`enrolment.parse_link`: a ticket of 128 bits that its own link leads back to, or Refused."""
    text = text_of(untrusted)
    try:
        ticket = parser.parse_link(text)
    except Refused as refusal:
        says_nothing(refusal)
        return
    hold(parser.is_link(text), "what was taken does not look like a link")
    hold(len(ticket.secret) == 16, "a ticket of another length than 128 bits was taken")
    hold(parser.parse_link(ticket.link) == ticket, "the ticket's own link leads elsewhere")
    hold(repr(replace(ticket, secret=b"")) == repr(ticket), "the ticket is in the record's words")
    hold(len(ticket.id) == 22, "what the carrier sees has another length")

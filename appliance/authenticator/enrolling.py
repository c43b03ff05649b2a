"""One enrolment at a time, from a scanned text to a kept account. Holds the half-done enrolment in memory only.

Nothing is stored before the grant is opened and checked, and what is stored is what the panel showed. A text that is
refused, a portal that goes away, or a person who says no leaves nothing behind.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from appliance.authenticator import grants
from appliance.authenticator.errands import Carried, Errands, Matter, Purpose, errand
from appliance.authenticator.peers import Peers
from appliance.authenticator.vault import Vault, new_id
from appliance.authenticator.vault_records import Kept, KeyPair, key_of, new_pair, public_of
from appliance.core.accounts import Account, Kind
from appliance.core.clock_trust import Now
from appliance.core.elsewhere import TextToType
from appliance.core.errors import Refused, StorageTrouble
from appliance.core.events import (
    AccountKept,
    AccountsChanged,
    ConfirmAsked,
    ConfirmRefused,
    EnrolmentFailed,
    Event,
    ExportSeen,
    OfferMade,
    OfferSought,
)
from appliance.core.flow import Device
from appliance.core.troubles import Trouble
from appliance.credentials.candidates import NotTaken, OtpCandidate
from appliance.credentials.export import Export, Offers, collected
from appliance.credentials.google_migration import Migration
from appliance.credentials.privacyidea.containers import ContainerCandidate
from appliance.credentials.privacyidea.enrolment import PushCandidate
from appliance.credentials.scanned import EnrolmentLink, refused, understand
from appliance.wire.enrolment import (
    Card,
    Confirmation,
    Offer,
    Ticket,
    parse_link,
    seal_card,
    sign_confirmation,
)
from appliance.wire.letters import ENROLMENTS
from appliance.wire.scan import mark_of

OFFER_PATIENCE, CARD_PATIENCE, CONFIRM_PATIENCE = 10.0, 40.0, 40.0
Events = tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """An enrolment at a portal, as far as it has come."""

    number: str
    ticket: Ticket = field(repr=False)
    offer: Offer | None = None
    sign: KeyPair | None = None
    agree: KeyPair | None = None
    tries_left: int = 0


@dataclass(frozen=True, slots=True)
class Foreign:
    """A code generator of another service, offered under this id."""

    number: str
    candidate: OtpCandidate


class Enrolling:
    """The one enrolment under way. `allowed` are the portals that may be linked; empty allows every safe one."""

    def __init__(
        self,
        vault: Vault,
        errands: Errands,
        device: Device,
        peers: Peers,
        allowed: tuple[str, ...] = (),
    ) -> None:
        self._vault = vault
        self._errands = errands
        self._device = device
        self.allowed = allowed
        self.peers = peers
        self._at: Link | Foreign | None = None
        self._export: Export | None = None
        self._offers = Offers()

    def take_text(self, untrusted_text: str, now: Now) -> Events:
        """Begin with what was scanned or pasted, or go on with an export. Anything else under way is dropped."""
        export = self._export
        self.drop()
        try:
            scanned = understand(untrusted_text)
            if isinstance(scanned, EnrolmentLink):
                return self._seek(parse_link(scanned.link), now)
            if isinstance(scanned, Migration):
                return self._collect(collected(export, scanned, mark_of(untrusted_text)))
        except NotTaken as refusal:
            return (EnrolmentFailed(refusal.why),)
        except Refused:
            return (EnrolmentFailed(Trouble.NOT_LOGIN_QR),)
        if isinstance(scanned, OtpCandidate):
            return self._line_up((scanned,))
        if isinstance(scanned, PushCandidate | ContainerCandidate):
            return self.peers.offer(scanned, now)
        return (EnrolmentFailed(refused(scanned)),)

    @property
    def idle(self) -> bool:
        """Whether nothing is under way here; what a peer does is its own to say."""
        return self._at is None and self._export is None

    @property
    def seen(self) -> tuple[bytes, ...]:
        """The marks of the pictures of an export that were seen and need not be read again."""
        return self._export.marks if self._export is not None else ()

    def next_offer(self) -> Events:
        """The next account of an export; the one before it was kept, or is forgotten now."""
        number, candidate = new_id(), self._offers.first
        if candidate is None:
            return ()
        self._at, self._offers = Foreign(number, candidate), self._offers.taken()
        account = grants.foreign(number, candidate).account
        offers = self._offers
        made = OfferMade(account, "", needs_confirm=False)
        return (replace(made, number=offers.number, of=offers.of, kept=offers.kept),)

    def accept(self, now: Now) -> Events:
        """The person held the button on the offer."""
        match self._at:
            case Foreign():
                kept = grants.with_own_part(self._at.number, self._at.candidate)
                return self._keep(kept, self._at)
            case Link(offer=Offer()) if self._at.sign is None:
                return self._post_card(self._at, now)
            case None:
                return self.peers.accept(now)
        return ()

    def confirm(self, digits: str, now: Now) -> Events:
        """Send the typed one-time code under the new key."""
        at = self._at
        if not isinstance(at, Link) or at.sign is None:
            return (EnrolmentFailed(Trouble.USED_OR_EXPIRED),)
        signed = sign_confirmation(Confirmation(at.ticket.id, digits), key_of(at.sign))
        post = errand("POST", f"{_address(at.ticket)}/confirm", signed)
        purpose = Purpose(Matter.CONFIRM, at.number)
        self._errands.send(purpose, post, now.monotonic, CONFIRM_PATIENCE)
        return ()

    def drop(self) -> None:
        """Forget the offer, the keys and the ticket, and all of an export that was not kept."""
        if self._at is not None:
            self._errands.drop(self._at.number)
        self._at = None
        self.peers.drop()
        self._export, self._offers = None, Offers()

    def carried(self, carried: Carried, now: Now) -> Events:
        """What the portal said to our errand."""
        at = self._at
        if not isinstance(at, Link) or at.number != carried.purpose.subject:
            return ()
        if carried.trouble is not None:
            return self._fail(carried.trouble)
        try:
            match carried.purpose.matter:
                case Matter.OFFER:
                    return self._offered(at, carried, now)
                case Matter.CARD:
                    return self._posted(at, carried)
                case Matter.CONFIRM:
                    return self._granted(at, carried)
        except NotTaken as refusal:
            return self._fail(refusal.why)
        except Refused:
            return self._fail(Trouble.NOT_TRUSTED)
        return ()

    def _seek(self, ticket: Ticket, now: Now) -> Events:
        if self.allowed and ticket.origin not in self.allowed:
            return (EnrolmentFailed(Trouble.FOREIGN),)
        self._at = Link(new_id(), ticket)
        get = errand("GET", _address(ticket))
        purpose = Purpose(Matter.OFFER, self._at.number)
        self._errands.send(purpose, get, now.monotonic, OFFER_PATIENCE)
        return (OfferSought(),)

    def _collect(self, export: Export) -> Events:
        if export.complete:
            return self._line_up(export.candidates)
        self._export = export
        return (ExportSeen(export.have, export.batches),)

    def _line_up(self, candidates: tuple[OtpCandidate, ...]) -> Events:
        """Offer those that are not linked yet, one after the other."""
        known = [self._vault.kept(account.id) for account in self._vault.accounts()]
        new = []
        for candidate in candidates:
            kept = grants.foreign("", candidate)
            if not any(grants.is_same(kept, other) for other in known):
                known.append(kept)
                new.append(candidate)
        if not new:
            return (EnrolmentFailed(Trouble.DUPLICATE),)
        self._offers = Offers(tuple(new), of=len(new))
        return self.next_offer()

    def _offered(self, at: Link, carried: Carried, now: Now) -> Events:
        if carried.status != 200:
            return self._fail(_ended(carried.status))
        offer = grants.open_checked_offer(carried.body, at.ticket, now)
        if any(_same_person(account, offer, self._vault) for account in self._vault.accounts()):
            return self._fail(Trouble.DUPLICATE)
        self._at = replace(at, offer=offer)
        account = Account(
            at.number, Kind.PORTAL, offer.label, offer.service, origin=at.ticket.origin
        )
        host = urlsplit(at.ticket.origin).netloc
        return (OfferMade(account, host, needs_confirm=True),)

    def _post_card(self, at: Link, now: Now) -> Events:
        sign, agree = new_pair("Ed25519"), new_pair("X25519")
        self._at = replace(at, sign=sign, agree=agree)
        device = self._device
        card = Card(
            public_of(sign), public_of(agree), device.serial, device.software, device.storage
        )
        post = errand("POST", f"{_address(at.ticket)}/device", seal_card(card, at.ticket))
        purpose = Purpose(Matter.CARD, at.number)
        self._errands.send(purpose, post, now.monotonic, CARD_PATIENCE)
        return ()

    def _posted(self, at: Link, carried: Carried) -> Events:
        if carried.status != 202:
            return self._fail(_ended(carried.status))
        sent = grants.sent(carried.body)
        self._at = replace(at, tries_left=sent.tries_left)
        return (ConfirmAsked(sent.sent_to[:64]),)

    def _granted(self, at: Link, carried: Carried) -> Events:
        if carried.status == 403:
            return self._refused(at, max(0, grants.sent(carried.body).tries_left))
        if carried.status == 410 and at.tries_left <= 1:
            return self._fail(Trouble.TOO_MANY_TRIES)
        if carried.status != 200 or at.offer is None or at.sign is None or at.agree is None:
            return self._fail(_ended(carried.status))
        pairs = (at.sign, at.agree)
        kept = grants.open_checked_grant(carried.body, at.number, at.ticket, at.offer, pairs)
        return self._keep(kept, at)

    def _refused(self, at: Link, tries_left: int) -> Events:
        if tries_left == 0:
            self.drop()
        else:
            self._at = replace(at, tries_left=tries_left)
        return (ConfirmRefused(tries_left),)

    def _keep(self, kept: Kept, at: Link | Foreign) -> Events:
        counter = at.candidate.counter if isinstance(at, Foreign) else 0
        self._at = None
        try:
            self._vault.keep(kept, counter)
        except StorageTrouble:
            return self._fail(Trouble.STORAGE)
        self._offers = replace(self._offers, kept=self._offers.kept + 1)
        told = (AccountKept(kept.account), AccountsChanged(self._vault.accounts()))
        return (*told, TextToType(kept.id, kept.typed)) if kept.typed else told

    def _fail(self, why: Trouble) -> Events:
        self.drop()
        return (EnrolmentFailed(why),)


def _address(ticket: Ticket) -> str:
    return f"{ticket.origin}{ENROLMENTS}/{ticket.id}"


def _ended(status: int) -> Trouble:
    return Trouble.USED_OR_EXPIRED if status in (404, 409, 410) else Trouble.FOREIGN


def _same_person(account: Account, offer: Offer, vault: Vault) -> bool:
    return account.origin == offer.origin and vault.kept(account.id).person == offer.person

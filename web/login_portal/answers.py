"""Signed answers from tokens. The first valid one ends the login; a repeated one hears the same result again.

An answer counts only when a linked token signed it, for this portal, about the very letter that this token got.
Source: checklist rows 9 and 15; ASVS 5.0 section 6.6.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from joserfc.jwk import OKPKey
from sqlalchemy import bindparam, insert, select

from appliance.core.errors import Refused
from appliance.wire.letters import Answer, claimed_sender, letter_hash, open_answer
from web.login_portal import requests, token_states, tokens
from web.login_portal.rules.outcomes import Outcome, SignIn, answered
from web.login_portal.sign_ins import SignIns
from web.login_portal.store.database import Writing
from web.login_portal.store.prepared import Prepared
from web.login_portal.store.schema import answers

_COUNTED = Prepared(
    select(answers.c.digest).where(
        answers.c.device == bindparam("device"), answers.c.count == bindparam("count")
    )
)
_COUNT = Prepared(insert(answers))
KEYS = 4096
_NOT_LINKED = "This token is not linked"
_REASON = "The answer does not belong to a login of this token"
_UNKNOWN = "This login is not known here any more. Sign in again"


@dataclass(frozen=True, slots=True)
class Answers:
    """Takes answers and says how the login ended."""

    sign_ins: SignIns
    keys: dict[str, OKPKey] = field(default_factory=dict, repr=False)
    """Of tokens that were heard lately: a name keeps its key for ever."""

    def take(self, untrusted: str, now: float) -> Outcome:
        """How the login ended, after this answer. Raises Refused for unknown, foreign and forged ones."""
        answer = self._opened(untrusted)
        with self.sign_ins.database.writing() as writing:
            sign_in = self._asked(writing, answer)
            self._count(writing, answer, untrusted, now)
            token_states.heard(writing, answer.iss, now)
            ended = sign_in.outcome_at(now)
            if ended is None:
                expected = self.sign_ins.expected(sign_in)
                ended = answered(sign_in.match, expected, answer.verdict, answer.match)
                if ended is None:
                    raise Refused("The answer has no verdict")
                self.sign_ins.log.note("answer taken", request=sign_in.id, device=answer.iss)
            if not self.sign_ins.end(writing, sign_in, ended, now, by=answer.iss):
                settled = requests.with_id(writing.connection, sign_in.id)
                ended = settled.outcome or ended if settled is not None else ended
        return ended

    def _opened(self, untrusted: str) -> Answer:
        """What its token signed; found out before the writers' turn, so that forged ones delay nobody."""
        sender = claimed_sender(untrusted)
        answer = open_answer(untrusted, self.keys.get(sender) or self._key(sender))
        if answer.iss != sender or answer.aud != self.sign_ins.origin:
            raise Refused(_REASON)
        return answer

    def _key(self, token: str) -> OKPKey:
        with self.sign_ins.database.reading() as reading:
            linked = tokens.with_id(reading, token)
        if linked is None:
            raise Refused(_NOT_LINKED)
        if len(self.keys) >= KEYS:
            self.keys.clear()
        return self.keys.setdefault(token, linked.key)

    @staticmethod
    def _asked(writing: Writing, answer: Answer) -> SignIn:
        asked = requests.asked(writing.connection, answer.jti, answer.iss)
        if asked is None:
            raise Refused(_UNKNOWN)
        if not asked.linked:  # revoked since its key was read, a moment or a day ago
            raise Refused(_NOT_LINKED)
        if asked.letter is None or letter_hash(asked.letter) != answer.letter:
            raise Refused(_REASON)
        return asked.sign_in

    @staticmethod
    def _count(writing: Writing, answer: Answer, untrusted: str, now: float) -> None:
        """A token uses each count for one answer; a second one means a copied or rolled-back token (row 20)."""
        if not 0 <= answer.count < 2**53:
            raise Refused("The answer's count is out of range")
        digest = letter_hash(untrusted)
        used = {"device": answer.iss, "count": answer.count}
        before = _COUNTED.first(writing.connection, **used)
        if before is None:
            _COUNT.run(writing.connection, **used, digest=digest, at=now)
        elif before["digest"] != digest:
            raise Refused("The answer's count was used before")

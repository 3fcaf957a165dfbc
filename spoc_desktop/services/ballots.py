"""Ballots of a person: answered with or without a network, sent later and under no name (protocol rule 6).

The ballot itself, a token with the server's blind signature, is fetched as soon as a call has come, long before it is
answered; the answers leave at a random moment afterwards over a connection of their own. Both stay on this laptop: in a
space of the person's the server could read the token. So the ballot belongs to the laptop that fetched it first.
That the server's network sees two requests from one address cannot be helped from here: decision 0024.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Protocol

import msgspec

from spoc_desktop.services.desk import Desk, New, Seen
from spoc_desktop.services.errors import AlreadySubmitted, NotHereYet, NotOpenYet
from sync.client.ports import Changes
from sync.client.running import Progress, Synced
from sync.domain import spaces
from sync.domain.ballots import (
    CALL,
    RESULT,
    TOKEN_BYTES,
    BallotAnswer,
    BallotCall,
    BallotQuestion,
    BallotResult,
    Purpose,
    RemarksOf,
    answers_fit,
    is_sound,
    result_id,
)
from sync.domain.cohorts import ENROLMENT
from sync.domain.ids import CohortId
from sync.protocol.errors import AnswerCut, BallotSpent, Forbidden, SyncError
from sync.protocol.messages import BallotRequest, BallotSignReply, BallotSignRequest
from sync.protocol.version import PROTOCOL

if TYPE_CHECKING:
    from sync.client.engine import Engine

_KEPT = "ballots"
_LATER_MS = 30 * 60_000
"""Answers leave within this time after they were given, at a random moment: not when they were."""
_LOG = logging.getLogger(__name__)


class Stand(Enum):
    """How a ballot stands. ELSEWHERE: it was fetched by another laptop of the person, or lost with one."""

    OPEN = auto()
    WAITING = auto()
    SENT = auto()
    CLOSED = auto()
    ELSEWHERE = auto()
    TOO_LATE = auto()


class BallotWay(Protocol):
    """The way to the server: a signature is asked for by name, a ballot is sent by nobody."""

    def sign_ballot(self, request: BallotSignRequest) -> BallotSignReply:
        """The blind signature of a token. Forbidden, BallotSpent."""

    def cast_ballot(self, request: BallotRequest) -> None:
        """Send a ballot, without a login and over a connection of its own. BallotSpent: it was counted before."""


class Kept(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """What this laptop keeps of one ballot, and nobody else. `until`: not sent before, in milliseconds."""

    call: bytes
    token: bytes
    blinded: bytes
    inverse: bytes
    signature: bytes = b""
    answers: tuple[BallotAnswer, ...] = ()
    until: int = 0
    stand: int = Stand.OPEN.value


@dataclass(frozen=True, slots=True)
class BallotView:
    """A call as the person sees it. `may_answer`: learners do; `ballots`, `remarks`: what the result says so far."""

    id: bytes
    cohort: bytes
    call: BallotCall
    stand: Stand
    may_answer: bool
    result: BallotResult
    remarks: tuple[RemarksOf, ...]


class Ballots:
    """Reads and writes the store at once: call it in the database worker, `exchange` where one synchronises."""

    def __init__(self, desk: Desk, way: BallotWay) -> None:
        self._desk = desk
        self._way = way

    def calls(self) -> tuple[BallotView, ...]:
        """All calls of the person's cohorts, the latest to close first."""
        calls = self._desk.store.view(CALL)
        if not calls:
            return ()
        kept = self._kept()
        enrolled = (seen.body for seen in self._desk.store.view(ENROLMENT))
        learns = {body.cohort for body in enrolled if body.learner == self._desk.person}
        found = [self._view(seen, kept.get(seen.id), learns) for seen in calls]
        return tuple(sorted(found, key=lambda view: (-view.call.closes, view.id)))

    def call_for(
        self, cohort: bytes, title: str, questions: tuple[BallotQuestion, ...], *, closes: int, purpose: Purpose
    ) -> Changes:
        """A trainer calls for ballots from now on. ValueError for questions that cannot be asked."""
        body = BallotCall(title=title, questions=questions, opens=self._desk.true_now(), closes=closes, purpose=purpose)
        if not is_sound(body):
            raise ValueError("a call has questions that are told apart, with scales within bounds, and closes later")
        return self._desk.store.write([New(CALL, spaces.cohort(CohortId(cohort)), self._desk.new_id(), body)])

    def answer(self, call: bytes, answers: tuple[BallotAnswer, ...]) -> Changes:
        """Keep a person's answers: they wait here, and leave by themselves, once. Until then they can be changed.

        NotHereYet, NotOpenYet, AlreadySubmitted; ValueError for answers to other questions.
        """
        seen = self._desk.store.one(CALL, call)
        if seen is None:
            raise NotHereYet
        if self._desk.true_now() < seen.body.opens:
            raise NotOpenYet(seen.body.opens)
        if not answers_fit(seen.body, answers):
            raise ValueError("not the questions of this call")
        kept = self._kept()
        mine = kept.get(call) or Kept(call=call, token=b"", blinded=b"", inverse=b"")
        if Stand(mine.stand) not in {Stand.OPEN, Stand.WAITING}:
            raise AlreadySubmitted
        drawn = int.from_bytes(self._desk.chance.bytes(8), "big") % _LATER_MS
        until = min(self._desk.true_now() + drawn, max(self._desk.true_now(), seen.body.closes - _LATER_MS))
        kept[call] = msgspec.structs.replace(mine, answers=answers, until=until, stand=Stand.WAITING.value)
        self._keep(kept)
        return Changes(kinds=frozenset({CALL.number}), spaces=frozenset({seen.space}), outbox=True)

    def exchange(self) -> Changes:
        """Fetch the ballots of calls that came, and send those that were answered and whose moment has come.

        Safe at any time and any number of times. `SyncError` when the server cannot be reached: all stays as it is.
        """
        changed = set[bytes]()
        for view in self.calls():
            if not view.may_answer or view.result.final or not view.result.key:
                continue
            before = self._kept().get(view.id)
            after = self._next(view, before)
            if after is not None and after != before:
                self._keep(self._kept() | {view.id: after})
                changed.add(bytes(spaces.cohort(CohortId(view.cohort))))
        return Changes(
            kinds=frozenset({CALL.number} if changed else ()), spaces=frozenset(changed), outbox=bool(changed)
        )

    def _next(self, view: BallotView, kept: Kept | None) -> Kept | None:
        if kept is not None and Stand(kept.stand) not in {Stand.OPEN, Stand.WAITING}:
            return kept
        if kept is None or not kept.token:
            kept = self._blinded(view, kept)
            self._keep(self._kept() | {view.id: kept})  # before it leaves: a retry must ask for the very same
        if not kept.signature:
            kept = self._signed(view, kept)
        if kept.signature and kept.answers and self._desk.true_now() >= kept.until:
            kept = self._cast(view, kept)
        return kept

    def _blinded(self, view: BallotView, kept: Kept | None) -> Kept:
        from sync.protocol import blind

        key = blind.public_key(view.result.key)
        token, salt = self._desk.chance.bytes(TOKEN_BYTES), self._desk.chance.bytes(blind.SALT_BYTES)
        raw = b"".join(self._desk.chance.bytes(32) for _ in range(blind.KEY_BYTES // 32 + 1))
        factor = 2 + int.from_bytes(raw, "big") % (key.public_numbers().n - 3)
        made = blind.blind(key, token, salt=salt, factor=factor)
        before = kept or Kept(call=view.id, token=b"", blinded=b"", inverse=b"")
        return msgspec.structs.replace(before, token=token, blinded=made.message, inverse=made.inverse)

    def _signed(self, view: BallotView, kept: Kept) -> Kept:
        from sync.protocol import blind

        try:
            reply = self._way.sign_ballot(BallotSignRequest(PROTOCOL, view.cohort, view.id, kept.blinded))
        except BallotSpent:
            return msgspec.structs.replace(kept, stand=Stand.ELSEWHERE.value)
        except Forbidden:
            return msgspec.structs.replace(kept, stand=Stand.TOO_LATE.value)
        try:
            signature = blind.finalize(blind.public_key(view.result.key), kept.token, reply.signed, kept.inverse)
        except blind.BlindFailure as error:
            raise AnswerCut(str(error)) from error
        return msgspec.structs.replace(kept, signature=signature)

    def _cast(self, view: BallotView, kept: Kept) -> Kept:
        ballot = BallotRequest(PROTOCOL, view.cohort, view.id, kept.token, kept.signature, kept.answers)
        try:
            self._way.cast_ballot(ballot)
        except BallotSpent:
            _LOG.info("a ballot had been counted before")  # its answer was lost on the way
        except Forbidden:
            return msgspec.structs.replace(kept, stand=Stand.TOO_LATE.value)
        return msgspec.structs.replace(kept, answers=(), token=b"", signature=b"", stand=Stand.SENT.value)

    def _view(self, seen: Seen, kept: Kept | None, learns: set[bytes]) -> BallotView:
        cohort = spaces.ids_of(seen.space)[0]
        told = self._desk.store.one(RESULT, result_id(seen.id), seen.space)
        result: BallotResult = BallotResult(call=seen.id) if told is None else told.body
        remarks = [
            each
            for other in self._desk.store.view(RESULT, seen.space)
            if other.body.call == seen.id
            for each in other.body.remarks
        ]
        stand = Stand.OPEN if kept is None else Stand(kept.stand)
        if stand is Stand.OPEN and (result.final or self._desk.true_now() >= seen.body.closes):
            stand = Stand.CLOSED
        return BallotView(seen.id, cohort, seen.body, stand, cohort in learns, result, tuple(remarks))

    def _kept(self) -> dict[bytes, Kept]:
        raw = self._desk.store.kept(_KEPT)
        return {} if raw is None else {each.call: each for each in msgspec.msgpack.decode(raw, type=list[Kept])}

    def _keep(self, kept: dict[bytes, Kept]) -> None:
        self._desk.store.keep(_KEPT, msgspec.msgpack.encode(list(kept.values())))


class AfterSync:
    """The sync engine, with the ballots after each exchange: they never make an exchange fail."""

    def __init__(self, engine: "Engine", ballots: Ballots) -> None:
        self._engine = engine
        self._ballots = ballots

    def sync(self, on_progress: Callable[[Progress], None] | None = None) -> Synced:
        """Push what waits and pull what is new."""
        return self._then(self._engine.sync(on_progress), on_progress)

    def listen(self, milliseconds: int, on_progress: Callable[[Progress], None] | None = None) -> Synced:
        """The same, whose first question the server may hold for so long."""
        return self._then(self._engine.listen(milliseconds, on_progress), on_progress)

    def stop(self) -> None:
        """End the run under way after its present step."""
        self._engine.stop()

    def _then(self, done: Synced, on_progress: Callable[[Progress], None] | None) -> Synced:
        try:
            changes = self._ballots.exchange()
        except SyncError as error:
            _LOG.info("ballots wait for the next exchange: %s", type(error).__name__)
        else:
            if changes.kinds and on_progress is not None:
                on_progress(Progress(changes, done.sent, done.received, done.requests))
        return done

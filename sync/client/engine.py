"""The loop that brings a laptop and the server together: ask, exchange, settle, perform, until nothing more is to say.

It holds no truth: it may end anywhere, and the next run goes on from what the store says. Small changes go up and come
down in one request; a long outbox is pushed first and its effect fetched once.
"""

import logging
from collections.abc import Callable, Collection, Sequence

import msgspec

from sync.client import guards, narrowing, planner
from sync.client.blobs import Blobs, Moved, Stopped
from sync.client.foreseeing import foreseen
from sync.client.pipelining import NewLine, Pipeline
from sync.client.ports import Chance, Changes, Clock, FileTransport, Laptop, Store, Transport, Waiting
from sync.client.running import BOUNDS, Asked, Bounds, Run, Synced, Told
from sync.client.steps import Begin, Claim, Confirm, Forget, MarkSafe, Step
from sync.protocol.errors import AnswerCut, BadBatch, Busy, Refusal, SyncError
from sync.protocol.messages import Probe, SyncReply, SyncRequest

CHECKPOINTS = (
    "before_send",
    "after_reply",
    "before_perform",
    "after_perform",
    "before_set_aside",
    "after_set_aside",
)
"""Where a test may end the program: between any two of them nothing is half done."""

FILE_CHECKPOINTS = (
    *("before_upload", "before_part", "after_part", "after_upload"),
    *("before_download", "part_kept", "after_download", "after_file"),
)
"""The same around each file and each of its parts."""

_LOG = logging.getLogger(__name__)
_FORGET_MS = 3_600_000
_IDLE_ROUNDS = 3
"""Replies in a row that change nothing and yet ask for more: the server goes round in circles."""
_BEGINS = 4
_SET_ASIDE_IN_A_ROW = 3
"""After so many entries the fault is the server's, not theirs: the rest goes on waiting."""

_LONG_S = 60.0
"""A wait that the server asks for because of what was sent; a shorter one is because of the many that come."""

_WRITER_MASK = (1 << 63) - 1
"""Writers fit the signed integers of a database."""


class Engine:
    """Brings one store and its server together. Not for two threads at once; `stop` may be called from another.

    `checkpoint` is called with each name of CHECKPOINTS, for tests that end the program there; `on_contact` with what
    the server's clock showed, at each answer. `line`: makes the way on which the next request goes ahead while
    the reply to the one before it is written down; without it nothing overlaps.
    """

    def __init__(
        self,
        store: Store,
        transport: Transport,
        clock: Clock,
        chance: Chance,
        checkpoint: Callable[[str], None] | None = None,
        *,
        bounds: Bounds = BOUNDS,
        files: FileTransport | None = None,
        on_contact: Callable[[int], None] | None = None,
        line: NewLine | None = None,
    ) -> None:
        self._store = store
        self._transport = transport
        self._line = line
        self._pipeline = Pipeline(transport, None)
        self._clock = clock
        self._chance = chance
        self._checkpoint = checkpoint or _pass
        self._on_contact = on_contact or _pass
        self._bounds = bounds
        self._blobs = (
            None
            if files is None
            else Blobs(store, files, clock, checkpoint=self._checkpoint, stopped=lambda: self._stopped)
        )
        self._stopped = False
        self._forgot_at: int | None = None

    def stop(self) -> None:
        """End the run under way after its present step, and every later one at once."""
        self._stopped = True

    def sync(self, on_progress: Told | None = None) -> Synced:
        """Push what waits, pull what is new, then fetch files; whoever writes meanwhile does not wait for those.

        Every `SyncError` leaves the store in order and the work waiting; one of a file to fetch is not raised.
        """
        return self._come_together(Run(self._bounds.rows), on_progress or _pass)

    def listen(self, milliseconds: int, on_progress: Told | None = None) -> Synced:
        """`sync`, whose first question the server may hold until it has something to tell (live pull, rule 3).

        What the transport raises when it is interrupted comes through like every other failure.
        """
        return self._come_together(Run(self._bounds.rows, wait=milliseconds), on_progress or _pass)

    def _come_together(self, run: Run, told: Told) -> Synced:
        self._pipeline = Pipeline(self._transport, self._line)
        try:
            complete = self._talk(run, told)
            while complete and self._fetch_files(run, told):
                run.current = False
                complete = self._talk(run, told)
        finally:
            self._pipeline.close()
        if run.held_up is not None:
            raise run.held_up
        if complete:
            run.changes |= self._forget()
        return Synced(run.changes, run.sent, run.received, run.requests, run.aside, run.ahead, complete)

    def _talk(self, run: Run, told: Told) -> bool:
        """Exchange messages until nothing more is to say; False when the engine was stopped before."""
        complete = False
        while not (self._stopped or complete):
            try:
                asked = self._ask(run, told)
            except Stopped:
                return False
            if asked is None:
                return True
            try:
                reply = self._exchange(asked, run)
            except BadBatch:
                changes = self._halve(asked.waiting, run)
            except Busy as busy:
                if not asked.waiting or busy.retry_after < _LONG_S:
                    raise
                # What may not go before tomorrow keeps nothing away that comes.
                run.held_up, changes = busy, Changes()
            else:
                changes = self._settle(asked, reply, run)
                complete = _is_all_said(asked, reply, changes)
            run.changes |= changes
            told(run.progress(changes))
        return complete

    def _fetch_files(self, run: Run, told: Told) -> bool:
        """Fetch files, the smallest first; True when something of the person's has to leave before the next."""
        if self._blobs is None:
            return False
        try:
            while not self._stopped and (changes := self._blobs.fetch(self._watch(run, told))) is not None:
                run.changes |= changes
                told(run.progress(changes))
                if run.held_up is None and self._store.waiting(1, 1):
                    return True
        except (SyncError, Stopped) as error:
            # Records are complete without it; the next sync asks again.
            _LOG.info("a file did not come: %s", type(error).__name__)
        return False

    def _watch(self, run: Run, told: Told) -> Callable[[Moved], None]:
        return lambda moved: told(run.progress(Changes(), moved))

    def _waiting(self, run: Run, told: Told) -> list[Waiting]:
        """What goes up now; the files that it names are there before it."""
        waiting = self._store.waiting(run.limit, self._bounds.size)
        while waiting and self._blobs is not None:
            if self._pipeline.is_under_way and self._blobs.has_to_send(waiting):
                self._pipeline.settle()  # a connection carries one thing at a time, and a login is renewed by one
            changes = self._blobs.send(waiting, self._watch(run, told), run.uploaded)
            if changes is None:
                break
            run.changes |= changes
            run.aside += 1
            told(run.progress(changes))
            waiting = self._store.waiting(run.limit, self._bounds.size)
        return waiting

    def _ask(self, run: Run, told: Told) -> Asked | None:
        """The next request, None when there is nothing more to say."""
        asked, run.went_ahead = run.went_ahead, None
        if asked is not None and asked.laptop == self._store.state():
            return asked
        # A push to a space that has a new epoch comes after the fetch that says so.
        read = [] if run.fetch_first or run.held_up else self._waiting(run, told)
        waiting, rest = self._parted(read)
        laptop = self._store.state()
        safe_of = self._unsafe(laptop, run)
        even = run.current and not planner.uneven(laptop, run.compared)
        if even and not waiting and not safe_of:
            return None
        probes = self._probes(laptop, run) if self._pulls(waiting, run) else []
        sent = self._request(laptop, waiting, run, safe_of, probes)
        if run.wait and not (run.requests or probes):
            sent = msgspec.structs.replace(sent, wait=run.wait)
        run.compared.update(standing.space for standing in sent.standings if standing.compare)
        return Asked(laptop, waiting, sent, rest)

    def _parted(self, read: Sequence[Waiting]) -> tuple[Sequence[Waiting], Sequence[Waiting]]:
        """What goes now of the entries read, and the rest, which goes ahead as soon as this is answered."""
        at_once = self._bounds.part if self._line else len(read)
        return read[:at_once], read[at_once:]

    def _pulls(self, waiting: Sequence[Waiting], run: Run) -> bool:
        return not waiting or (run.limit == self._bounds.rows and len(waiting) <= self._bounds.together)

    def _request(
        self,
        laptop: Laptop,
        waiting: Sequence[Waiting],
        run: Run,
        safe_of: Sequence[bytes] = (),
        probes: Sequence[Probe] = (),
    ) -> SyncRequest:
        pull, whole, compared = self._pulls(waiting, run), run.whole, run.compared
        return planner.request(
            laptop, waiting, pull=pull, whole=whole, compared=compared, safe_of=safe_of, probes=probes
        )

    def _probes(self, laptop: Laptop, run: Run) -> list[Probe]:
        """Ask by stretches about the spaces whose rows are not the server's (rule 8)."""
        found = []
        for state in narrowing.in_doubt(laptop, run.compared):
            sums = self._store.sums(state.space, narrowing.stretches(state, run.finer))
            found.append(narrowing.probe(state, run.finer, sums))
        run.rounds.update(probe.space for probe in found)
        return found

    def _unsafe(self, laptop: Laptop, run: Run) -> Sequence[bytes]:
        is_new = run.backup is not None and run.backup != laptop.backup
        return self._store.unsafe_spaces() if is_new else ()

    def _exchange(self, asked: Asked, run: Run) -> SyncReply:
        self._checkpoint("before_send")
        run.requests += 1
        reply = self._pipeline.exchange(asked.request)
        self._checkpoint("after_reply")
        guards.check(asked.laptop.server, asked.request, reply)
        run.ahead = reply.now - self._clock.now()
        self._on_contact(reply.now)
        return reply

    def _send_ahead(self, asked: Asked, steps: Sequence[Step], run: Run) -> None:
        """Say the next thing before this reply is on the disk, if it can be foreseen: the next page, the next part."""
        if self._line is None or run.fetch_first or not (asked.rest if asked.waiting else run.whole):
            return
        laptop = foreseen(asked.laptop, steps)
        if laptop is None:
            return
        if not asked.waiting:
            if run.backup == laptop.backup:
                self._pipeline.start(self._request(laptop, (), run))
            return
        waiting, rest = self._parted(asked.rest)
        if not self._pulls(waiting, run):
            run.went_ahead = Asked(laptop, waiting, self._request(laptop, waiting, run), rest)
            self._pipeline.start(run.went_ahead.request)

    def _settle(self, asked: Asked, reply: SyncReply, run: Run) -> Changes:
        fresh = (int.from_bytes(self._chance.bytes(8), "big") & _WRITER_MASK) or 1
        again = self._sent_again(asked, reply, run)
        steps = planner.settle(asked.laptop, asked.request, reply, fresh, again)
        steps += narrowing.settle(asked.request, reply, run.rounds)
        run.finer = narrowing.finer(asked.request, reply)
        _follow(run, asked, reply, steps)
        if any(isinstance(step, MarkSafe) for step in steps):
            self._forgot_at = None
        self._send_ahead(asked, steps, run)
        return self._perform(steps) if steps else Changes()

    def _sent_again(self, asked: Asked, reply: SyncReply, run: Run) -> Collection[int]:
        """Entries refused for files that the server had once and has lost: they go again, with their files."""
        if self._blobs is None:
            return ()
        runs = (each for answer in reply.answers for each in answer.runs if each.refusal == Refusal.FILE_MISSING)
        refused = {n for each in runs for n in range(each.n, each.n + each.count)}
        return self._blobs.lost([entry for entry in asked.waiting if entry.n in refused], run.uploaded)

    def _perform(self, steps: Sequence[Step]) -> Changes:
        self._checkpoint("before_perform")
        changes = self._store.perform(steps)
        self._checkpoint("after_perform")
        return changes

    def _forget(self) -> Changes:
        """Let go of what needs no keeping any more: on a quiet laptop, too, now and then."""
        now = self._clock.monotonic()
        if self._forgot_at is not None and now - self._forgot_at < _FORGET_MS:
            return Changes()
        self._forgot_at = now
        return self._perform([Forget(self._clock.now())])

    def _halve(self, waiting: Sequence[Waiting], run: Run) -> Changes:
        """The server could not take this as a whole: send half, down to the one entry at fault (rule 12)."""
        if not waiting or run.aside_in_a_row == _SET_ASIDE_IN_A_ROW:
            raise BadBatch("the server takes no request at all")
        if len(waiting) > 1:
            run.limit = len(waiting) // 2
            return Changes()
        changes = self._set_aside(waiting[0])
        run.limit = self._bounds.rows
        run.aside_in_a_row += 1
        run.aside += 1
        return changes

    def _set_aside(self, poison: Waiting) -> Changes:
        self._checkpoint("before_set_aside")
        changes = self._store.set_aside(poison.writer, poison.n, Refusal.BROKEN)
        self._checkpoint("after_set_aside")
        return changes


def _pass(_: object) -> None:
    """Nobody asked to be told."""


def _is_all_said(asked: Asked, reply: SyncReply, changes: Changes) -> bool:
    """Whether the digests were equal and nothing waited: the one request of a sync that had nothing to do."""
    sent = asked.request
    alone = sent.digest is not None and not (sent.standings or sent.batches or sent.probes)
    empty = not (reply.more or reply.send_whole or reply.pages or reply.revoked)
    return alone and empty and changes == Changes() and reply.backup == asked.laptop.backup


def _follow(run: Run, asked: Asked, reply: SyncReply, steps: Sequence[Step]) -> None:
    """Note what the reply asks for next. AnswerCut when the server goes round in circles."""
    sent = asked.request
    run.backup = reply.backup
    run.fetch_first = planner.must_fetch(asked.laptop, reply, steps)
    if sent.whole or sent.digest is not None:
        run.whole = reply.send_whole or (sent.whole and reply.more)
        run.current = not reply.more and not reply.send_whole
    if run.fetch_first:
        run.whole, run.current = True, False
    answered = sum(step.count for step in steps if isinstance(step, Confirm))
    run.sent += sum(each.count for answer in reply.answers for each in answer.runs)
    run.received += sum(len(page.rows) for page in reply.pages)
    run.begun.update(step.space for step in steps if isinstance(step, Begin))
    if answered:
        run.aside_in_a_row = 0
    goes_on = run.finer or any(not isinstance(step, Claim) for step in steps)
    run.idle = 0 if goes_on else run.idle + 1
    if run.idle > _IDLE_ROUNDS or any(count > _BEGINS for count in run.begun.values()):
        raise AnswerCut("the server asks for the same again and again")

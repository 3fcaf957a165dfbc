"""Bringing this laptop and the server together, and saying at any moment how it stands. Nothing is silent.

`Syncing` does one exchange when asked; `sync_loop.py` asks by itself. A failure is kept with both its faces: the
sentence for the person, the technical line for IT.
"""

import contextlib
import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from spoc_desktop.services import retry
from spoc_desktop.services.attention import AttentionItem, PendingItem, attention_items, pending_items, set_aside
from spoc_desktop.services.file_movement import NO_FILES, FilesWaiting, Movement
from spoc_desktop.services.patience import SOON_MS, Patience
from spoc_desktop.services.revisions import open_splits
from spoc_desktop.services.sentences import Sentence, of_a_sync
from spoc_desktop.settings import read_values, write_values
from spoc_desktop.storage.errors import StoreError
from sync.client.http_interrupt import Interrupted
from sync.client.ports import Chance, Changes, Clock
from sync.client.running import Progress, Synced
from sync.protocol.errors import AnswerCut, CaptivePortal, LoginExpired, SyncError, TooSlow, Unreachable
from sync.protocol.messages import ReleaseReply

if TYPE_CHECKING:
    from spoc_desktop.storage.store import LocalStore

LINES_KEPT = 200
_LAST = "last_sync"
_LOG = logging.getLogger(__name__)

_OFFLINE = (Unreachable, CaptivePortal, TooSlow)
"""Errors of the place where the person is, not of their work: "offline" says it all."""

_CUT = (*_OFFLINE, AnswerCut)
"""How a wait may end when something on the way does not like it."""


class Runs(Protocol):
    """What does one exchange: the engine."""

    def sync(self, on_progress: Callable[[Progress], None] | None = None) -> Synced:
        """Push what waits and pull what is new."""
        ...

    def listen(self, milliseconds: int, on_progress: Callable[[Progress], None] | None = None) -> Synced:
        """The same, whose first question the server may hold for so long."""
        ...

    def stop(self) -> None:
        """End the run under way after its present step."""
        ...


class Line(Protocol):
    """The connection on which the engine waits for news."""

    def interrupt(self) -> None:
        """End a wait under way, or one that is about to begin; from any thread."""
        ...

    def rearm(self) -> None:
        """Whoever called `interrupt` until now was heard."""
        ...


class Releases(Protocol):
    """The way to the server's release command."""

    def release(self, cohort: bytes, activity: bytes) -> ReleaseReply:
        """Let the grades of a quiz reach the learners of a cohort."""
        ...


@dataclass(frozen=True, slots=True)
class Status:
    """How the sync stands; the chip shows it. Times in milliseconds of this device.

    `waiting`: changes not answered. `attention`: what only the person can settle. `last`: the last whole exchange, None
    before the first. `next_try` None: only the person can start the next one (signing in again).
    `trouble`: why the last exchange failed; it is None while the laptop is merely offline. `signed_out`: the login has
    ended, the password opens it again. `files`: those that are still to come or to go.
    """

    waiting: int = 0
    attention: int = 0
    offline: bool = False
    busy: bool = False
    last: int | None = None
    next_try: int | None = None
    trouble: Sentence | None = None
    signed_out: bool = False
    files: FilesWaiting = NO_FILES


@dataclass(frozen=True, slots=True)
class LogLine:
    """One exchange: when it ended, what went and came, what failed. `technical` is for IT."""

    at: int
    sent: int
    received: int
    trouble: Sentence | None = None
    technical: str = ""


class Syncing:
    """The sync of one person's store. Every method may be called from any thread; exchanges run one at a time.

    With a `line` it can wait for news with the server (`wait_for_news`); every other exchange ends such a wait.
    """

    def __init__(
        self,
        store: "LocalStore",
        engine: Runs,
        *,
        releases: Releases,
        last_sync: Path,
        clock: Clock,
        chance: Chance,
        line: Line | None = None,
    ) -> None:
        self._store = store
        self._line = line
        self._engine = engine
        self._releases = releases
        self._last_file = last_sync
        self._clock = clock
        self._chance = chance
        self._running = threading.Lock()
        self._wanted = 0
        self._patience = Patience()
        self._is_even = False
        self._guard = threading.Lock()
        self._log: deque[LogLine] = deque(maxlen=LINES_KEPT)
        self._listeners: list[Callable[[Changes], None]] = []
        self._busy = False
        self._files = Movement(store)
        last = read_values(last_sync).get(_LAST)
        self._last = last if isinstance(last, int) else None
        self._failures = 0
        self._error: Exception | None = None
        # By the clock that never jumps: a device time that falls back by years must not stop the sync for years.
        self._next_try: int | None = clock.monotonic()

    def status(self) -> Status:
        """How it stands now."""
        counts, together = self._store.counts(), len(open_splits(self._store)) + len(set_aside(self._store))
        files = self._files.waiting()
        with self._guard:
            error = self._error
            offline = isinstance(error, _OFFLINE)
            needs_person = error is not None and not retry.is_passing(error)
            trouble = None if error is None or type(error) is Unreachable else of_a_sync(error)
            return Status(
                waiting=counts.waiting,
                attention=counts.refused + counts.quarantined + together + needs_person,
                offline=offline,
                busy=self._busy,
                last=self._last,
                next_try=None if self._next_try is None else self._clock.now() + self._left(self._next_try),
                trouble=trouble,
                signed_out=isinstance(error, LoginExpired),
                files=files,
            )

    def _hear(self, progress: Progress) -> None:
        """Tell of each transaction at once, and of a file that moves now and then."""
        if self._files.moved(progress.moved, self._clock.monotonic()):
            self.tell(progress.changes if progress.moved is None else Changes(outbox=True))

    def log(self) -> tuple[LogLine, ...]:
        """The exchanges since the program started, newest first."""
        with self._guard:
            return tuple(reversed(self._log))

    def waiting_list(self) -> tuple[PendingItem, ...]:
        """What has not been answered, oldest first."""
        return pending_items(self._store)

    def attention_list(self) -> tuple[AttentionItem, ...]:
        """What was refused, put in quarantine, edited at the same time, or is lacking on the server."""
        return attention_items(self._store)

    def withdraw(self, name: tuple[int, int]) -> Changes:
        """The person gives up a refused or quarantined change."""
        changes = self._store.withdraw(*name)
        self.tell(changes)
        return changes

    def let_go(self, item: AttentionItem) -> Changes:
        """The person takes what the server lacks off the list."""
        changes = self._store.let_go(item.aside)
        self.tell(changes)
        return changes

    def release(self, cohort_id: bytes, activity_id: bytes) -> int:
        """Let the grades of a quiz reach the learners; how many there were. Asks the server at once."""
        return self._releases.release(cohort_id, activity_id).grades

    def listen(self, listener: Callable[[Changes], None]) -> None:
        """Call `listener` after each transaction of a sync and when the status moves, on whatever thread that is."""
        self._listeners.append(listener)

    def tell(self, changes: Changes) -> None:
        """Tell the listeners what has changed."""
        for listener in list(self._listeners):
            listener(changes)

    def sync_now(self) -> Exception | None:
        """One exchange, now; None when all was said, else why not. Nothing of the person's work depends on it.

        What is no `SyncError` or `StoreError` is a fault of the program: it is logged whole, and told like the others.
        """
        with self._taken():
            self._set_busy(busy=True)
            try:
                return self._ended(lambda: self._engine.sync(self._hear))
            finally:
                self._set_busy(busy=False)

    def news_wait(self) -> int | None:
        """For how many milliseconds to wait for news with the server now; None: not now, the next exchange comes first.

        Something that is held back (undo) ends the wait when it may leave.
        """
        if self._line is None or not self._is_even:
            return None
        held = self._store.held_for()
        wait = self._patience.wait if held is None else min(self._patience.wait, held)
        return wait if wait >= SOON_MS else None

    def wait_for_news(self, milliseconds: int, is_wanted: Callable[[], bool]) -> None:
        """Wait with the server until there is something new, and fetch it; until then nobody sees an exchange.

        Not when `is_wanted` says that something else comes first; whoever calls `interrupt` after that ends it.
        """
        with self._running:
            if self._line is None:
                return
            self._line.rearm()
            if self._wanted or is_wanted():
                return
            try:
                self._ended(lambda: self._news(milliseconds))
            finally:
                self._set_busy(busy=False)

    def interrupt(self) -> None:
        """Something is to leave: wait no longer."""
        if self._line is not None:
            self._line.interrupt()

    def sync_or_raise(self) -> None:
        """One exchange, now, for what cannot go on without it. `SyncError`, `StoreError`."""
        if (error := self.sync_now()) is not None:
            raise error

    def due_in(self) -> int | None:
        """Milliseconds until the next try, None when only the person can start it. A hold that ends is a reason to."""
        held = self._store.held_for()
        with self._guard:
            if self._next_try is None:
                return None
            left = self._left(self._next_try)
            return left if held is None or self._failures else min(left, held)

    def stop(self) -> None:
        """End an exchange under way after its present step, for good."""
        self._engine.stop()
        self.interrupt()

    @contextmanager
    def _taken(self) -> Iterator[None]:
        """The exchanges, for this thread; who waits for news gives way."""
        with self._guard:
            self._wanted += 1
        try:
            self.interrupt()
            with self._running:
                yield
        finally:
            with self._guard:
                self._wanted -= 1

    def _ended(self, run: Callable[[], Synced | None]) -> Exception | None:
        """How an exchange ended; None is one that says nothing about how things stand."""
        try:
            done = run()
        except (SyncError, StoreError) as error:
            self._failed(error)
            return error
        except Exception as error:  # noqa: BLE001 - the next try must come, whatever this one met
            _LOG.exception("a sync ended unexpectedly")
            self._failed(error)
            return error
        if done is not None:
            self._succeeded(done)
        return None

    def _news(self, milliseconds: int) -> Synced | None:
        """What waiting brought. One that was cut on the way is no failure: the next sync says what is wrong."""
        asked_at = self._clock.monotonic()
        try:
            done = self._engine.listen(milliseconds, self._hear_news)
        except Interrupted:
            return None
        except _CUT:
            self._ask_by_turns(self._patience.cut(self._clock.monotonic() - asked_at))
            return None
        took = self._clock.monotonic() - asked_at
        if done.sent or done.received or took >= min(SOON_MS, milliseconds // 2):
            self._patience.came()
            return done
        self._succeeded(done)
        self._ask_by_turns(self._patience.refused())
        return None

    def _hear_news(self, progress: Progress) -> None:
        """As `_hear`; the first answer alone may have brought nothing, and then nobody needs to know of it."""
        if progress.requests > 1 or progress.moved is not None or progress.changes != Changes():
            if not self._busy:
                self._set_busy(busy=True)
            self._hear(progress)

    def _ask_by_turns(self, pause: int) -> None:
        """No waiting before the next exchange, which is in so many milliseconds."""
        with self._guard:
            self._is_even = False
            self._next_try = self._clock.monotonic() + pause

    def _succeeded(self, done: Synced) -> None:
        now = self._clock.now()
        with self._guard:
            self._failures, self._error = 0, None
            self._is_even = done.complete
            if done.complete:
                self._last = now
                self._keep_last(now)
            self._next_try = self._clock.monotonic() + (retry.delay(0, None, self._chance) or 0)
            if done.sent or done.received or done.set_aside:
                self._log.append(LogLine(now, done.sent, done.received))

    def _failed(self, error: Exception) -> None:
        with self._guard:
            is_again = type(error) is type(self._error)
            self._failures, self._error = self._failures + 1, error
            self._is_even = False
            wait = retry.delay(self._failures, error, self._chance)
            self._next_try = None if wait is None else self._clock.monotonic() + wait
            technical = f"{type(error).__name__}: {getattr(error, 'detail', '')}".removesuffix(": ")
            if is_again and self._log:
                # A day without a network is one line, not three hundred.
                self._log.pop()
            self._log.append(LogLine(self._clock.now(), 0, 0, of_a_sync(error), technical))

    def _left(self, until: int) -> int:
        return max(0, until - self._clock.monotonic())

    def _keep_last(self, now: int) -> None:
        with contextlib.suppress(OSError):  # a full disk is told where work is saved; this date is only comfort
            write_values(self._last_file, {_LAST: now})

    def _set_busy(self, *, busy: bool) -> None:
        with self._guard:
            self._busy = busy
        self.tell(Changes(outbox=True))

"""What this laptop knows of its own clock: each contact with the server is kept, and stands beside what is handed in.

Protocol rule 11; the judgement is in `sync.domain.timing`.
"""

import logging
import threading
from typing import TYPE_CHECKING

import msgspec

from spoc_desktop.services.computer_clock import BootClock, reading
from spoc_desktop.storage.errors import StoreError
from sync.client.ports import Clock
from sync.domain.timing import Reading, Track, Witness, carried, clock_off, met, true_now, witness

if TYPE_CHECKING:
    from spoc_desktop.storage.store import LocalStore

_NAME = "contact"
_EVERY_MS = 60_000
_SAME_MS = 1_000
_LOG = logging.getLogger(__name__)


class Timekeeper:
    """Keeps the last contact in the store. Any thread may call.

    A contact a minute is enough on the disk: one of a minute ago says as much, for what ran since is measured.
    """

    def __init__(self, store: "LocalStore", clock: Clock, boot: BootClock) -> None:
        self._store = store
        self._clock = clock
        self._boot = boot
        self._lock = threading.Lock()
        self._track = _decoded(store.kept(_NAME))
        self._written = self._track
        if self._track is not None:
            self._look()

    def met(self, server: int) -> None:
        """The server answered, and its clock shows `server` (milliseconds)."""
        with self._lock:
            track = self._track = met(server, self._reading())
            old = self._written
            is_worth_it = old is None or old.boot != track.boot or not 0 <= track.uptime - old.uptime < _EVERY_MS
            if is_worth_it or (old is not None and abs(track.ahead - old.ahead) > _SAME_MS):
                self._keep(track)

    def witness(self) -> Witness:
        """What stands beside a device time of this moment."""
        with self._lock:
            self._look()
            return witness(self._track, self._reading())

    def off(self) -> int:
        """How many milliseconds the clock of this computer is behind the server's; negative: before it."""
        with self._lock:
            return clock_off(self._track, self._reading())

    def true_now(self) -> int:
        """What time it is, in milliseconds, whatever the clock of this computer says."""
        # No lock: the store asks while it is being written, and whoever holds the lock may be waiting for that.
        return true_now(self._track, self._reading())

    def _look(self) -> None:
        """Carry on what is known: a clock that is set back between two looks is noticed at the second."""
        if self._track is not None:
            self._track = carried(self._track, self._reading())
            self._keep(self._track)

    def _keep(self, track: Track) -> None:
        try:
            self._store.keep(_NAME, msgspec.msgpack.encode(track))
        except StoreError as error:  # what a person saves must not fail for this: at worst the receipt decides
            _LOG.info("the contact was not kept: %s", type(error).__name__)
        else:
            self._written = track

    def _reading(self) -> Reading:
        return reading(self._clock.now(), self._boot)


class TrueClock:
    """The clock by which an exchange keeps and forgets: a device's that jumps by a year must empty no trash."""

    def __init__(self, keeper: Timekeeper, clock: Clock) -> None:
        self._keeper = keeper
        self._clock = clock

    def now(self) -> int:
        """True time, in milliseconds."""
        return self._keeper.true_now()

    def monotonic(self) -> int:
        """A clock that never jumps."""
        return self._clock.monotonic()


def _decoded(raw: bytes | None) -> Track | None:
    try:
        return None if raw is None else msgspec.msgpack.decode(raw, type=Track)
    except msgspec.MsgspecError:
        return None

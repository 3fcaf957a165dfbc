"""Who waits for news of which spaces, and who is woken when they change (live pull, rule 3).

Everything here happens on the event loop, and a laptop that waits is one entry: no thread, no connection to the
database. Writers only leave word of what they changed (`changed`); the loop is called once for all that came meanwhile.

A change that is committed after a laptop was answered and before it waits would be missed. So a wait names the moment
(`moment`) at which its answer began to be made, and what changed since then ends it at once.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Collection, Iterable
from enum import Enum
from typing import NamedTuple

from sync.server.storage.elsewhere import Elsewhere
from sync.server.storage.touched import Touched

CROWD = 50
"""Laptops that wait for the same space beyond which they are woken spread over `SPREAD_S`: else they come at once."""
SPREAD_S = 5.0
LISTEN_S = 0.5
"""How often the server looks for what other processes changed, while somebody waits."""
_REMEMBERED = 1_000
"""Changes remembered for laptops that are being answered: to who asks about older ones everything has changed."""


class Woken(Enum):
    """Why a wait ended."""

    CHANGED = "changed"
    TIME = "time"
    ENDED = "ended"
    """By a laptop that hung up, a younger wait of the same device, or the server: it stops, or too many wait."""


class Waits(NamedTuple):
    """Who waits: a device of a person, for some spaces, having been told what there was at a moment."""

    device_no: int
    person_no: int
    spaces: tuple[int, ...]
    moment: int


class _Place:
    """A laptop that waits."""

    __slots__ = ("due", "over", "waits")

    def __init__(self, waits: Waits, over: "asyncio.Future[Woken]") -> None:
        self.waits = waits
        self.over = over
        self.due: asyncio.TimerHandle | None = None

    def end(self, why: Woken) -> None:
        """Let it go on."""
        if not self.over.done():
            self.over.set_result(why)

    def hang_up(self, _gone: "asyncio.Future[None]") -> None:
        """The laptop is there no more."""
        self.end(Woken.ENDED)


class Hub:
    """The laptops that wait, by device, space and person. `chance` gives random bytes, `most` bounds their number."""

    def __init__(self, elsewhere: Elsewhere, chance: Callable[[int], bytes], most: int) -> None:
        self._elsewhere = elsewhere
        self._chance = chance
        self._most = most
        self._loop: asyncio.AbstractEventLoop | None = None
        self._told: deque[Touched] = deque()
        self._remembered: deque[Touched] = deque(maxlen=_REMEMBERED)
        self._devices: dict[int, _Place] = {}
        self._spaces: dict[int, set[_Place]] = {}
        self._people: dict[int, set[_Place]] = {}
        self._listening: asyncio.Task[None] | None = None
        self._is_called = False
        self._closed = False
        self.moment = 0
        """Counts the changes that were heard."""

    def open(self) -> None:
        """Begin, on the event loop that runs."""
        self._loop = asyncio.get_running_loop()
        self._elsewhere.open()

    def close(self) -> None:
        """End every wait at once, and let nobody wait any more."""
        self._closed = True
        for place in list(self._devices.values()):
            place.end(Woken.ENDED)
        if self._listening is not None:
            self._listening.cancel()
        self._elsewhere.close()

    def __len__(self) -> int:
        """How many wait."""
        return len(self._devices)

    def changed(self, touched: Touched) -> None:
        """Something was committed. From any thread; after the end of the loop nobody waits."""
        self._told.append(touched)
        if self._loop is None or self._is_called:
            return
        self._is_called = True
        with contextlib.suppress(RuntimeError):  # the loop has ended: nobody waits any more
            self._loop.call_soon_threadsafe(self._hear)

    async def wait(self, waits: Waits, seconds: float, gone: "asyncio.Future[None]") -> Woken:
        """Wait until something changes in these spaces or in what the person may read; `gone`: the laptop hung up."""
        if self._closed or len(self._devices) >= self._most:
            return Woken.ENDED
        if self._has_changed(waits):
            return Woken.CHANGED
        place = _Place(waits, asyncio.get_running_loop().create_future())
        self._enter(place)
        gone.add_done_callback(place.hang_up)
        timer = asyncio.get_running_loop().call_later(seconds, place.end, Woken.TIME)
        try:
            return await place.over
        finally:
            timer.cancel()
            gone.remove_done_callback(place.hang_up)
            self._leave(place)

    def _has_changed(self, waits: Waits) -> bool:
        missed = self.moment - waits.moment
        if missed > len(self._remembered):
            return True
        recent = (self._remembered[-1 - ago] for ago in range(missed))
        return any(waits.person_no in each.people or not each.spaces.isdisjoint(waits.spaces) for each in recent)

    def _enter(self, place: _Place) -> None:
        device_no, person_no, spaces, _ = place.waits
        older = self._devices.get(device_no)
        if older is not None:
            older.end(Woken.ENDED)
        self._devices[device_no] = place
        self._people.setdefault(person_no, set()).add(place)
        for no in spaces:
            self._spaces.setdefault(no, set()).add(place)
        if self._listening is None or self._listening.done():
            self._listening = asyncio.get_running_loop().create_task(self._listen())

    def _leave(self, place: _Place) -> None:
        device_no, person_no, spaces, _ = place.waits
        if self._devices.get(device_no) is place:
            del self._devices[device_no]
        _drop(self._people, (person_no,), place)
        _drop(self._spaces, spaces, place)
        if place.due is not None:
            place.due.cancel()

    def _hear(self) -> None:
        """Wake whoever is concerned by what was told."""
        self._is_called = False
        told: set[int] = set()
        while self._told:
            touched = self._told.popleft()
            self.moment += 1
            self._remembered.append(touched)
            told |= touched.spaces
            for person_no in touched.people:
                self._wake(self._people.get(person_no, ()))
        for no in told:
            self._wake(self._spaces.get(no, ()))

    def _wake(self, places: Collection[_Place]) -> None:
        for place in places:
            if len(places) <= CROWD:
                place.end(Woken.CHANGED)
            elif place.due is None:
                late = SPREAD_S * int.from_bytes(self._chance(2), "big") / 0xFFFF
                place.due = place.over.get_loop().call_later(late, place.end, Woken.CHANGED)

    async def _listen(self) -> None:
        """Hear what other processes change, as long as somebody waits."""
        while self._devices:
            for touched in await asyncio.to_thread(self._elsewhere.heard):
                self.changed(touched)
            await asyncio.sleep(LISTEN_S)


def _drop(index: dict[int, set[_Place]], keys: Iterable[int], place: _Place) -> None:
    for key in keys:
        places = index[key]
        places.discard(place)
        if not places:
            del index[key]

"""Who is woken, and when: nobody misses a change, a crowd does not come back at once, and places are few and freed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from contextlib import closing
from pathlib import Path

import pytest

from sync.server.storage.elsewhere import FileElsewhere
from sync.server.storage.postgres import PostgresDatabase
from sync.server.storage.touched import Touched
from sync.server.sync.waking import CROWD, Hub, Waits, Woken
from tests import postgres

HOURS = 10_000.0
SPACE = 7


class Room:
    """A hub on the loop that runs. Chance makes every spread wake-up as late as it may be."""

    def __init__(self, folder: Path, most: int = 10_000) -> None:
        self.hub = Hub(FileElsewhere(folder / "woken"), lambda count: b"\xff" * count, most)
        self.hub.open()
        self.gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def waits(
        self, device: int, *spaces: int, seconds: float = HOURS, moment: int | None = None
    ) -> asyncio.Task[Woken]:
        told = self.hub.moment if moment is None else moment
        waits = Waits(device, 100 + device, spaces or (SPACE,), told)
        return asyncio.create_task(self.hub.wait(waits, seconds, self.gone))

    def changes(self, *spaces: int, people: frozenset[int] = frozenset()) -> None:
        self.hub.changed(Touched(frozenset(spaces), people))


async def turn() -> None:
    """Let everything that can go on go on."""
    for _ in range(5):
        await asyncio.sleep(0)


def played(play: Coroutine[None, None, None]) -> None:
    asyncio.run(play)


def test_a_change_between_the_answer_and_the_wait_is_not_missed(tmp_path: Path) -> None:
    async def play() -> None:
        room = Room(tmp_path)
        moment = room.hub.moment
        room.changes(SPACE)
        await turn()
        assert await room.waits(1, moment=moment, seconds=1) is Woken.CHANGED
        assert await room.waits(1, 8, moment=moment, seconds=0) is Woken.TIME  # not its space

    played(play())


def test_who_was_answered_too_long_ago_asks_again(tmp_path: Path) -> None:
    async def play() -> None:
        room = Room(tmp_path)
        moment = room.hub.moment
        for _ in range(2_000):
            room.changes(9)
        await turn()
        assert await room.waits(1, moment=moment) is Woken.CHANGED

    played(play())


def test_a_person_who_sits_elsewhere_now_is_woken(tmp_path: Path) -> None:
    async def play() -> None:
        room = Room(tmp_path)
        mine, other = room.waits(1), room.waits(2)
        await turn()
        room.changes(people=frozenset({101}))
        assert await mine is Woken.CHANGED
        assert not other.done()
        room.hub.close()
        assert await other is Woken.ENDED

    played(play())


def test_a_small_group_is_woken_at_once_and_a_crowd_is_spread(tmp_path: Path) -> None:
    async def play() -> None:
        room = Room(tmp_path)
        small = [room.waits(device) for device in range(CROWD)]
        crowd = [room.waits(1_000 + device, 8) for device in range(CROWD + 1)]
        await turn()
        room.changes(SPACE, 8)
        await turn()
        assert all(each.done() for each in small)
        assert not any(each.done() for each in crowd)
        assert len(room.hub) == CROWD + 1
        room.hub.close()
        await asyncio.gather(*crowd)

    played(play())


def test_a_place_is_freed_when_the_laptop_hangs_up_or_its_time_is_over(tmp_path: Path) -> None:
    async def play() -> None:
        room = Room(tmp_path)
        assert await room.waits(1, seconds=0.01) is Woken.TIME
        left = room.waits(2)
        await turn()
        room.gone.set_result(None)
        assert await left is Woken.ENDED
        assert len(room.hub) == 0

    played(play())


def test_more_laptops_than_may_wait_are_answered_at_once(tmp_path: Path) -> None:
    async def play() -> None:
        room = Room(tmp_path, most=1)
        first = room.waits(1)
        await turn()
        assert await room.waits(2) is Woken.ENDED
        assert not first.done()
        room.hub.close()
        assert await first is Woken.ENDED
        assert await room.waits(3) is Woken.ENDED

    played(play())


def test_what_another_process_tells_is_heard_by_whoever_waits(tmp_path: Path) -> None:
    async def play() -> None:
        room = Room(tmp_path)
        waiting = room.waits(1)
        await turn()
        FileElsewhere(tmp_path / "woken").tell(Touched(frozenset({SPACE}), frozenset()))
        assert await asyncio.wait_for(waiting, 20) is Woken.CHANGED
        room.hub.close()

    played(play())


def test_a_command_that_finds_no_server_leaves_no_word(tmp_path: Path) -> None:
    FileElsewhere(tmp_path / "woken").tell(Touched(frozenset({SPACE}), frozenset()))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.allows_warnings  # the log tells IT that the database does not answer
def test_other_processes_are_heard_again_once_a_database_that_was_away_is_back(tmp_path: Path) -> None:
    cluster = postgres.cluster()
    name, said = cluster.make(), Touched(frozenset({SPACE}), frozenset())
    with closing(PostgresDatabase(cluster.address(name), tmp_path)) as database:
        hears, tells = database.elsewhere(), database.elsewhere()
        hears.open()
        with cluster.away(name):
            assert hears.heard() == []
            assert hears.heard() == []
        assert hears.heard() == []
        tells.tell(said)
        until, heard = time.monotonic() + 20, hears.heard()
        while not heard and time.monotonic() < until:
            heard = hears.heard()
        assert heard == [said]
        hears.close()
    cluster.drop(name)

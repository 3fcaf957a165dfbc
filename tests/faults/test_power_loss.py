"""F4: the power goes at any moment. No store is corrupt, and nothing is lost that the person saw saved."""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from spoc_desktop.storage.changes import Edited, New, Removed
from spoc_desktop.storage.store import LocalStore
from sync.domain.courses import READING
from sync.domain.forum import POST
from tests.faults.disk_support import LOGIN, Name, ledger
from tests.faults.power import Acknowledged, Disk, Event, Synced, Written, recorded
from tests.night import SEED, say
from tests.unit.storage.support import COHORT, KEY, ME, NOW, PERSONAL, SERVER, a_post, a_reading, a_row, an_id, tell

State = tuple[dict[Name, bytes], list[tuple[bytes, str]], bool]


def state_of(store: LocalStore) -> State:
    """What a person would miss."""
    return ledger(store), [(seen.id, seen.body.text) for seen in store.view(POST)], store.login() is not None


def works(number: int) -> list[Callable[[LocalStore], object]]:
    """What a person and a sync do, one transaction each."""
    post = an_id(1_000 + number)
    return [
        lambda store: store.write([New(POST, COHORT, post, a_post("x" * (number * 611 % 9_000)))]),
        lambda store: store.write([New(READING, PERSONAL, an_id(2_000 + number), a_reading(number % 3))]),
        lambda store: store.write([Edited(POST, post, {"text": f"changé {number}"})]),
        lambda store: tell(store, COHORT, *(a_row(seq, POST, an_id(seq), a_post(f"{number}")) for seq in range(1, 20))),
        lambda store: store.keep_login(LOGIN if number % 2 else None),
        lambda store: store.write([Removed(POST, post)]) if number % 3 == 0 else None,
    ]


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder in memory, where there is one."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        yield Path(name)


@pytest.fixture(scope="module")
def session(folder: Path) -> tuple[dict[str, bytes], list[Event], list[State]]:
    """The files before, what reached the disk meanwhile, and the states that the person saw one after the other."""
    path = folder / "played" / "store.db"
    LocalStore.create(path, KEY, server=SERVER, person=ME, now=lambda: NOW).close()
    before = {path.name: path.read_bytes()}
    # The log is folded into the file every few transactions, not every thousand pages: cuts hit that too.
    statements: list[str | int] = ["PRAGMA wal_autocheckpoint = 40"]
    with LocalStore.open(path, KEY, now=lambda: NOW) as store:
        states = [state_of(store)]
        store._database._writer.connection.set_trace_callback(statements.append)
        for number in range(12):
            for work in works(number):
                work(store)
                statements.append(len(states))
                states.append(state_of(store))
        store._database._writer.connection.set_trace_callback(None)
    recorded_path = folder / "recorded" / path.name
    recorded_path.parent.mkdir()
    recorded_path.write_bytes(before[path.name])
    return before, recorded(recorded_path, KEY, statements), states


def test_the_session_is_written_and_synced_as_the_program_does_it(
    session: tuple[dict[str, bytes], list[Event], list[State]],
) -> None:
    _, events, states = session
    assert sum(isinstance(event, Acknowledged) for event in events) == len(states) - 1
    assert {event.file for event in events if isinstance(event, Synced)} == {"store.db", "store.db-wal"}
    assert sum(isinstance(event, Written) and event.file == "store.db" for event in events) > 50, "the log was folded"


@pytest.mark.parametrize(
    ("cuts", "seed"),
    [(200, 4), *(pytest.param(5_000, seed, marks=pytest.mark.nightly) for seed in range(SEED, SEED + 4))],
)
def test_a_power_cut_corrupts_nothing_and_loses_nothing_that_was_acknowledged(
    request: pytest.FixtureRequest,
    session: tuple[dict[str, bytes], list[Event], list[State]],
    folder: Path,
    cuts: int,
    seed: int,
) -> None:
    say(request, f"{cuts} power cuts, seed {seed}")
    before, events, states = session
    chance = random.Random(seed)  # noqa: S311 - cuts that come again, no secret
    for number in range(cuts):
        disk = Disk({name: bytearray(content) for name, content in before.items()})
        for event in events[: chance.randrange(1, len(events))]:
            disk.take(event)
        acknowledged = disk.acknowledged
        path = folder / "image" / "store.db"
        path.parent.mkdir()
        for name, content in disk.cut(chance).items():
            path.with_name(name).write_bytes(content)
        with LocalStore.open(path, KEY, now=lambda: NOW) as store:
            store.check()
            with store._database.reading() as connection:
                assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
            # The transaction under way may be there too: it was whole, and nobody was told yet.
            assert state_of(store) in states[acknowledged : acknowledged + 2], f"cut {number} of seed {seed}"
        shutil.rmtree(path.parent)

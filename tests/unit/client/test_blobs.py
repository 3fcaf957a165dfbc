"""Files on their way: before their record, after the records, whole or not at all, and never in the way of work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

import pytest

from spoc_desktop.storage.changes import New
from spoc_desktop.storage.store import LocalStore
from sync.client.blobs import Moved
from sync.client.engine import FILE_CHECKPOINTS, Engine
from sync.client.memory_store import MemoryStore
from sync.client.running import Progress
from sync.client.view import State
from sync.domain.files import Attachment
from sync.domain.forum import POST, Post
from sync.domain.kind import encode
from sync.protocol.errors import AnswerCut, BadBatch, Failure, NotOffered, Refusal, SyncError, Unreachable
from sync.protocol.messages import SyncReply, SyncRequest
from sync.protocol.parts import PART_BYTES, Held, Part
from tests.unit.client.bench import DEVICE, PERSON, SPACE, Bench, Line

KEY = bytes(range(32))
LARGE = bytes(range(256)) * 9_000
"""Two whole parts and one that is shorter."""


class FileLine(Line):
    """The way of messages and files. `doings`: what went, in order; `fail`: the trouble a file meets."""

    def __init__(self, bench: Bench, device: bytes = DEVICE) -> None:
        super().__init__(bench.server, device)
        self.doings: list[str] = []
        self.fail: Callable[[str, bytes], SyncError | None] = lambda how, name: None  # noqa: ARG005  # all goes well
        self.changed: list[bytes] = []
        self.meanwhile: Callable[[], None] = lambda: None
        self.parcels: list[int] = []
        self.asked_from: list[int] = []
        self.wishes = 0
        self.is_old = False
        self.room, self.full = 10**9, int(Failure.OVER_QUOTA)

    def exchange(self, request: SyncRequest) -> SyncReply:
        self.doings.append("push" if request.batches else "pull")
        return super().exchange(request)

    def send_parts(self, parts: Sequence[Part]) -> Sequence[Held]:
        if self.is_old:
            raise NotOffered
        held: list[Held] = []
        self.parcels.append(len(parts))
        for part in parts:
            self.doings.append(f"put {len(part.content)}" if part.content else f"ask {part.size}")
            trouble = self.fail("put", part.sha256)
            if trouble is not None:
                raise trouble
            held += self.server.send_parts(self.caller, [part]) if self.room >= part.size else [Held(0, self.full)]
        return held

    def fetch_files(self, names: Sequence[bytes]) -> Sequence[bytes | None]:
        if self.is_old:
            raise NotOffered
        self.wishes += 1
        return [self._given(name) for name in names]

    def get_file(self, name: bytes, offset: int, size: int, came: Callable[[bytes], None]) -> None:
        self.asked_from.append(offset)
        content = self._given(name)[offset:]
        assert len(content) == size - offset
        for start in range(0, len(content), PART_BYTES):
            came(content[start : start + PART_BYTES])
            self.meanwhile()

    def put_file(self, name: bytes, content: bytes) -> None:
        self.doings.append(f"whole {len(content)}")
        self.server.put_file(self.caller, name, content)

    def _given(self, name: bytes) -> bytes:
        content = self.server.get_file(self.caller, name)
        self.doings.append(f"get {len(content)}")
        if (trouble := self.fail("get", name)) is not None:
            raise trouble
        return self.changed.pop() if self.changed else content


@pytest.fixture
def bench() -> Bench:
    return Bench()


def laptop(bench: Bench, number: int = 1) -> tuple[MemoryStore, FileLine, Engine]:
    store, line = MemoryStore(bench.server.id, number, bench.clock.now), FileLine(bench, bytes([number]) * 16)
    return store, line, Engine(store, line, bench.clock, bench.chance, files=line)


def attached(*contents: bytes) -> Post:
    files = [Attachment(sha256=sha256(each).digest(), name=f"{len(each)}.txt", size=len(each)) for each in contents]
    return Post(text="a", files=tuple(files))


def post(store: MemoryStore, id_: bytes, *contents: bytes, kept: bool = True) -> None:
    for content in contents if kept else ():
        store.keep_file(sha256(content).digest(), content)
    store.create(SPACE, POST.number, id_ * 16, encode(attached(*contents)))


def test_a_file_goes_before_the_record_that_names_it_and_only_once(bench: Bench) -> None:
    store, line, engine = laptop(bench)
    engine.sync()
    line.doings.clear()
    post(store, b"1", b"one")
    post(store, b"2", b"one", b"three")
    engine.sync()
    assert line.doings[:3] == ["put 3", "put 5", "push"]
    assert line.doings.count("put 3") == 1
    assert {row.refusal for row in store.entries()} == {0}


def test_files_come_after_the_records_the_smallest_first(bench: Bench) -> None:
    store, _, engine = laptop(bench)
    post(store, b"1", b"long file", b"s", b"middle")
    engine.sync()
    other, line, reading = laptop(bench, 2)
    changes = reading.sync().changes
    assert [doing for doing in line.doings if doing.startswith("get")] == ["get 1", "get 6", "get 9"]
    assert line.doings[0] == "pull"
    assert len(changes.files) == 3
    assert sorted(other.files_here().values()) == [b"long file", b"middle", b"s"]


def test_a_sync_without_news_is_one_request_however_many_files_there_are(bench: Bench) -> None:
    store, line, engine = laptop(bench)
    for number in range(20):
        post(store, bytes([number + 1]), b"f" * number)
    engine.sync()
    line.doings.clear()
    engine.sync()
    assert line.doings == ["pull"]


def test_a_file_that_does_not_come_stops_no_record_and_is_asked_for_again(bench: Bench) -> None:
    store, _, engine = laptop(bench)
    post(store, b"1", b"one")
    engine.sync()
    other, line, reading = laptop(bench, 2)
    line.fail = lambda how, name: Unreachable()  # noqa: ARG005  # whatever it is
    done = reading.sync()
    assert done.complete
    assert len(other.rows(SPACE)) == 1
    assert other.files_here() == {}
    line.fail = lambda how, name: None  # noqa: ARG005  # all goes well again
    reading.sync()
    assert len(other.files_here()) == 1


def test_bytes_of_another_file_are_never_kept(bench: Bench) -> None:
    store, _, engine = laptop(bench)
    post(store, b"1", b"one")
    engine.sync()
    other, line, reading = laptop(bench, 2)
    line.changed = [b"ona", b"on", b"one!"]
    reading.sync()
    assert other.files_here() == {}
    bench.clock.time += 60_000
    reading.sync()
    assert list(other.files_here().values()) == [b"one"]


def test_a_file_that_the_server_does_not_give_is_asked_for_less_and_less_often(bench: Bench) -> None:
    store, _, engine = laptop(bench)
    post(store, b"1", b"one")
    engine.sync()
    _, line, reading = laptop(bench, 2)
    line.changed = [b"ona"] * 1_000  # its disk is bad
    for _ in range(100):
        reading.sync()
        bench.clock.time += 30_000
    asked = line.doings.count("get 3") // 3
    assert 3 <= asked <= 8


def test_what_a_person_writes_while_a_large_file_comes_leaves_before_its_next_part(bench: Bench) -> None:
    store, _, engine = laptop(bench)
    post(store, b"1", LARGE)
    engine.sync()
    other, line, reading = laptop(bench, 2)

    def write() -> None:
        line.meanwhile = lambda: None
        bench.write(other, 1)
        bench.write(other, 1)

    line.meanwhile = write
    reading.sync()
    steps = [doing for doing in line.doings if doing != "pull"]
    assert steps == [f"get {len(LARGE)}", "push", f"get {len(LARGE)}"]
    assert list(other.files_here().values()) == [LARGE]
    assert line.asked_from == [0, 2 * PART_BYTES], "it goes on where it gave way"


def test_small_files_come_together_and_a_large_one_alone(bench: Bench) -> None:
    store, _, engine = laptop(bench)
    contents = [bytes([number]) * 1_000 for number in range(200)]
    for number in range(4):
        post(store, bytes([number + 1]), *contents[number * 50 : number * 50 + 50])
    post(store, b"5", LARGE)
    engine.sync()
    other, line, reading = laptop(bench, 2)
    reading.sync()
    assert (line.wishes, line.asked_from) == (1, [0])
    assert len(other.files_here()) == 201


def test_several_small_files_go_up_in_one_request_after_one_question(bench: Bench) -> None:
    store, line, engine = laptop(bench)
    contents = [bytes([number]) * 100_000 for number in range(30)]
    post(store, b"1", *contents)
    engine.sync()
    assert line.parcels == [30, 9, 9, 9, 3], "the question, then nine of 100,000 bytes in each request"
    assert line.doings.count("ask 100000") == 30


def test_a_file_that_the_server_gives_already_is_not_sent(bench: Bench) -> None:
    store, _, engine = laptop(bench)
    post(store, b"1", LARGE, b"small")
    engine.sync()
    other, line, again = laptop(bench, 2)
    post(other, b"2", LARGE, b"small")
    again.sync()
    assert [doing for doing in line.doings if doing.startswith("put")] == []
    assert len(bench.server.rows(SPACE)) == 2


def test_a_record_whose_file_is_gone_is_set_aside_and_the_others_arrive(bench: Bench) -> None:
    store, line, engine = laptop(bench)
    bench.write(store, 2)
    post(store, b"1", b"gone", kept=False)
    bench.write(store, 2)
    done = engine.sync()
    assert done.set_aside == 1
    assert [entry.refusal for entry in store.entries() if entry.state is State.REFUSED] == [Refusal.FILE_MISSING]
    assert len(bench.server.rows(SPACE)) == 4
    assert not any(doing.startswith("put") for doing in line.doings)


@pytest.mark.parametrize(
    ("said", "shown"),
    [(Failure.FILE_TOO_LARGE, Refusal.TOO_LARGE), (Failure.OVER_QUOTA, Refusal.OVER_QUOTA)],
    ids=["file", "quota"],
)
def test_a_file_that_the_server_has_no_room_for_sets_its_record_aside(
    bench: Bench, said: Failure, shown: Refusal
) -> None:
    store, line, engine = laptop(bench)
    line.room, line.full = 4, int(said)
    post(store, b"1", b"large")
    bench.write(store, 1)
    assert engine.sync().set_aside == 1
    assert [entry.refusal for entry in store.entries() if entry.state is State.REFUSED] == [shown]
    assert len(bench.server.rows(SPACE)) == 1


def test_parts_that_were_damaged_on_their_way_are_sent_again(bench: Bench) -> None:
    store, line, engine = laptop(bench)
    troubles: list[SyncError | None] = [BadBatch(), BadBatch(), None]
    line.fail = lambda how, name: troubles.pop(0)  # noqa: ARG005  # each in its turn
    post(store, b"1", b"one")
    engine.sync()
    assert list(bench.server.data.files.values()) == [b"one"]
    line.fail = lambda how, name: BadBatch()  # noqa: ARG005  # the way is bad
    post(store, b"2", b"three")
    with pytest.raises(AnswerCut):
        engine.sync()
    assert {entry.refusal for entry in store.entries()} == {0}, "no record is at fault"


def test_a_server_of_0_2_is_given_whole_files_and_gives_them(bench: Bench) -> None:
    store, line, engine = laptop(bench)
    line.is_old = True
    post(store, b"1", b"one", LARGE)
    engine.sync()
    assert [doing for doing in line.doings if doing.startswith(("whole", "put"))] == ["whole 3", f"whole {len(LARGE)}"]
    other, line, reading = laptop(bench, 2)
    line.is_old = True
    reading.sync()
    assert sorted(other.files_here().values()) == sorted([b"one", LARGE])


def test_bytes_here_that_are_not_those_of_their_name_set_their_record_aside(bench: Bench) -> None:
    store, _, engine = laptop(bench)
    store.keep_file(sha256(b"one").digest(), b"ona")
    post(store, b"1", b"one", kept=False)
    bench.write(store, 1)
    assert engine.sync().set_aside == 1
    assert [entry.refusal for entry in store.entries() if entry.state is State.REFUSED] == [Refusal.FILE_MISSING]


def test_a_server_that_lost_a_file_gets_it_again_and_its_record_under_a_new_name(bench: Bench) -> None:
    store, line, engine = laptop(bench)
    post(store, b"1", b"one")
    store.file_sent(sha256(b"one").digest())
    engine.sync()
    assert [doing for doing in line.doings if doing != "pull"] == ["push", "put 3", "push"]
    assert [entry.state for entry in store.entries()] == [State.CONFIRMED]
    assert store.entries()[0].writer != 1
    assert len(bench.server.history()) == 1


def test_an_engine_that_is_stopped_in_the_middle_of_a_file_goes_on_there_another_time(bench: Bench) -> None:
    store, _, engine = laptop(bench)
    post(store, b"1", LARGE)
    engine.sync()
    other, line, reading = laptop(bench, 2)

    def told(progress: Progress) -> None:
        if isinstance(progress.moved, Moved):
            reading.stop()

    assert reading.sync(told).requests > 0
    assert other.files_here() == {}
    Engine(other, line, bench.clock, bench.chance, files=line).sync()
    assert list(other.files_here().values()) == [LARGE]
    assert line.asked_from == [0, PART_BYTES]
    waiting, line, sending = laptop(bench, 3)
    post(waiting, b"3", b"mine, too")
    reading = sending
    assert not sending.sync(told).complete
    assert "push" not in line.doings


class Ended(Exception):
    """The program ended here."""


@pytest.mark.parametrize("name", FILE_CHECKPOINTS)
@pytest.mark.parametrize("is_lost", [False, True], ids=["kept", "disk-lost-it"])
def test_a_program_that_ends_around_a_file_goes_on_at_its_next_start(
    bench: Bench, tmp_path: Path, name: str, is_lost: bool
) -> None:
    """Fault F5: in whatever order disk and database survived, a record never shows a wrong file, and it comes again."""
    there = LARGE if name == "part_kept" else b"theirs"
    theirs, _, sending = laptop(bench, 2)
    post(theirs, b"1", there)
    sending.sync()
    path = tmp_path / "store.db"
    store = LocalStore.create(path, KEY, server=bench.server.id, person=PERSON, now=bench.clock.now)
    file = store.files.keep(b"mine", "mine.txt")
    store.write([New(POST, SPACE, b"2" * 16, Post(text="a", files=(file,)))])

    def checkpoint(reached: str) -> None:
        if reached == name:
            raise Ended

    line = FileLine(bench)
    with pytest.raises(Ended):
        Engine(store, line, bench.clock, bench.chance, checkpoint, files=line).sync()
    theirs_name = sha256(there).digest()
    assert store.files.read(theirs_name) in {None, there}
    if is_lost:
        store.files.drop(theirs_name)  # a power cut after which the database knows more than the disk
    store.close()
    with LocalStore.open(path, KEY, now=bench.clock.now) as again:
        Engine(again, line, bench.clock, bench.chance, files=line).sync()
        assert again.files.read(theirs_name) == there
        assert again.files_wanted() == []
        assert again.counts() == (0, 0, 0)
    assert sorted(bench.server.data.files.values()) == sorted([b"mine", there])
    assert len(bench.server.rows(SPACE)) == 2

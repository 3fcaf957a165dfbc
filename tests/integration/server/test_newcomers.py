"""A batch taken as a whole (rule 2): quicker, and never another answer than its entries would get one by one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import msgspec
import pytest
from sqlalchemy import Connection

from sync.domain.exercises import HAND_IN, HandIn
from sync.domain.people import SETTINGS, Settings
from sync.domain.quizzes import ATTEMPT, ATTEMPT_START, GRADE, AttemptStart, Grade
from sync.domain.spaces import SpaceType, type_of
from sync.protocol.errors import Refusal
from sync.protocol.limits import MAX_BODY
from sync.protocol.messages import Create, Delete, Edit, Mutation
from sync.server.limits import Limits
from sync.server.storage import spaces
from sync.server.storage.log import Kept, SpaceLog
from sync.server.storage.usage import Room
from sync.server.sync import newcomers
from sync.server.sync.accept import one_by_one
from sync.server.sync.batches import Entries
from sync.server.sync.entries import Desk
from sync.server.sync.runs import Taken
from tests.integration.server.test_push import attempt
from tests.integration.server.world import World, entry, raw, world

WRITER = 5
NOW = 1_700_000_000_000
ROOM = 2 * (MAX_BODY - 200)
THERE = bytes([99]) * 16


class Outcome(NamedTuple):
    """What a way of taking a batch gives, and what it would write."""

    taken: Taken | None
    written: dict[bytes, Kept]


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("school")) as made:
        ines = made.laptop("ines")
        ines.push(made.space(SpaceType.PERSONAL), ines.create(ATTEMPT, attempt(), THERE))
        yield made


def both_ways(here: World, type_: SpaceType, mutations: list[Mutation]) -> tuple[Outcome, Outcome]:
    """The batch as a whole, and one by one, each in a transaction that is not kept."""
    laptop, name = here.laptop("ines"), here.space(type_)
    entries = Entries.read(name, [entry(mutation) for mutation in mutations])

    def desk_and_room(connection: Connection) -> tuple[Desk, Room]:
        head = spaces.take(connection, name)
        assert head is not None
        roles = spaces.roles_of(connection, laptop.caller.person_no, name)
        log = SpaceLog(connection, head)
        desk = Desk(log, type_of(name), roles, laptop.caller.person, WRITER, NOW, lambda _: Refusal.FILE_MISSING)
        return desk, Room(connection, Limits(bytes=ROOM), laptop.caller.person_no, WRITER, NOW)

    with here.core.reading() as connection:
        desk, room = desk_and_room(connection)
        whole = Outcome(newcomers.take(desk, entries, room), desk.log._changed)
        desk, room = desk_and_room(connection)
        single = Outcome(one_by_one(desk, entries, {}, room), desk.log._changed)
    return whole, single


def row(n: int, id_: bytes | None = None, body: object = None, kind: int = ATTEMPT.number) -> Create:
    return Create(n, kind, bytes([n]) * 16 if id_ is None else id_, raw(attempt(n)) if body is None else raw(body))  # type: ignore[arg-type]


def long(size: int) -> bytes:
    """An attempt with a longer tail, as a newer program may write one."""
    return msgspec.msgpack.encode([*msgspec.structs.astuple(attempt()), bytes(size)])


PERSONAL, OWN = SpaceType.PERSONAL, SpaceType.OWN
GRADED = Grade(
    attempt=bytes(16),
    activity=bytes(16),
    edition=bytes(16),
    number=1,
    points=1,
    best=1,
    passed=True,
    questions=(),
    graded_at=1,
)
HANDED_IN = HandIn(activity=bytes(16), edition=bytes(16), version=1, at=1, text="fait")
ODD: list[tuple[SpaceType, str, list[Mutation]]] = [
    (PERSONAL, "a body that is none of its kind", [row(9, body=b"\x05")]),
    (PERSONAL, "an id of another length", [row(9, bytes(17))]),
    (PERSONAL, "a body that is too long", [row(9, body=long(MAX_BODY))]),
    (PERSONAL, "a kind that nobody knows", [row(9, kind=9_999)]),
    (PERSONAL, "a kind that stands elsewhere", [row(9, body=GRADED, kind=GRADE.number)]),
    (PERSONAL, "a kind that names files", [row(9, body=HANDED_IN, kind=HAND_IN.number)]),
    (OWN, "a kind that is edited", [row(9, body=Settings(), kind=SETTINGS.number)]),
    (PERSONAL, "an id that comes twice", [row(9, row(1).id)]),
    (PERSONAL, "a name that comes twice", [row(1, bytes(16))]),
    (PERSONAL, "a record that is there", [row(9, THERE)]),
    (PERSONAL, "more than there is room for", [row(n, body=long(ROOM // 2)) for n in (8, 9)]),
    (PERSONAL, "a deletion", [Delete(9, bytes(16), 1, 0)]),
    (PERSONAL, "an edit", [Edit(9, bytes(16), 1, 0, {})]),
]


@pytest.mark.parametrize(
    ("type_", "odd"), [pytest.param(type_, odd, id=why.replace(" ", "_")) for type_, why, odd in ODD]
)
def test_a_batch_with_one_entry_that_is_to_be_looked_at_alone_is_not_taken_whole(
    school: World, type_: SpaceType, odd: list[Mutation]
) -> None:
    whole, _ = both_ways(school, type_, [*([row(1), row(2)] if type_ is PERSONAL else []), *odd])
    assert whole == Outcome(None, {})


def test_rows_under_names_with_gaps_are_answered_in_as_many_runs(school: World) -> None:
    whole, single = both_ways(school, PERSONAL, [row(n) for n in (3, 4, 7, 9, 10, 8)])
    assert whole.taken is not None
    assert [(run.n, run.count) for run in whole.taken.runs] == [(3, 2), (7, 1), (9, 2), (8, 1)]
    assert whole == single


def test_a_week_of_new_rows_of_several_kinds_is_taken_whole(school: World) -> None:
    start = AttemptStart(activity=bytes(16), edition=bytes(16), number=1, at=1)
    begun = row(1, body=start, kind=ATTEMPT_START.number)
    whole, single = both_ways(school, PERSONAL, [begun, *(row(n) for n in range(2, 22))])
    assert whole.taken is not None
    assert len(whole.written) == 21
    assert whole == single


def test_many_new_rows_are_asked_about_once_and_one_that_is_there_is_found_among_them(world: World) -> None:
    ines, personal = world.laptop("ines"), world.space(SpaceType.PERSONAL)
    ids = [n.to_bytes(16, "big") for n in range(300)]
    ines.push(personal, ines.create(ATTEMPT, attempt(1), ids[150]))
    answer = ines.push(personal, *(ines.create(ATTEMPT, attempt(2), id_) for id_ in ids))
    assert [(run.count, run.verdict.name) for run in answer.runs] == [
        (150, "ACCEPTED"),
        (1, "REFUSED"),
        (149, "ACCEPTED"),
    ]
    assert answer.runs[1].refusal == Refusal.EXISTS

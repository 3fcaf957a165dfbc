"""Rule 8: rows that a laptop has otherwise than the server are found by stretches, and they alone are told."""

from __future__ import annotations

from itertools import pairwise

import msgspec
import pytest

from sync.client.engine import Engine
from sync.client.memory_store import MemoryStore
from sync.domain import spaces as names
from sync.domain.ids import PersonId
from sync.domain.notes import NOTE, Note
from sync.domain.spaces import SpaceType
from sync.protocol.digest import EMPTY
from sync.protocol.limits import MAX_PUSH_ROWS, MAX_SPANS, NARROW_ROWS
from sync.protocol.messages import Checksum, Probe, Row, Span, SyncReply, SyncRequest
from sync.protocol.version import PROTOCOL, RULES
from sync.protocol.wire import Damaged, pack
from sync.server.storage import spaces
from tests.integration.server.world import Laptop, World
from tests.server_damage import alter

MANY = 6_000


class Line:
    """The way to the server: what is told on it is counted."""

    def __init__(self, laptop: Laptop) -> None:
        self.laptop = laptop
        self.requests: list[SyncRequest] = []
        self.replies: list[SyncReply] = []

    def exchange(self, request: SyncRequest) -> SyncReply:
        reply = self.laptop.exchange(request)
        self.requests.append(request)
        self.replies.append(reply)
        return reply

    def forget(self) -> None:
        self.requests.clear()
        self.replies.clear()

    def told(self) -> int:
        """Rows told, by pages and by stretches."""
        pages = sum(len(page.rows) for reply in self.replies for page in reply.pages)
        return pages + sum(len(each.rows) for reply in self.replies for each in reply.narrowed)

    def spoken(self) -> int:
        """Bytes both ways."""
        return sum(len(pack(each)) for each in (*self.requests, *self.replies))


class Dice:
    """Where the engine's random bytes come from."""

    def __init__(self, world: World) -> None:
        self._world = world

    def bytes(self, count: int) -> bytes:
        return self._world.chance(count)


class Stand:
    """A laptop in memory whose engine speaks with the real server."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.line = Line(world.laptop("ines"))
        self.store = MemoryStore(world.core.server, self.line.laptop.writer, self.now)
        self.engine = Engine(self.store, self.line, self, Dice(world))

    def now(self) -> int:
        return self.world.now

    monotonic = now

    def doubts(self) -> list[bytes]:
        return [state.space for state in self.store.state().spaces if state.doubt or state.compare]


@pytest.fixture
def stand(world: World) -> Stand:
    return Stand(world)


def filled(stand: Stand, count: int) -> bytes:
    """A forum with so many posts, all of them on the laptop."""
    forum, other = stand.world.space(SpaceType.COHORT), stand.world.laptop("karim")
    for start in range(0, count, MAX_PUSH_ROWS):
        some = range(start, min(count, start + MAX_PUSH_ROWS))
        other.push(forum, *(other.post(f"Message {number}") for number in some))
    stand.engine.sync()
    stand.line.forget()
    return forum


@pytest.mark.parametrize("how", ["lost", "doubled", "altered"])
def test_one_bad_row_among_thousands_is_mended_in_a_few_requests_and_rows(stand: Stand, how: str) -> None:
    forum = filled(stand, MANY)
    right = stand.store.rows(forum)
    id_, row = sorted(right.items())[MANY // 3]
    bad: Row | None = msgspec.structs.replace(row, at=row.at + 1)
    if how == "lost":
        bad = None
    elif how == "doubled":
        id_ = stand.world.chance(16)
        bad = msgspec.structs.replace(row, id=id_)
    stand.store.damage(forum, id_, bad)
    stand.store.recount()
    assert stand.doubts() == [forum]
    assert stand.engine.sync().complete
    assert stand.store.rows(forum) == right
    assert stand.doubts() == []
    assert 0 < stand.line.told() <= NARROW_ROWS
    assert len(stand.line.requests) <= 6
    assert stand.line.spoken() < 12_000
    set_aside = {row.id for row in stand.store.incidents(forum)}
    assert (id_ in set_aside) == (how == "doubled"), "what the server lacks is never dropped unseen"


def test_a_row_that_changed_on_the_server_is_fetched_when_its_space_goes_on(stand: Stand) -> None:
    forum = filled(stand, 400)
    altered, row = sorted(stand.store.rows(forum).items())[7]
    with stand.world.core.reading() as connection:
        head = spaces.find(connection, forum)
    assert head is not None
    stand.world.core.writer.run(lambda connection: alter(connection, head.no, altered))
    other = stand.world.laptop("karim")
    other.push(forum, other.post("on continue"))
    assert stand.engine.sync().complete
    assert stand.store.rows(forum)[altered].at == row.at + 1
    other.pull()
    assert stand.store.rows(forum) == other.rows[forum]
    assert stand.line.told() <= 1 + NARROW_ROWS


def test_the_server_answers_only_where_the_laptop_stands_at_its_head(stand: Stand) -> None:
    forum = filled(stand, 40)
    (state,) = (each for each in stand.store.state().spaces if each.space == forum)
    wrong = Probe(forum, state.cursor, (Span(b"", b"", Checksum(1, 1)),))
    assert len(ask(stand, wrong).narrowed) == 1
    outsider = stand.world.laptop("omar")
    assert outsider.exchange(request(wrong)).narrowed == (), "who may not read a space learns nothing of it"
    other = stand.world.laptop("karim")
    other.push(forum, other.post("on continue"))
    assert ask(stand, wrong).narrowed == ()


def request(*probes: Probe) -> SyncRequest:
    return SyncRequest(PROTOCOL, RULES, 1, probes=probes)


def ask(stand: Stand, *probes: Probe) -> SyncReply:
    return stand.line.laptop.exchange(request(*probes))


def test_a_reply_stays_within_its_bounds_however_many_spaces_differ(stand: Stand) -> None:
    ines, forum = stand.line.laptop, stand.world.space(SpaceType.COHORT)
    own = names.own(PersonId(ines.caller.person))
    long = "a" * 60_000
    notes = [ines.create(NOTE, Note(activity=b"a" * 16, text=long, at=1)) for _ in range(20)]
    ines.push(own, *notes)
    ines.push(forum, *(ines.post(long) for _ in range(20)))
    stand.engine.sync()
    wrong = [
        Probe(state.space, state.cursor, (Span(b"", b"", Checksum(1, 1)),))
        for state in stand.store.state().spaces
        if state.space in {own, forum}
    ]
    (first,) = ask(stand, *wrong).narrowed
    assert first.rows
    (second,) = ask(stand, *(probe for probe in wrong if probe.space != first.space)).narrowed
    assert second.rows


def test_stretches_that_overlap_or_are_too_many_are_refused(stand: Stand) -> None:
    forum = filled(stand, 1)
    (state,) = (each for each in stand.store.state().spaces if each.space == forum)
    whole = Span(b"", b"", EMPTY)
    bounds = [bytes([number]) for number in range(MAX_SPANS + 2)]
    many = tuple(Span(after, upto, EMPTY) for after, upto in pairwise(bounds))
    for spans in ((whole, whole), many):
        with pytest.raises(Damaged):
            ask(stand, Probe(forum, state.cursor, spans))
    with pytest.raises(Damaged):
        ask(stand, Probe(forum, state.cursor, (whole,)), Probe(forum, state.cursor, ()))


def test_where_everything_differs_the_space_is_told_anew(stand: Stand) -> None:
    forum = filled(stand, 3 * NARROW_ROWS * MAX_SPANS)
    right = stand.store.rows(forum)
    for id_, row in sorted(right.items()):
        stand.store.damage(forum, id_, msgspec.structs.replace(row, at=row.at + 1))
    stand.store.recount()
    assert stand.engine.sync().complete
    assert stand.store.rows(forum) == right
    assert stand.doubts() == []
    assert stand.line.told() <= len(right) + NARROW_ROWS * MAX_SPANS

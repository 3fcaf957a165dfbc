"""The encrypted store and the simulation's store, step by step: people and engines find the same in both."""

from __future__ import annotations

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from spoc_desktop.storage.changes import Edited, New, Removed
from spoc_desktop.storage.store import LocalStore
from sync.client.memory_store import MemoryStore
from sync.client.ports import Changes, SpaceState
from sync.client.steps import (
    Apply,
    Backed,
    Begin,
    Claim,
    Compare,
    Confirm,
    Forget,
    MarkSafe,
    NewWriter,
    Reach,
    Refuse,
    Revoke,
    Stage,
    Step,
)
from sync.domain.courses import READING
from sync.domain.forum import POST
from sync.domain.kind import Kind, encode
from sync.domain.merge import DELETED
from sync.protocol.digest import EMPTY
from sync.protocol.errors import Refusal
from sync.protocol.limits import KEEP_CONFIRMED_MS
from sync.protocol.messages import Checksum, Row
from tests.unit.storage.support import (
    COHORT,
    ME,
    NOW,
    OTHER,
    PERSONAL,
    SERVER,
    a_post,
    a_reading,
    an_id,
    checksum,
    place,
)

SPACES: dict[bytes, tuple[Kind, range]] = {COHORT: (POST, range(1, 7)), PERSONAL: (READING, range(11, 17))}
"""In each space records of one kind, with few ids, so that they meet."""


class BothStores(RuleBasedStateMachine):
    """What people and a server do, done to both."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.store = LocalStore.in_memory(server=SERVER, person=ME, now=lambda: self.now)
        self.memory = MemoryStore(SERVER, self.store.state().writer, lambda: self.now, person=ME)
        self.seq = 0
        self.epoch = 1
        self.words = self.forks = 0

    def teardown(self) -> None:
        self.store.close()

    @initialize()
    def both_spaces_are_known(self) -> None:
        for space in SPACES:
            self.perform(Begin(space, self.epoch))

    # What the person does.

    @rule(space=st.sampled_from(sorted(SPACES)), at=st.integers(0, 5))
    def write(self, space: bytes, at: int) -> None:
        kind, ids = SPACES[space]
        id_ = an_id(ids[at])
        if self.is_anywhere(space, id_):
            return
        body = a_post(self.word()) if kind is POST else a_reading(at)
        self.done(self.store.write([New(kind, space, id_, body)]))
        self.memory.create(space, kind.number, id_, encode(body))

    @rule(at=st.integers(0, 5), hide=st.booleans())
    def edit(self, at: int, hide: bool) -> None:
        id_ = an_id(SPACES[COHORT][1][at])
        if not self.may_change(id_):
            return
        fields = {"text": self.word()} | ({"hidden": True} if hide else {})
        raws = {POST.number_of(name): msgspec.msgpack.encode(value) for name, value in fields.items()}
        self.done(self.store.write([Edited(POST, id_, fields)]))
        self.memory.edit(COHORT, id_, raws)

    @rule(at=st.integers(0, 5))
    def remove(self, at: int) -> None:
        id_ = an_id(SPACES[COHORT][1][at])
        if not self.may_change(id_):
            return
        self.done(self.store.write([Removed(POST, id_)]))
        self.memory.delete(COHORT, id_)

    # What the server tells.

    @rule(space=st.sampled_from(sorted(SPACES)), anew=st.booleans())
    def begin(self, space: bytes, anew: bool) -> None:
        self.epoch += anew
        self.perform(Begin(space, self.epoch))

    @rule(space=st.sampled_from(sorted(SPACES)), data=st.data())
    def page(self, space: bytes, data: st.DataObject) -> None:
        state = self.of(space)
        if state.lost:
            return
        rows = self.rows(space, data)
        cursor = place(state.standing.epoch, self.seq)
        if state.visible and (state.staged is not None or data.draw(st.booleans())):
            self.perform(Stage(space, rows, cursor))
        elif state.visible:
            told = [row for id_, row in self.memory.rows(space).items() if id_ not in {new.id for new in rows}]
            self.perform(Apply(space, rows, cursor), Reach(space, checksum(*told, *rows)))
        else:
            self.perform(Apply(space, rows, cursor))

    @rule(space=st.sampled_from(sorted(SPACES)), right=st.booleans())
    def reach(self, space: bytes, right: bool) -> None:
        if self.of(space).lost or (self.of(space).visible and self.of(space).staged is None):
            return
        wrong = Checksum(1, 1)
        copy = self.memory.copied()
        copy.perform([Reach(space, wrong)])
        sums = {state.space: state.checksum for state in copy.state().spaces}
        self.perform(Reach(space, sums[space] if right else wrong))

    @rule(space=st.sampled_from(sorted(SPACES)))
    def revoke(self, space: bytes) -> None:
        self.perform(Revoke(space))

    @rule(space=st.sampled_from(sorted(SPACES)), back=st.integers(0, 3))
    def claim(self, space: bytes, back: int) -> None:
        self.perform(Claim(space, place(self.epoch, max(1, self.seq - back))))

    @rule(space=st.sampled_from(sorted(SPACES)))
    def ask_for_a_compare(self, space: bytes) -> None:
        if not self.of(space).lost:
            self.perform(Compare(space))

    # What the server answers.

    @precondition(lambda self: self.memory.waiting(1, 1))
    @rule(count=st.integers(1, 4), dup=st.integers(0, 6))
    def confirm(self, count: int, dup: int) -> None:
        first = self.memory.waiting(1, 1)[0]
        state = self.of(first.space)
        if state.lost:
            return
        seq = max(1, self.seq + 1 - dup)
        self.seq = max(self.seq, seq + count - 1)
        self.perform(Confirm(first.space, first.writer, first.n, count, state.standing.epoch, seq))

    @precondition(lambda self: self.memory.waiting(1, 1))
    @rule(count=st.integers(1, 2), refusal=st.sampled_from([Refusal.MISSING, Refusal.DELETED, Refusal.CLOSED]))
    def refuse(self, count: int, refusal: Refusal) -> None:
        first = self.memory.waiting(1, 1)[0]
        self.perform(Refuse(first.space, first.writer, first.n, count, refusal))

    @precondition(lambda self: self.memory.waiting(1, 1))
    @rule()
    def set_poison_aside(self) -> None:
        first = self.memory.waiting(1, 1)[0]
        self.store.set_aside(first.writer, first.n, Refusal.BROKEN)
        self.memory.set_aside(first.writer, first.n, Refusal.BROKEN)

    @rule(back=st.integers(0, 2))
    def fork(self, back: int) -> None:
        waiting = self.memory.waiting(10, 1_000)
        of = waiting[0].writer if waiting else 0
        self.forks += 1
        self.perform(NewWriter(self.forks, of, tuple(entry.n for entry in waiting[back:])))

    @rule(space=st.sampled_from(sorted(SPACES)), back=st.integers(0, 3), days=st.integers(0, 8))
    def back_up(self, space: bytes, back: int, days: int) -> None:
        self.now += days * KEEP_CONFIRMED_MS // 7
        self.perform(MarkSafe(space, self.epoch, max(0, self.seq - back)), Backed(self.seq), Forget(self.now))

    # What must hold after each.

    @invariant()
    def people_see_the_same(self) -> None:
        for space, (kind, _) in SPACES.items():
            seen = {one.id: encode(one.body) for one in self.store.view(kind, space)}
            assert seen == {id_: bytes(record.body) for id_, record in self.memory.all_seen(space).items()}

    @invariant()
    def engines_find_the_same(self) -> None:
        ours, theirs = self.store.state(), self.memory.state()
        assert (ours.writer, ours.backup) == (theirs.writer, theirs.backup)
        assert [_settled(state) for state in ours.spaces] == sorted(_settled(state) for state in theirs.spaces)
        found = self.store.waiting(100, 1_000_000)
        assert found == self.memory.waiting(100, 1_000_000)[: len(found)]
        assert bool(found) == bool(self.memory.waiting(1, 1))
        assert self.store.unsafe_spaces() == self.memory.unsafe_spaces()

    @invariant()
    def the_projection_is_what_a_rebuild_gives(self) -> None:
        before = self.store.done()
        self.store.rebuild_projections()
        assert self.store.done() == before
        assert {one.id for one in before} == {one.id for one in self.store.view(READING)}

    def perform(self, *steps: Step) -> None:
        before = self.views()
        changes = self.store.perform(steps)
        self.memory.perform(steps)
        after = self.views()
        assert {kind for kind, seen in after.items() if seen != before[kind]} <= changes.kinds

    def done(self, changes: Changes) -> None:
        assert changes.outbox

    def views(self) -> dict[int, object]:
        return {kind.number: self.store.view(kind) for kind, _ in SPACES.values()}

    def of(self, space: bytes) -> SpaceState:
        return next(state for state in self.memory.state().spaces if state.space == space)

    def is_anywhere(self, space: bytes, id_: bytes) -> bool:
        return id_ in self.memory.rows(space) or any(entry.mutation.id == id_ for entry in self.memory.entries())

    def may_change(self, id_: bytes) -> bool:
        """Seen, and not half told: there the encrypted store names no base, as the person sees none."""
        hidden = id_ in self.memory.rows(COHORT) and not self.of(COHORT).visible
        return id_ in self.memory.all_seen(COHORT) and not hidden

    def word(self) -> str:
        self.words += 1
        return f"mot {self.words}"

    def rows(self, space: bytes, data: st.DataObject) -> tuple[Row, ...]:
        kind, ids = SPACES[space]
        chosen = data.draw(st.lists(st.sampled_from(list(ids)), max_size=4, unique=True))
        return tuple(self.row(kind, an_id(number), deleted=data.draw(st.booleans())) for number in chosen)

    def row(self, kind: Kind, id_: bytes, *, deleted: bool) -> Row:
        self.seq += 1
        body = encode(a_reading(self.seq % 3)) if kind is READING else encode(a_post(self.word()))
        raw = DELETED if deleted and kind is POST else body
        return Row(self.seq, kind.number, id_, OTHER, NOW, msgspec.Raw(raw))


def _settled(state: SpaceState) -> SpaceState:
    """A space; the checksum counts while nothing is being told again."""
    return state if state.visible and state.staged is None else state._replace(checksum=EMPTY)


BothStores.TestCase.settings = settings(stateful_step_count=30)
test_both_stores = BothStores.TestCase

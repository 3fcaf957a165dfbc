"""Tombstones go after 400 days; who was away for longer has everything, and nothing comes back (rule 8, fault F18)."""

from __future__ import annotations

import msgspec
import pytest

from sync.client.view import State
from sync.domain.forum import POST, Post
from sync.domain.kind import encode
from sync.domain.merge import DELETED
from sync.domain.spaces import SpaceType
from sync.protocol.errors import Refusal
from sync.protocol.limits import KEEP_TOMBSTONES_MS
from sync.server.storage import spaces
from sync.server.storage.schema import tail
from sync.server.sync.compaction import MARK_EVERY_MS, Compacted, compact
from tests.integration.server.test_narrowing import Stand
from tests.integration.server.world import World, checksum_of
from tests.server_fixture import command

DAY_MS = 86_400_000


@pytest.fixture
def stand(world: World) -> Stand:
    return Stand(world)


def floor_of(world: World, space: bytes) -> int:
    with world.core.reading() as connection:
        head = spaces.find(connection, space)
    assert head is not None
    return head.floor


def after(world: World, milliseconds: int) -> Compacted:
    world.now += milliseconds
    return compact(world.core)


def test_tombstones_go_400_days_after_they_were_seen_and_not_before(world: World) -> None:
    forum, sophie = world.space(SpaceType.COHORT), world.laptop("sophie")
    posts = [sophie.post(str(number)) for number in range(6)]
    sophie.push(forum, *posts)
    sophie.push(forum, *(sophie.delete(post.id, seq) for seq, post in enumerate(posts[:4], 1)))
    assert after(world, 0) == (0, 0)
    sophie.push(forum, sophie.delete(posts[4].id, 5))
    assert after(world, KEEP_TOMBSTONES_MS - 1) == (0, 0)
    assert floor_of(world, forum) == 0
    assert after(world, 1) == (1, 4), "what was deleted since the first look keeps its time"
    sophie.pull()
    assert [bytes(row.body) == DELETED for row in sophie.rows[forum].values()].count(True) == 1
    assert checksum_of(sophie.rows[forum]) == sophie.checksums[forum]
    assert after(world, KEEP_TOMBSTONES_MS) == (1, 1)


def test_a_database_with_a_floor_is_sound_and_its_old_tails_are_gone(world: World) -> None:
    forum, sophie = world.space(SpaceType.COHORT), world.laptop("sophie")
    for number in range(5):
        post = sophie.post(str(number))
        sophie.push(forum, post)
        sophie.push(forum, sophie.delete(post.id, 2 * number + 1))
    compact(world.core)
    after(world, KEEP_TOMBSTONES_MS)
    with world.core.reading() as connection:
        head = spaces.find(connection, forum)
        assert head is not None
        kept = connection.execute(tail.select().where(tail.c.space_no == head.no)).all()
    assert len(kept) == 1
    assert world.administration.back_up(world.data.with_name("copy.db")) == 1, "each space fits its checksum"


def test_a_laptop_that_had_the_tombstones_drops_them_with_the_next_rows(stand: Stand) -> None:
    forum, sophie = stand.world.space(SpaceType.COHORT), stand.world.laptop("sophie")
    posts = [sophie.post(str(number)) for number in range(6)]
    sophie.push(forum, *posts)
    sophie.push(forum, *(sophie.delete(post.id, seq) for seq, post in enumerate(posts[:4], 1)))
    stand.engine.sync()
    compact(stand.world.core)
    after(stand.world, KEEP_TOMBSTONES_MS)
    sophie.push(forum, sophie.post("on continue"))
    stand.line.forget()
    stand.engine.sync()
    sophie.pull()
    assert stand.store.rows(forum) == sophie.rows[forum]
    assert stand.line.told() == 1
    assert stand.doubts() == []


def test_an_answer_again_for_what_was_done_below_the_floor_resurrects_nothing(world: World) -> None:
    forum, ines, sophie = world.space(SpaceType.COHORT), world.laptop("ines"), world.laptop("sophie")
    post = ines.post("une fois")
    first = ines.push(forum, post)
    sophie.push(forum, sophie.delete(post.id, 1))
    compact(world.core)
    after(world, KEEP_TOMBSTONES_MS)
    again = ines.push(forum, post)
    assert [run.verdict.name for run in again.runs] == ["DUP"]
    old = ines.push(forum, ines.post("nouveau"), claim=first.cursor)
    assert old.outcome.name == "RENEWED", "a claim of before the floor proves nothing: the space is told anew first"
    again = ines.push(forum, ines.post("nouveau"), claim=again.cursor)
    assert again.outcome.name == "DONE", "the place that was told now is one to go on from"


@pytest.mark.parametrize("count", [400, pytest.param(10_000, marks=pytest.mark.nightly)])
def test_a_year_offline_with_much_unsent_work_loses_nothing_and_brings_nothing_back(stand: Stand, count: int) -> None:
    world = stand.world
    forum, sophie = world.space(SpaceType.COHORT), world.laptop("sophie")
    posts = [stand.line.laptop.post(f"Message {number}") for number in range(count // 10)]
    world.laptop("ines", writer=77).push(forum, *posts)
    stand.engine.sync()
    gone, kept = posts[::2], posts[1::2]
    for number in range(count):
        if number % 10 == 0:
            target = (gone if number % 20 else kept)[number // 20]
            stand.store.edit(forum, target.id, {0: msgspec.msgpack.encode(f"Corrigé {number}")})
        else:
            stand.store.create(forum, POST.number, world.chance(16), encode(Post(text=f"Hors ligne {number}")))
    written = len(stand.store.entries())
    sophie.push(forum, *(sophie.delete(post.id, seq) for seq, post in enumerate(posts, 1) if post in gone))
    compact(world.core)
    assert after(world, KEEP_TOMBSTONES_MS + MARK_EVERY_MS).tombstones == len(gone)
    for _ in range(2):
        stand.engine.sync()
    sophie.pull()
    assert stand.store.rows(forum) == sophie.rows[forum]
    alive = {bytes(row.id) for row in sophie.rows[forum].values() if bytes(row.body) != DELETED}
    assert not alive & {post.id for post in gone}, "nothing resurrected"
    assert {post.id for post in kept} <= alive
    assert stand.store.incidents(forum) == [], "what was deleted is no incident"
    listed = [entry for entry in stand.store.entries() if entry.state is State.REFUSED]
    assert {entry.refusal for entry in listed} == {Refusal.MISSING}
    assert {entry.mutation.id for entry in listed} == {post.id for post in gone}, "those texts are in the person's list"
    waiting = [entry for entry in stand.store.entries() if entry.state is State.WAITING]
    assert waiting == []
    assert len(stand.store.entries()) == written, "nothing lost"
    assert stand.doubts() == []


def test_the_command_says_how_many_it_dropped(world: World) -> None:
    world.core.close()
    assert command(world.data, "compact") == {"spaces": 0, "tombstones": 0}
    world.reopen()

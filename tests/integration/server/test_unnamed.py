"""Files that no record names any more go in the end, and no file that somebody still needs does."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from sqlalchemy import insert

from sync.domain.documents import KEPT_MS as SNAPSHOT_MS
from sync.domain.forum import POST, Post
from sync.domain.spaces import SpaceType
from sync.protocol.errors import Refusal
from sync.protocol.messages import Delete
from sync.server.storage import backups, spaces, usage
from sync.server.storage.bucket import Bucket
from sync.server.storage.depot import FolderDepot
from sync.server.storage.depot_s3 import S3Depot
from sync.server.storage.schema import naming
from sync.server.sync import folding, unnamed
from sync.server.sync.unnamed import BYTES_MS, DAY_MS, KEPT_MS, Swept
from tests.integration.server.test_files import CONTENT, attachment, fetched, hand_in, said, send
from tests.integration.server.world import World, verdicts
from tests.integration.server.writers import Person, begun, two_people

NAME = hashlib.sha256(CONTENT).digest()
NOTHING = Swept(0, 0)


def days(world: World, length: int) -> Swept:
    """Let so many milliseconds pass, and a day's look."""
    world.now += length
    return unnamed.sweep(world.core)


def lies(world: World, name: bytes = NAME) -> bool:
    depot = world.core.files
    assert isinstance(depot, FolderDepot)
    return depot.path(name).exists()


def test_a_snapshot_that_a_newer_one_replaced_goes_in_the_end_and_the_newer_one_stays(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folding, "UPDATES", 1)
    monkeypatch.setattr(folding, "INLINE", 10)
    with two_people(world) as (ines, karim):
        id_ = begun(ines, karim, "Un texte bien trop long.")
        world.now += SNAPSHOT_MS + 1
        folding.fold_due(world.core)
        first = snapshot_of(ines)
        ines.type(id_, "Un texte bien trop long, et qui grandit.")
        ines.sync()
        world.now += SNAPSHOT_MS + 1
        folding.fold_due(world.core)
        second = snapshot_of(karim)
        assert first != second
        unnamed.sweep(world.core)
        assert days(world, KEPT_MS - 1) == NOTHING, "every version of 30 days can be brought back"
        assert days(world, 1) == (1, 0)
        assert days(world, BYTES_MS + DAY_MS) == (0, 1)
    assert not lies(world, first)
    assert lies(world, second)
    assert backups.verify_database(world.core.database, world.core.files).files == 1


def snapshot_of(person: Person) -> bytes:
    """The file that a person's laptop asks for, and gets."""
    person.sync()
    (wanted,) = person.store.files_wanted()
    person.store.files_came({wanted.sha256: b"".join(person.school.core.files.parts(wanted.sha256, wanted.size))})
    return wanted.sha256


def test_a_file_without_a_name_goes_after_thirty_days_and_gives_its_room_back(world: World) -> None:
    ines, here = world.laptop("ines"), world.space(SpaceType.COHORT)
    send(ines)
    post = ines.create(POST, Post(text="avec un fichier", files=(attachment(),)))
    ((_, _, base, _),) = verdicts(ines.push(here, post))
    assert days(world, 100 * DAY_MS) == NOTHING, "a record names it"
    ines.push(here, Delete(ines.next_n(), post.id, 1, base))
    days(world, 0)
    assert days(world, KEPT_MS - 1) == NOTHING
    assert fetched(ines) == CONTENT
    assert days(world, 1) == (1, 0)
    assert fetched(ines) is None
    with world.core.reading() as connection:
        assert usage.files_of(connection, ines.caller.person_no) == 0
    assert lies(world), "a backup under way may still be copying it"
    assert days(world, BYTES_MS + 1) == (0, 1)
    assert not lies(world)


def test_a_file_that_is_sent_or_named_again_has_its_time_anew(world: World) -> None:
    ines = world.laptop("ines")
    send(ines)
    days(world, 0)
    world.now += KEPT_MS - DAY_MS
    send(ines)
    assert days(world, 2 * DAY_MS) == NOTHING
    assert said(hand_in(ines, attachment())) == "ACCEPTED"
    assert days(world, KEPT_MS) == NOTHING
    assert fetched(ines) == CONTENT


def test_who_names_a_file_that_was_forgotten_is_told_sends_it_again_and_it_stays(world: World) -> None:
    ines = world.laptop("ines")
    send(ines)
    days(world, 0)
    assert days(world, KEPT_MS) == (1, 0)
    assert said(hand_in(ines, attachment())) is Refusal.FILE_MISSING
    send(ines)
    assert said(hand_in(ines, attachment())) == "ACCEPTED"
    assert days(world, BYTES_MS + DAY_MS) == NOTHING
    assert fetched(world.laptop("sophie")) == CONTENT


def test_a_file_that_was_named_at_the_very_moment_in_which_it_was_forgotten_is_known_again(world: World) -> None:
    """On PostgreSQL a push may be under way whose record nobody else sees yet."""
    ines = world.laptop("ines")
    send(ines)
    days(world, 0)
    assert days(world, KEPT_MS) == (1, 0)
    with world.core.reading() as connection:
        head = spaces.find(connection, world.space(SpaceType.PERSONAL))
    assert head is not None
    late = insert(naming).values(sha256=NAME, space_no=head.no, record=bytes(16))
    world.core.writer.run(lambda connection: connection.execute(late).rowcount)
    assert fetched(world.laptop("sophie")) is None
    days(world, DAY_MS)
    assert fetched(world.laptop("sophie")) == CONTENT


def test_a_backup_that_was_begun_before_a_file_was_forgotten_is_whole(world: World, tmp_path: Path) -> None:
    send(world.laptop("ines"))
    days(world, 0)
    world.now += KEPT_MS
    copy = tmp_path / "backup.db"
    world.core.database.copy(copy)
    assert days(world, 0) == (1, 0)
    assert days(world, BYTES_MS) == NOTHING
    backups.fetch_files(copy, into=FolderDepot(tmp_path / "files"), source=world.core.files)
    assert backups.verify(copy).files == 1


def test_bytes_of_which_a_kill_left_no_trace_go_after_a_week_and_bytes_that_come_now_stay(world: World) -> None:
    depot = world.core.files
    assert isinstance(depot, FolderDepot)
    with depot.incoming() as incoming:
        incoming.write(CONTENT)
        depot.keep(incoming, incoming.settle())
    depot.touch(NAME, world.now / 1000)
    assert days(world, BYTES_MS) == NOTHING
    depot.drop(NAME, world.now / 1000 - BYTES_MS / 1000)
    assert lies(world), "they came again between the look and the removal"
    assert days(world, 1) == (0, 1)
    assert not lies(world)


def test_a_store_elsewhere_is_left_alone_for_backups_have_no_copy_of_it(world: World, tmp_path: Path) -> None:
    send(world.laptop("ines"))
    world.core.files = S3Depot(tmp_path, Bucket("spoc", "", "http://127.0.0.1:9", "r", "k", "s"))
    assert days(world, 0) == days(world, 2 * KEPT_MS) == NOTHING

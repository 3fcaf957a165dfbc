"""What every keeper of a space's records does, in sentences: two stores of a laptop, two of the server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from sync.domain.cohorts import Part
from sync.domain.forum import POST, Post
from sync.domain.kind import encode
from sync.domain.spaces import SpaceType
from sync.server.storage.schema import space as spaces_
from tests.contract.shelf import Shelf
from tests.integration.server.world import SQLITE, World, checksum_of
from tests.integration.server.world import world as made_world

ONE, TWO = b"1" * 16, b"2" * 16


def text_of(body: bytes | None) -> str | None:
    return None if body is None else POST.decode(body).text


class ShelfContract:
    """Subclasses give the fixture `shelf`: what Inès has of the world, through the keeper under test."""

    database = SQLITE

    @pytest.fixture
    def world(self, tmp_path: Path) -> Iterator[World]:
        with made_world(tmp_path, self.database) as made:
            yield made

    @pytest.fixture
    def cohort(self, world: World) -> bytes:
        return world.space(SpaceType.COHORT)

    def test_what_is_written_is_read_back_byte_for_byte(self, shelf: Shelf, cohort: bytes) -> None:
        post = Post(text="d’un œil, ℠ et 🙂", title="à relire")
        shelf.settle()
        shelf.create(cohort, ONE, post)
        assert shelf.seen(cohort, ONE) == encode(post)
        shelf.settle()
        assert shelf.seen(cohort, ONE) == encode(post)
        assert shelf.seen(cohort, TWO) is None

    def test_an_edit_changes_its_fields_and_no_other(self, shelf: Shelf, cohort: bytes) -> None:
        shelf.settle()
        shelf.create(cohort, ONE, Post(text="avant", title="un titre"))
        for text in ("pendant", "après"):
            shelf.edit(cohort, ONE, {"text": text})
        assert shelf.seen(cohort, ONE) == encode(Post(text="après", title="un titre"))
        shelf.settle()
        assert shelf.seen(cohort, ONE) == encode(Post(text="après", title="un titre"))

    def test_two_people_who_edit_different_fields_keep_both(self, shelf: Shelf, world: World, cohort: bytes) -> None:
        shelf.settle()
        shelf.create(cohort, ONE, Post(text="texte", title="titre"))
        shelf.settle()
        base = shelf.standing(cohort).seq
        sophie = world.laptop("sophie")
        sophie.push(cohort, sophie.edit(ONE, base, title="de Sophie"))
        shelf.edit(cohort, ONE, {"text": "d’Inès"})
        shelf.settle()
        shelf.settle()
        assert shelf.seen(cohort, ONE) == encode(Post(text="d’Inès", title="de Sophie"))

    def test_of_two_who_edit_the_same_field_the_later_stands_and_the_earlier_is_kept_beside(
        self, shelf: Shelf, world: World, cohort: bytes
    ) -> None:
        shelf.settle()
        shelf.create(cohort, ONE, Post(text="texte"))
        shelf.settle()
        base, before = shelf.standing(cohort).seq, shelf.checksum(cohort).count
        sophie = world.laptop("sophie")
        sophie.push(cohort, sophie.edit(ONE, base, text="de Sophie"))
        shelf.edit(cohort, ONE, {"text": "d’Inès"})
        shelf.settle()
        shelf.settle()
        assert text_of(shelf.seen(cohort, ONE)) == "d’Inès"
        assert shelf.checksum(cohort).count == before + 1

    def test_what_is_deleted_stays_deleted_whoever_edits_it(self, shelf: Shelf, world: World, cohort: bytes) -> None:
        shelf.settle()
        shelf.create(cohort, ONE, Post(text="texte"))
        shelf.settle()
        base, count = shelf.standing(cohort).seq, shelf.checksum(cohort).count
        shelf.delete(cohort, ONE)
        assert shelf.seen(cohort, ONE) is None
        shelf.settle()
        sophie = world.laptop("sophie")
        sophie.push(cohort, sophie.edit(ONE, base, text="encore"))
        shelf.settle()
        assert shelf.seen(cohort, ONE) is None
        assert shelf.checksum(cohort).count == count, "a tombstone is a row"

    def test_the_checksum_is_that_of_the_rows_whoever_counts_them(
        self, shelf: Shelf, world: World, cohort: bytes
    ) -> None:
        sophie = world.laptop("sophie")
        shelf.settle()
        shelf.create(cohort, ONE, Post(text="un"))
        sophie.push(cohort, sophie.post("deux", TWO))
        shelf.edit(cohort, ONE, {"title": "corrigé"})
        shelf.settle()
        shelf.settle()
        sophie.pull()
        assert shelf.checksum(cohort) == checksum_of(sophie.rows[cohort]) == sophie.checksums[cohort]
        stands, told = shelf.standing(cohort), sophie.cursors[cohort]
        assert (stands.epoch, stands.seq, stands.tail) == (told.epoch, told.seq, told.tail)

    def test_what_is_settled_does_not_move(self, shelf: Shelf, cohort: bytes) -> None:
        shelf.settle()
        shelf.create(cohort, ONE, Post(text="un"))
        shelf.settle()
        stood = shelf.standing(cohort), shelf.checksum(cohort), shelf.seen(cohort, ONE)
        shelf.settle()
        assert (shelf.standing(cohort), shelf.checksum(cohort), shelf.seen(cohort, ONE)) == stood

    def test_who_loses_a_space_sees_nothing_of_it_until_it_is_given_again(
        self, shelf: Shelf, world: World, cohort: bytes
    ) -> None:
        shelf.settle()
        shelf.create(cohort, ONE, Post(text="un"))
        shelf.settle()
        world.administration.unenrol(world.cohort, "ines")
        shelf.settle()
        assert shelf.seen(cohort, ONE) is None
        world.administration.enrol(world.cohort, "ines", Part.LEARNER)
        shelf.settle()
        assert text_of(shelf.seen(cohort, ONE)) == "un"

    def test_a_new_epoch_changes_no_record(self, shelf: Shelf, world: World, cohort: bytes) -> None:
        shelf.settle()
        shelf.create(cohort, ONE, Post(text="un"))
        shelf.settle()
        checksum = shelf.checksum(cohort)
        renewed = update(spaces_).where(spaces_.c.id == cohort).values(epoch=spaces_.c.epoch + 1)
        world.core.writer.run(lambda connection: connection.execute(renewed))
        shelf.settle()
        assert (text_of(shelf.seen(cohort, ONE)), shelf.checksum(cohort)) == ("un", checksum)
        assert shelf.standing(cohort).epoch == 2
        shelf.edit(cohort, ONE, {"text": "deux"})
        shelf.settle()
        assert text_of(shelf.seen(cohort, ONE)) == "deux"

    def test_spaces_do_not_touch_each_other(self, shelf: Shelf, world: World, cohort: bytes) -> None:
        shelf.settle()
        stood = shelf.checksum(world.space(SpaceType.PERSONAL))
        shelf.create(cohort, ONE, Post(text="un"))
        shelf.settle()
        assert shelf.checksum(world.space(SpaceType.PERSONAL)) == stood
        assert shelf.seen(world.space(SpaceType.OWN), ONE) is None

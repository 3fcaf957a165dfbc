"""Rule 6: edits join by field in the server's order, what is overtaken is kept, a delete is final."""

from __future__ import annotations

import msgspec

from sync.domain.forum import POST, Post
from sync.domain.merge import DELETED
from sync.domain.revisions import REVISION, Revision
from sync.domain.spaces import SpaceType
from sync.protocol.errors import Refusal
from sync.protocol.limits import MAX_BODY
from sync.protocol.messages import Edit, Verdict
from tests.integration.server.world import Laptop, World, checksum_of, raw, verdicts


def revisions(laptop: Laptop, space: bytes) -> list[Revision]:
    rows = sorted(laptop.rows[space].values(), key=lambda row: row.seq)
    return [REVISION.decode(bytes(row.body)) for row in rows if row.kind == REVISION.number]


def post_of(laptop: Laptop, space: bytes, id_: bytes) -> Post:
    found: Post = POST.decode(bytes(laptop.rows[space][id_].body))
    return found


def test_two_people_who_edit_different_fields_offline_both_keep_theirs(world: World) -> None:
    ines, sophie, cohort = world.laptop("ines"), world.laptop("sophie"), world.space(SpaceType.COHORT)
    id_ = world.chance(16)
    base = ines.push(cohort, ines.post("texte", id_)).cursor.seq
    ines.push(cohort, ines.edit(id_, base, text="texte d’Inès"))
    sophie.push(cohort, sophie.edit(id_, base, title="titre de Sophie"))
    ines.pull()
    assert post_of(ines, cohort, id_) == Post(text="texte d’Inès", title="titre de Sophie")
    assert revisions(ines, cohort) == []


def test_two_who_edit_the_same_field_at_the_same_time_both_see_both_texts(world: World) -> None:
    ines, sophie, cohort = world.laptop("ines"), world.laptop("sophie"), world.space(SpaceType.COHORT)
    id_ = world.chance(16)
    base = ines.push(cohort, ines.post("texte", id_)).cursor.seq
    mine = ines.edit(id_, base, text="d’Inès")
    ines.push(cohort, mine)
    answer = sophie.push(cohort, sophie.edit(id_, base, text="de Sophie"))
    for laptop in (ines, sophie):
        laptop.pull()
        assert post_of(laptop, cohort, id_).text == "de Sophie"
        (kept,) = revisions(laptop, cohort)
        assert msgspec.msgpack.decode(kept.value) == "d’Inès"
        assert (kept.record, kept.author) == (id_, ines.caller.person)
        assert (kept.writer, kept.n) == (ines.writer, mine.n)
    assert ines.cursors[cohort].seq == answer.cursor.seq + 1


def test_an_edit_made_on_what_the_author_had_seen_overtakes_nothing(world: World) -> None:
    ines, sophie, cohort = world.laptop("ines"), world.laptop("sophie"), world.space(SpaceType.COHORT)
    id_ = world.chance(16)
    base = ines.push(cohort, ines.post("texte", id_)).cursor.seq
    sophie.push(cohort, sophie.edit(id_, base, text="de Sophie"))
    ines.pull()
    assert revisions(ines, cohort) == []


def test_a_base_of_another_epoch_counts_as_nothing_seen(world: World) -> None:
    """Rather one text too many than one lost."""
    ines, sophie, cohort = world.laptop("ines"), world.laptop("sophie"), world.space(SpaceType.COHORT)
    id_ = world.chance(16)
    base = ines.push(cohort, ines.post("texte", id_)).cursor.seq
    sophie.push(cohort, sophie.edit(id_, base, epoch=7, text="de Sophie"))
    ines.pull()
    assert [msgspec.msgpack.decode(each.value) for each in revisions(ines, cohort)] == ["texte"]


def test_edits_of_one_batch_stand_on_each_other(world: World) -> None:
    ines, cohort = world.laptop("ines"), world.space(SpaceType.COHORT)
    id_ = world.chance(16)
    answer = ines.push(
        cohort,
        ines.post("un", id_),
        ines.edit(id_, 0, text="deux"),
        ines.edit(id_, 0, title="titre"),
        ines.delete(id_, 0),
    )
    assert [each[1] for each in verdicts(answer)] == ["ACCEPTED"] * 4
    ines.pull()
    assert bytes(ines.rows[cohort][id_].body) == DELETED
    assert checksum_of(ines.rows[cohort]) == ines.checksums[cohort]


def test_a_delete_is_final_and_a_later_edit_comes_back_to_its_author(world: World) -> None:
    ines, sophie, cohort = world.laptop("ines"), world.laptop("sophie"), world.space(SpaceType.COHORT)
    id_ = world.chance(16)
    base = ines.push(cohort, ines.post("texte", id_)).cursor.seq
    sophie.push(cohort, sophie.delete(id_, base))
    answer = ines.push(cohort, ines.edit(id_, base, text="encore"), ines.delete(id_, base))
    assert [each[3] for each in verdicts(answer)] == [Refusal.DELETED, Refusal.DELETED]
    karim = world.laptop("karim")
    answer = karim.push(cohort, karim.post("ressuscité", id_))
    assert verdicts(answer)[0][3] == Refusal.EXISTS
    karim.pull()
    assert bytes(karim.rows[cohort][id_].body) == DELETED


def test_a_post_keeps_its_author_and_its_time_when_a_trainer_hides_it(world: World) -> None:
    ines, sophie, cohort = world.laptop("ines"), world.laptop("sophie"), world.space(SpaceType.COHORT)
    id_ = world.chance(16)
    base = ines.push(cohort, ines.post("texte", id_)).cursor.seq
    written, world.now = world.now, world.now + 60_000
    assert sophie.push(cohort, sophie.edit(id_, base, hidden=True)).runs[0].verdict is Verdict.ACCEPTED
    ines.pull()
    row = ines.rows[cohort][id_]
    assert (row.author, row.at) == (ines.caller.person, written)
    assert post_of(ines, cohort, id_).hidden


def test_an_edit_that_leaves_no_record_of_the_kind_is_refused(world: World) -> None:
    ines, cohort = world.laptop("ines"), world.space(SpaceType.COHORT)
    id_ = world.chance(16)
    ines.push(cohort, ines.post("texte", id_))
    bad = [
        Edit(ines.next_n(), id_, 1, 0, {}),
        Edit(ines.next_n(), id_, 1, 0, {99: raw(b"\xc3")}),
        Edit(ines.next_n(), id_, 1, 0, {-1: raw(b"\xc3")}),
        Edit(ines.next_n(), id_, 1, 0, {POST.number_of("hidden"): raw(b"\xa3oui")}),
    ]
    answer = ines.push(cohort, *bad, ines.edit(id_, 0, text="x" * MAX_BODY))
    assert [Refusal(each[3]).name for each in verdicts(answer)] == ["INVALID"] * 4 + ["TOO_LARGE"]


def test_every_seq_of_a_space_grows_and_the_head_is_always_a_row(world: World) -> None:
    ines, sophie, cohort = world.laptop("ines"), world.laptop("sophie"), world.space(SpaceType.COHORT)
    id_ = world.chance(16)
    ines.push(cohort, ines.post("0", id_))
    for n in range(5):
        ines.push(cohort, ines.edit(id_, 0, text=f"i{n}"))
        sophie.push(cohort, sophie.edit(id_, 0, text=f"s{n}"))
        karim = world.laptop("karim")
        karim.pull()
        assert max(row.seq for row in karim.rows[cohort].values()) == karim.cursors[cohort].seq
        assert checksum_of(karim.rows[cohort]) == karim.checksums[cohort]

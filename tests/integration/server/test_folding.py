"""Old updates of shared documents are folded into one: what waits for another stays, and nobody reads another text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from spoc_desktop.services.errors import NotHereYet
from sync.content.shared_text import SharedText, joined
from sync.domain.documents import KEPT_MS, UPDATE, Update, client_of
from sync.domain.merge import FOLDED
from sync.domain.spaces import SpaceType
from sync.domain.text_edits import Splice, splices
from sync.domain.updates import EMPTY
from sync.server.sync import folding
from sync.server.sync.folding import Old
from tests.integration.server.world import POSTGRESQL, SQLITE, verdicts, world
from tests.integration.server.writers import DAY, Person, begun, two_people, typed


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def people_anywhere(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[Person, Person]]:
    with world(tmp_path, request.param) as made, two_people(made) as found:
        yield found


def folded_rows(person: Person) -> int:
    space = person.school.space(SpaceType.COHORT)
    person.laptop.pull()
    return sum(bytes(row.body) == FOLDED for row in person.laptop.rows[space].values())


def test_old_updates_are_folded_younger_versions_stay_and_a_new_laptop_reads_the_same(
    people_anywhere: tuple[Person, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folding, "UPDATES", 3)
    ines, karim = people_anywhere
    id_ = begun(ines, karim, "un")
    for word in ("deux", "trois", "quatre"):
        ines.type(id_, f"{ines.text(id_)} {word}")
        ines.sync()
    ines.school.now += KEPT_MS - DAY
    karim.sync()
    karim.type(id_, "un deux trois quatre cinq")
    karim.sync()
    assert folding.fold_space(ines.school.core, ines.school.space(SpaceType.COHORT)) == 0
    ines.school.now += 2 * DAY
    assert folding.fold_space(ines.school.core, ines.school.space(SpaceType.COHORT)) == 4
    fresh = Person(ines.school, "sophie")
    for each in (ines, karim, fresh):
        each.sync()
        assert each.text(id_) == "un deux trois quatre cinq"
        assert len(each.documents.versions(id_)) == 1
    assert folded_rows(fresh) == 4
    assert [(one.person, one.updates, one.characters) for one in fresh.documents.shares(id_)] == sorted(
        [(ines.person, 4, 20), (karim.person, 1, 5)]
    )
    ines.type(id_, "zéro " + ines.text(id_))
    ines.sync()
    fresh.sync()
    assert fresh.text(id_) == "zéro un deux trois quatre cinq"
    fresh.store.close()


def test_documents_are_looked_at_once_a_day(people: tuple[Person, Person], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folding, "UPDATES", 1)
    ines, karim = people
    core = ines.school.core
    id_ = begun(ines, karim, "un")
    ines.school.now += KEPT_MS + DAY
    assert folding.fold_due(core) == 1
    karim.type(id_, "un deux")
    karim.sync()
    ines.school.now += DAY - 1
    assert folding.fold_due(core) == 0
    ines.school.now += KEPT_MS
    assert folding.fold_due(core) == 1
    assert folded_rows(ines) == 2


def test_a_snapshot_too_long_for_a_row_is_a_file_and_the_text_waits_for_it(
    people: tuple[Person, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folding, "UPDATES", 1)
    monkeypatch.setattr(folding, "INLINE", 1000)
    ines, karim = people
    long = " ".join(f"mot{number}" for number in range(400))
    id_ = begun(ines, karim, long)
    ines.school.now += KEPT_MS + 1
    assert folding.fold_space(ines.school.core, ines.school.space(SpaceType.COHORT)) == 1
    karim.sync()
    opened = karim.documents.open(id_)
    assert not opened.complete
    with pytest.raises(NotHereYet):
        karim.documents.write(id_, "", "x")
    (wanted,) = karim.store.files_wanted()
    karim.store.files_came({wanted.sha256: b"".join(ines.school.core.files.parts(wanted.sha256, wanted.size))})
    assert karim.text(id_) == long


def test_an_update_that_was_folded_and_is_offered_again_after_a_restore_is_done_already(
    people: tuple[Person, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folding, "UPDATES", 1)
    ines, karim = people
    begun(ines, karim, "un")
    ines.school.now += KEPT_MS + 1
    folding.fold_space(ines.school.core, ines.school.space(SpaceType.COHORT))
    laptop = ines.laptop
    laptop.pull()
    rows = laptop.rows[ines.school.space(SpaceType.COHORT)].values()
    (gone,) = [row for row in rows if bytes(row.body) == FOLDED]
    body = Update(document=bytes(16), update=joined(SharedText(client=1).change(splices("", "un"))))
    again = laptop.push(ines.school.space(SpaceType.COHORT), laptop.create(UPDATE, body, gone.id))
    assert verdicts(again)[0][1] == "DUP"


def test_an_update_that_waits_for_one_still_to_come_is_not_folded() -> None:
    """Folded, its words would be gone for ever: a state does not hold what hangs in the air."""
    text = SharedText(client=client_of(1))
    first, second = typed(text, "un "), typed(text, "deux")
    olds = [
        Old(seq, bytes(16), bytes(16), seq, Update(document=b"d" * 16, update=raw))
        for seq, raw in enumerate((second, first))
    ]
    assert folding.folded(EMPTY, (), olds[:1]).olds == ()
    assert folding.folded(EMPTY, (), olds).olds == tuple(olds), "in whatever order they came"


@pytest.mark.parametrize("at_once", [1, 100])
def test_an_update_whose_origin_never_comes_stays_as_it_is_and_all_others_are_folded(
    people: tuple[Person, Person], monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    """A server that was restored may lack words that others wrote beside, as long as their laptop is away."""
    monkeypatch.setattr(folding, "UPDATES", 1)
    monkeypatch.setattr(folding, "_AT_ONCE", at_once)
    ines, karim = people
    core, space = ines.school.core, ines.school.space(SpaceType.COHORT)
    id_ = begun(ines, karim, "un")
    away = ines.school.laptop("karim", 99)
    lost = typed(SharedText(client=client_of(99)), "perdu ")
    beside = typed(SharedText([lost], client=client_of(karim.laptop.writer)), "suite")
    waiting = karim.laptop.create(UPDATE, Update(document=id_, update=beside))
    assert verdicts(karim.laptop.push(space, waiting))[0][1] == "ACCEPTED"
    for word in ("deux", "trois"):
        ines.sync()
        ines.type(id_, f"{ines.text(id_)} {word}")
    ines.sync()
    ines.school.now += KEPT_MS + DAY
    assert folding.fold_space(core, space) == 3
    fresh = Person(ines.school, "sophie")
    fresh.sync()
    assert fresh.text(id_) == "un deux trois"
    fresh.laptop.pull()
    assert bytes(fresh.laptop.rows[space][waiting.id].body) == bytes(waiting.body)
    away.push(space, away.create(UPDATE, Update(document=id_, update=lost)))
    ines.school.now += KEPT_MS + DAY
    assert folding.fold_space(core, space) + folding.fold_space(core, space) == 2
    fresh.sync()
    assert all(word in fresh.text(id_) for word in ("un deux trois", "perdu suite"))
    fresh.store.close()


def test_what_stands_on_a_part_of_an_update_that_waits_is_not_folded_without_it() -> None:
    lost, karim = SharedText(client=client_of(9)), SharedText(client=client_of(1))
    first = typed(karim, "un ")
    karim.take(typed(lost, "perdu "))
    both = joined([first, *karim.change([Splice(len(karim.text), 0, "deux")])])
    ines = SharedText([first], client=client_of(2))
    olds = [
        Old(seq, bytes(16), bytes(16), seq, Update(document=b"d" * 16, update=raw))
        for seq, raw in enumerate((both, typed(ines, "trois")))
    ]
    assert folding.folded(EMPTY, (), olds).olds == ()

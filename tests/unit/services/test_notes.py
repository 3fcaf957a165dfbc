"""Own notes: written, edited, deleted, and found again when the lesson is published anew."""

from collections.abc import Iterator

import pytest

from spoc_desktop.services.notes import Notes, OwnNote, place
from sync.client.ports import Changes
from sync.domain import spaces
from sync.domain.anchors import Anchor
from sync.domain.notes import NOTE, Note
from tests.unit.services.classroom import LESSON_1, LESSON_2, NADIA, Laptop, learner_laptop

BEFORE = ("Séparer met hors tension.\nCondamner garantit que cela dure.", "La clé part avec la personne.")


@pytest.fixture
def laptop() -> Iterator[Laptop]:
    laptop = learner_laptop()
    yield laptop
    laptop.store.close()


def about(quote: str, part: int, texts: tuple[str, ...] = BEFORE) -> OwnNote:
    start = texts[part].index(quote)
    anchor = Anchor(start=start, end=start + len(quote), quote=quote, part=part)
    return OwnNote(quote.encode(), Note(activity=LESSON_1, text="Vu.", at=0, anchor=anchor))


def test_a_note_is_kept_in_the_persons_own_space_beside_its_lesson_only(laptop: Laptop) -> None:
    notes = Notes(laptop.desk)
    id_, changes = notes.add(LESSON_1, "Ça m’est arrivé à Feyzin.")
    assert NOTE.number in changes.kinds
    assert [(one.id, one.note.text) for one in notes.of(LESSON_1)] == [(id_, "Ça m’est arrivé à Feyzin.")]
    assert notes.of(LESSON_2) == ()
    assert laptop.store.view(NOTE)[0].space == spaces.own(NADIA)


def test_other_words_replace_the_first_ones_and_the_same_words_write_nothing(laptop: Laptop) -> None:
    notes = Notes(laptop.desk)
    id_, _changes = notes.add(LESSON_1, "Un", moment=2_000)
    notes.say(id_, "Un, deux")
    assert notes.say(id_, "Un, deux") == Changes()
    (one,) = notes.of(LESSON_1)
    assert (one.note.text, one.note.moment) == ("Un, deux", 2_000)


def test_a_deleted_note_comes_back_with_its_words_and_its_anchor(laptop: Laptop) -> None:
    notes = Notes(laptop.desk)
    anchor = Anchor(start=0, end=7, quote="Séparer")
    id_, _changes = notes.add(LESSON_1, "À revoir", anchor=anchor)
    (one,) = notes.of(LESSON_1)
    notes.remove(id_)
    assert notes.of(LESSON_1) == ()
    notes.restore(one.note)
    (again,) = notes.of(LESSON_1)
    assert (again.note.text, again.note.anchor) == ("À revoir", anchor)


def test_notes_stand_in_reading_order_with_those_about_no_words_last() -> None:
    whole = OwnNote(b"0", Note(activity=LESSON_1, text="Relire", at=0))
    placed = place([whole, about("La clé", 1), about("Condamner", 0), about("Séparer", 0)], BEFORE)
    assert [(one.part, one.start) for one in placed] == [(0, 0), (0, 26), (1, 0), (None, 0)]
    assert not any(one.lost for one in placed)


def test_words_that_moved_into_another_part_are_found_there_when_the_lesson_is_published_anew() -> None:
    after = ("Une introduction.", *BEFORE)
    (one,) = place([about("La clé part", 1)], after)
    assert one.part == 2
    assert after[2][one.start : one.end] == "La clé part"


def test_a_note_about_words_that_are_no_longer_there_is_kept_and_told_apart() -> None:
    (one,) = place([about("La clé part", 1)], (BEFORE[0], "La clef reste sur place."))
    assert one.lost
    assert one.note.text == "Vu."

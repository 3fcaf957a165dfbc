"""A course with files is kept whole before it is written, comes out as it went in, and never reaches another course."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spoc_desktop.interchange.copying import as_copy
from spoc_desktop.interchange.course_folder import CourseText, read_folder
from spoc_desktop.services.authoring import Authoring
from spoc_desktop.services.authoring_errors import ExportIncomplete, ExportPlaceTaken, FileChanged, TakenElsewhere
from spoc_desktop.services.errors import NotAnAuthor
from sync.domain import spaces
from sync.domain.courses import COURSE, LESSON, Course, Module
from sync.domain.ids import CourseId
from sync.domain.kinds import KINDS
from sync.domain.quizzes import QUIZ
from tests.unit.interchange.course_files import GOOD, LESSON_FILE, understood, write_files
from tests.unit.interchange.media_files import files_of_the_guide, png
from tests.unit.interchange.test_guide import examples
from tests.unit.services.classroom import COURSE_ID, HELENE, Laptop, drafts
from tests.unit.services.test_authoring import Asked

OTHER = CourseId(b"other-course-id!")


@pytest.fixture
def laptop() -> Iterator[Laptop]:
    laptop = Laptop(HELENE)
    laptop.told(spaces.authoring(COURSE_ID))
    yield laptop
    laptop.store.close()


@pytest.fixture
def authoring(laptop: Laptop) -> Authoring:
    return Authoring(laptop.desk, laptop.store, Asked())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The course of the guide, with all that a course may hold."""
    _, shown, exercise, video, _ = examples("fr")
    return write_files(
        tmp_path / "cours",
        {
            **{name: text.replace("11111111-2222-4333-8444-555555555555", _uuid()) for name, text in GOOD.items()},
            LESSON_FILE: GOOD[LESSON_FILE] + shown,
            "01-semaine-une/30-exercice.md": exercise,
            "01-semaine-une/40-video.md": video,
            **files_of_the_guide(),
        },
    )


def _uuid() -> str:
    digits = COURSE_ID.hex()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def test_every_file_is_kept_and_the_course_comes_out_as_it_went_in(
    laptop: Laptop, authoring: Authoring, folder: Path, tmp_path: Path
) -> None:
    text = understood(read_folder(folder))
    written = authoring.write(text)
    assert len(written.created) == len(text.lessons) + len(text.quizzes) + len(text.exercises) + 1
    assert len(text.files) == 5
    assert all(laptop.store.files.read(digest) == path.read_bytes() for digest, path in text.files.items())
    assert authoring.export(COURSE_ID, tmp_path / "export") == text
    again = understood(read_folder(tmp_path / "export"))
    assert again == text
    assert authoring.write(again).unchanged == len(written.created)


def test_a_file_that_changed_since_it_was_looked_at_stops_the_import(
    laptop: Laptop, authoring: Authoring, folder: Path
) -> None:
    text = understood(read_folder(folder))
    for name in ("faux-courriel.png", "forged-mail.png"):
        (folder / "media" / name).write_bytes(png(shade=9))
    with pytest.raises(FileChanged):
        authoring.write(text)
    assert laptop.store.counts().waiting == 0


def test_an_export_needs_an_empty_place_every_file_and_its_author(
    laptop: Laptop, authoring: Authoring, folder: Path, tmp_path: Path
) -> None:
    text = understood(read_folder(folder))
    authoring.write(text)
    with pytest.raises(ExportPlaceTaken):
        authoring.export(COURSE_ID, folder)
    with pytest.raises(NotAnAuthor):
        authoring.export(OTHER, tmp_path / "export")
    laptop.store.files.drop(sha256(png()).digest())
    with pytest.raises(ExportIncomplete):
        authoring.export(COURSE_ID, tmp_path / "export")
    assert not (tmp_path / "export").exists()


def test_a_course_is_found_by_its_title_its_id_or_because_it_is_alone(authoring: Authoring) -> None:
    assert authoring.find("") == COURSE_ID
    authoring.write(CourseText(COURSE_ID, *drafts()))
    assert authoring.find("sécurité") == authoring.find(_uuid()) == COURSE_ID
    with pytest.raises(NotAnAuthor):
        authoring.find("autre")


def theirs(laptop: Laptop) -> tuple[Course, dict[bytes, bytes]]:
    """A second course of the same author, told by the server; its records as they stand."""
    course, lessons, quizzes = drafts()
    rows = [*((LESSON, id_, one) for id_, one in lessons.items()), *((QUIZ, id_, one) for id_, one in quizzes.items())]
    laptop.told(spaces.authoring(OTHER), *rows, (COURSE, OTHER, course), author=HELENE)
    return course, records(laptop, OTHER)


def records(laptop: Laptop, course: CourseId) -> dict[bytes, bytes]:
    space = spaces.authoring(course)
    seen = [one for kind in KINDS.values() for one in laptop.store.view(kind, space)]
    return {one.id: msgspec.msgpack.encode(one.body) for one in seen}


def test_a_package_that_claims_what_stands_in_another_course_is_refused_whole(
    laptop: Laptop, authoring: Authoring
) -> None:
    course, before = theirs(laptop)
    hostile = CourseText(COURSE_ID, course, *drafts()[1:])
    with pytest.raises(TakenElsewhere):
        authoring.write(hostile)
    assert laptop.store.counts().waiting == 0
    assert records(laptop, OTHER) == before


def test_as_a_copy_it_comes_in_beside_the_other_and_touches_nothing(laptop: Laptop, authoring: Authoring) -> None:
    course, before = theirs(laptop)
    authoring.write(as_copy(CourseText(OTHER, course, *drafts()[1:]), COURSE_ID))
    assert records(laptop, OTHER) == before
    assert set(records(laptop, COURSE_ID)).isdisjoint(before)


@given(st.lists(st.binary(min_size=16, max_size=16), min_size=4, max_size=8, unique=True))
def test_a_copy_keeps_nothing_of_the_ids_that_it_came_with(ids: list[bytes]) -> None:
    _, lessons, quizzes = drafts()
    (quiz, *_), (lesson, *_) = quizzes.values(), lessons.values()
    modules = (Module(id=ids[1], title="M", week=1, activities=tuple(ids[2:4])),)
    text = CourseText(
        ids[0],
        Course(title="C", language="fr", summary="", modules=modules),
        {ids[2]: lesson},
        {ids[3]: quiz},
    )
    copy = as_copy(text, COURSE_ID)
    raw = b"".join(map(msgspec.msgpack.encode, (copy.course, *copy.quizzes.values())))
    claimed = [*ids, *(question.id for question in quiz.questions)]
    assert not any(id_ in raw or id_ in copy.quizzes or id_ in copy.lessons for id_ in claimed)
    (copied,) = copy.quizzes.values()
    assert [key.question for key in copied.keys] == [question.id for question in copied.questions]
    assert set(copy.course.modules[0].activities) == {*copy.lessons, *copy.quizzes}
    assert as_copy(text, COURSE_ID) == copy

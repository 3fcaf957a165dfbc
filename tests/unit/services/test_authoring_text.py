"""Texts of a course go to Markdown and back without a loss, whatever stands in them and whatever files are called."""

from hashlib import sha256

import pytest

from spoc_desktop.services.authoring_text import NamedFiles, files_of, line_of, spans_of
from sync.content.troubles import TroubleKind
from sync.domain.blocks import CodeSpan, Download, Emphasis, Figure, LineBreak, Paragraph, Strong, Text
from sync.domain.courses import Lesson
from sync.domain.files import Attachment


def file(name: str, content: str) -> Attachment:
    return Attachment(sha256=sha256(content.encode()).digest(), name=name, size=len(content), type="image/png")


def test_two_pictures_of_one_name_stay_two_pictures() -> None:
    figures = tuple(Figure(file=file("a b.png", word), alternative=word) for word in ("one", "two"))
    lesson = Lesson(title="", minutes=1, blocks=(*figures, figures[0], Download(file=file("a b.png", "three"))))
    named = files_of((lesson,))
    read = named.read(named.text(lesson.blocks))
    assert read.troubles == ()
    assert read.blocks is not None
    assert [one.file.sha256 for one in read.blocks] == [one.file.sha256 for one in lesson.blocks]  # type: ignore[union-attr]
    assert [one.file.name for one in read.blocks] == ["a b.png", "a b-2.png", "a b.png", "a b-3.png"]  # type: ignore[union-attr]


def test_a_file_that_was_renamed_keeps_its_name_from_then_on() -> None:
    named = NamedFiles((file("a.png", "one"), file("a.png", "two")))
    assert named.add(file("a.png", "two")).name == "a-2.png"
    assert named.add(file("a-2.png", "two")).name == "a-2.png"


def test_a_text_of_which_nothing_can_be_read_gives_no_blocks_rather_than_none_at_all() -> None:
    named = NamedFiles()
    read = named.read("> " * 60 + "deep")
    assert read.blocks is None
    assert [trouble.kind for trouble in read.troubles] == [TroubleKind.TOO_DEEP]
    assert named.read("").blocks == ()


@pytest.mark.parametrize(
    "words",
    ["3. étage", "# 2", "- rien", "> plus", "12", "a * b * c", "l’_un_", "1) non", "+ d’air", "   ", "[x]", "`a`"],
)
def test_an_answer_keeps_what_was_typed_whatever_it_begins_with(words: str) -> None:
    spans = spans_of(words)
    assert spans_of(line_of(spans)) == spans
    assert bool(spans) == bool(words.strip())


@pytest.mark.parametrize(
    "spans",
    [
        (Text(text="3. étage"),),
        (Text(text="# 2"),),
        (Strong(spans=(Text(text="a"),)), Text(text=" b")),
        (Text(text="a"), LineBreak(), Text(text="b")),
        (CodeSpan(text="* a"), Text(text=" et "), Emphasis(spans=(Text(text="b"),))),
        (Text(text="- a"),),
    ],
)
def test_an_answer_goes_through_its_line_and_back(spans: tuple[Text, ...]) -> None:
    assert spans_of(line_of(spans)) == spans


def test_a_picture_that_is_not_there_is_told_with_its_line_and_the_rest_is_kept() -> None:
    read = NamedFiles((file("a.png", "one"),)).read("Un.\n\n![x](media/b.png)\n\nDeux.")
    assert [(trouble.line, trouble.kind) for trouble in read.troubles] == [(3, TroubleKind.FILE_MISSING)]
    assert read.blocks == (Paragraph(spans=(Text(text="Un."),)), Paragraph(spans=(Text(text="Deux."),)))

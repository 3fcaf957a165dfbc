"""Exercises, videos, figures and documents written as a folder are read back as the same course, bytes included."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spoc_desktop.interchange.course_folder import CourseText, read_folder
from spoc_desktop.interchange.course_folder_writing import FileNotHere, write_folder
from sync.domain.blocks import (
    Block,
    Callout,
    CodeSpan,
    Download,
    Emphasis,
    Figure,
    ItemList,
    LineBreak,
    Link,
    Paragraph,
    Span,
    Strong,
    Text,
    Tone,
)
from sync.domain.courses import CertificateRule, Course, Lesson, Module
from sync.domain.exercises import Criterion, Exercise, Level
from sync.domain.files import Attachment
from sync.domain.videos import Captions, Chapter, Video
from tests.unit.interchange.course_files import understood
from tests.unit.interchange.media_files import DOCX, PDF, VTT, gif, mp4, png, webm

CONTENTS = {
    "image/png": [png(shade=shade) for shade in range(3)],
    "image/gif": [gif()],
    "application/pdf": [PDF, PDF + b"2"],
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": [DOCX],
    "video/mp4": [mp4(), mp4(9_000)],
    "video/webm": [webm()],
    "text/vtt": [VTT],
}
ENDINGS = {
    "image/png": ".png",
    "image/gif": ".GIF",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "video/mp4": ".mp4",
    "video/webm": ".webm",
    "text/vtt": ".vtt",
}
BYTES = {sha256(raw).digest(): raw for raws in CONTENTS.values() for raw in raws}
STEMS = st.sampled_from(
    ["a", "A", "Fiche n°1".replace("°", ""), "été (2)", "l’appel, suite", "x.y", "50+1", "_z_", "a - b"]
)
WORDS = st.sampled_from(
    ["mot", "l’adresse *.example*", 'dit "non"', "a & b", "\\", "[x]", "100 %", "&amp;", "<b>", "a_b"]
)


@st.composite
def files(draw: st.DrawFn, *types: str) -> Attachment:
    type_ = draw(st.sampled_from(types))
    raw = draw(st.sampled_from(CONTENTS[type_]))
    name = draw(STEMS) + ENDINGS[type_]
    return Attachment(sha256=sha256(raw).digest(), name=name, size=len(raw), type=type_)


def line() -> st.SearchStrategy[tuple[Span, ...]]:
    plain = WORDS.map(lambda word: Text(text=word))
    kinds: st.SearchStrategy[tuple[Span, ...]] = st.one_of(
        plain.map(lambda text: (text,)),
        plain.map(lambda text: (Strong(spans=(text,)), Text(text=" fin"))),
        plain.map(lambda text: (Emphasis(spans=(text,)), LineBreak(), text)),
        WORDS.filter(lambda word: "`" not in word).map(lambda word: (CodeSpan(text=word),)),
        plain.map(lambda text: (Link(href="https://a.example/?b=1&c=2", spans=(text,)),)),
    )
    return kinds


PICTURES = files("image/png", "image/gif")
FIGURES = st.builds(
    lambda file, alternative, caption: Figure(file=file, alternative=alternative, caption=caption),
    PICTURES,
    st.just("") | WORDS,
    st.just(()) | line(),
)
DOWNLOADS = st.builds(
    lambda file, title: Download(file=file, title=title),
    files("application/pdf", "image/png", *[type_ for type_ in CONTENTS if type_.endswith("document")]),
    st.just("") | WORDS,
)
PARAGRAPHS = line().map(lambda spans: Paragraph(spans=spans))
FLAT: st.SearchStrategy[Block] = st.one_of(FIGURES, DOWNLOADS, PARAGRAPHS)
NESTED: st.SearchStrategy[Block] = st.one_of(
    FLAT,
    st.lists(FLAT, min_size=1, max_size=2).map(lambda inner: Callout(tone=Tone.TIP, blocks=tuple(inner))),
    st.lists(st.lists(FLAT, min_size=1, max_size=2).map(tuple), min_size=1, max_size=2).map(
        lambda items: ItemList(ordered=False, items=tuple(items))
    ),
)
BLOCKS = st.lists(NESTED, min_size=1, max_size=4).map(tuple)
TITLES = st.sampled_from(
    ["Acquis", "À reprendre (0) fois", "A (2) : b", "C:\\x", "- tiret", "# dièse", "{#3}", "x : y"]
)
TEXTS = st.sampled_from(["", "une phrase.", "- commence par un tiret", "\\ barre", "# titre", "{#2}", "a : b (3)"])


@st.composite
def exercises(draw: st.DrawFn) -> Exercise:
    numbers = draw(st.lists(st.integers(1, 99), min_size=1, max_size=3, unique=True))
    criteria = tuple(
        Criterion(
            number=number,
            title=draw(TITLES),
            description=draw(TEXTS),
            levels=tuple(
                Level(title=draw(TITLES), points=points, description=draw(TEXTS))
                for points in sorted(draw(st.sets(st.integers(0, 100), min_size=2, max_size=4)))
            ),
        )
        for number in numbers
    )
    return Exercise(
        title=draw(TITLES),
        minutes=draw(st.integers(1, 600)),
        brief=draw(BLOCKS),
        criteria=criteria,
        due_day=draw(st.integers(0, 60)),
        files=draw(st.booleans()),
        objectives=draw(st.just(()) | st.just(("Rédiger",))),
    )


@st.composite
def videos(draw: st.DrawFn) -> Video:
    languages = draw(st.sampled_from([("fr",), ("fr", "pt-BR")]))
    places = sorted(draw(st.sets(st.integers(0, 7_199_999), max_size=3)))
    return Video(
        file=draw(files("video/mp4", "video/webm")),
        milliseconds=draw(st.integers(7_200_000, 9_000_000)),
        captions=tuple(Captions(language=each, file=draw(files("text/vtt"))) for each in languages),
        chapters=tuple(Chapter(at=at, title=draw(TITLES)) for at in places),
        credits=draw(st.just("") | WORDS),
    )


@st.composite
def courses(draw: st.DrawFn) -> CourseText:
    lesson = Lesson(title="Une leçon", minutes=5, blocks=draw(BLOCKS))
    watched = Lesson(title="Une vidéo", minutes=5, blocks=draw(st.just(()) | BLOCKS), video=draw(videos()))
    ids = [bytes([number]) * 16 for number in range(5)]
    rule = CertificateRule(
        minutes_percent=draw(st.integers(0, 100)), quizzes=draw(st.booleans()), exercises=draw(st.booleans())
    )
    course = Course(
        title="Cours",
        language=draw(st.sampled_from(["fr", "en"])),
        summary="",
        modules=(Module(id=ids[1], title="Module", week=1, activities=tuple(ids[2:])),),
        presentation=draw(BLOCKS),
        certificate=draw(st.none() | st.just(rule)),
    )
    return CourseText(ids[0], course, {ids[2]: lesson, ids[3]: watched}, {}, {ids[4]: draw(exercises())})


@given(courses())
def test_a_course_with_files_comes_back_as_it_was(text: CourseText) -> None:
    with TemporaryDirectory() as folder:
        write_folder(text, Path(folder), BYTES.get)
        read = understood(read_folder(Path(folder)))
        assert read == text
        assert all(sha256(path.read_bytes()).digest() == digest for digest, path in read.files.items())


def test_a_course_whose_file_is_not_here_is_not_written_at_all(tmp_path: Path) -> None:
    file = Attachment(sha256=sha256(PDF).digest(), name="fiche.pdf", size=len(PDF), type="application/pdf")
    lesson = Lesson(title="L", minutes=1, blocks=(Download(file=file),))
    module = Module(id=b"m" * 16, title="M", week=1, activities=(b"l" * 16,))
    course = Course(title="C", language="fr", summary="", modules=(module,))
    with pytest.raises(FileNotHere):
        write_folder(CourseText(b"c" * 16, course, {b"l" * 16: lesson}, {}), tmp_path / "cours")
    assert not (tmp_path / "cours").exists()

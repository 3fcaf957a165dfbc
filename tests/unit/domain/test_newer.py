"""A lesson of a newer program is read as far as this one knows it, and nothing of it is lost on the way."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from sync.content.markdown import read_markdown
from sync.content.markdown_writing import write_markdown
from sync.content.reading import plain_text
from sync.content.troubles import TroubleKind
from sync.domain.blocks import UNKNOWN_TAG, Callout, ItemList, Paragraph, Quote, Text, Tone, Unknown
from sync.domain.courses import COURSE, LESSON, Lesson
from sync.domain.forum import POST
from sync.domain.kind import Kind, encode
from sync.domain.merge import changed
from sync.domain.quizzes import QUIZ

NEWER = [99, "a puzzle", [[0, "of a later year"]], b"\x00\xff", {"deep": [1.5, None]}]
KNOWN = Paragraph(spans=(Text(text="Known."),))
TONE_OF_LATER = 77


def paragraph(text: str) -> list[Any]:
    return [0, [[0, text]]]


def lesson(*blocks: Any) -> bytes:
    return msgspec.msgpack.encode(["Badges", 20, list(blocks), ["An objective"], None, "a field of a later program"])


def test_a_block_of_a_newer_program_is_one_unknown_block_and_the_rest_is_read() -> None:
    read: Lesson = LESSON.decode(lesson(paragraph("Known."), NEWER, paragraph("Known.")))
    assert read.blocks == (KNOWN, Unknown(raw=msgspec.msgpack.encode(NEWER)), KNOWN)
    assert (read.title, read.objectives) == ("Badges", ("An objective",))
    assert plain_text(read.blocks) == "Known.\nKnown."


def test_only_the_innermost_block_is_unknown() -> None:
    inside = [2, False, [[paragraph("Known."), NEWER], [[4, [NEWER, paragraph("Known.")]]]], 1]
    read: Lesson = LESSON.decode(lesson([3, TONE_OF_LATER, [inside], "A title"]))
    unknown = Unknown(raw=msgspec.msgpack.encode(NEWER))
    items = ((KNOWN, unknown), (Quote(blocks=(unknown, KNOWN)),))
    assert read.blocks == (Callout(tone=Tone.UNKNOWN, blocks=(ItemList(ordered=False, items=items),), title="A title"),)


def test_words_marked_in_a_new_way_make_their_own_block_unknown() -> None:
    marked = [0, [[0, "Plain "], [42, "sparkling"]]]
    read: Lesson = LESSON.decode(lesson(paragraph("Known."), marked))
    assert read.blocks == (KNOWN, Unknown(raw=msgspec.msgpack.encode(marked)))


def test_what_is_written_again_goes_out_as_it_came() -> None:
    body = lesson([4, [NEWER, paragraph("Known.")]], NEWER)
    read: Lesson = LESSON.decode(body)
    assert msgspec.msgpack.decode(encode(read)) == msgspec.msgpack.decode(body)[:5]
    assert msgspec.msgpack.decode(encode(read.blocks)) == msgspec.msgpack.decode(body)[2]


def test_an_edit_of_another_field_leaves_the_newer_block_as_it_was() -> None:
    body = lesson(paragraph("Known."), NEWER)
    after = changed(body, {0: encode("Another title")}, LESSON)
    assert msgspec.msgpack.decode(after)[2] == [paragraph("Known."), NEWER]


def test_a_block_that_is_nothing_at_all_is_unknown_too() -> None:
    read: Lesson = LESSON.decode(lesson([], ["x"], paragraph("Known.")))
    assert [type(block) for block in read.blocks] == [Unknown, Unknown, Paragraph]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (LESSON, b"\x91"),
        (LESSON, b"\xc0"),
        (LESSON, msgspec.msgpack.encode([5, 20, [NEWER]])),
        (LESSON, msgspec.msgpack.encode(["Badges", 20, "no blocks"])),
        (COURSE, msgspec.msgpack.encode([NEWER])),
        (QUIZ, msgspec.msgpack.encode([NEWER, NEWER])),
        (POST, msgspec.msgpack.encode({"blocks": [NEWER]})),
    ],
)
def test_what_is_no_record_of_a_kind_stays_none(kind: Kind, body: bytes) -> None:
    with pytest.raises(msgspec.MsgspecError):
        kind.decode(body)


@pytest.mark.parametrize("block", [NEWER, [UNKNOWN_TAG, b"\xc0"], [4, [[UNKNOWN_TAG, msgspec.msgpack.encode(NEWER)]]]])
def test_a_server_takes_only_what_it_knows(block: list[Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        LESSON.decode_known(lesson(block))
    assert LESSON.decode_known(lesson(paragraph("Known."))).blocks == (KNOWN,)


def test_a_newer_block_in_a_text_is_said_and_never_read_back() -> None:
    """Its bytes could be anything: a link to a program, say, that the reader of texts would not let in."""
    text = write_markdown((KNOWN, Unknown(raw=msgspec.msgpack.encode(NEWER))))
    read = read_markdown(text)
    assert read.blocks == (KNOWN,)
    assert [trouble.kind for trouble in read.troubles] == [TroubleKind.NEWER_BLOCK]

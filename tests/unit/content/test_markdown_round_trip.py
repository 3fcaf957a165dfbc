"""Blocks written as Markdown are read back as the same blocks, whatever an author typed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.content.markdown import read_markdown
from sync.content.markdown_writing import write_markdown
from sync.content.spans import canonical
from sync.domain.blocks import (
    Block,
    Callout,
    CodeBlock,
    CodeSpan,
    Emphasis,
    Heading,
    ItemList,
    LineBreak,
    Link,
    Paragraph,
    Quote,
    Span,
    Strong,
    Table,
    Text,
    Tone,
)

WORDS = st.text(st.sampled_from("ab1é œ’\u00a0\u202f€😀_*`[]()<>&;#!|\\-+=~:.>$\"'/"), min_size=1, max_size=12)
ADDRESSES = st.sampled_from(
    ["https://www.cnil.fr/fr", "http://a.example/?q=1&copy;=2", "https://a.example/x_(y)_*z*", "mailto:a@b.example"]
)


def lines_of(children: st.SearchStrategy[Span]) -> st.SearchStrategy[tuple[Span, ...]]:
    return st.lists(children, max_size=4).map(canonical)


def or_a_word(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    return spans or (Text(text="mot"),)


def wrapped(children: st.SearchStrategy[Span]) -> st.SearchStrategy[Span]:
    inner = lines_of(children).map(or_a_word)
    return (
        inner.map(lambda spans: Strong(spans=spans))
        | inner.map(lambda spans: Emphasis(spans=spans))
        | st.builds(lambda href, spans: Link(href=href, spans=spans), ADDRESSES, inner)
    )


LEAVES: st.SearchStrategy[Span] = (
    WORDS.map(lambda text: Text(text=text)) | WORDS.map(lambda text: CodeSpan(text=text)) | st.just(LineBreak())
)
LINES = lines_of(st.recursive(LEAVES, wrapped, max_leaves=6))
FULL_LINES = LINES.map(or_a_word)


def tables(width: int) -> st.SearchStrategy[Block]:
    row = st.lists(LINES, min_size=width, max_size=width).map(tuple)
    return st.builds(lambda head, rows: Table(head=head, rows=tuple(rows)), row, st.lists(row, max_size=3))


FLAT: st.SearchStrategy[Block] = (
    FULL_LINES.map(lambda spans: Paragraph(spans=spans))
    | st.builds(lambda level, spans: Heading(level=level, spans=spans), st.integers(2, 4), FULL_LINES)
    | st.builds(
        lambda text, language: CodeBlock(text=text, language=language),
        st.text(st.sampled_from("ab `~>\n-#")),
        st.sampled_from(["", "python", "c++"]),
    )
    | st.integers(1, 3).flatmap(tables)
)


def nested(children: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    blocks = st.lists(children, max_size=3).map(tuple)
    some = st.lists(children, min_size=1, max_size=3).map(tuple)
    return (
        st.builds(
            lambda ordered, items, start: ItemList(ordered=ordered, items=tuple(items), start=start if ordered else 1),
            st.booleans(),
            st.lists(some, min_size=1, max_size=3),
            st.integers(0, 12),
        )
        | some.map(lambda inner: Quote(blocks=inner))
        | st.builds(
            lambda tone, inner, title: Callout(tone=tone, blocks=inner, title=title),
            st.sampled_from([Tone.ATTENTION, Tone.INFO, Tone.TIP, Tone.RULE]),
            blocks,
            WORDS.map(lambda text: re.sub(" +", " ", text).strip(" ")) | st.just(""),
        )
    )


BLOCKS = st.lists(st.recursive(FLAT, nested, max_leaves=8), max_size=5).map(tuple)


@given(BLOCKS)
def test_any_blocks_written_as_markdown_are_read_back_the_same(blocks: tuple[Block, ...]) -> None:
    reading = read_markdown(write_markdown(blocks))
    assert reading.blocks == blocks
    assert reading.troubles == ()


@given(st.text(st.sampled_from("ab é\n#->*_`[]()!|\\&;<:/1.~=\t "), max_size=80))
def test_any_text_that_was_read_is_written_and_read_back_the_same(text: str) -> None:
    blocks = read_markdown(text).blocks
    assert read_markdown(write_markdown(blocks)).blocks == blocks


def test_two_lists_in_a_row_stay_two() -> None:
    blocks = read_markdown("- un\n\n* deux\n\n- trois\n\n1. un\n\n1) deux").blocks
    assert len(blocks) == 5
    assert read_markdown(write_markdown(blocks)).blocks == blocks


@pytest.mark.parametrize(
    "text",
    [
        "Un *mot* **fort**, l’_œuvre_ et `code` : <https://www.cnil.fr/fr>.",
        "- un\n- deux\n  - deux bis\n\n1. premier\n2. second",
        "> [!WARNING]\n> **Ne rappelez pas**\n> Le numéro du message est celui du fraudeur.",
        "| Signe | Geste |\n| --- | --- |\n| urgence | respirer |",
        "```text\nhttps://exemple.fr\n```",
        "Première ligne\\\nseconde ligne",
    ],
)
def test_what_an_author_writes_by_habit_comes_back_letter_for_letter(text: str) -> None:
    assert write_markdown(read_markdown(text).blocks) == text.replace("*mot*", "_mot_")

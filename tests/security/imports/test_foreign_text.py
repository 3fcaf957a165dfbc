"""Foreign HTML and Markdown become blocks and nothing else: no script, no address of outside, nothing loaded."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.content.clean import SAFE_SCHEMES, safe_address
from sync.content.html import ATTRIBUTES, EMPTIED, TAGS, cleaned, read_html
from sync.content.markdown import read_markdown
from sync.content.markdown_writing import write_markdown
from sync.content.reading import plain_text
from sync.content.troubles import Reading, TroubleKind
from sync.domain.blocks import CodeBlock, Figure, Heading, ItemList, Link, Paragraph, Quote, Strong, Table, Text
from sync.domain.files import Attachment
from tests.security.imports.payloads import ALL, HOST

AROUND = ["{}", "avant {} après", "<p>{}</p>", "<ul><li>{}</li></ul>", "<table><tr><td>{}</td></tr></table>"]
MARKDOWN = ["{}", "avant {} après", "> {}", "- {}", "| a |\n| - |\n| {} |", "**{}**", "## {}"]


def records(value: Any) -> list[Any]:
    if isinstance(value, tuple):
        return [found for part in value for found in records(part)]
    if isinstance(value, msgspec.Struct):
        return [value, *records(tuple(getattr(value, name) for name in value.__struct_fields__))]
    return []


def is_harmless(reading: Reading) -> bool:
    """No link but to a listed scheme, none to a disguised host, no picture."""
    found = records(reading.blocks)
    links = [each.href for each in found if isinstance(each, Link)]
    assert all(safe_address(href) == href and urlsplit(href).scheme in SAFE_SCHEMES for href in links), links
    assert not any(HOST in href and "banque" in href for href in links), links
    assert not any(isinstance(each, Figure) for each in found)
    return True


def test_the_corpus_holds_what_it_should() -> None:
    assert len(set(ALL)) >= 250
    assert TAGS.isdisjoint(EMPTIED)


@pytest.mark.parametrize("around", AROUND)
def test_no_payload_survives_as_html(around: str) -> None:
    for payload in ALL:
        assert is_harmless(read_html(around.format(payload)))


@pytest.mark.parametrize("around", MARKDOWN)
def test_no_payload_survives_in_markdown_and_none_comes_back_on_writing(around: str) -> None:
    for payload in ALL:
        reading = read_markdown(around.format(payload))
        assert is_harmless(reading)
        again = read_markdown(write_markdown(reading.blocks))
        assert is_harmless(again)


class Seen(HTMLParser):
    """Every tag and attribute of a piece of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {(tag, name) for name, _ in attrs}


def test_cleaning_leaves_no_tag_and_no_attribute_that_is_not_listed() -> None:
    seen = Seen()
    for payload in ALL:
        clean = cleaned(payload)
        assert cleaned(clean) == clean, payload
        seen.feed(clean)
    assert seen.tags <= TAGS
    assert seen.attributes <= {(tag, name) for tag, names in ATTRIBUTES.items() for name in names}


def test_what_is_left_out_is_named_with_its_line() -> None:
    reading = read_html("<p>a</p>\n<script>x()</script>\n<a href='javascript:x()'>mot</a><img src=a.png>", first_line=5)
    assert [(each.line, each.kind) for each in reading.troubles] == [
        (6, TroubleKind.HTML_DROPPED),
        (5, TroubleKind.LINK_DROPPED),
        (5, TroubleKind.IMAGE_HERE),
    ]
    assert plain_text(reading.blocks) == "a\nmot"


def test_what_html_says_is_kept_in_its_form() -> None:
    reading = read_html(
        "<h1>Un</h1>intro<div><p>a <b>gras</b></p><ul><li>x<ol start=3><li>y</li></ol></li></ul></div>"
        "<blockquote>dit</blockquote><pre>if x:\n  y</pre>"
        "<table><tr><th>A<th>B</tr><tr><td>1</tr></table><a href='https://exemple.fr'>lien</a>"
    )
    assert [type(block) for block in reading.blocks] == [
        *(Heading, Paragraph, Paragraph, ItemList, Quote, CodeBlock, Table, Paragraph),
    ]
    assert reading.troubles == ()
    table = reading.blocks[6]
    assert isinstance(table, Table)
    assert [len(row) for row in (table.head, *table.rows)] == [2, 2]
    assert reading.blocks[2] == Paragraph(spans=(Text(text="a "), Strong(spans=(Text(text="gras"),))))


def test_a_picture_of_the_course_is_shown_and_no_other() -> None:
    file = Attachment(sha256=b"a" * 32, name="a.png", size=1, type="image/png")
    reading = read_html(
        "<p>mot<img src='media/a.png' alt='Un  courriel'></p><img src='https://exemple.fr/media/a.png'>",
        files={"media/a.png": file},
    )
    assert reading.blocks[1] == Figure(file=file, alternative="Un courriel")
    assert [trouble.kind for trouble in reading.troubles] == [TroubleKind.IMAGE_HERE]


NESTED = [
    "<b>",
    "<b><p>",
    "<div>",
    "<ul><li>",
    "<table><td>",
    "<a href=x>",
    "<svg>",
    "<!--",
    "<![CDATA[",
    "&lt;",
    "<p id=",
]


@pytest.mark.parametrize("piece", NESTED)
def test_no_nesting_takes_the_reader_down(piece: str) -> None:
    reading = read_html(piece * (20_000 // len(piece)) + "fin")
    assert all(trouble.kind for trouble in reading.troubles)
    assert len(records(reading.blocks)) < 50_000


@given(
    st.lists(
        st.sampled_from(
            ["<", ">", "/", "script", "svg", "p", "a href=", "'", '"', "javascript:", "x", "\x00", "&#", "-->", " "]
        )
    ).map("".join)
)
def test_whatever_is_put_together_stays_harmless(text: str) -> None:
    assert is_harmless(read_html(text))
    assert is_harmless(read_markdown(text))

"""What a Markdown text becomes, and what its author is told when a part of it cannot be kept."""

from __future__ import annotations

import pytest

from sync.content.clean import safe_address
from sync.content.html import read_html
from sync.content.markdown import MAX_BRACKETS, read_markdown
from sync.content.reading import parts, plain_text, word_count
from sync.content.troubles import TroubleKind
from sync.domain.blocks import Callout, CodeBlock, Heading, ItemList, LineBreak, Link, Paragraph, Table, Text, Tone


def troubles(text: str) -> list[tuple[int, TroubleKind]]:
    return [(trouble.line, trouble.kind) for trouble in read_markdown(text).troubles]


def test_a_github_alert_is_a_callout_with_its_title() -> None:
    reading = read_markdown("> [!TIP]\n> **Chez vous**\n> Notez-le.\n>\n> Deux fois.")
    assert reading.blocks == (
        Callout(
            tone=Tone.TIP,
            title="Chez vous",
            blocks=(
                Paragraph(spans=(Text(text="Notez-le."),)),
                Paragraph(spans=(Text(text="Deux fois."),)),
            ),
        ),
    )


@pytest.mark.parametrize(
    ("mark", "tone"),
    [("WARNING", Tone.ATTENTION), ("NOTE", Tone.INFO), ("TIP", Tone.TIP), ("IMPORTANT", Tone.RULE)],
)
def test_each_alert_has_its_tone(mark: str, tone: Tone) -> None:
    (block,) = read_markdown(f"> [!{mark}]\n> texte").blocks
    assert isinstance(block, Callout)
    assert (block.tone, block.title) == (tone, "")


def test_an_unknown_alert_is_named_with_its_line() -> None:
    assert troubles("texte\n\n> [!DANGER]\n> texte") == [(3, TroubleKind.CALLOUT_UNKNOWN)]


def test_a_list_keeps_its_first_number_and_a_table_its_cells() -> None:
    numbers, table = read_markdown("3. trois\n4. quatre\n\n| a | b |\n|---|---|\n| c \\| d | |").blocks
    assert isinstance(numbers, ItemList)
    assert (numbers.ordered, numbers.start, len(numbers.items)) == (True, 3, 2)
    assert isinstance(table, Table)
    assert table.rows == (((Text(text="c | d"),), ()),)


def test_code_keeps_every_blank_and_its_language() -> None:
    assert read_markdown("```python\nif x:\n    y\n\n```").blocks == (
        CodeBlock(text="if x:\n    y\n", language="python"),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Titre", (1, TroubleKind.HEADING_LEVEL)),
        ("texte\n\n##### Trop bas", (3, TroubleKind.HEADING_LEVEL)),
        ("a\nb [lien](javascript:alert(1))", (2, TroubleKind.LINK_ADDRESS)),
        ("[autre leçon](../02/lecon.md)", (1, TroubleKind.LINK_ADDRESS)),
        ("Voir [le site][1].\n\n[1]: https://a.example", (3, TroubleKind.LINK_REFERENCE)),
        ("![schéma](schema.png)", (1, TroubleKind.IMAGE_HERE)),
        ("![pisteur](http://pisteur.example/a.gif)", (1, TroubleKind.IMAGE_OUTSIDE)),
        ("![fichier](../../etc/passwd)", (1, TroubleKind.IMAGE_OUTSIDE)),
        ("texte\n\n---\n", (3, TroubleKind.RULE_DROPPED)),
        ('[a](https://a.example "titre")', (1, TroubleKind.LINK_TITLE_DROPPED)),
        ("|a|b|\n|-|-|\n|1|2|3|", (3, TroubleKind.TABLE_CELLS)),
        ("> " * 200 + "a", (1, TroubleKind.TOO_DEEP)),
        ("a\n\n" + "*a **b " * 30 + "b** a*" * 30, (3, TroubleKind.TOO_DEEP)),
        ("[" * (MAX_BRACKETS + 1), (1, TroubleKind.TOO_MANY_BRACKETS)),
        ("a\n\u202eesrever", (2, TroubleKind.HIDDEN_CHARACTER)),
        ("a\n<b>gras</b>", (2, TroubleKind.HTML_DROPPED)),
    ],
)
def test_each_trouble_is_named_with_its_line(text: str, expected: tuple[int, TroubleKind]) -> None:
    assert troubles(text)[0] == expected


def test_lines_are_counted_from_where_the_text_stands_in_its_file() -> None:
    (trouble,) = read_markdown("a\n\n# b", first_line=12).troubles
    assert trouble.line == 14


def test_what_is_left_out_does_not_stop_and_what_would_be_lost_does() -> None:
    assert not any(kind.stops for _, kind in troubles("<i>a</i>\n\n---\n\n![a](b.png)"))
    assert all(kind.stops for _, kind in troubles("# a\n\n[b](file:///etc/passwd)"))


def test_html_leaves_its_words_and_a_comment_leaves_nothing() -> None:
    assert read_markdown("a <b>gras</b><br>b <!-- note -->").blocks == (
        Paragraph(spans=(Text(text="a gras"), LineBreak(), Text(text="b"))),
    )
    assert plain_text(read_markdown("<div onclick='x()'>mots</div>\n\n<!-- rien -->").blocks) == "mots"
    assert plain_text(read_html("<script>alert(1)</script><p>a &lt; b</p>").blocks) == "a < b"


@pytest.mark.parametrize(
    "address",
    ["https://www.cnil.fr/fr", "http://exemple.fr:8080/a?b=1#c", "mailto:aide@exemple.fr", "https://xn--rsum-bpad.fr/"],
)
def test_web_and_mail_addresses_are_links(address: str) -> None:
    assert safe_address(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,<script>",
        "vbscript:x",
        "file:///etc/passwd",
        "smb://hote/partage",
        "ms-settings:privacy",
        "\\\\hote\\partage",
        "//hote/chemin",
        "https:///sans-hote",
        "https://",
        "https://banque.fr@pirate.example/",
        "https://banque.fr\\@pirate.example/",
        "http://[::1",
        "http://a.example:99999/",
        "mailto:",
        "mailto://a@b",
        "page.md",
        "#ancre",
        "",
        "https://a.example/" + "a" * 3_000,
    ],
)
def test_no_other_address_is_a_link(address: str) -> None:
    assert safe_address(address) is None
    (block,) = read_markdown(f"[mot](<{address}>)").blocks
    assert not any(isinstance(span, Link) for span in getattr(block, "spans", ()))


@pytest.mark.parametrize("address", ["https://a b/", "https://a.example/\u202e", "https://a.example/\n"])
def test_an_address_with_blanks_or_hidden_characters_is_none(address: str) -> None:
    assert safe_address(address) is None


def test_a_lesson_is_shown_in_parts_that_begin_at_its_second_level_headings() -> None:
    shown = parts(read_markdown("Avant.\n\n## Un\n\na\n\n### Un bis\n\nb\n\n## Deux\n\nc").blocks)
    assert [len(part) for part in shown] == [1, 4, 2]
    assert all(isinstance(part[0], Heading) for part in shown[1:])
    assert parts(()) == ()


def test_words_are_counted_as_a_reader_counts_them() -> None:
    blocks = read_markdown("Quel « bon »\u00a0: mot ?\n\n- un\n- deux\n\n| a | b |\n|---|---|\n| c | d |").blocks
    assert word_count(blocks) == 9

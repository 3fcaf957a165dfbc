"""Lessons typeset from the block tree: every block is shown, nothing is loaded, links show where they lead."""

from __future__ import annotations

from zlib import crc32

import pytest
from PySide6.QtCore import QBuffer, QIODevice, Qt, QUrl
from PySide6.QtGui import QColor, QDesktopServices, QImage, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from spoc_desktop.ui.links import LinkDialog, ask_to_open
from spoc_desktop.ui.theme import theme
from spoc_desktop.ui.widgets.block_view import BlockView, CodeView, TableBlock, inline
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.callout import Callout
from spoc_desktop.ui.widgets.figure import FigureView, decode
from spoc_desktop.ui.widgets.rich_text import RichText
from spoc_desktop.ui.widgets.text import Text
from sync.domain import blocks
from sync.domain.files import Attachment
from tests.ui.sample_pages import LESSON, bring_up, link, paragraph

PICTURE = Attachment(sha256=bytes(32), name="x.png", size=1, type="image/png")


def png(width: int = 40, height: int = 20) -> bytes:
    """A small red picture."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stubs want bytes, Qt takes both
    return bytes(buffer.data().data())


def test_every_kind_of_block_has_its_widget(app: QApplication) -> None:
    view = BlockView(LESSON)
    for kind in (RichText, Callout, FigureView, TableBlock, CodeView):
        assert view.findChildren(kind), kind
    view.resize(616, 900)
    view.grab()


def test_a_block_of_a_newer_program_says_so_and_the_others_are_shown(app: QApplication) -> None:
    newer = blocks.Unknown(raw=b"\x91\x63")
    view = BlockView([paragraph("Un."), newer, blocks.Quote(blocks=(paragraph("Deux."), newer))])
    (box,) = view.findChildren(Callout)
    assert box.accessibleName() == "Mise à jour nécessaire"
    said = " ".join(text.text() for text in box.findChildren(Text))
    assert "version plus récente" in said
    first, second = (text.toPlainText() for text in view.findChildren(RichText))
    assert first == "Un."
    assert second.startswith("Deux.\nCette partie de la page")


def test_neighbouring_paragraphs_can_be_selected_together(app: QApplication) -> None:
    view = BlockView([paragraph("Un."), paragraph("Deux."), blocks.CodeBlock(text="x"), paragraph("Trois.")])
    runs = [text.toPlainText() for text in view.findChildren(RichText)]
    assert runs == ["Un.\nDeux.", "x", "Trois."]


def test_marks_are_typeset(app: QApplication) -> None:
    strong = blocks.Strong(spans=(blocks.Text(text="fort"),))
    code = blocks.CodeSpan(text="nmap")
    text = RichText([paragraph("a ", strong, " ", blocks.Emphasis(spans=(blocks.Text(text="doux"),)), " ", code)])
    cursor = text.textCursor()
    found = {}
    for word, position in (("fort", 4), ("doux", 9), ("nmap", 14)):
        cursor.setPosition(position)
        found[word] = cursor.charFormat()
    assert found["fort"].fontWeight() == 600
    assert found["doux"].fontItalic()
    assert found["nmap"].fontFamilies()[0] == "JetBrains Mono"


def test_headings_keep_their_level_for_the_screen_reader(app: QApplication) -> None:
    text = RichText([blocks.Heading(level=3, spans=(blocks.Text(text="Titre"),))])
    assert text.document().begin().blockFormat().headingLevel() == 3


def test_lists_carry_their_numbers_and_may_start_anywhere(app: QApplication) -> None:
    items = ((paragraph("a"), blocks.ItemList(ordered=False, items=((paragraph("b"),),))), (paragraph("c"),))
    text = RichText([blocks.ItemList(ordered=True, items=items, start=3)])
    assert text.toPlainText().split("\n") == ["3.\ta", "•\tb", "4.\tc"]


def test_markup_in_the_words_of_a_course_stays_words(app: QApplication) -> None:
    text = RichText([paragraph("<img src='file:///etc/passwd'><b>x</b>")])
    assert text.toPlainText() == "<img src='file:///etc/passwd'><b>x</b>"


@pytest.mark.parametrize("address", ["file:///etc/passwd", "https://example.org/x.png", "x.png"])
def test_text_loads_nothing_at_all(app: QApplication, address: str) -> None:
    text = RichText([paragraph("x")])
    assert text.loadResource(QTextDocument.ResourceType.ImageResource.value, QUrl(address)) is None


def test_tab_walks_the_links_of_a_text_and_leaves_it(app: QApplication, qtbot: QtBot) -> None:
    holder = BlockView([paragraph(link("https://a.example/", "un"), " et ", link("https://b.example/", "deux"))])
    after = Button("Après")
    layout = holder.layout()
    assert layout is not None
    layout.addWidget(after)
    bring_up(holder)
    text = holder.findChild(RichText)
    assert text is not None
    text.setFocus(Qt.FocusReason.TabFocusReason)
    assert text.textCursor().selectedText() == "un"
    QTest.keyClick(text, Qt.Key.Key_Tab)
    assert text.textCursor().selectedText() == "deux"
    with qtbot.waitSignal(holder.link_wanted) as wanted:
        QTest.keyClick(text, Qt.Key.Key_Return)
    assert wanted.args == ["https://b.example/"]
    QTest.keyClick(text, Qt.Key.Key_Tab)
    assert after.hasFocus()


def test_a_text_without_links_is_no_stop_for_tab(app: QApplication) -> None:
    assert not RichText([paragraph("x")]).focusPolicy() & Qt.FocusPolicy.TabFocus


def test_the_whole_address_is_shown_before_a_link_opens(app: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    page = QWidget()
    page.show()
    dialog = ask_to_open("https://example.org/a?b=c", page)
    assert dialog.address.text() == "https://example.org/a?b=c"
    assert opened == []
    next(button for button in dialog.findChildren(Button) if button.kind == "primary").click()
    assert opened == ["https://example.org/a?b=c"]


@pytest.mark.parametrize("href", ["file:///etc/passwd", "javascript:alert(1)", "smb://host/x", "", "C:\\x.exe"])
def test_other_kinds_of_address_never_open(app: QApplication, href: str) -> None:
    dialog = LinkDialog(href)
    assert not dialog.allowed
    assert [button for button in dialog.findChildren(Button) if button.kind == "primary"] == []


def test_a_host_in_letters_of_another_script_is_shown_as_the_network_knows_it(app: QApplication) -> None:
    assert "xn--" in LinkDialog("https://аpple.example/").address.text()


class TestFigures:
    def test_a_picture_is_shown_and_told_in_words(self, app: QApplication) -> None:
        figure = FigureView("Un cadenas", [])
        figure.show_bytes(png())
        assert figure.picture.accessibleName() == "Un cadenas"
        assert figure.picture.sizeHint().width() == 40

    def test_a_picture_that_is_not_here_is_described_in_its_place(self, app: QApplication) -> None:
        figure = FigureView("Un cadenas", [])
        figure.show_bytes(None)
        assert [text.text() for text in figure.findChildren(Text) if not text.isHidden()] == [
            "Cette image arrive à la prochaine synchronisation. Un cadenas"
        ]

    def test_a_picture_never_grows_wider_than_its_column(self, app: QApplication) -> None:
        figure = FigureView("x", [])
        figure.show_bytes(png(400, 200))
        assert figure.picture.heightForWidth(200) == 100
        assert figure.picture.heightForWidth(800) == 200

    def test_a_drawing_is_no_picture_for_it_may_hold_a_program(self, app: QApplication) -> None:
        drawing = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="9" height="9"/></svg>'
        assert decode(drawing) is None

    def test_a_picture_whose_header_promises_billions_of_pixels_is_refused_before_one_is_read(
        self, app: QApplication
    ) -> None:
        head = png()
        bomb = head[:16] + (50_000).to_bytes(4, "big") * 2 + head[24:]
        bomb = bomb[:29] + crc32(bomb[12:29]).to_bytes(4, "big") + bomb[33:]
        assert decode(bomb) is None
        assert decode(head) is not None

    def test_a_picture_that_cannot_be_shown_says_so_beside_its_description(self, app: QApplication) -> None:
        figure = FigureView("Un cadenas", [])
        figure.show_bytes(b"<svg/>")
        said = [text.text() for text in figure.findChildren(Text) if not text.isHidden()]
        assert said == ["Cette image ne peut pas être affichée. Un cadenas"]

    @pytest.mark.parametrize(
        "data", [b"", b"not a picture", b"<?xml version='1.0'?><!DOCTYPE svg><svg/>", b"BM\x00\x00"]
    )
    def test_anything_else_is_no_picture(self, app: QApplication, data: bytes) -> None:
        assert decode(data) is None

    def test_figures_with_a_caption_are_numbered(self, app: QApplication) -> None:
        figure = blocks.Figure(
            file=PICTURE,
            alternative="x",
            caption=(blocks.Text(text="La clé."),),
        )
        view = BlockView([figure, figure], first_figure=3)
        captions = [text.text() for text in view.findChildren(Text) if "clé" in text.text()]
        assert captions == ["Figure 3. La clé.", "Figure 4. La clé."]

    def test_the_loader_is_asked_by_name_and_may_answer_later(self, app: QApplication) -> None:
        asked = []
        view = BlockView([LESSON[6]], pictures=lambda sha, then: asked.append((sha, then)))
        assert asked[0][0] == bytes(32)
        figure = view.findChild(FigureView)
        assert figure is not None
        asked[0][1](png())
        assert figure.picture.sizeHint().width() == 40


def test_a_cell_of_a_table_is_read_with_the_head_of_its_column(app: QApplication) -> None:
    table = next(block for block in LESSON if isinstance(block, blocks.Table))
    view = TableBlock(table)
    names = [cell.accessibleName() for cell in view.findChildren(Text) if cell.accessibleName()]
    assert names == ["Geste: Ouvrir", "Pourquoi: Couper"]


def test_short_texts_keep_their_marks() -> None:
    spans = inline(
        [blocks.Text(text="a"), blocks.Strong(spans=(blocks.CodeSpan(text="b"),)), link("https://x.example", "c")]
    )
    assert [(span.text, span.weight, span.mono) for span in spans] == [
        ("a", None, False),
        ("b", 600, True),
        ("c", None, False),
    ]


def test_a_text_is_as_high_as_its_lines_at_any_width(app: QApplication) -> None:
    text = RichText([paragraph("Une phrase assez longue pour passer à la ligne quand la place manque.")])
    assert text.heightForWidth(2000) == theme().line("lesson")
    assert text.heightForWidth(200) >= 3 * theme().line("lesson")

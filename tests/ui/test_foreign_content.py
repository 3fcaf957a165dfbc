"""What came from outside is shown without loading a thing (attacks A11, A13): hostile pieces on the real widgets."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QApplication, QTextEdit

from spoc_desktop.ui.widgets.block_view import BlockView
from spoc_desktop.ui.widgets.rich_text import RichText
from sync.content.html import read_html
from sync.content.markdown import read_markdown
from sync.domain import blocks
from tests.security.imports.payloads import ALL


@pytest.mark.parametrize("read", [read_html, read_markdown])
def test_no_hostile_piece_makes_a_page_ask_for_a_file_or_an_address(
    app: QApplication, monkeypatch: pytest.MonkeyPatch, read: Any
) -> None:
    asked: list[object] = []

    def remember(_text: QTextEdit, kind: int, url: QUrl | str) -> None:
        asked.append((kind, url))

    monkeypatch.setattr(RichText, "loadResource", remember)
    found = [block for payload in ALL for block in read(payload).blocks]
    assert len(found) > len(ALL) // 2
    view = BlockView(found)
    view.resize(616, 2_000)
    view.grab()
    assert asked == []
    shown = {text for widget in view.findChildren(RichText) for _, _, text in widget.links()}
    assert all(address.startswith(("http://", "https://", "mailto:")) for address in shown)


def test_a_text_that_looks_like_html_is_shown_letter_by_letter(app: QApplication) -> None:
    words = "<img src='file:///etc/passwd'><b>gras</b>"
    view = BlockView([blocks.Paragraph(spans=(blocks.Text(text=words),))])
    assert [text.toPlainText() for text in view.findChildren(RichText)] == [words]

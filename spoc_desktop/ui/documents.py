"""Walking the pieces of a text document, each of one format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import cast

from PySide6.QtGui import QTextBlock, QTextDocument, QTextFragment


def fragments(document: QTextDocument) -> Iterator[QTextFragment]:
    """All pieces of text in reading order."""
    block = document.begin()
    while block.isValid():
        # The stubs do not say what walking a block yields.
        for piece in cast("Iterable[QTextBlock.iterator]", block):
            yield piece.fragment()
        block = block.next()

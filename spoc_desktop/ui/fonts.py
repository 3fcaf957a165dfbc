"""The program's own typefaces: loading them, and finding drawn text that no face of ours could draw."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from PySide6.QtGui import QFont, QFontDatabase, QTextLayout
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from spoc_desktop.ui.assets import asset
from spoc_desktop.ui.documents import fragments

SPACES = "\u00a0\u202f"
NO_FONT = "no font"
FAMILIES = ("Inter", "Source Serif 4", "JetBrains Mono")


class FontMissing(Exception):
    """A face under `resources/fonts` that could not be loaded; `name` is its file."""

    def __init__(self, name: str) -> None:
        super().__init__(f"resources/fonts/{name} could not be loaded")
        self.name = name


@dataclass(frozen=True, slots=True)
class Fallback:
    """Text that was drawn with a font from outside `resources/fonts`."""

    widget: str
    text: str
    family: str


def load_fonts() -> None:
    """Give Qt every face under `resources/fonts`. Raises FontMissing."""
    for path in sorted(asset("fonts").glob("*.ttf")):
        if QFontDatabase.addApplicationFont(str(path)) < 0:
            raise FontMissing(path.name)


@cache
def font(family: str, pixels: int, weight: int, *, italic: bool = False, tracking: float = 0.0) -> QFont:
    """One face in pixel size; our other families stand behind it before any font of the system."""
    made = QFont([family, *(other for other in FAMILIES if other != family)])
    made.setPixelSize(pixels)
    made.setWeight(QFont.Weight(weight))
    made.setItalic(italic)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if tracking:
        made.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, tracking)
    return made


def fallbacks(root: QWidget) -> list[Fallback]:
    """All text under `root` with a glyph that none of our faces has, with the font that stepped in."""
    found = []
    for widget in (root, *root.findChildren(QWidget)):
        for text, used in _texts(widget):
            found += [Fallback(_name(widget), text, family) for family in foreign_families(text, used)]
    return found


def foreign_families(text: str, used: QFont) -> list[str]:
    """Families outside ours that Qt takes to draw `text` in the font `used`; NO_FONT where none has a character."""
    layout = QTextLayout("".join(letter for letter in text if letter.isprintable() or letter in SPACES), used)
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    runs = layout.glyphRuns()
    families = {NO_FONT if 0 in run.glyphIndexes() else run.rawFont().familyName() for run in runs}
    return sorted(family for family in families if not family.startswith(FAMILIES))


def _texts(widget: QWidget) -> Iterator[tuple[str, QFont]]:
    if isinstance(widget, QLabel | QAbstractButton | QLineEdit) and widget.text():
        yield widget.text(), widget.font()
    if isinstance(widget, QLineEdit | QPlainTextEdit | QTextEdit) and widget.placeholderText():
        yield widget.placeholderText(), widget.font()
    if isinstance(widget, QComboBox):
        yield from ((widget.itemText(row), widget.font()) for row in range(widget.count()))
    if isinstance(widget, QPlainTextEdit | QTextEdit):
        yield from _document_texts(widget)
    yield from getattr(widget, "painted_texts", list)()


def _document_texts(widget: QPlainTextEdit | QTextEdit) -> Iterator[tuple[str, QFont]]:
    for fragment in fragments(widget.document()):
        yield fragment.text(), fragment.charFormat().font()


def _name(widget: QWidget) -> str:
    return widget.objectName() or widget.accessibleName() or type(widget).__name__

"""Places to write: a labelled line, a text area, a choice; each with its hint and its error in words."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from spoc_desktop.ui.accessible import announce
from spoc_desktop.ui.icons import draw_icon
from spoc_desktop.ui.painting import painting
from spoc_desktop.ui.theme import follow, theme
from spoc_desktop.ui.widgets.text import Text

_WIDE = 560
"""As wide as a line wants to be, in px at 100 %."""


class TextArea(QPlainTextEdit):
    """Several lines of plain text; Tab leaves it. `lines` is how many are visible; with `most` it grows that far.

    `role` "note" is the face of words that another person will read.
    """

    def __init__(self, lines: int = 4, parent: QWidget | None = None, *, most: int = 0, role: str = "body") -> None:
        super().__init__(parent)
        self._least, self._most, self._role = lines, most, role
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        if most:
            self.document().documentLayout().documentSizeChanged.connect(self._fit)
        follow(self._restyle)

    def _restyle(self) -> None:
        self.setFont(theme().font(self._role))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            # Words break elsewhere; the document tells that only for lines in view.
            self._fit()

    def _fit(self) -> None:
        # A plain text document says its height in lines, those that were broken counted.
        written = round(self.document().documentLayout().documentSize().height()) if self._most else 0
        lines = max(self._least, min(written, self._most))
        self.setFixedHeight(lines * theme().line(self._role) + 20)


def text_of(edit: QPlainTextEdit) -> str:
    """What stands in an edit, as it was typed: `toPlainText` would make plain spaces of the fixed ones of French."""
    return edit.document().toRawText().replace("\u2029", "\n").replace("\u2028", "\n")


class Choice(QComboBox):
    """A list of which one is chosen; opens with the arrow keys or a click."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        follow(self._restyle)

    def _restyle(self) -> None:
        self.setFont(theme().font("body"))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        size = theme().icon(16)
        with painting(self) as painter:
            y = (self.height() - size) / 2
            draw_icon(painter, "chevron-down", theme().colour("muted"), self.width() - size - 8, y, size)


class LineEdit(QLineEdit):
    """One line; `mono` for codes and references."""

    def __init__(self, *, mono: bool = False, large: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mono = mono
        self._large = large
        follow(self._restyle)

    def _restyle(self) -> None:
        self.setFont(theme().font("mono" if self._mono else "body"))
        height = theme().tokens.control["height-large" if self._large else "height"]
        self.setFixedHeight(theme().height(height))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().text_px(96), self.sizeHint().height())


class WideEdit(LineEdit):
    """One line that takes the width there is; shows its beginning until somebody types."""

    def begin(self, text: str) -> None:
        """Show a text from its first letter."""
        self.setText(text)
        self.setCursorPosition(0)

    def sizeHint(self) -> QSize:
        return QSize(theme().text_px(_WIDE), super().sizeHint().height())


class Field(QWidget):
    """Label above, the place to write, then a hint or an error. The label's mnemonic and name belong to the input."""

    def __init__(
        self, label: str, edit: QLineEdit | QPlainTextEdit | QComboBox, hint: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.edit = edit
        self._hint = hint
        self.label = Text(label, "label", wrap=True)
        self.label.setBuddy(edit)
        self._below = Text(hint, "small", "muted", wrap=True, parent=self)
        self._below.setVisible(bool(hint))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for part in (self.label, edit, self._below):
            column.addWidget(part)
        self._describe()

    def say(self, label: str, hint: str = "") -> None:
        """Carry other words."""
        self.label.say(label)
        self._hint = hint
        if not self.error:
            self._show_below(hint, "muted")
        self._describe()

    @property
    def error(self) -> str:
        """The error shown now, "" when there is none."""
        return self._below.text() if self.edit.property("error") else ""

    def show_error(self, message: str) -> None:
        """Say what is wrong and how to mend it, take the focus there and announce it; "" clears the error."""
        self.edit.setProperty("error", bool(message))
        self.edit.style().unpolish(self.edit)
        self.edit.style().polish(self.edit)
        self._show_below(message or self._hint, "danger" if message else "muted")
        self._describe()
        if message:
            self.edit.setFocus(Qt.FocusReason.OtherFocusReason)
            announce(self.edit, message)

    def _show_below(self, text: str, colour: str) -> None:
        self._below.set_colour(colour)
        self._below.say(text)
        self._below.setVisible(bool(text))

    def _describe(self) -> None:
        self.edit.setAccessibleName(self.label.text())
        self.edit.setAccessibleDescription(self._below.text())

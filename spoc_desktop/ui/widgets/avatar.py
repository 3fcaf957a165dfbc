"""A person as a circle with initials: ink for a learner, rose for a trainer."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QFont, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from spoc_desktop.ui import fonts
from spoc_desktop.ui.painting import box, painting, text_line
from spoc_desktop.ui.theme import follow, theme


def initials(name: str) -> str:
    """First letters of the first and the last word: "Hélène Vasseur" is HV."""
    words = [word for word in name.replace("-", " ").split() if word]
    letters = [words[0][0], words[-1][0]] if len(words) > 1 else [word[0] for word in words]
    return "".join(letters).upper()


class Avatar(QWidget):
    """Decoration beside a person's name; the name itself is always written next to it."""

    def __init__(self, name: str, *, trainer: bool = False, size: int = 32, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._initials = initials(name)
        self._trainer = trainer
        self._size = size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        follow(self._restyle)

    def show_person(self, name: str, *, trainer: bool) -> None:
        """Stand for somebody else."""
        self._initials, self._trainer = initials(name), trainer
        self.update()

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        edge = theme().icon(self._size)
        return QSize(edge, edge)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _font(self) -> QFont:
        return fonts.font("Inter", round(self.sizeHint().width() * 0.375), 600)

    def painted_texts(self) -> list[tuple[str, QFont]]:
        """The initials, for the search for foreign fonts."""
        return [(self._initials, self._font())]

    def paintEvent(self, event: QPaintEvent) -> None:
        fill, ink = ("human-soft", "human") if self._trainer else ("accent-soft", "accent-on-soft")
        with painting(self) as painter:
            box(painter, self.rect(), self.width() / 2, fill=theme().colour(fill))
            text_line(painter, self._initials, self._font(), theme().colour(ink), QRectF(self.rect()), align="centre")

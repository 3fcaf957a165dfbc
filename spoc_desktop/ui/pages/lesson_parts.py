"""The foot of a lesson: back, how far, how long still, on."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from spoc_desktop.i18n import _, duration
from spoc_desktop.ui.theme import theme
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.reglette import Reglette, Segment
from spoc_desktop.ui.widgets.text import Text
from sync.content.reading import word_count
from sync.domain.blocks import Block

_ROOM_FOR_STRIP, _ROOM_FOR_WORDS = 620, 440


def part_minutes(parts: Sequence[Sequence[Block]], minutes: int) -> list[float]:
    """The planned minutes of a lesson shared out over its parts by their words."""
    words = [max(20, word_count(part)) for part in parts]
    return [minutes * count / sum(words) for count in words]


class PartsBar(QWidget):
    """`before` and `after` are its two buttons; strip and words give way where room is short."""

    def __init__(
        self, parts: Sequence[Sequence[Block]], minutes: Sequence[float], part: int, read: frozenset[int]
    ) -> None:
        super().__init__()
        self._minutes = list(minutes)
        self._part = part
        self.before = Button("", icon="chevron-left", size="small")
        self.before.setObjectName("before")
        self.after = Button("", "primary", "chevron-right", size="small", icon_side="right")
        self.after.setObjectName("after")
        said = _("Part {part} of {parts}").format(part=part + 1, parts=max(1, len(parts)))
        self._place = Text(said, "small", "muted")
        self._strip = Reglette((), _("Parts of the lesson"), value=said)
        left = duration(round(sum(self._minutes[part:])))
        self._left = Text(_("{duration} left").format(duration=left), "small", "muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self.before)
        row.addWidget(self._place)
        row.addWidget(self._strip, 1)
        row.addStretch(0)
        row.addWidget(self._left)
        row.addWidget(self.after)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.show_read(read)

    def show_actions(self, before: str, after: str) -> None:
        """Name the buttons; without words there is nothing to go back to."""
        self.before.setText(before)
        self.before.setVisible(bool(before))
        self.after.setText(after)

    def show_read(self, read: frozenset[int]) -> None:
        """Show which parts are read and which one is under way."""
        self._strip.show_segments(
            [
                Segment(minutes, "done" if place in read else "part" if place == self._part else "todo", 0.5)
                for place, minutes in enumerate(self._minutes)
            ],
            value=self._place.text(),
        )

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._strip.setVisible(self.width() >= theme().text_px(_ROOM_FOR_STRIP))
        self._left.setVisible(self.width() >= theme().text_px(_ROOM_FOR_STRIP))
        self._place.setVisible(self.width() >= theme().text_px(_ROOM_FOR_WORDS))

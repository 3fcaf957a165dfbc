"""One criterion of a rubric being written: its title, a sentence that explains it, its levels with their points."""

from __future__ import annotations

from typing import Any

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from spoc_desktop.i18n import _
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.field import WideEdit
from spoc_desktop.ui.widgets.flow import Hairline, column, flow, row
from spoc_desktop.ui.widgets.icon_button import IconButton
from spoc_desktop.ui.widgets.number_edit import NumberEdit
from spoc_desktop.ui.widgets.text import Text
from sync.domain.exercises import Criterion, Level

LEAST_LEVELS, MOST_LEVELS, MOST_POINTS = 2, 8, 100


class CriterionEdit(QWidget):
    """`said` carries the criterion at each keystroke, `reshaped` when its levels are others, `moved`, `taken`."""

    said = Signal(object)
    reshaped = Signal(object)
    moved = Signal(int)
    taken = Signal()

    def __init__(self, criterion: Criterion, place: int, count: int) -> None:
        super().__init__()
        self.criterion = criterion
        self._key = criterion.number
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        name = _("Criterion {number}").format(number=place + 1)
        title = self._line("criterion", criterion.title, name, lambda text: self._say(title=text))
        up = IconButton("chevron-up", _("Move criterion {number} up").format(number=place + 1))
        down = IconButton("chevron-down", _("Move criterion {number} down").format(number=place + 1))
        away = IconButton("trash-2", _("Remove criterion {number}").format(number=place + 1))
        for button, word in ((up, "up"), (down, "down"), (away, "away")):
            button.setObjectName(f"{word}_{self._key}")
        up.setEnabled(place > 0)
        down.setEnabled(place < count - 1)
        up.clicked.connect(lambda _checked=False: self.moved.emit(-1))
        down.clicked.connect(lambda _checked=False: self.moved.emit(1))
        away.clicked.connect(lambda _checked=False: self.taken.emit())
        described = self._line(
            "described", criterion.description, _("What is assessed"), lambda text: self._say(description=text)
        )
        described.setPlaceholderText(_("What is looked at, in a sentence"))
        self._column.addWidget(row(title, up, down, away, gap=6, stretch=0))
        self._column.addWidget(described)
        self._column.addWidget(Text(_("Levels, from the lowest to the highest"), "small", "muted", wrap=True))
        for at, level in enumerate(criterion.levels):
            self._column.addWidget(self._level(level, at))
        if len(criterion.levels) < MOST_LEVELS:
            add = Button(_("Add a level"), "quiet", "plus", size="small")
            add.setObjectName(f"add_level_{self._key}")
            add.setAccessibleName(_("Add a level: {criterion}").format(criterion=name))
            add.clicked.connect(self._add_level)
            self._column.addWidget(flow(add))
        self._column.addWidget(Hairline())

    def _line(self, word: str, text: str, name: str, said: Any) -> WideEdit:
        edit = WideEdit()
        edit.setObjectName(f"{word}_{self._key}")
        edit.setAccessibleName(name)
        edit.begin(text)
        edit.textEdited.connect(said)
        return edit

    def _level(self, level: Level, at: int) -> QWidget:
        number = at + 1
        title = self._line(
            f"level_{at}",
            level.title,
            _("Level {number}").format(number=number),
            lambda text: self._say_level(at, title=text),
        )
        points = NumberEdit(level.points, 0, MOST_POINTS)
        points.setObjectName(f"points_{at}_{self._key}")
        points.setAccessibleName(_("Points of level {number}").format(number=number))
        points.changed.connect(lambda count: self._say_level(at, points=count))
        words = self._line(
            f"means_{at}",
            level.description,
            _("What level {number} looks like").format(number=number),
            lambda text: self._say_level(at, description=text),
        )
        words.setPlaceholderText(_("What it looks like"))
        away = IconButton("x", _("Remove level {number}").format(number=number))
        away.setObjectName(f"drop_{at}_{self._key}")
        away.setEnabled(len(self.criterion.levels) > LEAST_LEVELS)
        away.clicked.connect(lambda _checked=False: self._drop_level(at))
        earned = row(points, Text(_("points"), "small", "muted"), away, gap=6)
        return column(flow(title, earned, gap=8, spread=True, least=180), words, gap=6)

    def _say(self, **fields: Any) -> None:
        self.criterion = msgspec.structs.replace(self.criterion, **fields)
        self.said.emit(self.criterion)

    def _say_level(self, at: int, **fields: Any) -> None:
        levels = list(self.criterion.levels)
        levels[at] = msgspec.structs.replace(levels[at], **fields)
        self._say(levels=tuple(levels))

    def _add_level(self) -> None:
        levels = self.criterion.levels
        points = min(MOST_POINTS, levels[-1].points + 1) if levels else 0
        self._reshape((*levels, Level(title="", points=points)))

    def _drop_level(self, at: int) -> None:
        self._reshape(tuple(level for place, level in enumerate(self.criterion.levels) if place != at))

    def _reshape(self, levels: tuple[Level, ...]) -> None:
        self.criterion = msgspec.structs.replace(self.criterion, levels=levels)
        self.reshaped.emit(self.criterion)

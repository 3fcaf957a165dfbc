"""Two texts that were written at the same time, side by side, the words that differ highlighted, and what to keep."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QVBoxLayout, QWidget

from spoc_desktop.i18n import _, clock, moment
from spoc_desktop.services.comparing import Passage, new_passages
from spoc_desktop.services.revisions import Split, Version
from spoc_desktop.ui.painting import box, painting
from spoc_desktop.ui.theme import theme
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.flow import flow, row
from spoc_desktop.ui.widgets.glyph import Glyph
from spoc_desktop.ui.widgets.text import Span, Text

_SIDE_BY_SIDE = 520
"""Width in px at 100 % from which the two texts stand beside each other."""


class SplitVersions(QFrame):
    """`kept` carries "overtaken", "standing" or "both"; `common_wanted` asks for a text made from the two."""

    kept = Signal(str)
    common_wanted = Signal()

    def __init__(self, split: Split, heading: str) -> None:
        super().__init__()
        self._split = split
        self.setAccessibleName(heading)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 16)
        column.setSpacing(4)
        column.addWidget(row(Glyph("git-compare-arrows", "info"), Text(heading, "label", "info", wrap=True), stretch=1))
        column.addWidget(Text(_("Both texts are kept. Choose one, or keep both."), "small", wrap=True))
        column.addSpacing(8)
        self._pair = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._pair.setSpacing(12)
        old, new = split.overtaken, split.standing
        was = _("{who} · replaced").format(who=_who(old))
        self._pair.addWidget(self._side(was, old.text, new.text, "overtaken"), 1)
        at = clock(moment(split.at))
        # Which of the person's computers wrote what stands is written nowhere, unless it was not the other one.
        who = _("You") if new.is_mine and not old.is_this_laptop else _who(new)
        stands = _("{who} · in place since {time}").format(who=who, time=at)
        self._pair.addWidget(self._side(stands, new.text, old.text, "standing"), 1)
        column.addLayout(self._pair)
        column.addSpacing(8)
        if split.is_text:
            both = self._button(_("Keep both"), "both", "quiet")
            common = Button(_("Write a common version"), "quiet", size="small")
            common.setObjectName(f"common_{split.revision.hex()}")
            common.clicked.connect(self.common_wanted)
            column.addWidget(flow(both, common, gap=4))

    def _side(self, said: str, text: str, other: str, which: str) -> QWidget:
        button = self._button(_("Keep this one"), which, "plain")
        button.setAccessibleName(f"{button.text()}: {said}")
        return _Side(said, highlighted(text, new_passages(other, text)), button)

    def _button(self, words: str, which: str, kind: str) -> Button:
        made = Button(words, "quiet" if kind == "quiet" else "plain", size="small")
        made.setObjectName(f"keep_{which}_{self._split.revision.hex()}")
        made.clicked.connect(lambda: self.kept.emit(which))
        return made

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= theme().text_px(_SIDE_BY_SIDE)
        direction = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        if self._pair.direction() != direction:
            self._pair.setDirection(direction)
            self._pair.update()  # turning the pair tells nobody above it that the height has changed
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            box(painter, self.rect(), 10, fill=theme().colour("info-soft"))


class _Side(QFrame):
    """One of the two texts, on the paper's own colour."""

    def __init__(self, said: str, spans: list[Span], button: Button) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(4)
        column.addWidget(Text(said, "caption", "muted", wrap=True))
        column.addWidget(Text(spans, "note", wrap=True))
        column.addStretch(1)
        column.addSpacing(4)
        column.addWidget(flow(button))

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            box(painter, self.rect(), 8, fill=theme().colour("surface"), line=theme().colour("border"))


def highlighted(text: str, passages: tuple[Passage, ...]) -> list[Span]:
    """A text whose passages are marked."""
    spans, done = [], 0
    for start, end in passages:
        spans += [Span(text[done:start]), Span(text[start:end], marked=True)]
        done = end
    return [span for span in (*spans, Span(text[done:])) if span.text]


def _who(version: Version) -> str:
    """Who wrote a text, or on which of the person's computers."""
    if version.is_mine:
        return _("This computer") if version.is_this_laptop else _("Another computer of yours")
    return version.name or _("Somebody else")

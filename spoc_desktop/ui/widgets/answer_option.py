"""The options of a question: radio buttons or check boxes drawn as wide boxes, answered with keys 1 to 9."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from PySide6.QtCore import QPoint, QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QHBoxLayout, QRadioButton, QSizePolicy, QVBoxLayout, QWidget

from spoc_desktop.i18n import _
from spoc_desktop.ui.digits import digit_of
from spoc_desktop.ui.icons import draw_icon
from spoc_desktop.ui.language import on_language
from spoc_desktop.ui.painting import box, painting, text_line
from spoc_desktop.ui.theme import follow, theme
from spoc_desktop.ui.widgets.text import Span, Text

Verdict = Literal["", "right", "wrong", "dimmed"]

MOST_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Option:
    """One answer as the page hands it over: its words, and their spans where some are stressed."""

    text: str
    spans: Sequence[Span] = field(default=())


class _Look:
    """What radio and check options share: parts, states and drawing."""

    number: int
    verdict: Verdict
    word: Text
    label: Text

    def build(self, widget: QAbstractButton, option: Option, number: int) -> None:
        """Put the parts in place and read the option's words to the screen reader."""
        self.widget = widget
        self.number = number
        self.verdict = ""
        self.said = ""
        widget.setText(option.text)
        self.label = Text(option.spans or option.text, "body", wrap=True)
        self.word = Text("", "small")
        self.word.set_weight(600)
        self.word.hide()
        self.row = QHBoxLayout(widget)
        self.row.addWidget(self.label, 1)
        self.row.addWidget(self.word)
        for part in (self.label, self.word):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        widget.setSizePolicy(policy)
        widget.setCursor(Qt.CursorShape.PointingHandCursor)
        self.describe()

    def judge(self, verdict: Verdict, said: str) -> None:
        """Show how the option did. `said` is the word beside it, as "Your answer"."""
        self.verdict, self.said = verdict, said
        self.word.set_colour({"right": "success", "wrong": "danger"}.get(verdict, "muted"))
        self.word.say(said)
        self.word.setVisible(bool(said))
        self.widget.setEnabled(not verdict)
        self.widget.setCursor(Qt.CursorShape.ArrowCursor if verdict else Qt.CursorShape.PointingHandCursor)
        self.describe()
        self.widget.update()

    def describe(self) -> None:
        """Give the screen reader the words, the verdict and the digit."""
        said = {"right": _("correct"), "wrong": _("not correct")}.get(self.verdict, "")
        parts = [self.widget.text(), self.said, said]
        self.widget.setAccessibleName(", ".join(part for part in parts if part))
        digit = _("Key {digit}").format(digit=self.number) if self.number <= MOST_DIGITS else ""
        self.widget.setAccessibleDescription("" if self.verdict else digit)

    def key_box(self) -> int:
        """Edge of the square that carries the digit."""
        return theme().icon(24)

    def restyle(self) -> None:
        """Measure again for the text size in use."""
        self.row.setContentsMargins(16 + self.key_box() + 14, 10, 16, 10)
        self.row.setSpacing(14)
        self.widget.setMinimumHeight(theme().height(52))
        self.widget.update()

    def frame(self) -> tuple[str, str, int]:
        """Fill, outline and its width in the state it is in."""
        if self.verdict in ("right", "wrong"):
            colour = "success" if self.verdict == "right" else "danger"
            return f"{colour}-soft", colour, 2
        if self.widget.isChecked() and not self.verdict:
            return "accent-soft", "accent", 2
        if self.verdict:
            return "raised", "border", 1
        return ("hover" if self.widget.underMouse() else "raised"), "border-strong", 1

    def draw(self) -> None:
        """Paint frame and key box, or the icon of the verdict."""
        fill, line, width = self.frame()
        edge = self.key_box()
        top = (self.widget.height() - edge) / 2
        with painting(self.widget) as painter:
            box(painter, self.widget.rect(), 10, fill=theme().colour(fill), line=theme().colour(line), width=width)
            if self.verdict in ("right", "wrong"):
                name, ink = ("circle-check", "success") if self.verdict == "right" else ("circle-x", "danger")
                size = theme().icon(20)
                draw_icon(painter, name, theme().colour(ink), 16 + (edge - size) / 2, top + (edge - size) / 2, size)
            else:
                self._draw_key(painter, QRectF(16, top, edge, edge))

    def _draw_key(self, painter: QPainter, place: QRectF) -> None:
        chosen = self.widget.isChecked()
        round_corner = place.width() / 2 if isinstance(self.widget, QRadioButton) and chosen else 6
        fill = theme().colour("accent") if chosen else None
        box(painter, place, round_corner, fill=fill, line=theme().colour("accent" if chosen else "border-strong"))
        if chosen:
            size = theme().icon(16)
            inset = (place.width() - size) / 2
            draw_icon(painter, "check", theme().colour("accent-text"), place.x() + inset, place.y() + inset, size)
        elif self.number <= MOST_DIGITS:
            font = theme().font("caption", weight=600)
            text_line(painter, str(self.number), font, theme().colour("muted"), place, align="centre")


class _Box:
    """What both kinds of option share; the button that it is mixed into brings the role and the state."""

    look: _Look

    def _dress(self, option: Option, number: int) -> None:
        self.look = _Look()
        self.look.build(self, option, number)  # type: ignore[arg-type]  # always mixed into a button
        follow(self._restyle)
        on_language(self._retranslate)

    def _restyle(self) -> None:
        self.look.restyle()

    def _retranslate(self) -> None:
        self.look.describe()

    def sizeHint(self) -> QSize:
        return self.look.row.sizeHint()

    def minimumSizeHint(self) -> QSize:
        return self.look.row.minimumSize()

    def hitButton(self, pos: QPoint) -> bool:  # noqa: N802  # Qt's own name
        """The whole box answers, not only the words."""
        return self.look.widget.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        self.look.draw()


class RadioOption(_Box, QRadioButton):
    """An option of which one can be chosen."""

    def __init__(self, option: Option, number: int) -> None:
        super().__init__()
        self._dress(option, number)


class CheckOption(_Box, QCheckBox):
    """An option of which several can be chosen."""

    def __init__(self, option: Option, number: int) -> None:
        super().__init__()
        self._dress(option, number)


class AnswerList(QWidget):
    """All options of a question. `changed` says that the choice is another one; digits answer while it has focus."""

    changed = Signal()

    def __init__(self, options: Sequence[Option | str], *, several: bool = False, name: str = "") -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.options: list[RadioOption | CheckOption] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        kind = CheckOption if several else RadioOption
        for number, option in enumerate(options, 1):
            made = kind(Option(option) if isinstance(option, str) else option, number)
            made.toggled.connect(self._toggled)
            self.options.append(made)
            column.addWidget(made)
        if self.options:
            self.setFocusProxy(self.options[0])

    @property
    def chosen(self) -> list[int]:
        """Places (from 0) of the options that are chosen."""
        return [place for place, option in enumerate(self.options) if option.isChecked()]

    def choose(self, places: Iterable[int]) -> None:
        """Show a choice made earlier, without the signal."""
        wanted = set(places)
        with QSignalBlocker(self):
            for place, option in enumerate(self.options):
                option.setAutoExclusive(False)
                option.setChecked(place in wanted)
                option.setAutoExclusive(isinstance(option, RadioOption))

    def judge(self, verdicts: Sequence[tuple[Verdict, str]]) -> None:
        """Show how each option did, with the word beside it; no option can be changed until `unlock`."""
        for option, (verdict, said) in zip(self.options, verdicts, strict=True):
            option.look.judge(verdict, said)

    def unlock(self) -> None:
        """Take all verdicts away for a new try."""
        for option in self.options:
            option.look.judge("", "")

    def press_digit(self, digit: int) -> bool:
        """Choose the option with this digit as a click would; False when there is none or it is locked."""
        if not 1 <= digit <= min(len(self.options), MOST_DIGITS) or not self.options[digit - 1].isEnabled():
            return False
        self.options[digit - 1].setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.options[digit - 1].click()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit = digit_of(event)
        if digit is not None and self.press_digit(digit):
            event.accept()
            return
        super().keyPressEvent(event)

    def _toggled(self, checked: bool) -> None:  # noqa: FBT001  # what Qt hands over
        for option in self.options:
            option.update()
        if checked or isinstance(self.sender(), CheckOption):
            self.changed.emit()

"""F1: what every key does."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QGridLayout, QVBoxLayout, QWidget

from spoc_desktop.i18n import _
from spoc_desktop.ui.keymap import KEYMAP, Binding, key_name
from spoc_desktop.ui.theme import theme
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.sheet import Scroll
from spoc_desktop.ui.widgets.text import Text


class KeysDialog(QDialog):
    """The key map as a list of key and sentence."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Keys"))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(16)
        column.addWidget(Text(_("Keys"), "lead"))
        column.addWidget(Scroll(_table()), 1)
        close = Button(_("Close"))
        close.clicked.connect(self.accept)
        column.addWidget(close)
        self.resize(theme().text_px(460), theme().text_px(560))


def _table() -> QWidget:
    holder = QWidget()
    grid = QGridLayout(holder)
    grid.setContentsMargins(0, 0, 8, 0)
    grid.setColumnStretch(1, 1)
    for line, binding in enumerate(KEYMAP):
        grid.addWidget(Text(key_name(binding.action), "mono"), line, 0)
        grid.addWidget(Text(words_of(binding), wrap=True), line, 1)
    return holder


def words_of(binding: Binding) -> str:
    """What a key does, and where it does so when not everywhere."""
    if binding.scope == "question":
        return _("{words} (inside a question)").format(words=binding.words())
    if binding.scope == "review":
        return _("{words} (while reviewing)").format(words=binding.words())
    if binding.scope == "reading":
        return _("{words} (in a lesson or a video)").format(words=binding.words())
    return binding.words()

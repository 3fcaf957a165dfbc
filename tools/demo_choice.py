"""The one question of the demonstration: as whom to look at the program."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from PySide6.QtWidgets import QApplication, QDialog, QVBoxLayout

from spoc_desktop.i18n import language
from spoc_desktop.ui import theme
from spoc_desktop.ui.ending import EndOnSignal
from spoc_desktop.ui.language import set_language
from spoc_desktop.ui.memory import ShortMemory
from spoc_desktop.ui.start import chosen_language
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.text import Text

_WORDS = {
    "fr": {
        "title": "Qui voulez-vous être ?",
        "detail": "Une session d’exemple vous attend, avec une formatrice et douze apprenants. "
        "Tout reste sur cet ordinateur et s’efface à la fin.",
        "learner": "{name}, apprenante",
        "trainer": "{name}, formatrice",
    },
    "en": {
        "title": "Who would you like to be?",
        "detail": "A sample session is waiting for you, with a trainer and twelve learners. "
        "Everything stays on this computer and goes at the end.",
        "learner": "{name}, learner",
        "trainer": "{name}, trainer",
    },
}


def ask(people: Mapping[str, str]) -> str:
    """The key of the person who was chosen, empty when the window was closed."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    if not isinstance(app, QApplication):
        raise TypeError("an application without windows is running")
    theme.install(app)
    set_language(chosen_language(ShortMemory()))
    dialog = Choice(people)
    ending = EndOnSignal(app)
    try:
        dialog.exec()
    finally:
        ending.close()
    return dialog.chosen


class Choice(QDialog):
    """Two buttons, one a person."""

    def __init__(self, people: Mapping[str, str]) -> None:
        super().__init__()
        self.chosen = ""
        self.setWindowTitle("SPOC Desktop")
        words = _WORDS[language()]
        column = QVBoxLayout(self)
        column.setContentsMargins(40, 32, 40, 40)
        column.setSpacing(12)
        column.addWidget(Text(words["title"], "title", wrap=True))
        column.addWidget(Text(words["detail"], "body", "muted", wrap=True))
        column.addSpacing(12)
        for key, name in people.items():
            button = Button(words[key].format(name=name), "primary" if key == "learner" else "plain", size="large")
            button.fill_width()
            button.clicked.connect(lambda _checked=False, key=key: self._choose(key))
            column.addWidget(button)
        self.setMinimumWidth(440)

    def _choose(self, key: str) -> None:
        self.chosen = key
        self.accept()

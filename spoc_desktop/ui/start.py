"""From nothing to the first paint: Qt, fonts, theme, language, window. The application says what comes after."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication

from spoc_desktop.i18n import LANGUAGES
from spoc_desktop.ui import theme
from spoc_desktop.ui.ending import EndOnSignal
from spoc_desktop.ui.language import set_language, system_language
from spoc_desktop.ui.memory import Memory
from spoc_desktop.ui.settings_menu import remembered_appearance
from spoc_desktop.ui.shell import Beginning, Shell
from spoc_desktop.ui.single_instance import FirstInstance, show_first


def run(beginning: Beginning, folder: Path, memory: Memory, painted: Callable[[], None] | None = None) -> int:
    """Show the window and run until it is closed; 0 at once where a first start of this folder came to the front.

    `painted` is called once, after the first paint.
    """
    app = QApplication(sys.argv[:1])
    app.setApplicationName("SPOC Desktop")
    if show_first(folder):
        return 0
    first = FirstInstance(folder)
    theme.install(app, remembered_appearance(memory))
    set_language(chosen_language(memory))
    shell = Shell(beginning, memory)
    first.shown.connect(shell.to_front)
    if painted is not None:
        shell.painted.connect(painted)
    ending = EndOnSignal(app)
    shell.show()
    try:
        return app.exec()
    finally:
        ending.close()
        first.close()
        shell.close()


def chosen_language(memory: Memory) -> str:
    """The language kept on this computer, else the system's where the program speaks it, else French."""
    kept = memory.get("language")
    wanted = kept if isinstance(kept, str) else system_language()
    return wanted if wanted in LANGUAGES else "fr"

"""The menu of the person: language, colours, text size, motion, typeface, keys, signing out."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from spoc_desktop.i18n import LANGUAGES, _, language, percent
from spoc_desktop.ui.language import set_language
from spoc_desktop.ui.memory import Memory
from spoc_desktop.ui.theme import Appearance, theme

SIZES = (1.0, 1.15, 1.3, 1.5, 1.75, 2.0)


def remembered_appearance(memory: Memory) -> Appearance:
    """The appearance kept at the last start; whatever is not readable falls back to the system's."""
    kept = memory.get("appearance")
    if not isinstance(kept, dict):
        return Appearance()
    mode, scale = kept.get("mode"), kept.get("scale")
    motion = kept.get("motion")
    return Appearance(
        mode=mode if isinstance(mode, str) else "system",
        scale=float(scale) if isinstance(scale, int | float) and 1.0 <= scale <= 2.0 else 1.0,
        sans=kept.get("sans") is True,
        motion=motion if isinstance(motion, bool) else None,
    )


class SettingsMenu(QObject):
    """Changes the theme and the language, and keeps what was chosen."""

    ahead_wanted = Signal()
    keys_wanted = Signal()
    sign_out_wanted = Signal()

    def __init__(self, window: QWidget, memory: Memory) -> None:
        super().__init__(window)
        self._window = window
        self._memory = memory

    def larger(self) -> None:
        """One step more of text size."""
        theme().larger()
        self._keep()

    def smaller(self) -> None:
        """One step less of text size."""
        theme().smaller()
        self._keep()

    def toggle_contrast(self) -> None:
        """High contrast on or off."""
        theme().toggle_contrast()
        self._keep()

    def change(self, **changes: object) -> None:
        """Change the appearance (see `Theme.set`) and keep it."""
        theme().set(**changes)
        self._keep()

    def speak(self, code: str) -> None:
        """Change the language and keep it."""
        set_language(code)
        self._memory.set("language", code)

    def _keep(self) -> None:
        chosen = theme().appearance
        kept = {"mode": chosen.mode, "scale": chosen.scale, "sans": chosen.sans, "motion": chosen.motion}
        self._memory.set("appearance", kept)

    def open_at(self, person: QWidget) -> None:
        """Show the menu at the person's name."""
        self.build().popup(person.mapToGlobal(person.rect().topLeft()))

    def build(self) -> QMenu:
        """The menu with the marks of what is in force."""
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chosen = theme().appearance
        _choices(menu.addMenu(_("Language")), LANGUAGES, language(), self.speak)
        _choices(menu.addMenu(_("Colours")), _modes(), chosen.mode, lambda mode: self.change(mode=mode))
        sizes = {str(size): percent(size) for size in SIZES}
        _choices(menu.addMenu(_("Text size")), sizes, str(chosen.scale), lambda size: self.change(scale=float(size)))
        _switch(menu, _("Reading without serifs"), lambda on: self.change(sans=on), on=chosen.sans)
        _switch(menu, _("Reduce motion"), lambda on: self.change(motion=not on), on=theme().reduced_motion)
        menu.addSeparator()
        menu.addAction(_("Files ahead of time")).triggered.connect(self.ahead_wanted)
        menu.addAction(_("Keys")).triggered.connect(self.keys_wanted)
        menu.addAction(_("Sign out")).triggered.connect(self.sign_out_wanted)
        return menu


def _modes() -> dict[str, str]:
    return {
        "system": _("Like the system"),
        "light": _("Light"),
        "dark": _("Dark"),
        "contrastLight": _("High contrast, light"),
        "contrast": _("High contrast, dark"),
    }


def _choices(menu: QMenu, words: Mapping[str, str], current: str, chosen: Callable[[str], None]) -> None:
    group = QActionGroup(menu)
    for key, text in words.items():
        action = menu.addAction(text)
        action.setCheckable(True)
        action.setChecked(key == current)
        group.addAction(action)
        action.triggered.connect(lambda _checked=False, key=key: chosen(key))


def _switch(menu: QMenu, text: str, chosen: Callable[[bool], None], *, on: bool) -> None:
    action = menu.addAction(text)
    action.setCheckable(True)
    action.setChecked(on)
    action.toggled.connect(chosen)

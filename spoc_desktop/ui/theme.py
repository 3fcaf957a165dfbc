"""The theme in use: which colours, how large the text, whether things move; and the change of all that while running.

Widgets ask `theme()` while they draw and connect to `changed` for what they measure beforehand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from spoc_desktop.ui import fonts
from spoc_desktop.ui.assets import asset
from spoc_desktop.ui.stylesheet import stylesheet
from spoc_desktop.ui.tokens import Tokens, TypeRole, read_tokens

SMALLEST, LARGEST, STEP = 1.0, 2.0, 0.1
"""Limits and step of the text-size setting."""


@dataclass(frozen=True, slots=True)
class Appearance:
    """What the person chose. `mode` is a theme's name or "system"; `motion` None follows the system."""

    mode: str = "system"
    scale: float = 1.0
    sans: bool = False
    motion: bool | None = None


class Theme(QObject):
    """Colours, fonts and sizes in use now."""

    changed = Signal()

    def __init__(self, app: QApplication, appearance: Appearance | None = None) -> None:
        super().__init__(app)
        self._app = app
        self.tokens: Tokens = read_tokens(asset("themes", "tokens.json"))
        self.appearance = appearance or Appearance()
        self.name = "light"
        self._colours: dict[str, QColor] = {}
        hints = app.styleHints()
        hints.colorSchemeChanged.connect(self._system_changed)
        hints.accessibility().contrastPreferenceChanged.connect(self._system_changed)
        self._apply()

    # -- what widgets ask for

    @property
    def dark(self) -> bool:
        """Whether text is light on dark."""
        return self.name in ("dark", "contrast")

    @property
    def high_contrast(self) -> bool:
        """Whether one of the two high-contrast themes is in use."""
        return self.name.startswith("contrast")

    @property
    def scale(self) -> float:
        """Text-size factor, 1.0 to 2.0."""
        return self.appearance.scale

    def colour(self, role: str) -> QColor:
        """Colour of a role of `tokens.json`, as "accent" or "human-soft"."""
        return QColor(self._colours[role])

    def chart(self) -> list[QColor]:
        """Colours of the series of a chart, in order."""
        return [QColor(value) for value in self.tokens.charts[self.name]]

    def font(self, role: str, *, weight: int | None = None, italic: bool = False) -> QFont:
        """Font of a text role ("body", "title", "lesson"…) at the text size in use."""
        kind = self.type(role)
        family = self.tokens.families["ui" if kind.family == "course" and self.appearance.sans else kind.family]
        tracking = kind.tracking * self.scale
        return fonts.font(
            family, round(kind.size * self.scale), weight or kind.weight, italic=italic, tracking=tracking
        )

    def type(self, role: str) -> TypeRole:
        """The text role as it is written in the tokens, at 100 %."""
        return self.tokens.roles[role]

    def line(self, role: str) -> int:
        """Line height of a text role in px at the text size in use."""
        return round(self.type(role).line * self.scale)

    def text_px(self, at_100: float) -> int:
        """A length that grows with the text, as the width of a reading column."""
        return round(at_100 * self.scale)

    def height(self, at_100: int) -> int:
        """Height of a control that holds one line of text: grows with the line, not with its padding."""
        return round(at_100 + 20 * (self.scale - 1))

    def icon(self, at_100: int = 20) -> int:
        """Edge of an icon: grows with the text, at most to 160 %."""
        return round(at_100 * min(self.scale, 1.6))

    def duration(self, motion: str) -> int:
        """Length of a movement in ms ("press", "appear", "move", "strip-fill"); 0 when motion is reduced."""
        return 0 if self.reduced_motion else self.tokens.motion[motion]

    @property
    def reduced_motion(self) -> bool:
        """Whether nothing may move: the person's setting, else the system's."""
        if self.appearance.motion is not None:
            return not self.appearance.motion
        preference = self._app.styleHints().accessibility().motionPreference()
        return preference == Qt.MotionPreference.ReducedMotion

    # -- what the person changes

    def set(self, **changes: object) -> None:
        """Change parts of the appearance (mode, scale, sans, motion) and restyle everything that is open."""
        wanted = replace(self.appearance, **changes)  # type: ignore[arg-type]  # names are checked by the dataclass
        scale = min(LARGEST, max(SMALLEST, round(wanted.scale, 2)))
        self.appearance = replace(wanted, scale=scale)
        self._apply()

    def larger(self) -> None:
        """One step more of text size."""
        self.set(scale=self.scale + STEP)

    def smaller(self) -> None:
        """One step less of text size."""
        self.set(scale=self.scale - STEP)

    def toggle_contrast(self) -> None:
        """Into high contrast of the same lightness, or back to what the system says."""
        self.set(mode="system" if self.high_contrast else ("contrast" if self.dark else "contrastLight"))

    def _system_changed(self, *_arguments: object) -> None:
        if self.appearance.mode == "system":
            self._apply()

    def _system_theme(self) -> str:
        hints = self._app.styleHints()
        dark = hints.colorScheme() == Qt.ColorScheme.Dark
        if hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast:
            return "contrast" if dark else "contrastLight"
        return "dark" if dark else "light"

    def _apply(self) -> None:
        mode = self.appearance.mode
        self.name = mode if mode in self.tokens.colours else self._system_theme()
        self._colours = {role: QColor(value) for role, value in self.tokens.colours[self.name].items()}
        self._app.setPalette(palette(self._colours))
        self._app.setFont(self.font("body"))
        self._app.setStyleSheet(stylesheet(self.tokens.colours[self.name], self.tokens, self.scale))
        self.changed.emit()


def palette(colours: dict[str, QColor]) -> QPalette:
    """A full palette for all stock widgets, so that nothing falls back to colours of the system."""
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    made = QPalette()
    pairs = {
        role.Window: "background",
        role.WindowText: "text",
        role.Base: "raised",
        role.AlternateBase: "sunken",
        role.Text: "text",
        role.Button: "surface",
        role.ButtonText: "text",
        role.BrightText: "danger-text",
        role.Highlight: "selection",
        role.HighlightedText: "selection-text",
        role.Link: "accent",
        role.LinkVisited: "accent",
        role.ToolTipBase: "raised",
        role.ToolTipText: "text",
        role.PlaceholderText: "muted",
        role.Light: "raised",
        role.Midlight: "hover",
        role.Mid: "border",
        role.Dark: "border-strong",
        role.Shadow: "border-strong",
        role.Accent: "accent",
    }
    for target, source in pairs.items():
        made.setColor(target, colours[source])
    for target in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        made.setColor(group.Disabled, target, colours["disabled"])
    return made


_installed: list[Theme] = []


def install(app: QApplication, appearance: Appearance | None = None) -> Theme:
    """Load the fonts and dress the application; once, before the first widget."""
    app.setStyle("Fusion")
    fonts.load_fonts()
    _installed[:] = [Theme(app, appearance)]
    return _installed[0]


def theme() -> Theme:
    """The theme in use; `install` comes first."""
    if not _installed:
        raise RuntimeError("spoc_desktop.ui.theme.install(app) comes before the first widget")
    return _installed[0]


def follow(restyle: Callable[[], None]) -> None:
    """Call a widget's bound method now and at each change of theme or text size, until the widget is gone."""
    theme().changed.connect(restyle)
    restyle()

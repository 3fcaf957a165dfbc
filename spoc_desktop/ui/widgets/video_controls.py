"""The row under a film: play, ten seconds back and on, the moment; speed, captions, sound, full screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QPaintEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from spoc_desktop.i18n import _, number, percent
from spoc_desktop.ui.icons import draw_icon
from spoc_desktop.ui.painting import box, painting
from spoc_desktop.ui.player.film import JUMP_MS, SPEEDS, Film
from spoc_desktop.ui.theme import follow, theme
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.flow import flow, row
from spoc_desktop.ui.widgets.icon_button import IconButton
from spoc_desktop.ui.widgets.text import Span, Text
from spoc_desktop.ui.widgets.video_slider import timecode

_VOLUMES = (1.0, 0.75, 0.5, 0.25, 0.0)


def language_name(tag: str) -> str:
    """A language of captions in the words of the reader; one that we have no word for keeps its tag."""
    names = {
        "fr": _("French"),
        "en": _("English"),
        "de": _("German"),
        "es": _("Spanish"),
        "it": _("Italian"),
        "pt": _("Portuguese"),
    }
    return names.get(tag.split("-", maxsplit=1)[0].lower(), tag)


def speed_word(rate: float) -> str:
    """As "1,25 ×"."""
    return f"{number(rate, 2).rstrip('0').rstrip(',.')}\u00a0×"


class PlayButton(QPushButton):
    """The one filled button: play or pause."""

    def __init__(self) -> None:
        super().__init__()
        self._icon = "play"
        self.setObjectName("play")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        follow(self._restyle)

    def show_state(self, *, playing: bool) -> None:
        """Say what a click does."""
        self._icon = "pause" if playing else "play"
        self.setAccessibleName(_("Pause") if playing else _("Play"))
        self.setToolTip(self.accessibleName())
        self.update()

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        height = theme().height(theme().tokens.control["height"])
        return QSize(round(height * 44 / 36), height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        size = theme().icon(20)
        fill = "sunken" if not self.isEnabled() else "accent-hover" if self.underMouse() else "accent"
        ink = theme().colour("accent-text" if self.isEnabled() else "disabled")
        with painting(self) as painter:
            box(painter, self.rect(), 8, fill=theme().colour(fill))
            draw_icon(painter, self._icon, ink, (self.width() - size) / 2, (self.height() - size) / 2, size)


class VideoControls(QWidget):
    """Follows a film; `full_screen` is what the last button does."""

    def __init__(self, film: Film, full_screen: Callable[[], None]) -> None:
        super().__init__()
        self._film = film
        self.play = PlayButton()
        self.play.clicked.connect(film.toggle)
        self._back = self._icon_button("rotate-ccw", _("Ten seconds back"), "back_ten", lambda: film.jump(-JUMP_MS))
        self._on = self._icon_button("rotate-cw", _("Ten seconds on"), "on_ten", lambda: film.jump(JUMP_MS))
        self._time = Text("", "body")
        self.speed = Button("", "quiet", size="normal")
        self.speed.setObjectName("speed")
        self.speed.clicked.connect(lambda: self._choose(self.speed, self.speeds()))
        self.captions = Button("", "quiet", "captions")
        self.captions.setObjectName("captions")
        self.captions.clicked.connect(lambda: self._choose(self.captions, self.languages()))
        self._sound = self._icon_button("volume-2", _("Volume"), "volume", self._choose_volume)
        self._full = self._icon_button("maximize", _("Full screen"), "full_screen", full_screen)
        left = row(self.play, self._back, self._on, self._time, gap=4)
        right = row(self.speed, self.captions, self._sound, self._full, gap=4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(flow(left, right, spread=True))
        film.changed.connect(self._follow)
        film.moved.connect(self._show_moment)
        self._follow()

    @staticmethod
    def _icon_button(icon: str, word: str, name: str, do: Callable[[], object]) -> IconButton:
        made = IconButton(icon, word)
        made.setObjectName(name)
        made.clicked.connect(do)
        return made

    def _follow(self) -> None:
        film = self._film
        self.play.show_state(playing=film.playing)
        for part in (self.play, self._back, self._on, self._full):
            part.setEnabled(film.loaded and not film.trouble)
        self.speed.setText(speed_word(film.rate))
        self.speed.setAccessibleName(_("{speed}, speed").format(speed=speed_word(film.rate)))
        chosen = language_name(film.language) if film.language else _("No captions")
        self.captions.setText(chosen)
        self.captions.setAccessibleName(_("{language}, captions").format(language=chosen))
        self.captions.setVisible(bool(film.tracks))
        said = percent(film.volume) if film.volume else _("No sound")
        self._sound.say(_("Volume: {volume}").format(volume=said))
        self._show_moment(film.moment)

    def _show_moment(self, moment: int) -> None:
        now, length = timecode(moment), timecode(self._film.milliseconds)
        self._time.say([Span(now, None, "text"), Span(f" / {length}", None, "muted")])

    # -- choices

    def speeds(self) -> list[tuple[str, bool, Callable[[], None]]]:
        """Each speed: its word, whether it is the present one, what a click does."""
        film = self._film
        return [(speed_word(rate), rate == film.rate, lambda rate=rate: film.set_rate(rate)) for rate in SPEEDS]  # type: ignore[misc]

    def languages(self) -> list[tuple[str, bool, Callable[[], None]]]:
        """Each language of the captions, and none."""
        film = self._film
        tags = [track.language for track in film.tracks]
        named = [(language_name(tag), tag) for tag in tags] + [(_("No captions"), "")]
        return [(word, tag == film.language, lambda tag=tag: film.set_language(tag)) for word, tag in named]  # type: ignore[misc]

    def _choose_volume(self) -> None:
        film = self._film
        named = [(percent(volume) if volume else _("No sound"), volume) for volume in _VOLUMES]
        self._choose(
            self._sound,
            [(word, volume == film.volume, lambda volume=volume: film.set_volume(volume)) for word, volume in named],  # type: ignore[misc]
        )

    def _choose(self, button: QWidget, choices: Sequence[tuple[str, bool, Callable[[], None]]]) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for word, current, do in choices:
            action = QAction(word, menu)
            action.setCheckable(True)
            action.setChecked(current)
            action.triggered.connect(do)
            menu.addAction(action)
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

"""A film with its controls: picture, réglette, row of buttons; the same again over the whole screen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from spoc_desktop.i18n import _
from spoc_desktop.ui.player.film import JUMP_MS, Film
from spoc_desktop.ui.widgets.video_controls import VideoControls
from spoc_desktop.ui.widgets.video_screen import VideoScreen
from spoc_desktop.ui.widgets.video_slider import VideoSlider
from sync.domain.videos import Chapter

_JUMPS = {Qt.Key.Key_J: -JUMP_MS, Qt.Key.Key_L: JUMP_MS}
_PLAY = (
    Qt.Key.Key_Space,
    Qt.Key.Key_K,
    Qt.Key.Key_MediaPlay,
    Qt.Key.Key_MediaPause,
    Qt.Key.Key_MediaTogglePlayPause,
)


class VideoPlayer(QWidget):
    """Keys while the focus is inside: Space and the media keys play or pause, J and L jump ten seconds, F fills."""

    def __init__(self, film: Film, chapters: Sequence[Chapter], *, fills: bool = False) -> None:
        super().__init__()
        self._film = film
        self._chapters = tuple(chapters)
        self._fills = fills
        self.screen_view = VideoScreen(fills=fills)
        self.screen_view.clicked.connect(self._clicked)
        self.slider = VideoSlider(film.milliseconds, chapters)
        self.slider.setObjectName("video_place")
        self.slider.wanted.connect(film.seek)
        self.controls = VideoControls(film, self.full_screen)
        column = QVBoxLayout(self)
        column.setContentsMargins(*((16, 16, 16, 16) if fills else (0, 0, 0, 0)))
        column.setSpacing(12)
        column.addWidget(self.screen_view, 1 if fills else 0)
        column.addWidget(self.slider)
        column.addWidget(self.controls)
        film.pictured.connect(self._show_picture)
        film.moved.connect(self._show_moment)
        film.changed.connect(self._follow)
        self._show_picture()
        self._show_moment(film.moment)
        self._follow()

    def full_screen(self) -> None:
        """Fill the screen, or come back from there."""
        window = self.window()
        if self._fills and isinstance(window, QDialog):
            window.reject()
            return
        FullScreen(self._film, self._chapters, self).showFullScreen()

    def say(self, message: str) -> None:
        """What stands in the place of the picture."""
        self.screen_view.show_message(message)

    def _clicked(self) -> None:
        self.controls.play.setFocus(Qt.FocusReason.MouseFocusReason)
        self._film.toggle()

    def _show_picture(self) -> None:
        self.screen_view.show_image(self._film.picture)

    def _show_moment(self, moment: int) -> None:
        self.slider.show_moment(moment)
        self.screen_view.show_caption(self._film.caption())

    def _follow(self) -> None:
        self.screen_view.show_caption(self._film.caption())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif key in _PLAY:
            self._film.toggle()
        elif key in _JUMPS:
            self._film.jump(_JUMPS[key])
        elif key == Qt.Key.Key_F:
            self.full_screen()
        else:
            super().keyPressEvent(event)


class FullScreen(QDialog):
    """Esc, F and its own button come back."""

    def __init__(self, film: Film, chapters: Sequence[Chapter], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Video"))
        self.player = VideoPlayer(film, chapters, fills=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.player)
        self.player.controls.play.setFocus(Qt.FocusReason.OtherFocusReason)

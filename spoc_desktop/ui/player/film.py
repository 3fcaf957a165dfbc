"""One film that is being watched: play, pause, jump, speed, sound, captions; its pictures as they come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QLoggingCategory, QObject, QTimer, Signal
from PySide6.QtGui import QImage

from spoc_desktop.i18n import language
from spoc_desktop.services.videos import Track, cue_at
from spoc_desktop.ui.player.memory_file import MemoryFile

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QMediaPlayer

SPEEDS = (0.75, 1.0, 1.25, 1.5, 1.75, 2.0)
JUMP_MS = 10_000
_TICK_MS, _IDLE_MS = 33, 120
_QUIET = "\n".join(f"qt.multimedia.*.{level}=false" for level in ("debug", "info", "warning"))
"""What the player says of sound cards and drivers that are not there is nothing that a person could act on."""


class Film(QObject):
    """`moved`: another moment (ms). `changed`: playing, speed, sound, captions or trouble. `pictured`: a new picture.

    The player is asked at intervals: its signals come from threads that must not wait for Python (`memory_file`).
    `trouble`: "" while all is well, "missing" without QtMultimedia, "unreadable" for a file that it cannot play.
    """

    moved = Signal(int)
    changed = Signal()
    pictured = Signal()

    def __init__(self, milliseconds: int, tracks: Sequence[Track], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.milliseconds = max(1, milliseconds)
        self.tracks = tuple(track for track in tracks if track.cues)
        self.language = _first_choice(self.tracks)
        self.moment = 0
        self.playing = False
        self.rate = 1.0
        self.volume = 1.0
        self.trouble = ""
        self.picture: QImage | None = None
        self._file: MemoryFile | None = None
        self._player: QMediaPlayer | None = None
        self._wanted: int | None = None
        self._shown = -1
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)

    # -- opening and closing

    @property
    def loaded(self) -> bool:
        """Whether there is something to play."""
        return self._player is not None

    def load(self, content: bytes, moment: int) -> None:
        """Take the film from memory and stand still at a moment."""
        self.close()
        self.moment = moment
        player = self._make()
        if player is None:
            return
        self._file = MemoryFile(content)
        self._player = player
        self._wanted = moment
        player.setSource(self._file.url)
        player.pause()
        self._timer.start(_IDLE_MS)
        self.changed.emit()

    def _make(self) -> QMediaPlayer | None:
        QLoggingCategory.setFilterRules(_QUIET)
        try:
            from PySide6.QtMultimedia import QAudioOutput, QMediaPlayer, QVideoSink
        except ImportError:
            self._fail("missing")
            return None
        player = QMediaPlayer(self)
        if not player.isAvailable():
            player.deleteLater()
            self._fail("missing")
            return None
        player.setVideoOutput(QVideoSink(player))
        player.setAudioOutput(QAudioOutput(player))
        return player

    def _fail(self, trouble: str) -> None:
        self.trouble = trouble
        self.changed.emit()

    def close(self) -> None:
        """Stop, and let go of the bytes; the moment and what was chosen stay."""
        self._timer.stop()
        self.playing = False
        player, self._player = self._player, None
        file, self._file = self._file, None
        if player is not None:
            # Stopping waits for threads of the player, which may wait for Python's lock: only the event loop, which
            # does not hold it, may destroy the player. The bytes go after it.
            player.destroyed.connect(_closer(file))
            player.deleteLater()
        self._shown = -1

    # -- what a person does

    def toggle(self) -> None:
        """Play or stand still."""
        if self.playing:
            self.pause()
        else:
            self.play()

    def play(self) -> None:
        """Go on; from the beginning again when it is over."""
        if self._player is None or self.trouble:
            return
        if self.moment >= self.milliseconds - 200:
            self.seek(0)
        self.playing = True
        self._player.setPlaybackRate(self.rate)
        self._player.play()
        self._timer.start(_TICK_MS)
        self.changed.emit()

    def pause(self) -> None:
        """Stand still."""
        if self._player is not None and self.playing:
            self._player.pause()
            self.look()
            self.playing = False
            self._timer.start(_IDLE_MS)
            self.changed.emit()

    def seek(self, moment: int) -> None:
        """Jump to a moment."""
        self.moment = max(0, min(moment, self.milliseconds))
        self._wanted = self.moment
        self._obey()
        self.moved.emit(self.moment)

    def jump(self, milliseconds: int) -> None:
        """Jump forward, or backward for a negative length."""
        self.seek(self.moment + milliseconds)

    def set_rate(self, rate: float) -> None:
        """Play at another speed, 1.0 being the film's own."""
        self.rate = rate
        if self._player is not None:
            self._player.setPlaybackRate(rate)
        self.changed.emit()

    def set_volume(self, volume: float) -> None:
        """From 0 (no sound) to 1."""
        self.volume = max(0.0, min(1.0, volume))
        output = self._player.audioOutput() if self._player is not None else None
        if output is not None:
            output.setVolume(self.volume)
        self.changed.emit()

    def set_language(self, language: str) -> None:
        """Show the captions of a language, "" for none."""
        self.language = language
        self.changed.emit()

    # -- what it shows

    @property
    def track(self) -> Track | None:
        """The captions that were chosen."""
        return next((track for track in self.tracks if track.language == self.language), None)

    def caption(self) -> str:
        """What is said now."""
        track = self.track
        number = cue_at(track.cues, self.moment) if track is not None else None
        return track.cues[number].text if track is not None and number is not None else ""

    def look(self) -> None:
        """Ask the player where it is and what it shows."""
        player = self._player
        if player is None:
            return
        if player.error() != player.Error.NoError:
            self.close()
            self._fail("unreadable")
            return
        self._obey()
        self._take_picture(player)
        if self._wanted is not None or not self.playing:
            return
        is_over = player.mediaStatus() == player.MediaStatus.EndOfMedia
        moment = self.milliseconds if is_over else min(player.position(), self.milliseconds)
        if moment != self.moment:
            self.moment = moment
            self.moved.emit(moment)
        if is_over:
            self.playing = False
            self._timer.start(_IDLE_MS)
            self.changed.emit()

    def _obey(self) -> None:
        """Jump as soon as the film is open: before, the player forgets what it was asked."""
        player = self._player
        if player is None or self._wanted is None:
            return
        states = player.MediaStatus
        if player.mediaStatus() in (states.LoadedMedia, states.BufferingMedia, states.BufferedMedia, states.EndOfMedia):
            # At its very end the player would close the film and show nothing.
            player.setPosition(min(self._wanted, max(0, player.duration() - 100)))
            if not self.playing:
                player.pause()
            self._wanted = None

    def _take_picture(self, player: QMediaPlayer) -> None:
        frame = player.videoSink().videoFrame()
        if not frame.isValid() or frame.startTime() == self._shown:
            return
        image = frame.toImage()
        if not image.isNull():
            self._shown = frame.startTime()
            self.picture = image
            self.pictured.emit()


def _first_choice(tracks: Sequence[Track]) -> str:
    """The captions in the language of the program, else the first ones."""
    spoken = [track.language for track in tracks if track.language.split("-", maxsplit=1)[0].lower() == language()]
    return (spoken or [track.language for track in tracks] or [""])[0]


def _closer(file: MemoryFile | None) -> Callable[[], None]:
    """What is left to do when the player is gone; holds the bytes until then."""

    def close() -> None:
        if file is not None:
            file.close()

    return close

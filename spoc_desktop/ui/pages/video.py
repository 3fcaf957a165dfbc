"""A video: watched from the encrypted store, resumed where the person stopped, its transcript in the margin."""

from __future__ import annotations

from collections.abc import Mapping
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent

from spoc_desktop.i18n import _, duration
from spoc_desktop.services.videos import VideoPage as Found
from spoc_desktop.services.videos import WatchLog
from spoc_desktop.ui.accessible import announce
from spoc_desktop.ui.keymap import keys_of
from spoc_desktop.ui.links import ask_to_open
from spoc_desktop.ui.page import Crumb, Place
from spoc_desktop.ui.pages.absent_files import AbsentFiles
from spoc_desktop.ui.pages.lesson_files import LessonFiles
from spoc_desktop.ui.pages.loaded import LoadedPage
from spoc_desktop.ui.pages.standing import route_of
from spoc_desktop.ui.pages.video_margin import VideoMargin
from spoc_desktop.ui.player.film import Film
from spoc_desktop.ui.theme import theme
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.callout import Callout
from spoc_desktop.ui.widgets.text import Text
from spoc_desktop.ui.widgets.video_chapters import VideoChapters
from spoc_desktop.ui.widgets.video_player import VideoPlayer
from sync.client.ports import Changes
from sync.domain.courses import EDITION
from sync.domain.videos import parts_of

if TYPE_CHECKING:
    from spoc_desktop.services.workplace import Workplace
    from spoc_desktop.ui.page import Frame

KEEP_MS = 5_000
"""While it plays, the place is kept so often: a crash costs no more."""


class VideoPage(LoadedPage[Found]):
    """The film belongs to the page; what shows it is drawn anew with the page."""

    concerns: ClassVar[frozenset[int]] = frozenset({EDITION.number})

    def __init__(self, frame: Frame, workplace: Workplace) -> None:
        super().__init__(frame, workplace)
        self.film: Film | None = None
        self.player: VideoPlayer | None = None
        self.beside: VideoMargin | None = None
        self._files = LessonFiles(self)
        self._log: WatchLog | None = None
        self._shown: tuple[bytes, bytes] | None = None
        self._kept = -1
        self._follows = True
        self._keeping = QTimer(self)
        self._keeping.setInterval(KEEP_MS)
        self._keeping.timeout.connect(self.keep_place)
        for key in keys_of("note"):
            QShortcut(QKeySequence(key), self).activated.connect(self._note)

    # -- reading

    def read(self, params: Mapping[str, Any]) -> Found:
        return self.workplace.videos.page(params["cohort_id"], params["activity_id"])

    def refresh(self, changes: Changes) -> None:  # type: ignore[override]  # the window hands over what services gave it
        found = self.found
        if found is not None:
            wanted = {found.video.file.sha256, *(captions.file.sha256 for captions in found.video.captions)}
            if changes.files & wanted or self._files.arrived(changes):
                self.reload()
                return
        super().refresh(changes)

    def arrived(self, found: Found) -> None:
        tracks = [track for track in found.tracks if track.cues]
        film = self.film
        same = self._shown == (found.activity_id, found.edition_id) and film is not None
        if film is None or not same or len(tracks) != len(film.tracks):
            moment = film.moment if film is not None and same else found.moment
            self._take_film(found, moment)
        elif self._log is not None:
            self._log.learn(found.watched)
        if found.here and self.film is not None and not self.film.loaded and not self.film.trouble:
            film = self.film
            self.frame.workers.run(
                lambda: self.workplace.videos.content(found),
                lambda content: self._load(film, content),
                self.fail,
                owner=self,
            )

    def _take_film(self, found: Found, moment: int) -> None:
        if self.film is not None:
            self.film.close()
            self.film.deleteLater()
        self.film = Film(found.video.milliseconds, found.tracks, self)
        self.film.moment = moment
        self.film.moved.connect(self._moved)
        self.film.changed.connect(self._film_changed)
        self._log = WatchLog(found.video, found.watched)
        self._shown = (found.activity_id, found.edition_id)
        self._kept = moment

    def _load(self, film: Film, content: bytes | None) -> None:
        if film is self.film and content is not None and self.isVisible():
            film.load(content, film.moment)

    # -- drawing

    def redraw(self) -> None:
        if self.beside is not None:
            self.beside.flush()
            self._follows = self.beside.follows
            self.beside = None
        self.player = None
        super().redraw()

    def show_found(self, found: Found) -> None:
        film = self.film
        if film is None:
            return
        self.set_crumbs(
            Crumb(_("My courses"), "courses"),
            Crumb(_("Week {week}").format(week=found.module.week), "course", {"cohort_id": found.cohort_id}),
            Crumb(_("Video")),
        )
        kicker = Text(
            " · ".join((found.module.title, _("Video"), duration(found.minutes))), "small", "muted", wrap=True
        )
        kicker.set_weight(500)
        self.main.add(kicker)
        self.main.add(Text(found.title, "title", wrap=True), 4)
        self._show_trouble(found, film)
        self.player = VideoPlayer(film, found.video.chapters)
        self.player.say("" if found.here else _("The film is not on this computer yet."))
        self.main.add(self.player, 16)
        self._show_absent(found)
        self._show_chapters(found, film)
        self._show_text(found)
        self.beside = VideoMargin(self, found.activity_id, film, found.notes, follows=self._follows)
        self.margin.add(self.beside)
        self._fit_margin()

    def _show_trouble(self, found: Found, film: Film) -> None:
        if not film.trouble:
            return
        first = {
            "missing": _("This computer lacks what plays videos."),
            "unreadable": _("This film cannot be played on this computer."),
        }[film.trouble]
        rest = _("Everything that is said in it stands in the transcript. Tell your trainer, so that it can be mended.")
        said = Callout("attention", first, rest)
        if self._log is not None and len(self._log.seen) < parts_of(found.video):
            done = Button(_("I have read the transcript"), icon="check", size="small")
            done.setObjectName("transcript_read")
            done.clicked.connect(self._read_instead)
            said.add_actions(done)
        self.main.add(said, 16)

    def _show_absent(self, found: Found) -> None:
        """The film and its captions, where they are not here: how large, and the way to have them now."""
        files = (found.video.file, *(captions.file for captions in found.video.captions))
        self.main.add(AbsentFiles(self, files))

    def _show_chapters(self, found: Found, film: Film) -> None:
        if not found.video.chapters:
            return
        chapters = VideoChapters(found.video.chapters)
        chapters.wanted.connect(film.seek)
        film.moved.connect(chapters.show_moment)
        chapters.show_moment(film.moment)
        self.main.add(chapters, 24)

    def _show_text(self, found: Found) -> None:
        if found.blocks:
            text = self._files.view(found.blocks)
            text.link_wanted.connect(lambda href: ask_to_open(href, self))
            self.main.add(text, 32)
        if found.video.credits:
            self.main.add(Text(found.video.credits, "small", "muted", wrap=True), 24)
        following = found.following
        if following is not None and following in found.module.activities:
            on = Button(_("Next: {title}").format(title=following.title), "quiet", "chevron-right", icon_side="right")
            on.setObjectName("after")
            to = {"cohort_id": found.cohort_id, "activity_id": following.id}
            on.clicked.connect(lambda: self.frame.open(route_of(following.type), **to))
            self.main.add(on, 24, left=True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._fit_margin)

    def _fit_margin(self) -> None:
        if self.beside is not None:
            beside = self.body.margin_scroll.viewport().height() - 64
            self.beside.fit(None if self.body.stacked else beside)
        if self.player is not None:
            self.player.screen_view.limit(max(180, self.body.scroller.viewport().height() - theme().text_px(120)))

    def _note(self) -> None:
        if self.beside is not None:
            self.beside.note_here()

    # -- watching

    def _moved(self, moment: int) -> None:
        film, found, log = self.film, self.found, self._log
        if film is None or found is None or log is None:
            return
        if not film.playing:
            log.still()
            return
        new = log.pass_by(moment, monotonic())
        if new is not None:
            part, seconds = new
            self.write(lambda: self.workplace.videos.watched(found, part, seconds), self.workplace.changed)

    def _film_changed(self) -> None:
        film = self.film
        if film is None:
            return
        if film.trouble and self.player is not None and not self.main.findChildren(Callout):
            self.redraw()
            announce(self, _("This film cannot be played on this computer."), urgent=True)
        if film.playing and not self._keeping.isActive():
            self._keeping.start()
        elif not film.playing and self._keeping.isActive():
            self._keeping.stop()
            if self._log is not None:
                self._log.still()
            self.keep_place()

    def keep_place(self) -> None:
        """Keep where the film is; the same place is not written again."""
        film, found = self.film, self.found
        if film is None or found is None or film.moment == self._kept:
            return
        self._kept = moment = film.moment
        self.write(lambda: self.workplace.videos.stop(found.activity_id, moment), self.workplace.changed)

    def _read_instead(self) -> None:
        found, log = self.found, self._log
        if found is None or log is None:
            return
        parts = [part for part in range(parts_of(found.video)) if part not in log.seen]

        def keep() -> Changes:
            changes = Changes()
            for part in parts:
                changes |= self.workplace.videos.watched(found, part, 0)
            return changes

        self.write(keep, self._was_read)

    def _was_read(self, changes: Changes) -> None:
        self.workplace.changed(changes)
        self.frame.toast(lambda: _("The video counts as seen."))
        self.reload()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QTimer.singleShot(0, self, self._fit_margin)

    def hideEvent(self, event: QHideEvent) -> None:
        """Another page, or the end of the program: the place and the notes are kept, the film is let go."""
        if self.film is not None:
            self.film.pause()
            self.keep_place()
            self.film.close()
        if self.beside is not None:
            self.beside.flush()
        super().hideEvent(event)


def places(workplace: Workplace) -> tuple[Place, ...]:
    """One video, opened from the outline or from today's page."""
    return (Place("video", lambda frame: VideoPage(frame, workplace), lambda: _("Video"), section="courses"),)

"""The exchanges: the group's forum and the private thread with the trainers, or a trainer's inbox."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtWidgets import QWidget

from spoc_desktop.i18n import _
from spoc_desktop.services.errors import NotHereYet
from spoc_desktop.services.forum import Thread, new_thread_place
from spoc_desktop.services.messages import private_place
from spoc_desktop.services.unsent import Posted, keep_unsent, unsent
from spoc_desktop.ui.accessible import announce
from spoc_desktop.ui.page import Crumb, Place
from spoc_desktop.ui.pages.exchanges_changing import ROUTE, Changing
from spoc_desktop.ui.pages.exchanges_form import fill_form
from spoc_desktop.ui.pages.exchanges_found import ExchangesFound
from spoc_desktop.ui.pages.exchanges_list import fill_list
from spoc_desktop.ui.pages.exchanges_thread import fill_private, fill_thread, post_name
from spoc_desktop.ui.pages.exchanges_words import about_line, first_name, name_of, shortened
from spoc_desktop.ui.pages.loaded import not_here_yet
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.composer import Composer
from spoc_desktop.ui.widgets.empty_state import EmptyState
from spoc_desktop.ui.widgets.field import Field
from spoc_desktop.ui.widgets.list_body import ListBody
from spoc_desktop.ui.widgets.text import Text
from sync.domain.cohorts import MEMBER
from sync.domain.exercises import RETURNED
from sync.domain.files import Attachment
from sync.domain.forum import ANNOUNCEMENT, POST, READ_MARK
from sync.domain.messages import MESSAGE
from sync.domain.revisions import REVISION, SETTLED

if TYPE_CHECKING:
    from spoc_desktop.services.workplace import Workplace
    from spoc_desktop.ui.page import Frame

_LONGEST_CRUMB = 38
"""The top bar holds one line at any text size; the whole title stands on the page."""


class ExchangesPage(Changing):
    """The list before the rose line, what is open behind it, the box to write in at its foot."""

    concerns: ClassVar[frozenset[int]] = frozenset(
        kind.number for kind in (POST, ANNOUNCEMENT, MESSAGE, READ_MARK, REVISION, SETTLED, MEMBER, RETURNED)
    )

    def __init__(self, frame: Frame, workplace: Workplace) -> None:
        super().__init__(frame, workplace)
        self.composer = Composer()
        self.composer.sent.connect(self.submit)
        self.composer.paused.connect(self._keep_unsent)
        self.composer.attach_wanted.connect(self._attach)
        self.composer.help_wanted.connect(self.ask_help)
        self._place, self._from = b"", b""
        bar = self.body.scroller.verticalScrollBar()
        bar.rangeChanged.connect(self._go_to_unread)
        bar.actionTriggered.connect(self._scrolled)
        self.leave_edit(redraw=False)
        self.new_title, self.new_activity, self.new_flag = "", b"", False
        self.title_field: Field | None = None

    def make_body(self) -> ListBody:
        return ListBody()

    # -- reading

    def opened(self, **params: object) -> None:
        self.composer.flush()
        if params.get("new") and params.get("activity"):
            self.new_activity = bytes(params["activity"])  # type: ignore[call-overload]  # the id that the opener gave
        if params != self.params:
            self.leave_edit(redraw=False)
        super().opened(**params)

    def read(self, params: Mapping[str, Any]) -> ExchangesFound:
        desk, forum, messages = self.workplace.desk, self.workplace.forum, self.workplace.messages
        forums = forum.forums()
        wanted = params.get("cohort_id")
        here = next((one for one in forums if one.cohort_id == wanted), forums[0] if forums else None)
        cohort_id = bytes(here.cohort_id) if here is not None else b""
        teaches = here is not None and here.is_trainer
        learner = params.get("learner")
        is_private = bool(params.get("private") or learner)
        thread = self._thread(cohort_id, params.get("thread")) if not is_private else None
        private = messages.private(cohort_id, learner) if here is not None and (learner or not teaches) else None
        is_new = bool(params.get("new")) and not is_private
        is_open = thread is not None or is_new or (is_private and private is not None)
        place = new_thread_place(cohort_id)
        if is_private and private is not None:
            place = private_place(cohort_id, private.learner.person)
        elif thread is not None:
            place = thread.row.thread
        texts = thread.posts if thread is not None else private.messages if private is not None else ()
        files = {file.sha256 for one in texts for file in one.files}
        return ExchangesFound(
            forums=forums,
            cohort_id=cohort_id,
            is_trainer=teaches,
            is_private=is_private,
            is_new=is_new,
            threads=forum.threads(cohort_id) if here is not None else (),
            inbox=messages.inbox(cohort_id) if teaches and is_private else (),
            thread=thread,
            private=private,
            is_open=is_open,
            about=messages.about(params.get("about") or b"", params.get("remark") or 0),
            activities=forum.activities(cohort_id) if is_new else {},
            place=place,
            unsent=unsent(desk, place),
            here=frozenset(sha256 for sha256 in files if desk.store.files.has(sha256)),
            offline=self.workplace.syncing.status().offline,
            now=desk.true_now(),
        )

    def _thread(self, cohort_id: bytes, thread: bytes | None) -> Thread | None:
        try:
            return self.workplace.forum.thread(cohort_id, thread) if thread else None
        except NotHereYet:
            return None

    def arrived(self, found: ExchangesFound) -> None:
        if found.place != self._place:
            self._place, self._from = found.place, found.first_unread
            self.composer.put(found.unsent.text, found.unsent.files)
            if found.is_new:
                self.new_title = self.new_title or found.unsent.title
        if self.isVisible() and found.is_open:
            self._mark_read(found)

    def _mark_read(self, found: ExchangesFound) -> None:
        thread, private = found.thread, found.private
        if thread is not None and thread.row.unread:
            id_ = thread.row.thread
            self.write(lambda: self.workplace.forum.mark_read(found.cohort_id, id_), self.workplace.changed)
        elif found.is_private and private is not None and private.unread:
            who = private.learner.person
            self.write(lambda: self.workplace.messages.mark_read(found.cohort_id, who), self.workplace.changed)

    # -- drawing

    def redraw(self) -> None:
        """The box outlives the drawing: what is typed, and where, stays."""
        self.body.footer.row.removeWidget(self.composer)
        super().redraw()
        if self.found is None or not self.found.is_open:
            self.composer.hide()

    def show_found(self, found: ExchangesFound) -> None:
        self.set_crumbs(*self._crumbs(found))
        if isinstance(self.body, ListBody):
            self.body.show_opened(is_open=found.is_open)
        self.title_field = None
        if not found.forums:
            words = _("The exchanges of your session come with the next synchronisation.")
            self.main.add(not_here_yet(self.workplace, words, "messages-square"))
            return
        fill_list(self, found)
        if found.is_new:
            fill_form(self, found)
        elif found.thread is not None:
            fill_thread(self, found, found.thread)
        elif found.is_private and found.private is not None:
            fill_private(self, found, found.private)
        else:
            self._show_nothing_open(found)
        if found.is_open:
            self._show_composer(found)
            QTimer.singleShot(0, self, self._go_to_unread)

    def _go_to_unread(self) -> None:
        """Read on from the first thing not seen, while the texts find their heights and until the person scrolls."""
        shown = self.findChild(QWidget, post_name(self._from)) if self._from else None
        content = self.body.scroller.widget()
        if shown is not None and content is not None:
            self.body.scroller.return_to(max(0, shown.mapTo(content, QPoint(0, 0)).y() - 16))

    def _scrolled(self) -> None:
        self._from = b""

    def _show_nothing_open(self, found: ExchangesFound) -> None:
        if found.is_private:
            words = _("Choose somebody in the list to read what they wrote.")
            self.main.add(EmptyState("message-square", words))
            return
        begin = Button(_("New discussion"), "primary", "square-pen")
        begin.setObjectName("begin_thread")
        begin.clicked.connect(lambda: self.go(new=True))
        words = _("Choose a discussion, or begin one.")
        if self.params.get("thread"):
            words = _("This discussion has not come to this computer yet, or its author deleted it.")
        self.main.add(EmptyState("messages-square", words, begin))

    def _show_composer(self, found: ExchangesFound) -> None:
        if found.about is not None:
            self.main.add(Text(about_line(found.about), "small", "muted", wrap=True), 16)
        self.composer.say(self._invitation(found), _leaves(found))
        row = found.thread.row if found.thread is not None else None
        is_mine = row is not None and row.opener is not None and row.opener.is_me
        may_ask = row is not None and is_mine and not (row.solved or row.announcement)
        self.composer.show_hand(raised=row.wants_help if row is not None and may_ask else None)
        self.footer.add(self.composer, stretch=True)
        self.composer.show()

    def _invitation(self, found: ExchangesFound) -> str:
        if found.is_private and found.private is not None:
            if found.is_trainer:
                return _("Write to {name}").format(name=first_name(found.private.learner))
            names = [first_name(trainer) for trainer in found.private.trainers]
            return _("Write to {name}").format(name=names[0]) if len(names) == 1 else _("Write to your trainers")
        opener = found.thread.row.opener if found.thread is not None else None
        if found.is_new:
            return _("Your message to the group")
        if opener is None or opener.is_me:
            return _("Answer the group")
        return _("Answer {name} and the group").format(name=first_name(opener))

    def _crumbs(self, found: ExchangesFound) -> list[Crumb]:
        params: dict[str, object] = {"cohort_id": found.cohort_id}
        if found.is_private:
            params["private"] = True
        crumbs = [Crumb(_("Exchanges"), ROUTE if found.is_open else "", params)]
        if found.is_new:
            crumbs.append(Crumb(_("New discussion")))
        elif found.thread is not None:
            title = found.thread.row.title or _("The first message is not here")
            crumbs.append(Crumb(shortened(title, _LONGEST_CRUMB)))
        elif found.is_private and found.private is not None:
            who = name_of(found.private.learner) if found.is_trainer else _("With your trainers")
            crumbs.append(Crumb(who))
        return crumbs

    # -- going and writing

    def submit(self) -> None:
        """Ctrl+Enter: an edit under way is kept, else the message is sent."""
        self._scrolled()
        found = self.found
        if self.editing:
            self.end_edit()
            return
        text, files = self.composer.text.strip(), self.composer.files
        if found is None or not found.is_open or not (text or files):
            return
        if found.is_new and not self.new_title.strip():
            if self.title_field is not None:
                self.title_field.show_error(_("A title is missing: a few words are enough."))
            return
        self.write(lambda: self._send(found, text, files), lambda posted: self._sent(found, posted))

    def _send(self, found: ExchangesFound, text: str, files: tuple[Attachment, ...]) -> Posted:
        forum, messages = self.workplace.forum, self.workplace.messages
        if found.is_private and found.private is not None:
            about, remark = (found.about.id, found.about.remark) if found.about is not None else (b"", 0)
            who = found.private.learner.person
            return messages.send(found.cohort_id, text, learner=who, about=about, remark=remark, files=files)
        if found.thread is not None:
            return forum.reply(found.cohort_id, found.thread.row.thread, text, files=files)
        flags = {"announcement" if found.is_trainer else "wants_help": self.new_flag}
        title, about = self.new_title.strip(), self.new_activity
        return forum.open_thread(found.cohort_id, title, text, activity=about, files=files, **flags)

    def _sent(self, found: ExchangesFound, posted: Posted) -> None:
        self.composer.put("")
        announce(self, _("Saved on this computer. It will be sent as soon as the server can be reached."))
        self.workplace.changed(posted.changes)
        if found.is_new:
            self.new_title, self.new_activity, self.new_flag = "", b"", False
            self.go(thread=posted.id)
            return
        if found.about is not None:
            self.params = {name: value for name, value in self.params.items() if name not in ("about", "remark")}
        self.error = None
        self.reload()

    def _keep_unsent(self) -> None:
        """Keep what is being written where it is not lost; it leaves with the next exchange."""
        place, text, files = self._place, self.composer.text, self.composer.files
        title = self.new_title if self.found is not None and self.found.is_new else ""
        desk, tell = self.workplace.desk, self.workplace.syncing.tell
        if place:
            self.write(lambda: keep_unsent(desk, place, text, title, files), tell)


def _leaves(found: ExchangesFound) -> str:
    if found.offline:
        return _("It will be sent when the network is back. Press Ctrl Enter to send.")
    return _("Press Ctrl Enter to send.")


def places(workplace: Workplace) -> tuple[Place, ...]:
    """For learners and trainers: whoever is in a cohort."""
    roles = workplace.roles()
    if not roles.learner and not roles.trainer:
        return ()
    return (
        Place(
            ROUTE,
            lambda frame: ExchangesPage(frame, workplace),
            lambda: _("Exchanges"),
            icon="messages-square",
            order=40,
        ),
    )

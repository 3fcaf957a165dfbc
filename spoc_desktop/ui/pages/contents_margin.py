"""« Avant de publier »: the check-list beside what is being written, and the way to the learners."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QPushButton, QWidget

from spoc_desktop.i18n import _, ngettext
from spoc_desktop.services.authoring_check import Check, CheckLine
from spoc_desktop.services.lacks import lack_sentence
from spoc_desktop.services.sentences import sentence
from spoc_desktop.ui.accessible import announce
from spoc_desktop.ui.pages.contents_editing import DraftPage
from spoc_desktop.ui.pages.contents_words import ROUTES, check_words, sort_of
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.callout import Callout
from spoc_desktop.ui.widgets.flow import flow, row
from spoc_desktop.ui.widgets.glyph import Glyph
from spoc_desktop.ui.widgets.link import LinkButton
from spoc_desktop.ui.widgets.text import Text
from sync.protocol.errors import NotReady

if TYPE_CHECKING:
    from spoc_desktop.services.authoring_drafts import Shelved
    from spoc_desktop.services.workplace import Workplace
    from sync.protocol.messages import PublishReply


class Publishing:
    """The check-list and the publish button of one page."""

    def __init__(self, page: DraftPage[Any]) -> None:
        self._page = page
        self._busy = False
        self._done = 0
        self._error: Exception | None = None
        self._left = 0

    @property
    def _workplace(self) -> Workplace:
        return self._page.workplace

    def add_checks(self, shelved: Shelved, gap: int) -> None:
        """The lines, each with the way to what it asks for."""
        margin = self._page.margin
        done = sum(line.is_done for line in shelved.checks)
        count = _("{done} of {count}").format(done=done, count=len(shelved.checks))
        figure = Text(count, "small")
        figure.set_weight(600)
        margin.add(flow(Text(_("Before publishing"), "section"), figure, spread=True), gap)
        for place, line in enumerate(shelved.checks):
            margin.add(self._line(shelved, line, place), 8 if place == 0 else 4)

    def _line(self, shelved: Shelved, line: CheckLine, place: int) -> QWidget:
        words = check_words(line)
        if line.is_done:
            said = Text(words, "small", wrap=True)
            return row(Glyph("circle-check", "success", 16), said, gap=10, stretch=1)
        way = LinkButton(words, colour="text", role="small")
        way.setObjectName(f"check_{place}")
        way.setAccessibleName(_("{what}, to do").format(what=words))
        way.clicked.connect(lambda _checked=False: self.go_to(shelved, line))
        return row(Glyph("circle-alert", "warning", 16), way, gap=10, stretch=1)

    def go_to(self, shelved: Shelved, line: CheckLine) -> None:
        """Open what a line of the check-list is about."""
        here: dict[str, object] = {"course_id": shelved.course_id}
        body = shelved.drafts.find(line.activity) if shelved.drafts is not None and line.activity else None
        if line.question is not None:
            self._page.frame.open("contents_question", **here, activity_id=line.activity, question=line.question)
        elif body is not None:
            self._page.frame.open(ROUTES[sort_of(body)], **here, activity_id=line.activity)
        elif line.check is Check.CONTACTS:
            self._page.frame.open("contents_settings", **here)
        else:
            self._page.frame.open("contents_course", **here)

    # -- publishing

    def forget(self) -> None:
        """The page is opened anew: what was said the last time is over."""
        if not self._busy:
            self._done, self._error, self._left = 0, None, 0

    def add_publish(self, shelved: Shelved) -> None:
        """The button with what is said about it."""
        margin = self._page.margin
        self._add_outcome()
        to_do = self.to_do(shelved)
        is_new = shelved.edition is None or bool(shelved.differences.count)
        button = Button(self._button_words(shelved), "primary" if is_new else "plain", "send", size="large")
        button.setObjectName("publish")
        button.fill_width()
        button.clicked.connect(self.publish)
        margin.add(button, 16)
        said = self._below(shelved, to_do)
        if said:
            margin.add(Text(said, "small", "muted", wrap=True, align="centre"), 8)

    def _button_words(self, shelved: Shelved) -> str:
        if self._busy:
            return _("Publishing…")
        if shelved.edition is not None and not shelved.differences.count:
            return _("Publish")
        number = shelved.edition.number + 1 if shelved.edition is not None else 1
        return _("Publish edition {number}").format(number=number)

    def _below(self, shelved: Shelved, to_do: int) -> str:
        if to_do:
            said = ngettext("{count} point is left to do.", "{count} points are left to do.", to_do)
            return said.format(count=to_do)
        if self._workplace.syncing.status().offline:
            return _("Publishing asks for the network. Your draft stays on this computer and waits.")
        if shelved.edition is not None and not shelved.differences.count:
            return _("Nothing changed since edition {number}.").format(number=shelved.edition.number)
        return _("Learners get it with their next synchronisation.")

    def _add_outcome(self) -> None:
        margin = self._page.margin
        if self._done:
            said = _("Edition {number} is published.").format(number=self._done)
            margin.add(Callout("tip", said, _("Learners get it with their next synchronisation.")), 16)
        elif self._left:
            said = ngettext(
                "{count} point is left before it can be published.",
                "{count} points are left before it can be published.",
                self._left,
            )
            margin.add(Callout("attention", said.format(count=self._left), _("They are listed above.")), 16)
        elif isinstance(self._error, NotReady):
            lines = " ".join(lack_sentence(code, title) for code, title in self._error.lacks)
            margin.add(Callout("attention", _("The server did not publish it."), lines), 16)
        elif self._error is not None:
            words = sentence(self._error)
            rest = " ".join(part for part in (words.failed, words.next) if part)
            margin.add(Callout("attention", _("Not published. Your draft stays on this computer."), rest), 16)

    @staticmethod
    def to_do(shelved: Shelved) -> int:
        """How many points keep a course from being published."""
        return sum(not line.is_done and not line.is_advice for line in shelved.checks)

    def publish(self) -> None:
        """Send what waits, then ask the server for the next edition; what happened is said in words."""
        if self._busy:
            return
        self._done, self._error, self._left = 0, None, 0
        self._page.frame.workers.run(
            lambda: self._workplace.drafts.course(self._page.course_id), self._check, self._failed, owner=self._page
        )

    def _check(self, shelved: Shelved) -> None:
        self._left = self.to_do(shelved)
        if self._left:
            self._page.margin_again()
            first = self._page.margin.findChild(QPushButton, self._first_name(shelved))
            if first is not None:
                first.setFocus()
            announce(self._page, _("They are listed above."), urgent=True)
            return
        self._busy = True
        self._page.margin_again()
        course_id, workplace = self._page.course_id, self._workplace

        def ask() -> PublishReply:
            workplace.syncing.sync_or_raise()
            return workplace.authoring.publish(course_id)

        self._page.frame.workers.fetch(ask, self._published, self._failed, owner=self._page)

    @staticmethod
    def _first_name(shelved: Shelved) -> str:
        places = (place for place, line in enumerate(shelved.checks) if not line.is_done and not line.is_advice)
        return f"check_{next(places, 0)}"

    def _published(self, reply: PublishReply) -> None:
        self._busy, self._done = False, reply.number
        announce(self._page, _("Edition {number} is published.").format(number=reply.number), urgent=True)
        self._workplace.sync_soon()
        self._page.margin_again()

    def _failed(self, error: Exception) -> None:
        self._busy, self._error = False, error
        announce(self._page, str(sentence(error)), urgent=True)
        self._page.margin_again()

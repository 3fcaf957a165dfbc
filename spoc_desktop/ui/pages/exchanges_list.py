"""The list of the exchanges page: discussions of the group, or the private threads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from spoc_desktop.i18n import _, ngettext
from spoc_desktop.services.forum import ThreadRow as Discussion
from spoc_desktop.services.messages import InboxRow, PrivateThread
from spoc_desktop.ui.pages.exchanges_words import first_name, near, people_of, shortened, waiting_since
from spoc_desktop.ui.widgets.field import Choice
from spoc_desktop.ui.widgets.flow import column, flow, row
from spoc_desktop.ui.widgets.glyph import Glyph
from spoc_desktop.ui.widgets.icon_button import IconButton
from spoc_desktop.ui.widgets.segmented import Segmented
from spoc_desktop.ui.widgets.tag import Tag
from spoc_desktop.ui.widgets.text import Text
from spoc_desktop.ui.widgets.thread_row import ThreadRow

if TYPE_CHECKING:
    from spoc_desktop.ui.pages.exchanges_changing import Changing
    from spoc_desktop.ui.pages.exchanges_found import ExchangesFound

GROUP, PRIVATE = "group", "private"


def fill_list(page: Changing, found: ExchangesFound) -> None:
    """Heading, the two sides, and what is on the side that is open."""
    write = IconButton("square-pen", _("New discussion"))
    write.setObjectName("new_thread")
    write.clicked.connect(lambda: page.go(new=True))
    page.margin.add(_inset(flow(Text(_("Exchanges"), "lead"), write, spread=True)))
    if len(found.forums) > 1:
        page.margin.add(_inset(_cohorts(page, found)), 8)
    sides = Segmented([(GROUP, _("Group")), (PRIVATE, _private_side(found))], _("Whom you write with"))
    sides.choose(PRIVATE if found.is_private else GROUP)
    sides.picked.connect(lambda key: page.go(private=True) if key == PRIVATE else page.go())
    page.margin.add(_inset(row(sides)), 8)
    if not found.is_private:
        _fill_threads(page, found)
    elif found.is_trainer:
        _fill_inbox(page, found)
    elif found.private is not None:
        page.margin.add(_own_row(found, found.private), 12)
    page.margin.add_stretch()
    offline = row(Glyph("cloud-off", "muted", 16), Text(_("You can write offline too."), "small", "muted", wrap=True))
    page.margin.add(_inset(offline), 16)


def _inset(widget: QWidget) -> QWidget:
    """What stands above and below the rows begins where their words begin."""
    holder = column(widget)
    holder.setContentsMargins(16, 0, 16, 0)
    return holder


def _private_side(found: ExchangesFound) -> str:
    """The trainer by name where there is one: people write to people."""
    if found.is_trainer:
        return _("Inbox")
    trainers = found.private.trainers if found.private is not None else ()
    return first_name(trainers[0]) if len(trainers) == 1 else _("Trainers")


def _cohorts(page: Changing, found: ExchangesFound) -> Choice:
    choice = Choice()
    choice.setObjectName("cohort")
    choice.setAccessibleName(_("Session"))
    for forum in found.forums:
        choice.addItem(forum.title, bytes(forum.cohort_id))
    choice.setCurrentIndex(next(n for n, forum in enumerate(found.forums) if forum.cohort_id == found.cohort_id))
    choice.activated.connect(lambda place: page.frame.open("exchanges", cohort_id=found.forums[place].cohort_id))
    return choice


def _fill_threads(page: Changing, found: ExchangesFound) -> None:
    for place, thread in enumerate(found.threads):
        made = _thread_row(thread, found)
        made.setObjectName(f"thread_{thread.thread.hex()}")
        made.clicked.connect(lambda _checked=False, id_=thread.thread: page.go(thread=id_))
        page.margin.add(made, 12 if place == 0 else 2)
    if not found.threads:
        page.margin.add(_inset(Text(_("No discussion has begun yet."), "small", "muted", wrap=True)), 16)


def _thread_row(thread: Discussion, found: ExchangesFound) -> ThreadRow:
    tags = []
    if thread.announcement:
        tags.append(Tag(_("Announcement"), "human"))
    if thread.solved:
        tags.append(Tag(_("Solved"), "success", "circle-check"))
    elif thread.wants_help:
        tags.append(Tag(_("Asks for help"), "warning", "hand"))
    if thread.hidden:
        tags.append(Tag(_("Hidden"), "plain", "eye-off"))
    if thread.waiting:
        tags.append(Tag(_("Not sent yet"), "plain", "cloud-upload"))
    title = thread.title or _("The first message is not here")
    detail = _("{people} · {when}").format(people=people_of(thread.people), when=near(thread.at, found.now))
    is_current = found.thread is not None and found.thread.row.thread == thread.thread
    return ThreadRow(title, detail, tags, unread=bool(thread.unread), current=is_current)


def _own_row(found: ExchangesFound, thread: PrivateThread) -> ThreadRow:
    """The one private thread of a learner; it is open as soon as this side is."""
    names = people_of(thread.trainers) if thread.trainers else _("Your trainers")
    detail = _("Nothing written yet")
    if thread.messages:
        last = thread.messages[-1]
        detail = _("{people} · {when}").format(people=shortened(last.text, 60), when=near(last.at, found.now))
    made = ThreadRow(names, detail, unread=bool(thread.unread), current=True)
    made.setObjectName("private_thread")
    return made


def _fill_inbox(page: Changing, found: ExchangesFound) -> None:
    waiting = sum(row.unanswered_since is not None for row in found.inbox)
    said = ngettext("{count} question without an answer", "{count} questions without an answer", waiting)
    words = said.format(count=waiting) if waiting else _("Every question has its answer.")
    page.margin.add(_inset(Text(words, "small", "muted", wrap=True)), 8)
    for place, line in enumerate(found.inbox):
        made = _inbox_row(line, found)
        made.setObjectName(f"inbox_{line.learner.person.hex()}")
        made.clicked.connect(lambda _checked=False, who=line.learner.person: page.go(learner=who))
        page.margin.add(made, 8 if place == 0 else 2)


def _inbox_row(line: InboxRow, found: ExchangesFound) -> ThreadRow:
    tags = [Tag(waiting_since(line, found.now), "human", "clock")] if line.unanswered_since is not None else []
    detail = near(line.at, found.now) if line.at else _("Nothing written yet")
    if line.last:
        detail = _("{people} · {when}").format(people=shortened(line.last, 60), when=detail)
    open_one = found.private
    is_current = open_one is not None and open_one.learner.person == line.learner.person
    return ThreadRow(line.learner.name, detail, tags, unread=bool(line.unread), current=is_current)

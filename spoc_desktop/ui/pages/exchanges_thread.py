"""What stands behind the rose line of the exchanges page: a discussion, or a private thread."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from spoc_desktop.i18n import _, moment
from spoc_desktop.services.forum import PostView as Post
from spoc_desktop.services.forum import Thread
from spoc_desktop.services.messages import MessageView, PrivateThread
from spoc_desktop.ui import links
from spoc_desktop.ui.pages.absent_files import fetch
from spoc_desktop.ui.pages.exchanges_words import about_line, name_of, near_time, near_word
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.empty_state import EmptyState
from spoc_desktop.ui.widgets.field import Field, TextArea, text_of
from spoc_desktop.ui.widgets.flow import column, flow
from spoc_desktop.ui.widgets.icon_button import IconButton
from spoc_desktop.ui.widgets.post_view import PostView, attachment
from spoc_desktop.ui.widgets.split_versions import SplitVersions
from spoc_desktop.ui.widgets.tag import Tag
from spoc_desktop.ui.widgets.text import Text

if TYPE_CHECKING:
    from spoc_desktop.ui.pages.exchanges_changing import Changing
    from spoc_desktop.ui.pages.exchanges_found import ExchangesFound
    from sync.domain.files import Attachment


def post_name(id_: bytes) -> str:
    """The object name of a post or message on the page."""
    return f"post_{id_.hex()}"


def fill_thread(page: Changing, found: ExchangesFound, thread: Thread) -> None:
    """The discussion's heading, its posts, and edits at the same time that wait for a choice."""
    row = thread.row
    page.main.add(Text(_context(found, thread), "small", "muted", wrap=True))
    heading = Text(row.title or _("The first message is not here"), "lead", wrap=True)
    page.main.add(flow(heading, *_thread_actions(page, thread), spread=True, least=160), 2)
    if row.opener is None:
        words = _("It has not come to this computer yet, or its author deleted it. The answers are all here.")
        page.main.add(Text(words, "small", "muted", wrap=True), 4)
    for post in thread.posts:
        if post.id == page.editing:
            page.main.add(_edit_form(page), 16)
        elif post.splits:
            page.main.add(_split(page, post), 16)
        else:
            page.main.add(_post(page, found, post), 16)


def _context(found: ExchangesFound, thread: Thread) -> str:
    row = thread.row
    today = moment(found.now).date()
    began = near_word(moment(row.began).date(), today)
    who = name_of(row.opener) if row.opener is not None else ""
    said = _("begun {day} by {name}").format(day=began, name=who) if who else ""
    if row.announcement:
        said = _("announced {day} by {name}").format(day=began, name=who)
    return " · ".join(part for part in (row.activity_title, said) if part)


def _thread_actions(page: Changing, thread: Thread) -> Sequence[QWidget]:
    row = thread.row
    marks: list[QWidget] = []
    if row.solved:
        marks.append(Tag(_("Solved"), "success", "circle-check"))
    elif row.wants_help:
        marks.append(Tag(_("Asks for help"), "warning", "hand"))
    if row.announcement or not thread.may_solve:
        return marks
    solve = Button(_("Open again") if row.solved else _("Mark as solved"), "quiet", "circle-check", size="small")
    solve.setObjectName("solve")
    solve.clicked.connect(lambda: page.change(lambda f: f.solve(row.thread, solved=not row.solved)))
    return [*marks, solve]


def _post(page: Changing, found: ExchangesFound, post: Post) -> PostView:
    marks: list[QWidget] = []
    if post.waiting:
        marks.append(Tag(_("Not sent yet"), "plain", "cloud-upload"))
    if post.hidden:
        marks.append(Tag(_("Hidden"), "plain", "eye-off"))
    text = post.text if post.text or not post.hidden else _("A trainer has hidden this message.")
    made = PostView(
        name_of(post.writer),
        near_time(post.at, found.now),
        text,
        trainer=post.writer.is_trainer,
        link_wanted=lambda address: links.ask_to_open(address, page),
        muted=post.hidden,
        marks=marks,
        actions=_post_actions(page, post),
        below=_files(page, found, post.files),
    )
    made.setObjectName(post_name(post.id))
    return made


def _post_actions(page: Changing, post: Post) -> list[IconButton]:
    made = []
    mark = post.id.hex()
    if post.may_edit:
        edit = IconButton("pencil-line", _("Change this message"))
        edit.setObjectName(f"edit_{mark}")
        edit.clicked.connect(lambda: page.begin_edit(post))
        made.append(edit)
    if post.may_delete:
        away = IconButton("trash-2", _("Delete this message"))
        away.setObjectName(f"delete_{mark}")
        away.clicked.connect(lambda: page.delete(post))
        made.append(away)
    if post.may_hide:
        words = _("Show this message to the learners") if post.hidden else _("Hide this message from the learners")
        hide = IconButton("eye-off", words)
        hide.setObjectName(f"hide_{mark}")
        hide.clicked.connect(lambda: page.change(lambda f: f.hide(post.id, hidden=not post.hidden)))
        made.append(hide)
    return made


def _files(page: Changing, found: ExchangesFound, files: Sequence[Attachment]) -> list[QWidget]:
    def open_one(file: Attachment) -> QWidget:
        return attachment(
            file,
            is_here=file.sha256 in found.here,
            opened=lambda: page.open_file(file),
            fetched=lambda: fetch(page, [file]),
        )

    return [open_one(file) for file in files]


def _edit_form(page: Changing) -> QWidget:
    area = TextArea(5)
    area.setObjectName("edit_text")
    area.setPlainText(page.edit_text)
    area.textChanged.connect(lambda: page.keep_edit(text_of(area)))
    keep = Button(_("Keep this text"), "primary", size="small")
    keep.setObjectName("edit_keep")
    keep.clicked.connect(page.end_edit)
    leave = Button(_("Leave it as it is"), "quiet", size="small")
    leave.setObjectName("edit_leave")
    leave.clicked.connect(page.leave_edit)
    label = _("Common version") if page.common is not None else _("Your message")
    return column(Field(label, area), flow(keep, leave), gap=8)


def _split(page: Changing, post: Post) -> QWidget:
    found = post.splits[0]
    both_mine = found.overtaken.is_mine and found.standing.is_mine
    heading = _("A message of {name}, changed by two people at the same time").format(name=name_of(post.writer))
    if post.writer.is_me:
        heading = _("Your message, changed at the same time by two people")
    if both_mine:
        heading = _("Your message, changed at the same time on two computers")
    made = SplitVersions(found, heading)
    made.kept.connect(lambda which: page.settle(found, which))
    made.common_wanted.connect(lambda: page.begin_common(post, found))
    return made


def fill_private(page: Changing, found: ExchangesFound, thread: PrivateThread) -> None:
    """A private thread: with whom, who can read it, the messages."""
    if found.is_trainer:
        title = name_of(thread.learner)
        said = _("Only {name} and the trainers of this session read it.").format(name=title)
    else:
        title = ", ".join(name_of(trainer) for trainer in thread.trainers) or _("Your trainers")
        said = _("Only you and the trainers of this session can read this.")
    page.main.add(Text(said, "small", "muted", wrap=True))
    page.main.add(Text(title, "lead", wrap=True), 2)
    if not thread.messages:
        words = _("Nothing written yet.")
        page.main.add(EmptyState("message-square", words, detail=_("The first message is written below.")), 16)
    for message in thread.messages:
        page.main.add(_message(page, found, message), 16)


def _message(page: Changing, found: ExchangesFound, message: MessageView) -> PostView:
    marks = [Tag(_("Not sent yet"), "plain", "cloud-upload")] if message.waiting else []
    made = PostView(
        name_of(message.writer),
        near_time(message.at, found.now),
        message.text,
        trainer=message.writer.is_trainer,
        link_wanted=lambda address: links.ask_to_open(address, page),
        context=about_line(message.about) if message.about is not None else "",
        marks=marks,
        below=_files(page, found, message.files),
    )
    made.setObjectName(post_name(message.id))
    return made

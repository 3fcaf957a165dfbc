"""What stays in view at the foot of a lesson's margin: what the group says about it, and its documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from spoc_desktop.i18n import _, ngettext, size
from spoc_desktop.services.files import safe_name
from spoc_desktop.ui.attachments import ask_to_open_file
from spoc_desktop.ui.tab_order import chain
from spoc_desktop.ui.widgets.flow import Hairline
from spoc_desktop.ui.widgets.row import Row
from spoc_desktop.ui.widgets.text import Text
from sync.domain.blocks import Download
from sync.domain.files import Attachment

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from spoc_desktop.services.courses import LessonPage as Lesson
    from spoc_desktop.services.forum import ThreadRow
    from spoc_desktop.ui.pages.loaded import LoadedPage
    from spoc_desktop.ui.widgets.footed_body import FootedBody

_MOST = 4
"""So many documents are named beside the text; all stand in it."""


def fill_foot(page: LoadedPage[Lesson], lying: FootedBody, beside: QWidget, found: Lesson) -> None:
    """The documents at once, the discussions as soon as they are read, unless `beside` is gone by then."""
    files = _documents(found)
    if files:
        lying.foot.add(Text(_("Attached documents"), "section"))
    for place, file in enumerate(files[:_MOST]):
        lying.foot.add(_document(page, file), 4 if place == 0 else 0)
    lying.show_foot()
    page.frame.workers.run(
        lambda: page.workplace.forum.about(found.cohort_id, found.activity_id),
        lambda threads: _add_talk(page, lying, found, threads),
        page.fail,
        owner=beside,
    )


def _documents(found: Lesson) -> list[Attachment]:
    """Each document of the lesson once, in the order of its text."""
    blocks = (block for part in found.parts for block in part)
    files = {block.file.sha256: block.file for block in blocks if isinstance(block, Download)}
    return list(files.values())


def _document(page: LoadedPage[Lesson], file: Attachment) -> Row:
    made = Row(safe_name(file.name), icon="paperclip", end=size(file.size), small=True)
    made.setObjectName(f"document_{file.sha256.hex()}")
    desk, workers = page.workplace.desk, page.frame.workers
    made.clicked.connect(lambda: ask_to_open_file(file, desk, workers, page.fail, page))
    return made


def _add_talk(page: LoadedPage[Lesson], lying: FootedBody, found: Lesson, threads: Sequence[ThreadRow]) -> None:
    if page.found is not found:
        return
    to: dict[str, object] = {"cohort_id": found.cohort_id}
    if threads:
        count = len(threads)
        title = ngettext("{count} discussion about this lesson", "{count} discussions about this lesson", count)
        said = _("“{title}”").format(title=threads[0].title)
        made = Row(title.format(count=count), said, icon="messages-square", line=False)
        to["thread"] = threads[0].thread
    else:
        made = Row(_("Ask the group about this lesson"), icon="messages-square", line=False)
        to |= {"new": True, "activity": found.activity_id}
    made.setObjectName("talk")
    made.clicked.connect(lambda: page.frame.open("exchanges", **to))
    if not lying.foot.is_empty:
        lying.foot.add(Hairline(), 12)
    lying.foot.add(made, 4)
    lying.show_foot()
    chain(page)

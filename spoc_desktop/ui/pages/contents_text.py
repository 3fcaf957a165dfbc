"""A text of a draft on a page: typed as Markdown, kept at each keystroke, told what cannot be kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, QTimer
from shiboken6 import isValid

from spoc_desktop.i18n import _
from spoc_desktop.interchange import problem_sentences
from spoc_desktop.interchange.problems import Problem
from spoc_desktop.services.authoring_text import NamedFiles
from spoc_desktop.ui.pages.contents_editing import DraftPage
from spoc_desktop.ui.pages.contents_files import TextFiles
from spoc_desktop.ui.widgets.markdown_area import MarkdownArea
from sync.content.markdown import LESSON_HEADINGS
from sync.content.troubles import Trouble
from sync.domain.blocks import Block

PREVIEW_MS = 150
"""A pause in typing after which the preview follows."""


class DraftText(QObject):
    """`blocks` is what the text last said. `field` is the name under which the page saves it; `shown` draws a preview.

    A text of which nothing can be read (nested without end) leaves the blocks that stood before.
    """

    def __init__(
        self,
        page: DraftPage[Any],
        field: str,
        blocks: Sequence[Block],
        files: NamedFiles,
        *,
        shown: Callable[[], None],
        headings: Sequence[int] = LESSON_HEADINGS,
    ) -> None:
        super().__init__(page)
        self._page, self._field, self._files, self._headings = page, field, files, headings
        self._shown = shown
        self.blocks = tuple(blocks)
        self.typed = files.text(self.blocks)
        self._area: MarkdownArea | None = None
        self.files: TextFiles | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PREVIEW_MS)
        self._pause.timeout.connect(self._follow)

    def take(self, blocks: Sequence[Block]) -> None:
        """What the store says now; what was typed here stays where it says the same."""
        if tuple(blocks) != self.blocks:
            self.blocks = tuple(blocks)
            self.typed = self._files.text(self.blocks)

    def make_area(self, label: str, lines: int, hint: str = "") -> MarkdownArea:
        """The widget that the text is typed in."""
        caret = self._area.caret if self._area is not None and isValid(self._area) else 0
        area = MarkdownArea(label, lines, hint=hint, headings=bool(self._headings))
        area.put(self.typed, caret)
        area.changed.connect(self._typed)
        self.files = TextFiles(self._page, area, self._files)
        self._area = area
        self._say(self._files.read(self.typed, headings=self._headings).troubles)
        return area

    def _typed(self) -> None:
        if self._area is None:
            return
        self.typed = self._area.text
        text, files, headings = self.typed, self._files, self._headings
        self._page.keep(**{self._field: lambda: files.read(text, headings=headings).blocks})
        self._pause.start()

    def _follow(self) -> None:
        found = self._files.read(self.typed, headings=self._headings)
        if found.blocks is not None:
            self.blocks = found.blocks
        self._say(found.troubles)
        self._shown()

    def _say(self, troubles: Sequence[Trouble]) -> None:
        if self._area is not None and isValid(self._area):
            self._area.say_troubles([_line(trouble) for trouble in troubles])


def _line(trouble: Trouble) -> str:
    said = problem_sentences.sentence(Problem("", trouble.line, trouble.kind, trouble.detail))
    return _("Line {number}: {what}").format(number=trouble.line, what=said)


def read_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The values to save: texts are read now, and one of which nothing can be read is left out."""
    read = {name: value() if callable(value) else value for name, value in fields.items()}
    return {name: value for name, value in read.items() if value is not None}

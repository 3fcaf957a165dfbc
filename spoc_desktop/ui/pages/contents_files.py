"""A picture or a document goes into a text: the file is chosen, a picture's words are asked for, its line written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog

from spoc_desktop.i18n import _
from spoc_desktop.interchange.media import DOCUMENTS, PICTURES
from spoc_desktop.services.authoring_text import NamedFiles
from spoc_desktop.ui.layouts import empty
from spoc_desktop.ui.pages.contents_editing import DraftPage
from spoc_desktop.ui.widgets.box import Box
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.field import Field, LineEdit
from spoc_desktop.ui.widgets.flow import column, flow
from spoc_desktop.ui.widgets.markdown_area import MarkdownArea
from spoc_desktop.ui.widgets.text import Text
from sync.content.span_writing import write_spans
from sync.domain.blocks import Text as Words
from sync.domain.files import Attachment

_PICTURE_TYPES = frozenset(PICTURES.values())
_DOCUMENT_TYPES = frozenset(DOCUMENTS.values())


class TextFiles:
    """For one text of a page. `holder` is where the question about a picture is asked, above the text."""

    def __init__(self, page: DraftPage[Any], area: MarkdownArea, files: NamedFiles) -> None:
        self._page = page
        self._area = area
        self._files = files
        self.holder = column()
        self.holder.hide()
        area.picture_wanted.connect(self._choose_picture)
        area.file_wanted.connect(self._choose_document)

    def _choose_picture(self) -> None:
        self._choose(_("Choose a picture"), PICTURES, self.take_picture)

    def _choose_document(self) -> None:
        self._choose(_("Choose a document"), DOCUMENTS, self.take_document)

    def _choose(self, title: str, kinds: dict[str, str], take: Callable[[Path], None]) -> None:
        pattern = " ".join(f"*.{ending}" for ending in kinds)
        name, _filter = QFileDialog.getOpenFileName(self._page, title, "", f"{title} ({pattern})")
        if name:
            take(Path(name))

    def take_picture(self, path: Path) -> None:
        """Keep a picture of this computer, then ask what it shows."""
        drafts = self._page.workplace.drafts
        self._page.write(lambda: drafts.keep_file(path, _PICTURE_TYPES), self._ask)

    def take_document(self, path: Path) -> None:
        """Keep a document of this computer and name it in the text."""
        drafts = self._page.workplace.drafts
        self._page.write(lambda: drafts.keep_file(path, _DOCUMENT_TYPES), self._put_document)

    def _put_document(self, file: Attachment) -> None:
        title = write_spans((Words(text=Path(file.name).stem),))
        self._area.insert_block(f"[{title}]({self._files.path_of(file)})\n\n")

    def _ask(self, file: Attachment) -> None:
        self._close()
        edit = LineEdit()
        edit.setObjectName("alternative")
        field = Field(_("What does this picture show?"), edit, _("Read aloud to those who do not see it."))
        put = Button(_("Insert the picture"), "plain", "image", size="small")
        put.setObjectName("put_picture")
        leave = Button(_("Cancel"), "quiet", size="small")
        leave.setObjectName("leave_picture")

        def insert() -> None:
            words = " ".join(edit.text().split())
            field.show_error("" if words else _("Say in a few words what it shows: it is asked for before publishing."))
            if words:
                self._close()
                said = write_spans((Words(text=words),))
                self._area.insert_block(f"![{said}]({self._files.path_of(file)})\n\n")

        put.clicked.connect(insert)
        edit.returnPressed.connect(insert)
        leave.clicked.connect(self._close)
        box = Box(Text(file.name, "small", "muted", wrap=True), field, flow(put, leave))
        layout = self.holder.layout()
        if layout is not None:
            layout.addWidget(box)
        self.holder.show()
        edit.setFocus()

    def _close(self) -> None:
        layout = self.holder.layout()
        if layout is not None:
            empty(layout)
        self.holder.hide()

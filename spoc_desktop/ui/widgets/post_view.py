"""A post or message: who, when, the words, what is attached. The words are plain text; addresses in them are links."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from spoc_desktop.i18n import _, size
from spoc_desktop.ui.widgets.avatar import Avatar
from spoc_desktop.ui.widgets.flow import column, flow, row
from spoc_desktop.ui.widgets.link import LinkButton
from spoc_desktop.ui.widgets.text import Text
from sync.domain.files import Attachment

_ADDRESS = re.compile(r"https?://[^\s<>«»\"]+", re.IGNORECASE)
_MOST_ADDRESSES = 5
_CLOSING = ".,;:!?)]}’'…"


class PostView(QWidget):
    """`actions` stand at the right of the name, `below` under the words; `link_wanted` gets an address clicked on."""

    def __init__(
        self,
        name: str,
        when: str,
        text: str,
        *,
        link_wanted: Callable[[str], object],
        trainer: bool = False,
        context: str = "",
        muted: bool = False,
        marks: Sequence[QWidget] = (),
        actions: Sequence[QWidget] = (),
        below: Sequence[QWidget] = (),
    ) -> None:
        super().__init__()
        who = Text(name, "label", wrap=True)
        head = [who, Text(when, "small", "muted"), *marks]
        words: list[QWidget] = [flow(*head, *actions)]
        if context:
            words.append(Text(context, "small", "muted", wrap=True))
        if text:
            words.append(Text(text, "note", "muted" if muted else "text", wrap=True))
            words += [_link(address, link_wanted) for address in addresses(text)]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(row(Avatar(name, trainer=trainer), column(*words, *below, gap=2), gap=12, stretch=1, top=True))


def addresses(text: str) -> list[str]:
    """Web addresses in a text, each once; what ends the sentence is none of them."""
    found = (match.group().rstrip(_CLOSING) for match in _ADDRESS.finditer(text))
    return list(dict.fromkeys(found))[:_MOST_ADDRESSES]


def attachment(file: Attachment, *, is_here: bool, opened: Callable[[], None], fetched: Callable[[], None]) -> QWidget:
    """A file that can be opened or saved; one that has not come can be asked for."""
    said = _("{name}, {size}").format(name=file.name, size=size(file.size))
    if not is_here:
        ask = LinkButton(_("{file} · download now").format(file=said), "folder-down", role="small")
        ask.setObjectName(f"fetch_{file.sha256.hex()}")
        ask.clicked.connect(fetched)
        return ask
    made = LinkButton(said, "paperclip", role="small")
    made.setObjectName(f"file_{file.sha256.hex()}")
    made.clicked.connect(opened)
    return made


def _link(address: str, wanted: Callable[[str], object]) -> LinkButton:
    made = LinkButton(address, "external-link", role="small")
    made.clicked.connect(lambda: wanted(address))
    return made

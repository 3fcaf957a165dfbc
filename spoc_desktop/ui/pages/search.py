"""What was found for the words in the search field; each line opens its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from spoc_desktop.i18n import _, ngettext
from spoc_desktop.services.search import Hit
from spoc_desktop.ui.accessible import announce
from spoc_desktop.ui.page import Crumb, Place
from spoc_desktop.ui.pages.loaded import LoadedPage
from spoc_desktop.ui.widgets.empty_state import EmptyState
from spoc_desktop.ui.widgets.row import Row
from spoc_desktop.ui.widgets.text import Text

if TYPE_CHECKING:
    from spoc_desktop.services.workplace import Workplace

_ICONS = {
    "lesson": "file-text",
    "video": "video",
    "exercise": "file-pen-line",
    "quiz": "list-checks",
    "quiz_results": "list-checks",
    "group": "users-round",
    "exchanges": "messages-square",
}


class SearchPage(LoadedPage["tuple[str, tuple[Hit, ...]]"]):
    """Opened by Enter in the search field, with the words that stand there."""

    def read(self, params: Mapping[str, Any]) -> tuple[str, tuple[Hit, ...]]:
        words = str(params.get("words", ""))
        return words, self.workplace.search.find(words)

    def arrived(self, found: tuple[str, tuple[Hit, ...]]) -> None:
        announce(self, _count(len(found[1])))

    def show_found(self, found: tuple[str, tuple[Hit, ...]]) -> None:
        words, hits = found
        self.set_crumbs(Crumb(_("Search")))
        self.main.add(Text(_("Search: {words}").format(words=words), "title", wrap=True))
        if not hits:
            said = _("Nothing here holds these words.")
            self.main.add(EmptyState("search", said, detail=_("Try fewer words, or a part of one.")), 24)
            return
        self.main.add(Text(_count(len(hits)), "body", "muted", wrap=True), 4)
        for place, hit in enumerate(hits):
            made = Row(hit.title, hit.excerpt or hit.where, icon=_ICONS[hit.route], line=place < len(hits) - 1)
            made.setObjectName(f"hit_{place + 1}")
            made.clicked.connect(lambda _checked=False, hit=hit: self.frame.open(hit.route, **hit.params))
            self.main.add(made, 16 if place == 0 else 0)


def _count(count: int) -> str:
    if not count:
        return _("Nothing found")
    return ngettext("{count} place found", "{count} places found", count).format(count=count)


def places(workplace: Workplace) -> tuple[Place, ...]:
    """For everybody, behind the search field."""
    return (Place("search", lambda frame: SearchPage(frame, workplace), lambda: _("Search")),)

"""The form of a new discussion: its title, what it is about, and what sort of message it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spoc_desktop.i18n import _
from spoc_desktop.ui.widgets.field import Choice, Field, LineEdit
from spoc_desktop.ui.widgets.segmented import Segmented
from spoc_desktop.ui.widgets.text import Text

if TYPE_CHECKING:
    from spoc_desktop.ui.pages.exchanges_changing import Changing
    from spoc_desktop.ui.pages.exchanges_found import ExchangesFound


def fill_form(page: Changing, found: ExchangesFound) -> None:
    """Everything but the words: those stand in the box below, which is kept while one writes."""
    page.main.add(Text(_("New discussion"), "lead", wrap=True))
    said = _("Everybody in this session reads it.")
    page.main.add(Text(said, "small", "muted", wrap=True), 2)
    title = LineEdit()
    title.setObjectName("new_title")
    title.setText(page.new_title)
    title.setMaxLength(150)
    title.textEdited.connect(page.type_title)
    page.title_field = Field(_("Title"), title, _("In a few words, so that others find it again."))
    page.main.add(page.title_field, 16)
    about = Choice()
    about.setObjectName("new_about")
    about.addItem(_("Nothing in particular"), b"")
    for id_, name in found.activities.items():
        about.addItem(name, id_)
    about.setCurrentIndex(max(0, about.findData(page.new_activity)))
    about.activated.connect(lambda place: page.choose_activity(bytes(about.itemData(place))))
    page.main.add(Field(_("About"), about), 16)
    other = _("Announcement") if found.is_trainer else _("Asks for help")
    sort = Segmented([("", _("Message to the group")), ("flag", other)], _("What it is"))
    sort.choose("flag" if page.new_flag else "")
    sort.picked.connect(lambda key: page.choose_flag(chosen=bool(key)))
    page.main.add(sort, 16, left=True)

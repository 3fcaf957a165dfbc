"""What stands around the steps of signing in: the covers above, language and text size below, what is next beside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from spoc_desktop.i18n import LANGUAGES, _, language, percent
from spoc_desktop.ui.page import Page
from spoc_desktop.ui.theme import theme
from spoc_desktop.ui.widgets.cover import OCHRE, RASPBERRY, TEAL, Cover
from spoc_desktop.ui.widgets.flow import Hairline, column, flow, row
from spoc_desktop.ui.widgets.glyph import Glyph
from spoc_desktop.ui.widgets.link import LinkButton
from spoc_desktop.ui.widgets.segmented import Segmented
from spoc_desktop.ui.widgets.sheet import Column
from spoc_desktop.ui.widgets.text import Text

if TYPE_CHECKING:
    from spoc_desktop.services.profiles import Profile
    from spoc_desktop.ui.settings_menu import SettingsMenu

SIZES = (1.0, 1.5, 2.0)


def add_covers(main: Column) -> None:
    """Three exercise books."""
    main.add(row(Cover(OCHRE, 40, 52), Cover(TEAL, 36, 46), Cover(RASPBERRY, 36, 42), gap=8))


def add_appearance(page: Page, *, is_open: bool, turn: Callable[[], None]) -> None:
    """The language, and behind a link the text size and the colours."""
    tongues = Segmented(list(LANGUAGES.items()), _("Language"))
    tongues.choose(language())
    tongues.picked.connect(lambda code: _settings(page).speak(code))
    link = LinkButton(_("Text size and contrast"), "accessibility", colour="muted", role="small")
    link.setObjectName("appearance")
    link.clicked.connect(turn)
    page.main.add(flow(tongues, link, spread=True), 32)
    if is_open:
        page.main.add(_appearance(page), 16)


def _appearance(page: Page) -> QWidget:
    sizes = Segmented([(str(size), percent(size)) for size in SIZES], _("Text size"))
    if theme().scale in SIZES:
        sizes.choose(str(theme().scale))
    sizes.picked.connect(lambda size: _settings(page).change(scale=float(size)))
    modes = {"light": _("Light"), "dark": _("Dark"), "contrastLight": _("High contrast")}
    colours = Segmented(list(modes.items()), _("Colours"))
    if theme().name in modes:
        colours.choose(theme().name)
    colours.picked.connect(lambda mode: _settings(page).change(mode=mode))
    return column(flow(sizes), flow(colours), gap=8)


def _settings(page: Page) -> SettingsMenu:
    """The window's own settings: what is chosen here is kept."""
    from spoc_desktop.ui.main_window import MainWindow

    window = page.window()
    if not isinstance(window, MainWindow):
        raise TypeError("the sign-in page stands in the program's window")
    return window.settings_menu


def fill_margin(margin: Column, server: str, known: Sequence[Profile]) -> None:
    """What happens next, and which server it is."""
    margin.add(Text(_("And then"), "section", "human"))
    for icon, title, said in _next():
        heading = Text(title, "label", wrap=True)
        words = column(heading, Text(said, "small", "muted", wrap=True), gap=2)
        margin.add(row(Glyph(icon), words, gap=14, stretch=1, top=True), 16)
    where = server or (known[0].address if known else "")
    if where:
        margin.add(Hairline(), 24)
        shown = where.split("://")[-1]
        text = _("Server: {server}, chosen by your IT department.") if server else _("Server: {server}")
        margin.add(Text(text.format(server=shown), "small", "muted", wrap=True), 16)


def _next() -> tuple[tuple[str, str, str], ...]:
    return (
        ("monitor-down", _("Your courses come to this computer"), _("Once. You can begin before all of it is here.")),
        ("cloud-off", _("You work anywhere"), _("All is saved here at once and leaves when there is a network.")),
        (
            "messages-square",
            _("Your trainer follows your work"),
            _("They see what you hand in; you see what comes back."),
        ),
    )

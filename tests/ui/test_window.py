"""The frame: going from page to page, what it does where room is short, and what it remembers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot

from spoc_desktop.i18n import _
from spoc_desktop.ui.accessible import on_announce
from spoc_desktop.ui.language import set_language
from spoc_desktop.ui.main_window import MainWindow
from spoc_desktop.ui.memory import ShortMemory
from spoc_desktop.ui.page import Crumb, Page, Place
from spoc_desktop.ui.settings_menu import remembered_appearance
from spoc_desktop.ui.theme import Appearance, theme
from spoc_desktop.ui.widgets.link import LinkButton
from spoc_desktop.ui.widgets.sync_chip import SyncStatus
from spoc_desktop.ui.widgets.text import Text
from spoc_desktop.ui.workers import Workers
from tests.ui.pages.looking import texts
from tests.ui.sample_pages import TodayPage, furnish


@pytest.fixture
def furnished(window: MainWindow, app: QApplication) -> MainWindow:
    """The window with the sample pages, today open."""
    furnish(window)
    window.open("today")
    app.processEvents()
    return window


def settle(app: QApplication) -> None:
    """Let layouts come to rest."""
    for _again in range(3):
        app.processEvents()


def test_a_click_in_the_rail_opens_the_page_and_marks_the_place(furnished: MainWindow) -> None:
    furnished.rail.items["quiz"].click()
    assert furnished.route == "quiz"
    checked = [route for route, item in furnished.rail.items.items() if item.isChecked()]
    assert checked == ["quiz"]


def test_a_page_is_made_once_and_only_when_it_is_opened(furnished: MainWindow) -> None:
    first = furnished.page
    furnished.open("quiz")
    furnished.open("today")
    assert furnished.page is first
    assert "group" not in furnished._pages


def test_the_rail_is_sorted_by_the_order_that_pages_give_themselves(window: MainWindow) -> None:
    for route, order in (("c", 3), ("a", 1), ("hidden", 0), ("b", 2)):
        icon = "" if route == "hidden" else "sun"
        window.register(Place(route, TodayPage, lambda route=route: route, icon, order))  # type: ignore[misc]
    assert window.rail.routes() == ["a", "b", "c"]


def test_back_and_forward_return_to_the_reading_position(furnished: MainWindow, app: QApplication) -> None:
    furnished.resize(1280, 480)
    settle(app)
    assert furnished.page is not None
    bar = furnished.page.body.scroller.verticalScrollBar()
    bar.setValue(120)
    furnished.open("quiz")
    QTest.keyClick(furnished, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    settle(app)
    assert (furnished.route, bar.value()) == ("today", 120)
    QTest.keyClick(furnished, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert furnished.route == "quiz"
    assert not furnished.top_bar.forward.isEnabled()


def test_a_new_page_begins_at_its_top(furnished: MainWindow, app: QApplication) -> None:
    furnished.resize(1280, 480)
    settle(app)
    assert furnished.page is not None
    furnished.page.body.scroller.verticalScrollBar().setValue(120)
    furnished.open("quiz")
    furnished.open("today")
    settle(app)
    assert furnished.page.body.scroller.verticalScrollBar().value() == 0


def test_a_crumb_leads_where_it_says(furnished: MainWindow) -> None:
    furnished.open("quiz")
    crumbs = furnished.top_bar.findChildren(LinkButton)
    crumbs[-1].click()
    assert furnished.route == "today"


def test_the_margin_goes_under_the_main_column_where_room_is_short(furnished: MainWindow, app: QApplication) -> None:
    assert furnished.page is not None
    body = furnished.page.body
    assert body.margin.mapTo(furnished, body.margin.rect().topLeft()).x() > 900
    furnished.resize(800, 640)
    settle(app)
    assert body.stacked
    under = body.margin.mapTo(furnished, body.margin.rect().topLeft()).y()
    assert under >= body.main.mapTo(furnished, body.main.rect().bottomLeft()).y()
    furnished.resize(1280, 800)
    settle(app)
    assert not body.stacked


@pytest.mark.parametrize(("width", "mode"), [(1280, "wide"), (1000, "narrow"), (800, "icons")])
def test_the_rail_follows_the_width(furnished: MainWindow, app: QApplication, width: int, mode: str) -> None:
    furnished.resize(width, 700)
    settle(app)
    assert furnished.rail.mode == mode
    item = furnished.rail.items["parts"]
    assert item.accessibleName() == "Réviser, 14"
    assert bool(item.toolTip()) == (mode == "icons")


def test_large_text_stacks_the_page_and_the_menu_lists_the_words(furnished: MainWindow, app: QApplication) -> None:
    theme().set(scale=2.0)
    settle(app)
    assert furnished.rail.mode == "icons"
    furnished.rail.menu_button.click()
    menu = app.activePopupWidget()
    assert menu is not None
    assert [action.text() for action in menu.actions()][:2] == ["Aujourd’hui", "Mes cours"]
    menu.actions()[1].trigger()
    menu.close()
    assert furnished.route == "quiz"


def test_nothing_is_wider_than_the_smallest_window(furnished: MainWindow, app: QApplication) -> None:
    furnished.resize(640, 480)
    for route in furnished._places:
        furnished.open(route)
        settle(app)
        assert furnished.page is not None
        scroller = furnished.page.body.scroller
        assert furnished.width() == 640
        content = scroller.widget()
        assert content is not None
        assert content.width() <= scroller.viewport().width(), route


def test_sections_open_with_control_and_a_digit(furnished: MainWindow) -> None:
    QTest.keyClick(furnished, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert furnished.route == "parts"


def test_control_f_goes_to_the_search_field_and_enter_searches(furnished: MainWindow, qtbot: QtBot) -> None:
    furnished.activateWindow()
    QTest.keyClick(furnished, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert furnished.top_bar.search.hasFocus()
    QTest.keyClicks(furnished.top_bar.search, "cadenas")
    with qtbot.waitSignal(furnished.search_wanted) as asked:
        QTest.keyClick(furnished.top_bar.search, Qt.Key.Key_Return)
    assert asked.args == ["cadenas"]


def test_f5_asks_for_a_sync(furnished: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(furnished.sync_wanted):
        QTest.keyClick(furnished, Qt.Key.Key_F5)


def test_f6_goes_round_the_parts_of_the_window(furnished: MainWindow, app: QApplication) -> None:
    furnished.open("quiz")
    settle(app)
    furnished.rail.items["today"].setFocus()
    seen: list[QWidget | None] = []
    for _step in range(4):
        QTest.keyClick(furnished, Qt.Key.Key_F6)
        seen.append(app.focusWidget())
    page = furnished.page
    assert page is not None
    assert isinstance(seen[0], QWidget)
    assert furnished.top_bar.isAncestorOf(seen[0])
    assert seen[1] is not None
    assert page.main.isAncestorOf(seen[1])
    assert seen[2] is not None
    assert page.footer.isAncestorOf(seen[2])
    assert seen[3] is not None
    assert furnished.rail.isAncestorOf(seen[3])


def test_the_text_size_keys_change_it_and_it_is_remembered(furnished: MainWindow, memory: ShortMemory) -> None:
    QTest.keyClick(furnished, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert theme().scale == 1.1
    assert remembered_appearance(memory).scale == 1.1
    QTest.keyClick(furnished, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    assert theme().scale == 1.0


@pytest.mark.parametrize("kept", [None, "dark", {"mode": 3, "scale": "big"}, {"scale": 40}])
def test_a_spoiled_memory_falls_back_to_the_system(kept: object) -> None:
    memory = ShortMemory()
    memory.set("appearance", kept)
    assert remembered_appearance(memory) == Appearance()


def test_what_was_done_can_be_undone_from_the_bar_and_with_control_z(furnished: MainWindow) -> None:
    heard: list[str] = []
    stop = on_announce(lambda _widget, text: heard.append(text))
    undone: list[str] = []
    furnished.toast(lambda: "Message supprimé.", lambda: undone.append("first"))
    assert heard == ["Message supprimé."]
    QTest.keyClick(furnished, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(furnished, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert undone == ["first"]
    assert not furnished._toast.isVisible()
    stop()


def test_what_was_said_at_the_foot_of_the_sheet_changes_its_language_too(furnished: MainWindow) -> None:
    furnished.toast(lambda: _("Your answers are handed in."), lambda: None)
    assert "Vos réponses sont remises." in texts(furnished)
    set_language("en")
    assert {"Your answers are handed in.", "Undo"} <= set(texts(furnished))


def test_the_language_changes_while_running(furnished: MainWindow, app: QApplication) -> None:
    furnished.rail.chip.show_status(SyncStatus(waiting=3, offline=True))
    assert furnished.rail.chip.lines() == ("3 en attente", "Hors ligne")
    page = furnished.page
    assert isinstance(page, TodayPage)
    filled = page.times_filled
    set_language("en")
    assert furnished.rail.chip.accessibleName() == "3 waiting, Offline"
    assert furnished.top_bar.search.placeholderText() == "Search"
    assert page.times_filled == filled + 1


def test_the_chip_says_what_needs_the_person_and_whether_there_is_a_network(furnished: MainWindow) -> None:
    chip = furnished.rail.chip
    chip.show_status(SyncStatus(waiting=2, attention=1, offline=True))
    assert chip.lines() == ("À votre attention\u00a0: 1", "Hors ligne")
    assert chip.icon_and_ink() == ("cloud-alert", "warning")
    chip.show_status(SyncStatus(offline=True))
    assert chip.icon_and_ink()[0] == "cloud-off"
    chip.show_status(SyncStatus())
    assert chip.lines() == ("Enregistré ici", "Jamais synchronisé")
    chip.show_status(SyncStatus(at=datetime(2026, 11, 24, 10, 42, tzinfo=UTC)))
    assert chip.lines() == ("À jour", "10\u00a0h\u00a042")
    assert chip.icon_and_ink() == ("cloud-check", "success")


def test_the_chip_does_not_widen_a_narrow_rail(furnished: MainWindow, app: QApplication) -> None:
    furnished.resize(1000, 700)
    for status in (SyncStatus(), SyncStatus(attention=12, waiting=3, offline=True), SyncStatus(waiting=99)):
        furnished.rail.chip.show_status(status)
        settle(app)
        assert furnished.rail.width() == 92
        assert furnished.rail.chip.accessibleName() == ", ".join(furnished.rail.chip.lines())


def test_the_menu_of_the_person_changes_language_and_colours(furnished: MainWindow, memory: ShortMemory) -> None:
    menu = furnished.settings_menu.build()
    languages, colours = (action.menu() for action in menu.actions()[:2])
    for wanted, words in ((colours, "Sombre"), (languages, "English")):
        assert isinstance(wanted, QMenu)
        next(action for action in wanted.actions() if action.text() == words).trigger()
    assert theme().name == "dark"
    assert memory.get("language") == "en"
    menu.close()


def test_a_bare_page_has_neither_rail_nor_top_bar(furnished: MainWindow) -> None:
    class SignIn(Page):
        bare = True
        centred = True

        def fill(self) -> None:
            self.main.add(Text("Bienvenue", "title"))

    furnished.register(Place("sign_in", SignIn, lambda: "Connexion"))
    furnished.open("sign_in")
    assert not furnished.rail.isVisible()
    assert not furnished.top_bar.isVisible()
    furnished.open("today")
    assert furnished.rail.isVisible()


def test_a_redraw_keeps_focus_and_reading_position(furnished: MainWindow, app: QApplication) -> None:
    class Notes(Page):
        def fill(self) -> None:
            for number in range(40):
                line = QLineEdit()
                line.setObjectName(f"line {number}")
                self.main.add(line, 8)

    furnished.register(Place("notes", Notes, lambda: "Notes"))
    furnished.open("notes")
    settle(app)
    page = furnished.page
    assert page is not None
    line = page.findChild(QLineEdit, "line 30")
    assert line is not None
    line.setFocus()
    page.body.scroller.verticalScrollBar().setValue(600)
    page.redraw()
    settle(app)
    focused = app.focusWidget()
    assert focused is not None
    assert focused is not line
    assert focused.objectName() == "line 30"
    assert page.body.scroller.verticalScrollBar().value() == 600


def test_the_window_comes_back_where_it_was(app: QApplication, workers: Workers, memory: ShortMemory) -> None:
    first = MainWindow(memory, workers)
    first.show()
    first.setGeometry(40, 50, 700, 500)
    first.close()
    second = MainWindow(memory, workers)
    assert (second.x(), second.y(), second.width(), second.height()) == (40, 50, 700, 500)
    memory.set("window", ["spoiled"])
    third = MainWindow(memory, workers)
    assert (third.width(), third.height()) == (1280, 800)
    for window in (second, third):
        window.close()


def test_signing_out_leaves_no_page_of_the_person(furnished: MainWindow) -> None:
    furnished.forget_pages()
    assert furnished.page is None
    assert furnished.route == ""
    assert furnished.rail.routes() == []


def test_page_keys_scroll_the_page_that_was_just_opened(furnished: MainWindow, app: QApplication) -> None:
    furnished.resize(1280, 480)
    settle(app)
    page = furnished.page
    assert page is not None
    assert page.hasFocus()
    QTest.keyClick(page, Qt.Key.Key_PageDown)
    assert page.body.scroller.verticalScrollBar().value() > 0


def test_the_crumb_of_the_page_is_its_title_where_it_gives_none(window: MainWindow, app: QApplication) -> None:
    window.register(Place("bare", type("Bare", (Page,), {"fill": lambda _self: None}), lambda: "Sans fil"))
    window.open("bare")
    settle(app)
    assert [text.text() for text in window.top_bar.findChildren(Text) if not text.isHidden()] == ["Sans fil"]
    assert window.page is not None
    window.page.set_crumbs(Crumb("Une autre"))
    settle(app)
    shown = [text.text() for text in window.top_bar.findChildren(Text) if not text.isHidden()]
    assert shown == ["Une autre"]

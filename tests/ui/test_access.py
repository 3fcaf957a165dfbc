"""Nobody is shut out: names, Tab order, targets, contrast, focus and room for words, on every widget of the toolkit."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QAccessible, QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from spoc_desktop.ui import accessible, audit, keymap
from spoc_desktop.ui.keys_dialog import words_of
from spoc_desktop.ui.main_window import MainWindow
from spoc_desktop.ui.tab_order import chain
from spoc_desktop.ui.theme import theme
from spoc_desktop.ui.tokens import THEMES
from spoc_desktop.ui.widgets.row import Row
from spoc_desktop.ui.widgets.text import Text
from tests.ui.sample_pages import PAGES, furnish

ROUTES = [route for route, *_rest in PAGES]


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize(
    "look",
    [("light", 1.0, 1280, 800), ("dark", 1.3, 1000, 700), ("light", 2.0, 1024, 640), ("contrast", 1.0, 640, 480)],
)
def test_the_audit_finds_nothing(
    window: MainWindow, app: QApplication, route: str, look: tuple[str, float, int, int]
) -> None:
    mode, scale, *size = look
    theme().set(mode=mode, scale=scale)
    furnish(window)
    window.resize(*size)
    window.open(route)
    for _again in range(3):
        app.processEvents()
    assert audit.all_findings(window) == []


@pytest.mark.parametrize("mode", THEMES)
def test_words_keep_their_contrast_in_each_theme(window: MainWindow, app: QApplication, mode: str) -> None:
    theme().set(mode=mode)
    furnish(window)
    for route in ROUTES:
        window.open(route)
        app.processEvents()
        assert list(audit.low_contrast(window)) == []


class Blind(QPushButton):
    """A control that draws nothing when it has the keyboard, and keeps the ring away."""

    def __init__(self) -> None:
        super().__init__("Bouton")
        self.setProperty("own_focus", True)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Nothing at all."""


def rules(window: QWidget) -> set[str]:
    return {finding.rule for finding in audit.all_findings(window)}


@pytest.fixture
def board(app: QApplication, window: MainWindow) -> QWidget:
    """A place inside the window for faulty controls."""
    board = QWidget()
    QVBoxLayout(board)
    window.sheet.column.insertWidget(0, board)
    return board


def put(board: QWidget, widget: QWidget, app: QApplication) -> None:
    layout = board.layout()
    assert layout is not None
    layout.addWidget(widget)
    for _again in range(3):
        app.processEvents()


def test_a_control_without_a_name_is_found(board: QWidget, app: QApplication) -> None:
    put(board, QPushButton(), app)
    assert "unnamed" in rules(board)


def test_a_name_that_says_something_else_than_the_label_is_found(board: QWidget, app: QApplication) -> None:
    button = QPushButton("Envoyer")
    button.setAccessibleName("Valider")
    put(board, button, app)
    assert "label in name" in rules(board)


def test_a_target_that_is_too_small_is_found(board: QWidget, app: QApplication) -> None:
    button = QPushButton("x")
    button.setFixedSize(QSize(20, 20))
    put(board, button, app)
    assert "target" in rules(board)


def test_a_label_without_room_for_its_words_is_found(board: QWidget, app: QApplication) -> None:
    text = Text("Une phrase bien trop longue")
    text.setFixedWidth(40)
    put(board, text, app)
    assert "clipped" in rules(board)


def test_a_label_whose_lines_do_not_fit_is_found(board: QWidget, app: QApplication) -> None:
    text = Text("Une phrase bien trop longue pour une ligne", wrap=True)
    text.setFixedSize(120, 20)
    put(board, text, app)
    assert "clipped" in rules(board)


def test_tab_that_jumps_back_is_found_and_mended(board: QWidget, app: QApplication) -> None:
    row = QWidget()
    layout = QHBoxLayout(row)
    first, second = QPushButton("Premier"), QPushButton("Second")
    second.setParent(row)
    layout.addWidget(first)
    layout.addWidget(second)
    put(board, row, app)
    QWidget.setTabOrder(second, first)
    assert "tab order" in rules(board)
    chain(board)
    assert "tab order" not in rules(board)


def test_focus_that_nobody_sees_is_found(board: QWidget, app: QApplication) -> None:
    put(board, Blind(), app)
    assert "focus" in rules(board)


def test_pale_words_are_found(board: QWidget, app: QApplication) -> None:
    put(board, Text("Pâle", colour="border"), app)
    assert "contrast" in rules(board)


def test_the_focus_ring_lies_outside_the_control_and_is_drawn_in_its_colour(
    board: QWidget, app: QApplication, window: MainWindow
) -> None:
    button = QPushButton("Continuer")
    put(board, button, app)
    button.setFocus(Qt.FocusReason.TabFocusReason)
    app.processEvents()
    corner = button.mapTo(window, QPoint(0, button.height() // 2))
    colours = {window.grab().toImage().pixelColor(corner.x() - gap, corner.y()).name() for gap in (3, 4)}
    assert colours == {theme().colour("focus").name()}


def test_a_click_on_a_button_draws_no_ring_and_tab_does(window: MainWindow, app: QApplication) -> None:
    furnish(window)
    window.open("today")
    app.processEvents()
    rows = window.findChildren(Row)
    QTest.mouseClick(rows[0], Qt.MouseButton.LeftButton)
    assert rows[0].hasFocus()
    assert not [ring for ring in window.findChildren(QWidget, "focus_ring") if ring.isVisible()]
    QTest.keyClick(rows[0], Qt.Key.Key_Tab)
    assert rows[1].hasFocus()
    assert [ring for ring in window.findChildren(QWidget, "focus_ring") if ring.isVisible()]


def test_an_announcement_reaches_who_listens(app: QApplication) -> None:
    heard: list[str] = []
    stop = accessible.on_announce(lambda _widget, text: heard.append(text))
    widget = QWidget()
    accessible.announce(widget, "Enregistré", urgent=True)
    stop()
    accessible.announce(widget, "Encore")
    assert heard == ["Enregistré"]


def test_no_two_actions_share_a_key() -> None:
    assert keymap.shared_keys() == []
    doubled = (*keymap.KEYMAP, keymap.Binding("other", ("F5",), lambda: "other"))
    assert keymap.shared_keys(doubled) == ["F5"]


def test_every_key_is_shown_on_f1_in_words(window: MainWindow, app: QApplication) -> None:
    QTest.keyClick(window, Qt.Key.Key_F1)
    shown = {text.text() for text in window.findChildren(Text)}
    for binding in keymap.KEYMAP:
        assert words_of(binding) in shown
        assert keymap.key_name(binding.action) in shown
    dialog = app.activeModalWidget()
    assert dialog is not None
    QTest.keyClick(dialog, Qt.Key.Key_Escape)


@pytest.mark.parametrize(
    ("route", "kind", "role"),
    [
        ("today", "Row", QAccessible.Role.Button),
        ("today", "Reglette", QAccessible.Role.ProgressBar),
        ("quiz", "RadioOption", QAccessible.Role.RadioButton),
        ("parts", "Choice", QAccessible.Role.ComboBox),
        ("parts", "TextArea", QAccessible.Role.EditableText),
        ("group", "MatrixView", QAccessible.Role.Table),
        ("lesson", "RichText", QAccessible.Role.EditableText),
    ],
)
def test_painted_widgets_tell_what_they_are(
    window: MainWindow, app: QApplication, route: str, kind: str, role: QAccessible.Role
) -> None:
    furnish(window)
    window.open(route)
    app.processEvents()
    widget = next(w for w in window.findChildren(QWidget) if type(w).__name__ == kind)
    assert QAccessible.queryAccessibleInterface(widget).role() == role


def tab_round(app: QApplication) -> list[QWidget]:
    """What Tab reaches one after the other, from where the keyboard is until it comes back to the first."""
    seen: list[QWidget] = []
    for _step in range(80):
        focused = app.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, Qt.Key.Key_Tab)
        reached = app.focusWidget()
        assert reached is not None
        if reached in seen[:1]:
            break
        seen.append(reached)
    return seen


@pytest.mark.parametrize("route", ROUTES)
def test_tab_goes_through_the_page_then_round_the_window(window: MainWindow, app: QApplication, route: str) -> None:
    furnish(window)
    window.open("parts" if route == "today" else "today")
    window.open(route)
    app.processEvents()
    page = window.page
    assert page is not None
    parts = (page.main, page.margin, page.footer, window.rail, window.top_bar)
    order = [next(place for place, part in enumerate(parts) if part.isAncestorOf(w)) for w in tab_round(app)]
    assert order == sorted(order)
    assert {0, 3, 4} <= set(order)

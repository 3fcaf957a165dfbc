"""The one style sheet: what stock widgets need beyond the palette. Widgets of our own paint themselves."""

from __future__ import annotations

from collections.abc import Mapping
from string import Template

from spoc_desktop.ui.tokens import Tokens

_SHEET = Template("""
* { outline: none; }
QMainWindow, QDialog, #frame { background: $background; }
QToolTip { background: $raised; color: $text; border: 1px solid $border_strong; padding: 6px 8px; }
QScrollArea, QScrollArea > QWidget > QWidget#content, QStackedWidget { background: transparent; border: none; }
QLineEdit, QPlainTextEdit, QTextEdit[editable="true"], QComboBox, QSpinBox, QDoubleSpinBox {
  background: $raised; color: $text; placeholder-text-color: $muted;
  border: 1px solid $border_strong; border-radius: ${control}px;
  selection-background-color: $selection; selection-color: $selection_text; }
QLineEdit, QComboBox, QSpinBox, QDoubleSpinBox { padding: 0 11px; min-height: ${field}px; }
QPlainTextEdit, QTextEdit[editable="true"] { padding: 6px 8px; }
QLineEdit:read-only, QPlainTextEdit:read-only { background: $sunken; border-color: $border; }
QLineEdit[error="true"], QPlainTextEdit[error="true"] { border: 2px solid $danger; padding: 0 10px; }
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled { color: $disabled; border-color: $border; }
QComboBox::drop-down { border: none; width: 28px; }
QComboBox QAbstractItemView, QMenu { background: $raised; color: $text; border: 1px solid $border_strong;
  padding: 4px; selection-background-color: $accent_soft; selection-color: $accent_on_soft; }
QMenu::item { padding: ${menu}px 28px ${menu}px 12px; border-radius: 6px; }
QMenu::item:selected { background: $accent_soft; color: $accent_on_soft; }
QMenu::item:disabled { color: $muted; }
QMenu::separator { height: 1px; background: $border; margin: 4px 8px; }
QMenu::indicator { width: 14px; height: 14px; left: 8px; }
QScrollBar:vertical { background: transparent; width: 14px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 14px; margin: 0; }
QScrollBar::handle { background: $border_strong; border-radius: 3px; margin: 4px; }
QScrollBar::handle:vertical { min-height: 40px; }
QScrollBar::handle:horizontal { min-width: 40px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QTableView { background: transparent; border: none; gridline-color: $border; color: $text; }
QTableView::item:selected { background: $accent_soft; color: $text; }
QHeaderView, QHeaderView::section { background: transparent; color: $muted; border: none; padding: 0; }
QHeaderView::section { border-bottom: 1px solid $border; }
QTableCornerButton::section { background: transparent; border: none; border-bottom: 1px solid $border; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QListView { background: transparent; border: none; }
QProgressBar { background: transparent; border: none; }
QSplitter::handle { background: transparent; }
""")


def stylesheet(colours: Mapping[str, str], tokens: Tokens, scale: float) -> str:
    """The style sheet of one theme at one text size."""
    values = {role.replace("-", "_"): value for role, value in colours.items()}
    field = round(tokens.control["height"] + 20 * (scale - 1)) - 2
    return _SHEET.substitute(values, control=tokens.radius["control"], field=field, menu=round(6 * scale))

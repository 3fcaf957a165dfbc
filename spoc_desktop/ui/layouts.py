"""What a layout holds, without ever touching its items.

A `QLayoutItem` is no QObject: Qt frees it without telling Python, whose wrapper then stands for whatever lies at that
address next. Code that walks or empties a layout by `itemAt` or `takeAt` ends in corrupted memory; this does not.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtWidgets import QBoxLayout, QLayout, QWidget


def parts_of(layout: QLayout) -> list[QWidget | QLayout]:
    """The widgets and the inner layouts that a layout holds itself, in its order."""
    holder = layout.parentWidget()
    widgets = [child for child in holder.children() if isinstance(child, QWidget)] if holder is not None else []
    inner = [child for child in layout.children() if isinstance(child, QLayout)]
    placed: list[tuple[int, QWidget | QLayout]] = [(layout.indexOf(part), part) for part in widgets]
    placed += [(layout.indexOf(part), part) for part in inner]
    return [part for place, part in sorted(placed, key=lambda each: each[0]) if place >= 0]


def widgets_of(layout: QLayout) -> Iterator[QWidget]:
    """The widgets that a layout holds itself, in its order."""
    return (part for part in parts_of(layout) if isinstance(part, QWidget))


def empty(layout: QLayout) -> None:
    """Take every widget away and let it go. Stretches and spacings stay: use `stretch` and `gap` where they must go."""
    for widget in list(widgets_of(layout)):
        layout.removeWidget(widget)
        widget.hide()
        widget.setParent(None)
        widget.deleteLater()


def stretch(layout: QBoxLayout, place: int, share: int = 1) -> None:
    """Free room at a place of a layout that is emptied again."""
    layout.insertWidget(place, Filler(), share)


def gap(layout: QBoxLayout, place: int, height: int) -> None:
    """So many px of free height at a place of a layout that is emptied again."""
    filler = Filler()
    filler.setFixedHeight(height)
    layout.insertWidget(place, filler)


class Filler(QWidget):
    """Free room; nothing is in it."""

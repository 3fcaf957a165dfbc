"""A picture of a course with its caption; what it shows is told in words to whoever cannot see it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QImageReader, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from spoc_desktop.i18n import _
from spoc_desktop.ui.painting import box, painting
from spoc_desktop.ui.theme import follow, theme
from spoc_desktop.ui.widgets.flow import Hairline
from spoc_desktop.ui.widgets.text import Span, Text

PictureLoader = Callable[[bytes, Callable[[bytes | None], None]], None]
"""Given the SHA-256 of a picture, calls back on the main thread with its bytes, or None where it is not here yet."""

FORMATS = (b"png", b"jpeg", b"webp", b"gif")
_LARGEST = 12_000
_MOST_PIXELS = 40_000_000
_MEGABYTES = 192
"""What one picture may take in memory, four bytes a pixel and some air."""
_PAPER = "#FFFEFB"


def decode(data: bytes) -> QImage | None:
    """The picture, or None for anything but a raster image of sane size (attack A16).

    The size is read from the header before a pixel is. SVG is off: it is a program as much as a picture.
    """
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setDecideFormatFromContent(True)
    size = reader.size()
    if bytes(reader.format().data()) not in FORMATS or not size.isValid():
        return None
    if max(size.width(), size.height()) > _LARGEST or size.width() * size.height() > _MOST_PIXELS:
        return None
    QImageReader.setAllocationLimit(_MEGABYTES)
    image = reader.read()
    return None if image.isNull() else image


class Picture(QWidget):
    """As wide as the column allows, never wider than the picture."""

    def __init__(self, alternative: str) -> None:
        super().__init__()
        self._image: QImage | None = None
        self._alternative = alternative
        self.setAccessibleName(alternative)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_image(self, image: QImage | None) -> None:
        """Show a picture; None keeps the empty frame."""
        self._image = image
        self.updateGeometry()
        self.update()

    def _natural(self) -> QSize:
        if self._image is None:
            return QSize(theme().text_px(320), theme().text_px(120))
        ratio = self._image.devicePixelRatio()
        return QSize(round(self._image.width() / ratio), round(self._image.height() / ratio))

    def sizeHint(self) -> QSize:
        return self._natural()

    def minimumSizeHint(self) -> QSize:
        return QSize(80, 24)

    def heightForWidth(self, width: int) -> int:
        natural = self._natural()
        return round(natural.height() * min(width, natural.width()) / max(1, natural.width()))

    def paintEvent(self, event: QPaintEvent) -> None:
        natural = self._natural()
        width = min(self.width(), natural.width())
        place = QRectF((self.width() - width) / 2, 0, width, self.heightForWidth(self.width()))
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            if self._image is None:
                box(painter, place, 6, fill=theme().colour("sunken"), line=theme().colour("border"), dashed=True)
                return
            if self._image.hasAlphaChannel() and theme().dark:
                box(painter, place, 6, fill=QColor(_PAPER))
            painter.drawImage(place, self._image)


class FigureView(QWidget):
    """Box, picture, hairline, caption. Without the picture its description is written in its place."""

    def __init__(self, alternative: str, caption: Sequence[Span]) -> None:
        super().__init__()
        self._alternative = alternative
        self.picture = Picture(alternative)
        self._words = Text(alternative, "small", "muted", wrap=True, align="centre")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(20, 14, 20, 10)
        self._column.setSpacing(8)
        self._column.addWidget(self.picture)
        self._column.addWidget(self._words)
        self._words.hide()
        if caption:
            self._column.addWidget(Hairline())
            self._column.addWidget(Text(caption, "small", "muted", wrap=True))
        follow(self._restyle)

    def show_bytes(self, data: bytes | None) -> None:
        """Show what the loader brought."""
        image = decode(data) if data is not None else None
        self.picture.show_image(image)
        self._words.setVisible(image is None)
        lack = _("This picture arrives with the next synchronisation.")
        if data is not None:
            lack = _("This picture cannot be shown.")
        self._words.say(" ".join(filter(None, (lack, self._alternative))))

    def _restyle(self) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            box(painter, self.rect(), 10, line=theme().colour("border"))

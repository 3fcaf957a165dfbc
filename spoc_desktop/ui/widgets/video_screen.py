"""The picture of a film, drawn by us: rounded, letterboxed, its caption painted over it and never cut off."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QMouseEvent, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from spoc_desktop.ui.painting import box, painting
from spoc_desktop.ui.theme import follow, theme

_GROUND = QColor("#2A2E36")
_CAPTION_GROUND = QColor(0, 0, 0, 220)
_CAPTION_INK = QColor("#FFFFFF")
_WIDTH, _HEIGHT = 16, 9
_WIDEST = 960
_RADIUS = 10
_WRAP = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap


class VideoScreen(QWidget):
    """Sixteen to nine, as wide as the column allows. `message` is said where there is no picture."""

    clicked = Signal()

    def __init__(self, *, fills: bool = False) -> None:
        super().__init__()
        self._fills = fills
        self._highest = 10_000
        self._image: QImage | None = None
        self._caption = ""
        self._message = ""
        vertical = QSizePolicy.Policy.Expanding if fills else QSizePolicy.Policy.Minimum
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, vertical)
        policy.setHeightForWidth(not fills)
        self.setSizePolicy(policy)
        follow(self._restyle)

    def limit(self, highest: int) -> None:
        """Be no higher than this, so that the controls stay in view with the picture."""
        if highest != self._highest:
            self._highest = highest
            self.updateGeometry()

    def show_image(self, image: QImage | None) -> None:
        """Show a picture of the film."""
        self._image = image
        self.update()

    def show_caption(self, caption: str) -> None:
        """Show what is said; "" for nothing."""
        if caption != self._caption:
            self._caption = caption
            self.update()

    def show_message(self, message: str) -> None:
        """Say why there is no picture."""
        self._message = message
        self.update()

    @property
    def caption(self) -> str:
        """The caption in view."""
        return self._caption

    def _restyle(self) -> None:
        self.setMaximumWidth(16_777_215 if self._fills else theme().text_px(_WIDEST))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme().text_px(_WIDEST), self.heightForWidth(theme().text_px(_WIDEST)))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 90)

    def heightForWidth(self, width: int) -> int:
        return min(self._highest, round(min(width, self.maximumWidth()) * _HEIGHT / _WIDTH))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit()

    # -- drawing

    def painted_texts(self) -> list[tuple[str, QFont]]:
        """Text drawn over the picture, for the search for foreign fonts."""
        return [(text, self._caption_font()) for text in (self._caption, self._message) if text]

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            path = QPainterPath()
            radius = 0 if self._fills else _RADIUS
            path.addRoundedRect(QRectF(self.rect()), radius, radius)
            painter.setClipPath(path)
            painter.fillRect(self.rect(), QColor(0, 0, 0) if self._fills else _GROUND)
            if self._image is not None:
                painter.drawImage(self._place(self._image), self._image)
            elif self._message:
                self._paint_words(painter, self._message, centred=True)
            if self._caption:
                self._paint_words(painter, self._caption, centred=False)

    def _place(self, image: QImage) -> QRectF:
        size = QSize(image.width(), image.height()).scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        left, top = (self.width() - size.width()) / 2, (self.height() - size.height()) / 2
        return QRectF(left, top, size.width(), size.height())

    def _caption_font(self) -> QFont:
        font = QFont(theme().font("body", weight=500))
        natural = self.width() / 640 * 18
        font.setPixelSize(round(max(theme().text_px(13), min(natural, 44))))
        return font

    def _paint_words(self, painter: QPainter, words: str, *, centred: bool) -> None:
        font = self._caption_font()
        metrics = QFontMetricsF(font)
        room = QRectF(0, 0, self.width() - 2 * 28, self.height())
        text = metrics.boundingRect(room, _WRAP, words)
        top = (self.height() - text.height()) / 2 if centred else self.height() - text.height() - 26
        place = QRectF((self.width() - text.width()) / 2, max(6.0, top), text.width() + 2, text.height())
        if not centred:
            box(painter, place.adjusted(-14, -6, 14, 6), 4, fill=_CAPTION_GROUND)
        painter.setFont(font)
        painter.setPen(_CAPTION_INK)
        painter.drawText(place, _WRAP, words)

"""The language of the window: telling widgets that it changed, and Qt's own dialogs which catalogue to take."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator, Signal

from spoc_desktop import i18n

_LOCALES = {
    "fr": QLocale(QLocale.Language.French, QLocale.Country.France),
    "en": QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom),
}


class _Language(QObject):
    """Says that the words have changed, and holds the catalogue of Qt's own dialogs."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.qt_words = QTranslator()

    def load_qt_words(self) -> None:
        """Swap the catalogue of Qt's own dialogs; English is built in and has none."""
        QCoreApplication.removeTranslator(self.qt_words)
        self.qt_words = QTranslator()
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if self.qt_words.load(f"qtbase_{i18n.language()}", folder):
            QCoreApplication.installTranslator(self.qt_words)


_language = _Language()


def set_language(code: str) -> None:
    """Speak "fr" or "en" from now on, in our words, in Qt's own and in number fields; open widgets follow."""
    i18n.use(code)
    QLocale.setDefault(_LOCALES[i18n.language()])
    if QCoreApplication.instance() is not None:
        _language.load_qt_words()
    _language.changed.emit()


def on_language(retranslate: Callable[[], None]) -> None:
    """Call a widget's bound method each time the language has changed, until the widget is gone."""
    _language.changed.connect(retranslate)


def system_language() -> str:
    """The two letters of the language that the system speaks."""
    return QLocale.system().name()[:2]

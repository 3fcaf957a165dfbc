"""Doing something inside the real program when its event loop begins, without changing the program."""

from __future__ import annotations

from collections.abc import Callable


def when_running(begin: Callable[[], None]) -> None:
    """Call `begin` on the main thread just before the application's event loop runs."""
    from PySide6.QtWidgets import QApplication

    import spoc_desktop.ui  # noqa: F401  # holds Qt's singletons before anything else calls Qt

    run = QApplication.exec

    def begin_and_run() -> int:
        begin()
        return run()

    QApplication.exec = staticmethod(begin_and_run)  # type: ignore[method-assign]  # the one door that every start takes

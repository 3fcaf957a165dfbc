"""Work off the main thread, and its results back on it."""

from __future__ import annotations

import threading

from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.exceptions import capture_exceptions
from shiboken6 import delete

from spoc_desktop.ui.workers import Workers

MAIN = threading.main_thread()


def test_work_runs_elsewhere_and_its_result_comes_back_to_the_main_thread(workers: Workers) -> None:
    seen: list[tuple[threading.Thread, threading.Thread]] = []
    workers.run(threading.current_thread, lambda thread: seen.append((thread, threading.current_thread())))
    workers.wait()
    assert seen[0][0] is not MAIN
    assert seen[0][1] is MAIN


def test_database_work_is_done_one_after_the_other_in_one_thread(workers: Workers) -> None:
    seen: list[tuple[int, str]] = []
    for number in range(20):
        workers.run(lambda number=number: (number, threading.current_thread().name), seen.append)  # type: ignore[misc]
    workers.wait()
    assert [number for number, _name in seen] == list(range(20))
    assert len({name for _number, name in seen}) == 1


def test_a_slow_network_does_not_hold_the_database_up(workers: Workers) -> None:
    seen: list[str] = []
    released = threading.Event()
    workers.fetch(released.wait, lambda _ok: seen.append("network"))

    def arrived(word: str) -> None:
        seen.append(word)
        released.set()

    workers.run(lambda: "database", arrived)
    workers.wait()
    assert seen == ["database", "network"]


def test_what_the_work_raised_is_handed_to_who_asked(workers: Workers) -> None:
    seen: list[Exception] = []
    workers.run(lambda: 1 // 0, None, seen.append)
    workers.wait()
    assert isinstance(seen[0], ZeroDivisionError)


def test_an_error_that_nobody_takes_is_not_swallowed(workers: Workers) -> None:
    with capture_exceptions() as raised:
        workers.run(lambda: 1 // 0)
        workers.wait()
    assert raised[0][0] is ZeroDivisionError


def test_a_result_for_a_page_that_is_gone_is_dropped(workers: Workers) -> None:
    page = QWidget()
    seen: list[object] = []
    released = threading.Event()
    workers.run(released.wait, seen.append, owner=page)
    delete(page)
    released.set()
    workers.wait()
    assert seen == []


def test_closing_waits_for_what_runs_and_forgets_what_has_not_begun(app: QApplication) -> None:
    workers = Workers()
    seen: list[int] = []
    started = threading.Event()

    def begin() -> None:
        started.set()
        seen.append(1)

    workers.run(begin)
    started.wait(5)
    for _again in range(50):
        workers.run(lambda: threading.Event().wait(0.01))
    workers.close()
    assert seen == [1]
    assert not [thread for thread in threading.enumerate() if thread.name.startswith(("database", "network"))]
    workers.run(lambda: seen.append(2))
    assert seen == [1]

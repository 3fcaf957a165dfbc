"""Work that can wait lets pushes pass, and is not kept waiting for ever."""

from __future__ import annotations

import threading
import time

import pytest

from sync.server import calm
from sync.server.calm import Calm


def test_what_can_wait_goes_on_at_once_where_nobody_pushes() -> None:
    Calm().wait()


def test_what_can_wait_lets_a_push_pass_and_a_breath_after_it() -> None:
    order: list[str] = []
    here = Calm()

    def grade() -> None:
        here.wait()
        order.append("graded")

    with here.disturbed():
        waiting = threading.Thread(target=grade)
        waiting.start()
        time.sleep(0.02)
        order.append("pushed")
    waiting.join()
    assert order == ["pushed", "graded"]


def test_a_server_that_is_never_calm_keeps_nobody_waiting_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calm, "_AT_MOST_S", 0.05)
    here = Calm()
    with here.disturbed():
        here.wait()

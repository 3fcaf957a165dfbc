"""What a server does by itself once a day goes on whatever fails in between."""

from __future__ import annotations

from threading import Event

import pytest

from sync.protocol.errors import Busy
from sync.server.core import Core
from sync.server.daily import Daily
from sync.server.sync import balloting, compaction
from tests.integration.server.world import World


@pytest.mark.allows_warnings  # the log tells IT what did not go
def test_a_database_that_is_busy_for_a_moment_ends_nothing_of_what_is_done_each_day(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached = Event()

    def busy(_core: Core) -> None:
        raise Busy(5)

    def close_due(_core: Core) -> int:
        reached.set()
        return 0

    monkeypatch.setattr(compaction, "compact", busy)
    monkeypatch.setattr(balloting, "close_due", close_due)
    daily = Daily(world.core)
    daily.start()
    try:
        assert reached.wait(20)
    finally:
        daily.close()


@pytest.mark.allows_warnings  # what failed is told
def test_work_after_a_reply_that_fails_is_said_and_the_next_is_done(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    done = Event()

    def fail() -> None:
        raise RuntimeError("a text of a person")

    world.core.later(fail)
    world.core.later(done.set)
    assert done.wait(10)
    assert "work after a reply failed: RuntimeError" in caplog.text
    assert "a text of a person" not in caplog.text

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

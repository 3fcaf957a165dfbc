"""How long a laptop waits for news: as long as the server and what is on the way let it, and never by hammering."""

from spoc_desktop.services.patience import FIRST_PAUSE_MS, LONGEST_PAUSE_MS, SHORTEST_MS, Patience
from sync.protocol.limits import LIVE_PULL_MS, STALL_MS


def test_a_wait_ends_before_the_line_counts_as_stalled() -> None:
    assert Patience().wait == LIVE_PULL_MS < STALL_MS


def test_a_proxy_that_cuts_after_ten_seconds_makes_waits_shorter_than_that_and_asks_again_at_once() -> None:
    patience = Patience()
    assert patience.cut(10_000) == 0
    assert 5_000 < patience.wait < 10_000


def test_a_cut_that_comes_at_once_says_nothing_about_how_long_a_wait_may_be() -> None:
    patience = Patience()
    patience.cut(20)
    assert patience.wait == LIVE_PULL_MS


def test_no_wait_becomes_so_short_that_it_hammers() -> None:
    patience = Patience()
    for _ in range(10):
        patience.cut(1_500)
    assert patience.wait == SHORTEST_MS


def test_a_line_that_cuts_every_wait_is_asked_more_and_more_rarely() -> None:
    patience = Patience()
    pauses = [patience.cut(20) for _ in range(6)]
    assert pauses == sorted(pauses)
    assert pauses[0] == 0
    assert pauses[-1] == LONGEST_PAUSE_MS


def test_a_server_that_does_not_hold_is_asked_as_rarely_as_before_there_was_live_pull() -> None:
    patience = Patience()
    assert [patience.refused() for _ in range(5)] == [
        *(FIRST_PAUSE_MS << times for times in range(4)),
        LONGEST_PAUSE_MS,
    ]


def test_waits_that_go_well_become_longer_again() -> None:
    patience = Patience()
    patience.cut(4_000)
    for _ in range(200):
        patience.came()
    assert patience.wait == LIVE_PULL_MS
    assert patience.refused() == FIRST_PAUSE_MS

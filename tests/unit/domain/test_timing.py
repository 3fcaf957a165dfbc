"""Rule 11: whose clock decides when something was handed in (fault F10, attack A44)."""

from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from sync.domain.cohorts import DAY_MS
from sync.domain.timing import (
    NO_WITNESS,
    Doubt,
    Reading,
    Timed,
    Track,
    Witness,
    carried,
    clock_off,
    met,
    timed,
    true_now,
    witness,
)

HOUR = 3_600_000
YEAR = 365 * DAY_MS
FRIDAY = 1_795_000_000_000
"""Some instant of 2026, by the server."""
WAYS = (0, -10 * YEAR, 10 * YEAR, -FRIDAY, 2**31 * 1000 - FRIDAY, HOUR, -HOUR, 3 * DAY_MS)
"""What a device clock may be off by: ten years either way, 1970, 2038, an hour of summer time, days."""


@dataclass
class Computer:
    """A computer in the world: true time, a device clock that a person sets, and an uptime that nobody sets."""

    true: int = FRIDAY
    off: int = 0
    started: int = FRIDAY - HOUR
    boots: int = 1
    track: Track | None = None
    times: list[int] = field(default_factory=list)

    def look(self) -> Reading:
        return Reading(self.true + self.off, self.true - self.started, bytes([self.boots]) * 16)

    def meet(self) -> None:
        self.track = met(self.true, self.look())

    def notice(self) -> None:
        if self.track is not None:
            self.track = carried(self.track, self.look())

    def restart(self, pause: int) -> None:
        self.true += pause
        self.started, self.boots = self.true, self.boots + 1
        self.notice()

    def hand_in(self, received: int | None = None, *, receipt_only: bool = False) -> Timed:
        self.notice()
        seen = witness(self.track, self.look())
        return timed(self.look().device, seen, received, receipt_only=receipt_only)


def test_the_traveller_who_syncs_three_days_later_is_not_late() -> None:
    computer = Computer()
    computer.meet()
    computer.true += DAY_MS
    due = computer.true + HOUR
    handed = computer.hand_in(received=computer.true + 3 * DAY_MS)
    assert handed.doubt is Doubt.NONE
    assert handed.is_apart
    assert not handed.is_late(due)


def test_a_computer_that_was_switched_off_on_the_way_is_believed_when_its_clock_went_on() -> None:
    computer = Computer()
    computer.meet()
    computer.restart(pause=DAY_MS)
    computer.true += HOUR
    handed = computer.hand_in(received=computer.true + DAY_MS)
    assert (handed.doubt, handed.at) == (Doubt.NONE, computer.true)


def test_a_clock_set_back_to_before_the_deadline_is_noticed_and_the_receipt_decides() -> None:
    computer = Computer()
    computer.meet()
    due = computer.true + DAY_MS
    computer.true += 2 * DAY_MS
    computer.off = -(DAY_MS + HOUR)
    handed = computer.hand_in(received=computer.true)
    assert handed.doubt is Doubt.JUMPED
    assert handed.is_in_doubt
    assert handed.is_late(due)


def test_a_clock_set_back_and_hidden_by_a_restart_is_noticed_too() -> None:
    computer = Computer()
    computer.meet()
    due = computer.true + DAY_MS
    computer.restart(pause=2 * DAY_MS)
    computer.off = -(DAY_MS + HOUR)
    computer.restart(pause=60_000)
    assert computer.hand_in(received=computer.true + HOUR).is_late(due)


def test_after_fourteen_days_without_the_server_the_receipt_decides() -> None:
    computer = Computer()
    computer.meet()
    handed = computer.hand_in(received=computer.true + 14 * DAY_MS)
    assert handed.doubt is Doubt.NONE
    handed = computer.hand_in(received=computer.true + 14 * DAY_MS + 1)
    assert (handed.doubt, handed.at) == (Doubt.AWAY, computer.true + 14 * DAY_MS + 1)


def test_a_cohort_that_counts_receipt_only_takes_no_other_word() -> None:
    computer = Computer()
    computer.meet()
    handed = computer.hand_in(received=computer.true + DAY_MS, receipt_only=True)
    assert (handed.doubt, handed.at) == (Doubt.POLICY, computer.true + DAY_MS)
    assert not handed.is_in_doubt


def test_what_an_older_program_handed_in_counts_from_its_receipt() -> None:
    assert timed(FRIDAY, NO_WITNESS, FRIDAY + DAY_MS).at == FRIDAY + DAY_MS


def test_while_there_is_no_receipt_the_laptop_goes_by_its_own_time() -> None:
    assert timed(FRIDAY, NO_WITNESS, None).at == FRIDAY


def test_the_banner_knows_by_how_much_a_clock_is_off_also_when_it_was_set_since_the_contact() -> None:
    computer = Computer(off=-10 * YEAR)
    assert clock_off(computer.track, computer.look()) == 0
    computer.meet()
    computer.true += HOUR
    assert clock_off(computer.track, computer.look()) == 10 * YEAR
    computer.off = HOUR
    assert clock_off(computer.track, computer.look()) == -HOUR


@given(st.sampled_from(WAYS), st.integers(0, 13 * DAY_MS))
def test_a_clock_that_is_off_by_years_and_left_alone_is_corrected_and_believed(off: int, later: int) -> None:
    computer = Computer(off=off)
    computer.meet()
    computer.true += later
    handed = computer.hand_in(received=computer.true + DAY_MS)
    assert (handed.doubt, handed.at) == (Doubt.NONE, computer.true)


@given(st.sampled_from(WAYS), st.sampled_from(WAYS), st.integers(0, 13 * DAY_MS))
def test_what_opens_and_closes_goes_by_true_time_whatever_a_running_computer_was_set_to(
    off: int, then: int, later: int
) -> None:
    computer = Computer(off=off)
    assert true_now(computer.track, computer.look()) == computer.look().device, "all that a first start has"
    computer.meet()
    computer.true += later
    computer.off += then
    assert true_now(computer.track, computer.look()) == computer.true


@given(st.sampled_from(WAYS), st.integers(0, 13 * DAY_MS))
def test_a_clock_that_is_off_is_corrected_after_a_restart_too(off: int, pause: int) -> None:
    computer = Computer(off=off)
    computer.meet()
    computer.restart(pause)
    assert true_now(computer.track, computer.look()) == computer.true


def test_a_clock_that_was_set_right_while_the_computer_was_off_is_not_corrected_once_more() -> None:
    for off in (-YEAR, YEAR):
        computer = Computer(off=off)
        computer.meet()
        computer.off = 0
        computer.restart(pause=2 * DAY_MS)
        assert true_now(computer.track, computer.look()) == computer.true


def test_a_clock_that_fell_back_to_1970_with_its_battery_does_not_close_what_was_open() -> None:
    computer = Computer()
    computer.meet()
    computer.true += DAY_MS
    computer.notice()
    computer.off = -FRIDAY
    computer.restart(pause=HOUR)
    assert true_now(computer.track, computer.look()) == computer.true - HOUR


WORDS = st.one_of(st.integers(-(2**63), 2**64), st.sampled_from((0, FRIDAY, -FRIDAY, DAY_MS)))


@settings(max_examples=300)
@given(st.builds(Witness, zone=WORDS, ahead=WORDS, contact=WORDS, span=WORDS, restarts=WORDS, jump=WORDS), WORDS)
def test_whatever_a_witness_says_no_time_before_fourteen_days_ago_or_after_receipt_counts(
    seen: Witness, device: int
) -> None:
    received = FRIDAY
    handed = timed(device, seen, received)
    assert received - 14 * DAY_MS - HOUR <= handed.at <= received + HOUR


class ClockMachine(RuleBasedStateMachine):
    """Fault F10: whatever is done to a clock, what is believed is true to some minutes, or the receipt decides."""

    @initialize(off=st.sampled_from(WAYS))
    def start(self, off: int) -> None:
        self.computer = Computer(off=off)
        self.met = False

    @rule()
    def contact(self) -> None:
        self.computer.meet()
        self.met = True

    @rule(by=st.sampled_from(WAYS))
    def set_the_clock(self, by: int) -> None:
        self.computer.off += by

    @rule(pause=st.integers(0, 10 * DAY_MS))
    def time_passes(self, pause: int) -> None:
        self.computer.true += pause

    @rule()
    def look(self) -> None:
        self.computer.notice()

    @rule(wait=st.integers(0, 20 * DAY_MS))
    def hand_in(self, wait: int) -> None:
        received = self.computer.true + wait
        handed = self.computer.hand_in(received)
        slack = 2 * 60_000 + 20 * DAY_MS // 2_000
        assert handed.doubt is not Doubt.NONE or abs(handed.at - self.computer.true) <= slack
        assert handed.doubt is Doubt.NONE or handed.at == received
        assert (handed.doubt is Doubt.UNKNOWN) == (not self.met)

    @invariant()
    def span_is_what_ran(self) -> None:
        track = self.computer.track
        assert track is None or 0 <= track.span <= self.computer.true - track.contact


TestClockMachine = ClockMachine.TestCase
TestClockMachine.settings = settings(max_examples=60, stateful_step_count=25)

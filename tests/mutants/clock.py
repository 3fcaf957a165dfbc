"""The clock of a laptop is not what opens, closes and forgets: what a wrong one would do."""

from tests.mutants.mutant import Change, Mutant

_WRONG = "tests/unit/services/test_wrong_clock.py"
_TIMING = "sync/domain/timing.py"
_CLOCKS = "tests/unit/domain/test_timing.py"
_SERVICES = "spoc_desktop/services"

CLOCK = (
    Mutant(
        "weeks_open_by_the_clock_of_the_laptop",
        (
            Change(
                f"{_SERVICES}/desk.py",
                "return self.now() if self.keeper is None else self.keeper.true_now()",
                "return self.now()",
            ),
        ),
        f"{_WRONG} -k learner",
    ),
    Mutant(
        "late_by_the_clock_of_the_trainer",
        (
            Change(
                f"{_SERVICES}/followup.py", "now, late = self._desk.true_now(), {}", "now, late = self._desk.now(), {}"
            ),
        ),
        f"{_WRONG} -k trainer",
    ),
    Mutant(
        "a_call_opens_by_the_clock_of_the_trainer",
        (Change(f"{_SERVICES}/ballots.py", "opens=self._desk.true_now()", "opens=self._desk.now()"),),
        f"{_WRONG} -k ballots",
    ),
    Mutant(
        "a_clock_set_right_is_corrected_once_more",
        (Change(_TIMING, "here.device if is_set_right else corrected", "corrected"),),
        f"{_CLOCKS} -k set_right",
    ),
    Mutant(
        "a_clock_that_fell_back_closes_what_was_open",
        (Change(_TIMING, "return max(passed, here.device", "return max(0, here.device"),),
        f"{_CLOCKS} -k battery",
    ),
    Mutant(
        "a_clock_that_jumps_empties_the_trash",
        (Change(f"{_SERVICES}/workplace.py", "            TrueClock(self.keeper, clock),\n", "            clock,\n"),),
        "tests/integration/laptop/test_timing.py -k empties_no_trash",
    ),
    Mutant(
        "a_clock_that_jumps_forgets_what_was_wished",
        (
            Change(
                "spoc_desktop/storage/file_ahead.py",
                "        transaction.run(_TABLE)\n",
                "        transaction.run(_TABLE)\n        forget(transaction, self._now())\n",
            ),
        ),
        "tests/unit/services/test_ahead.py -k sixty_days",
    ),
)

"""Grades that come when the week ends: never, too early, or all but the last ones."""

from tests.mutants.mutant import Change, Mutant

_CLOSE = "tests/integration/server/test_release_at_close.py"

CLOSING = (
    Mutant(
        "grades_at_close_never_come",
        (Change("sync/server/daily.py", '            self._do("to release grades", self._release)\n', ""),),
        f"{_CLOSE} -k was_stopped",
    ),
    Mutant(
        "grades_at_close_come_before_the_end",
        (Change("sync/server/sync/weeks.py", "opens_at(self.cohort, week + 1)", "opens_at(self.cohort, week)"),),
        f"{_CLOSE} -k and_once",
    ),
    Mutant(
        "the_round_gives_what_the_trainer_holds_back",
        (
            Change(
                "sync/server/sync/release.py",
                "        return edition.release is Release.AT_CLOSE\n",
                "        return True\n",
            ),
        ),
        f"{_CLOSE} -k and_once",
    ),
    Mutant(
        "grades_after_the_close_wait_for_ever",
        (
            Change(
                "sync/server/sync/grading.py",
                "return edition.release is Release.AT_CLOSE and self",
                "return False and self",
            ),
        ),
        f"{_CLOSE} -k after_the_week",
    ),
    Mutant(
        "grades_across_the_close_are_looked_past",
        (Change("sync/server/sync/release.py", "weeks.over(now - _HOUR_MS)", "weeks.over(now)"),),
        f"{_CLOSE} -k across_the_end",
    ),
)

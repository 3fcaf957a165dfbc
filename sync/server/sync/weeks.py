"""When the week of an activity is over for a cohort: by the cohort's calendar and the edition that is learnt."""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Connection

from sync.domain.cohorts import Cohort, opens_at
from sync.server.issuing.earning import cohort_of, edition_of


class Weeks(NamedTuple):
    """The plan of a cohort. `week_of`: of each activity."""

    cohort: Cohort
    week_of: Mapping[bytes, int]

    def is_over(self, activity: bytes, now: int) -> bool:
        """Whether the week of an activity has ended; one that the course has no more ends with the cohort."""
        week = self.week_of.get(activity)
        return now >= (self.cohort.ends if week is None else opens_at(self.cohort, week + 1))

    def over(self, now: int) -> frozenset[bytes]:
        """The activities of all weeks that have ended; b"" stands for those that the course has no more."""
        return frozenset(activity for activity in (*self.week_of, b"") if self.is_over(activity, now))


def weeks_of(connection: Connection, cohort_id: bytes) -> Weeks | None:
    """The plan of a cohort, None while it has no calendar or nothing is published."""
    cohort = cohort_of(connection, cohort_id)
    edition = None if cohort is None else edition_of(connection, cohort.course)
    if cohort is None or edition is None:
        return None
    week_of = {activity.id: module.week for module in edition.modules for activity in module.activities}
    return Weeks(cohort, week_of)

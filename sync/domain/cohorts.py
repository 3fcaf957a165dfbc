"""The cohort (« session » on the French screen): who learns together, from when to when, and which week opens when."""

from enum import IntEnum

import msgspec

from sync.domain.kind import Erase, Kind, Merge
from sync.domain.permissions import SERVER
from sync.domain.spaces import SpaceType

DAY_MS = 86_400_000
WEEK_MS = 7 * DAY_MS


class Part(IntEnum):
    """What somebody is in a cohort."""

    UNKNOWN = 0
    LEARNER = 1
    TRAINER = 2

    @classmethod
    def _missing_(cls, value: object) -> "Part":
        return cls.UNKNOWN


class Cohort(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """A promotion. `starts` and `ends` are instants in milliseconds, `timezone` an IANA name for showing them.

    `receipt_only`: what is handed in counts from when the server has it, whatever laptops say (rule 11).
    """

    title: str
    course: bytes
    starts: int
    ends: int
    timezone: str = "Europe/Paris"
    receipt_only: bool = False


class Member(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """The display card of a member, copied by the server into the cohort's space."""

    person: bytes
    name: str
    part: Part
    left: bool = False


class Enrolment(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """A learner's place in a cohort. `seed` (32 bytes) makes draws and shuffles work offline (protocol rule 5)."""

    learner: bytes
    cohort: bytes
    course: bytes
    since: int
    seed: bytes


COHORT = Kind(10, "cohort", Cohort, space=(SpaceType.COHORT,), merge=Merge.EDITED, write=SERVER, erase=Erase.KEEP)
MEMBER = Kind(11, "member", Member, space=(SpaceType.COHORT,), merge=Merge.EDITED, write=SERVER, erase=Erase.PSEUDONYM)
ENROLMENT = Kind(
    12, "enrolment", Enrolment, space=(SpaceType.PERSONAL,), merge=Merge.EDITED, write=SERVER, erase=Erase.KEEP
)
KINDS = (COHORT, MEMBER, ENROLMENT)


def opens_at(cohort: Cohort, week: int) -> int:
    """When the modules of a week (1 is the first) open, in milliseconds."""
    return cohort.starts + (week - 1) * WEEK_MS


def week_of(cohort: Cohort, now: int) -> int:
    """The week of the cohort at an instant: 0 before the start; it goes on counting after the end."""
    return 0 if now < cohort.starts else (now - cohort.starts) // WEEK_MS + 1

"""Who may write what: one role a person and space, one set of roles a kind (protocol rule 4).

Membership is data on the server and is judged when a change arrives; the laptop asks the same function so that it never
offers what would be refused.
"""

from enum import IntEnum

from sync.domain import spaces
from sync.domain.ids import CohortId, CourseId, PersonId, SpaceId
from sync.domain.spaces import SpaceType


class Role(IntEnum):
    """What a person is in one space."""

    READER = 1
    MEMBER = 2
    OWNER = 3
    TRAINER = 4
    AUTHOR = 5


class Operation(IntEnum):
    """The three things a mutation can do."""

    CREATE = 1
    EDIT = 2
    DELETE = 3


SERVER: frozenset[Role] = frozenset()
"""Written by the server alone: roles, releases, grades, certificates."""
OWNER = frozenset({Role.OWNER})
MEMBER = frozenset({Role.MEMBER, Role.TRAINER})
TRAINER = frozenset({Role.TRAINER})
AUTHOR = frozenset({Role.AUTHOR})


def seats_of_own(person: PersonId, organisation: bytes) -> dict[SpaceId, Role]:
    """What everybody may read: the own space and the organisation's cards."""
    return {spaces.own(person): Role.OWNER, spaces.org(organisation): Role.READER}


def seats_of_learner(cohort: CohortId, course: CourseId, learner: PersonId) -> dict[SpaceId, Role]:
    """The spaces that an enrolment opens to the learner."""
    return {
        spaces.course(course): Role.READER,
        spaces.cohort(cohort): Role.MEMBER,
        spaces.personal(cohort, learner): Role.OWNER,
    }


def seats_of_trainer(cohort: CohortId, course: CourseId, learners: frozenset[PersonId]) -> dict[SpaceId, Role]:
    """The spaces that a cohort opens to its trainers: the people's work and what is said about it before release."""
    seats = {
        spaces.course(course): Role.TRAINER,
        spaces.cohort(cohort): Role.TRAINER,
        spaces.authoring(course): Role.TRAINER,
    }
    for learner in learners:
        seats[spaces.personal(cohort, learner)] = Role.TRAINER
        seats[spaces.staff(cohort, learner)] = Role.TRAINER
    return seats


def seats_of_author(course: CourseId) -> dict[SpaceId, Role]:
    """The spaces of a course's author."""
    return {spaces.course(course): Role.AUTHOR, spaces.authoring(course): Role.AUTHOR}


def readable_types(role: Role) -> frozenset[SpaceType]:
    """The types of space in which a role occurs; a role that reads nothing does not exist."""
    return _TYPES_OF_ROLE[role]


_TYPES_OF_ROLE = {
    Role.READER: frozenset({SpaceType.ORG, SpaceType.COURSE}),
    Role.MEMBER: frozenset({SpaceType.COHORT, SpaceType.GROUP}),
    Role.OWNER: frozenset({SpaceType.OWN, SpaceType.PERSONAL, SpaceType.PEER}),
    Role.TRAINER: frozenset(SpaceType) - {SpaceType.OWN, SpaceType.ORG},
    Role.AUTHOR: frozenset({SpaceType.COURSE, SpaceType.AUTHORING}),
}

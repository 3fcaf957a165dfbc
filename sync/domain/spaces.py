"""Spaces: the unit of order, permission, checksum and sharding (protocol, Terms).

Nothing in a space is hidden from a member of it, so there is one permission question a space and none a row.
"""

from enum import IntEnum

from sync.domain.ids import ID_BYTES, CohortId, CourseId, PersonId, SpaceId


class SpaceType(IntEnum):
    """The nine spaces, numbered in the order in which a new laptop fetches them (protocol rule 3)."""

    OWN = 1
    ORG = 2
    COURSE = 3
    PERSONAL = 4
    COHORT = 5
    GROUP = 6
    PEER = 7
    AUTHORING = 8
    STAFF = 9


_ID_COUNT = {SpaceType.PERSONAL: 2, SpaceType.STAFF: 2, SpaceType.PEER: 2}
"""How many ids follow the type byte; one where nothing is said."""


def own(person: PersonId) -> SpaceId:
    """Bookmarks, notes, drafts, settings: no role, route or server command shows it to another person."""
    return _space(SpaceType.OWN, person)


def org(organisation: bytes) -> SpaceId:
    """People's cards without e-mail, templates, branding."""
    return _space(SpaceType.ORG, organisation)


def course(course_id: CourseId) -> SpaceId:
    """Published editions, without the keys of graded items."""
    return _space(SpaceType.COURSE, course_id)


def authoring(course_id: CourseId) -> SpaceId:
    """Drafts, banks and keys of a course."""
    return _space(SpaceType.AUTHORING, course_id)


def cohort(cohort_id: CohortId) -> SpaceId:
    """Calendar, forum, announcements, display cards of the members."""
    return _space(SpaceType.COHORT, cohort_id)


def group(group_id: bytes) -> SpaceId:
    """Group forum and shared documents."""
    return _space(SpaceType.GROUP, group_id)


def personal(cohort_id: CohortId, learner: PersonId) -> SpaceId:
    """What a learner handed in or sent in one cohort, and what was released to them."""
    return _space(SpaceType.PERSONAL, cohort_id, learner)


def staff(cohort_id: CohortId, learner: PersonId) -> SpaceId:
    """Draft reviews, marks before release and private notes about one learner."""
    return _space(SpaceType.STAFF, cohort_id, learner)


def peer(assignment: bytes, reviewer: PersonId) -> SpaceId:
    """Copies that one reviewer reads for a peer review."""
    return _space(SpaceType.PEER, assignment, reviewer)


def type_of(space: bytes) -> SpaceType:
    """The type of a space. ValueError when the bytes name none."""
    if not space:
        raise ValueError("an empty space name")
    kind = SpaceType(space[0])
    if len(space) != 1 + ID_BYTES * _ID_COUNT.get(kind, 1):
        raise ValueError(f"a space of type {kind.name} has another length than {len(space)}")
    return kind


def ids_of(space: bytes) -> tuple[bytes, ...]:
    """The ids that follow the type: course, cohort, or cohort and learner."""
    type_of(space)
    return tuple(space[start : start + ID_BYTES] for start in range(1, len(space), ID_BYTES))


def _space(kind: SpaceType, *ids: bytes) -> SpaceId:
    if any(len(part) != ID_BYTES for part in ids):
        raise ValueError("an id has 16 bytes")
    return SpaceId(bytes([kind]) + b"".join(ids))

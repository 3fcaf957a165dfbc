"""Reviews with a verdict are returned: copied from the staff space into the learner's personal space (decision 0009).

The review itself is in the staff space when this begins; its copy is a transaction of the personal space, and only then
`space.graded_seq` of the staff space says how far it was looked at. A copy's id is derived from review and verdict, so
that a round which was killed is done again and writes nothing twice.
"""

from typing import NamedTuple

from sqlalchemy import Connection, select

from sync.domain import spaces as names
from sync.domain.exercises import HAND_IN, RETURNED, REVIEW, HandIn, Returned, Review, Verdict, returned_id
from sync.domain.ids import CohortId, PersonId
from sync.domain.merge import GONE
from sync.domain.publishing import Row
from sync.domain.spaces import SpaceType
from sync.server import checkpoints
from sync.server.core import Core
from sync.server.mailing import occasions
from sync.server.storage import spaces
from sync.server.storage.log import Kept, read_record, read_reviews
from sync.server.storage.schema import space
from sync.server.storage.spaces import SpaceHead
from sync.server.sync import rows

_FAR = 1_000
"""Rows without a verdict after which it is worth a transaction to remember that they were looked at."""
_LAST = 1 << 63


class Found(NamedTuple):
    """The copies to write into a personal space, and up to which seq the staff space needs no further look."""

    staff_no: int
    personal: bytes
    copies: list[Row]
    upto: int


def return_reviews(core: Core, staff_id: bytes) -> None:
    """Return what carries a verdict in a staff space and was not returned yet."""
    with core.alone(staff_id):
        with core.reading() as connection:
            found = examine(connection, staff_id)
        if found is None:
            return
        now = core.now()
        if found.copies:
            core.writer.run(lambda connection: _keep_in_personal(core, connection, found, now))
            checkpoints.reach(checkpoints.RETURN_BETWEEN)
        core.writer.run(lambda connection: _look_no_further(connection, found))


def pending(connection: Connection) -> list[bytes]:
    """Staff spaces with rows that nobody looked at yet: after a kill, or because the hand-in had still to come."""
    found = connection.execute(select(space.c.id).where(space.c.graded_seq < space.c.seq)).scalars()
    return sorted(id_ for id_ in found if id_.startswith(bytes([SpaceType.STAFF])))


def examine(connection: Connection, staff_id: bytes) -> Found | None:
    """What a staff space has to return, without writing; None when there is nothing.

    A review whose hand-in is not in the learner's personal space is not returned, and is looked at again.
    """
    staff = spaces.find(connection, staff_id)
    if staff is None:
        return None
    looked = spaces.looked_up_to(connection, staff)
    cohort, learner = names.ids_of(staff_id)
    personal_id = names.personal(CohortId(cohort), PersonId(learner))
    personal = spaces.find(connection, personal_id)
    copies, upto = [], staff.seq
    for kept in read_reviews(connection, staff.no, after=looked):
        review: Review | None = None if kept.body in GONE else REVIEW.decode(kept.body)
        if review is None or not _is_decided(review):
            continue
        handed = _hand_in(connection, personal, review)
        if handed is None:
            upto = min(upto, kept.seq - 1)
            continue
        copies.append(_copy(kept, review, handed))
    if not copies and upto - looked < _FAR:
        return None
    return Found(staff.no, personal_id, copies, upto)


def _is_decided(review: Review) -> bool:
    return review.verdict is not Verdict.NONE and -_LAST <= review.decided_at < _LAST


def _hand_in(connection: Connection, personal: SpaceHead | None, review: Review) -> HandIn | None:
    kept = None if personal is None else read_record(connection, personal.no, review.hand_in)
    if kept is None or kept.kind != HAND_IN.number:
        return None
    handed: HandIn = HAND_IN.decode(kept.body)
    return handed if handed.activity == review.activity else None


def _copy(kept: Kept, review: Review, handed: HandIn) -> Row:
    body = Returned(
        review=kept.id,
        hand_in=review.hand_in,
        activity=review.activity,
        version=handed.version,
        trainer=kept.author,
        marks=review.marks,
        remarks=review.remarks,
        opinion=review.opinion,
        verdict=review.verdict,
        decided_at=review.decided_at,
    )
    return rows.row(RETURNED, returned_id(kept.id, review), body)


def _keep_in_personal(core: Core, connection: Connection, found: Found, now: int) -> None:
    if rows.write(connection, found.personal, found.copies, now, core.tail()):
        occasions.returned(core, connection, found.personal, [copy.id for copy in found.copies])
    checkpoints.reach(checkpoints.RETURN_BEFORE_COMMIT)


def _look_no_further(connection: Connection, found: Found) -> None:
    spaces.look_up_to(connection, found.staff_no, found.upto)

"""What learners did, for progress: readings and attempts by space, without opening each record."""

from typing import NamedTuple

from spoc_desktop.storage.changes import Seen
from spoc_desktop.storage.projections import Projection, readable
from spoc_desktop.storage.transaction import Transaction, Values
from sync.domain.courses import READING
from sync.domain.quizzes import ATTEMPT


class Done(NamedTuple):
    """A reading of one part of a lesson, or a finished attempt at a quiz; whose it is, the personal space says.

    `at`: when the learner did it, device time in milliseconds. `received`: when the server took it, in its own time, or
    when it was written here. `seq`: 0 while the server has not accepted it. `part` of `parts`: of a reading, 0 of 0 for
    an attempt.
    """

    space: bytes
    kind: int
    id: bytes
    activity: bytes
    edition: bytes
    at: int
    seq: int
    part: int
    parts: int
    received: int


def _row(seen: Seen) -> Values:
    body = seen.body
    if seen.kind == READING.number:
        return body.activity, body.edition, body.at, seen.seq, body.part, body.parts, seen.at
    return body.activity, body.edition, body.submitted, seen.seq, 0, 0, seen.at


DONE = Projection(
    name="done",
    version=2,
    columns="""activity BLOB NOT NULL, edition BLOB NOT NULL, at INTEGER NOT NULL, seq INTEGER NOT NULL,
        part INTEGER NOT NULL, parts INTEGER NOT NULL, received INTEGER NOT NULL""",
    kinds=(READING, ATTEMPT),
    row=_row,
)
_READ = readable(DONE.name, "p.activity, p.edition, p.at, p.seq, p.part, p.parts, p.received")


def done(transaction: Transaction, space: bytes | None = None) -> list[Done]:
    """All that was done, in one space or in every readable one."""
    if space is None:
        return [Done._make(row) for row in transaction.rows(_READ)]
    return [Done._make(row) for row in transaction.rows(f"{_READ} AND s.name = ?", (space,))]

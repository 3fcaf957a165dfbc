"""What tests of the laptop's store share: people, spaces, records, rows as a server tells them."""

from __future__ import annotations

import msgspec

from spoc_desktop.storage.store import LocalStore
from sync.client.steps import Apply, Begin, Reach
from sync.domain import spaces
from sync.domain.courses import Reading
from sync.domain.forum import Post
from sync.domain.ids import CohortId, PersonId, SpaceId
from sync.domain.kind import Kind, encode
from sync.domain.quizzes import Answer, Attempt
from sync.protocol.digest import EMPTY, joined, row_hash
from sync.protocol.messages import Checksum, Cursor, Row

SERVER = b"S" * 16
ME = PersonId(b"M" * 16)
OTHER = PersonId(b"O" * 16)
COHORT_ID = CohortId(b"C" * 16)
COHORT: SpaceId = spaces.cohort(COHORT_ID)
PERSONAL: SpaceId = spaces.personal(COHORT_ID, ME)
STAFF: SpaceId = spaces.staff(COHORT_ID, ME)
OWN: SpaceId = spaces.own(ME)
KEY = bytes(range(32))
NOW = 1_795_000_000_000


def an_id(number: int) -> bytes:
    """A different id for each number."""
    return number.to_bytes(16, "big")


def a_post(text: str = "Bonjour") -> Post:
    return Post(text=text)


def a_reading(part: int = 0) -> Reading:
    return Reading(activity=an_id(900), edition=an_id(901), part=part, parts=3, seconds=40, at=NOW)


def an_attempt(number: int = 1) -> Attempt:
    answers = (Answer(question=an_id(800), chosen=(2,)), Answer(question=an_id(801), text="canari"))
    return Attempt(
        activity=an_id(900), edition=an_id(901), number=number, started=NOW, submitted=NOW + 60_000, answers=answers
    )


def a_row(seq: int, kind: Kind, id_: bytes, body: msgspec.Struct | None, author: bytes = OTHER) -> Row:
    """A row as the server tells it; no body: deleted."""
    raw = b"\xc0" if body is None else encode(body)
    return Row(seq, kind.number, id_, author, NOW + seq, msgspec.Raw(raw))


def checksum(*rows: Row) -> Checksum:
    return joined(EMPTY, [row_hash(row.id, row.seq, row.author, row.at, bytes(row.body)) for row in rows])


def place(epoch: int, seq: int) -> Cursor:
    return Cursor(epoch, seq, seq.to_bytes(8, "big"), b"sealseal")


def tell(store: LocalStore, space: bytes, *rows: Row, epoch: int = 1) -> None:
    """The server tells a space from its start to its end."""
    last = max((row.seq for row in rows), default=0)
    store.perform([Begin(space, epoch), Apply(space, rows, place(epoch, last)), Reach(space, checksum(*rows))])

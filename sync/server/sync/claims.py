"""Claims: what a laptop was told before is compared with the log, before anything else of a request (protocol, Terms).

A tail that this server sealed and that its log does not have proves that the server was restored, by whatever means:
the space gets a new epoch, higher than its own and every claimed one.
"""

from collections.abc import Iterable
from enum import Enum

from sqlalchemy import Connection, func, insert, or_, select, update

from sync.domain.ids import made_at
from sync.protocol.digest import is_sealed, seal
from sync.protocol.messages import START, Create, Cursor, Mutation
from sync.server import checkpoints
from sync.server.storage import spaces
from sync.server.storage.schema import incident, space
from sync.server.storage.spaces import NO_TAIL, SpaceHead
from sync.server.storage.touched import noted

RESTORED = "restored"
CAME_BACK = "came back"
FIRST_EPOCH = 1


class Finding(Enum):
    """What a claim says.

    HOLDS: nothing is wrong. OLD: of an older epoch, or of before the floor rose above it: proves nothing, that space is
    told anew. RESTORED: the server went back. FORGED: not sealed by this server; that laptop alone compares.
    """

    HOLDS = 1
    OLD = 2
    RESTORED = 3
    FORGED = 4


def sealed(key: bytes, space_id: bytes, epoch: int, seq: int, tail: bytes) -> Cursor:
    """A cursor as it is told."""
    return Cursor(epoch, seq, tail, seal(key, space_id, epoch, seq, tail))


def head_of(key: bytes, head: SpaceHead) -> Cursor:
    """The head of a space as it is told."""
    return sealed(key, head.id, head.epoch, head.seq, head.tail)


def beginning(key: bytes, head: SpaceHead) -> Cursor:
    """The first place of a space's epoch."""
    return sealed(key, head.id, head.epoch, 0, NO_TAIL)


def find(connection: Connection, key: bytes, head: SpaceHead, claim: Cursor) -> Finding:
    """What a claim says about a space."""
    if claim.epoch == START.epoch:
        return Finding.HOLDS
    if not is_ours(key, head.id, claim):
        return Finding.FORGED
    if claim.epoch < head.epoch or is_below_floor(head, claim):
        return Finding.OLD
    if claim.epoch > head.epoch or spaces.tail_at(connection, head, claim.seq) != claim.tail:
        return Finding.RESTORED
    return Finding.HOLDS


def is_below_floor(head: SpaceHead, cursor: Cursor) -> bool:
    """Whether tombstones were dropped beyond a cursor of the space's epoch: who stands there compares in full."""
    below = cursor.epoch == head.epoch and 0 < cursor.seq < head.floor
    return below and cursor.tail != spaces.floor_tail(head)


def renew(connection: Connection, key: bytes, head: SpaceHead, claims: Iterable[Cursor], now: int) -> SpaceHead:
    """Give a space a new epoch if one of the claims proves that the server was restored; its head afterwards."""
    current = spaces.take(connection, head.id) or head
    proofs = [claim for claim in claims if find(connection, key, current, claim) is Finding.RESTORED]
    if not proofs:
        return current
    epoch = max(current.epoch, *(claim.epoch for claim in proofs)) + 1
    connection.execute(update(space).where(space.c.no == current.no).values(epoch=epoch))
    noted(connection).spaces.add(current.no)
    detail = f"epoch {epoch}, head {current.seq}, a laptop was told {max(claim.seq for claim in proofs)}"
    connection.execute(insert(incident).values(at=now, what=RESTORED, space_no=current.no, detail=detail))
    checkpoints.reach(checkpoints.RENEW_BEFORE_COMMIT)
    return current._replace(epoch=epoch)


def came_back(connection: Connection, head: SpaceHead, taken: Iterable[Mutation], now: int) -> int:
    """Note how many of the mutations just taken were made before their space was renewed: laptops brought them back.

    A record whose id does not say when it was made is not counted: there are at least so many.
    """
    here = (incident.c.what == RESTORED, or_(incident.c.space_no == head.no, incident.c.space_no.is_(None)))
    renewed: int | None = connection.execute(select(func.max(incident.c.at)).where(*here)).scalar()
    count = sum(_is_older(mutation, head.epoch, renewed or 0) for mutation in taken)
    if count:
        connection.execute(insert(incident).values(at=now, what=CAME_BACK, space_no=head.no, records=count))
    return count


def _is_older(mutation: Mutation, epoch: int, renewed: int) -> bool:
    if not isinstance(mutation, Create):
        return mutation.epoch < epoch
    made = made_at(mutation.id)
    return made is not None and made < renewed


def is_ours(key: bytes, space_id: bytes, cursor: Cursor) -> bool:
    """Whether this server told a cursor; numbers that it never tells are a stranger's."""
    return is_place(cursor) and is_sealed(key, space_id, cursor)


def is_place(cursor: Cursor) -> bool:
    """Whether the numbers of a cursor are such as a server gives."""
    return all(0 <= number < 1 << 63 for number in (cursor.epoch, cursor.seq))

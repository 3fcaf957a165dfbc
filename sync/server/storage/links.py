"""The end of a personal space's chain, and what the chain remembers of rows that the log no longer has (rule 11)."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Connection, insert, select, update

from sync.domain.evidence import Gone, Turn, digest_of, extended, genesis, turned
from sync.domain.spaces import SpaceType
from sync.server.storage.dialect import Bulk, add_rows, rows_of
from sync.server.storage.schema import space, superseded, turn
from sync.server.storage.spaces import SpaceHead

_PERSONAL = int(SpaceType.PERSONAL)
_EPOCH = 8
_FIRST_EPOCH = 1
_GONE = Bulk(superseded)

Written = tuple[int, int, bytes, bytes, int, bytes]
"""A row as the chain takes it: seq, kind, id, author, at, body."""


class Link(NamedTuple):
    """The end of a chain, and the epoch that it was written in."""

    epoch: int
    hash: bytes

    @property
    def raw(self) -> bytes:
        """As the space keeps it."""
        return self.epoch.to_bytes(_EPOCH, "big") + self.hash


def is_chained(head: SpaceHead) -> bool:
    """Whether the space keeps a chain: personal ones do."""
    return head.id[0] == _PERSONAL


def after(connection: Connection, head: SpaceHead, rows: Iterable[Written], gone: Iterable[Written], seq: int) -> bytes:
    """The end of the chain once these rows are written, up to `seq`; `gone`: rows that they take the place of."""
    link = settled(connection, head)
    forget(connection, head.no, gone, seq)
    return Link(link.epoch, extended(link.hash, rows)).raw


def settled(connection: Connection, head: SpaceHead) -> Link:
    """The end of the chain of a space that this transaction holds, in the epoch that the space is in."""
    raw = head.link
    if raw is None:
        raw = connection.execute(select(space.c.link).where(space.c.no == head.no)).scalar_one()
    link = Link(_FIRST_EPOCH, genesis(head.id))
    if raw is not None:
        link = Link(int.from_bytes(raw[:_EPOCH], "big"), raw[_EPOCH:])
    begins = raw is None and head.seq > 0
    if link.epoch == head.epoch and not begins:
        return link
    here = Turn(head.seq, head.epoch, begins)
    connection.execute(insert(turn).values(space_no=head.no, seq=here.seq, epoch=here.epoch, begins=begins))
    return Link(head.epoch, turned(link.hash, here))


def keep(connection: Connection, head: SpaceHead, link: Link) -> None:
    """Write the end of the chain."""
    connection.execute(update(space).where(space.c.no == head.no).values(link=link.raw))


def forget(connection: Connection, space_no: int, gone: Iterable[Written], by_seq: int) -> None:
    """Rows leave the log: the hashes of their bodies stay. `by_seq`: with which row of the space they went."""
    rows = [
        (space_no, seq, kind, id_, author, at, digest_of(body), by_seq) for seq, kind, id_, author, at, body in gone
    ]
    add_rows(connection, _GONE, rows)


def gone_since(connection: Connection, space_no: int, seq: int) -> list[Gone]:
    """Rows that left the log with a row after `seq`, in the order in which they were accepted."""
    found = rows_of(
        connection,
        "SELECT seq, kind, id, author, at, digest FROM superseded WHERE space_no = ? AND by_seq > ? ORDER BY seq",
        (space_no, seq),
    )
    return [Gone(row[0], row[1], bytes(row[2]), bytes(row[3]), row[4], bytes(row[5])) for row in found]


def turns_since(connection: Connection, space_no: int, seq: int) -> tuple[Turn, ...]:
    """Where the chain turned at or after `seq`, in order."""
    here = (turn.c.space_no == space_no, turn.c.seq >= seq)
    columns = (turn.c.seq, turn.c.epoch, turn.c.begins)
    found = connection.execute(select(*columns).where(*here).order_by(turn.c.seq, turn.c.epoch))
    return tuple(Turn(row.seq, row.epoch, bool(row.begins)) for row in found)

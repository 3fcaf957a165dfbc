"""One transaction in one space: records are read, changed in memory, and written with their seqs when it closes.

Nothing is written before `close`, so an entry that is refused half-way leaves no trace.
"""

from collections.abc import Iterable, Sequence
from itertools import repeat, starmap
from operator import itemgetter
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection

from sync.domain.merge import FieldStamp
from sync.domain.naming import NAMING
from sync.protocol.digest import joined, row_hashes
from sync.server.storage import links, namings
from sync.server.storage.dialect import Bulk, add_rows, cursor_of, delete_among, rows_among, rows_of
from sync.server.storage.schema import RETURNS, REVIEWS, log, signed
from sync.server.storage.spaces import SpaceHead
from sync.server.storage.touched import noted


class Stamps(msgspec.Struct, frozen=True, array_like=True):
    """Who made a record of an edited kind, who last wrote each field; `made` is the hash of the body it began with."""

    created: FieldStamp
    made: bytes
    fields: dict[int, FieldStamp] = {}


class Kept(NamedTuple):
    """A record in a space's log."""

    seq: int
    kind: int
    id: bytes
    author: bytes
    at: int
    body: bytes
    stamps: bytes | None = None


_STAMPS = msgspec.msgpack.Decoder(Stamps)
_COLUMNS = "seq, kind, id, author, at, body, stamps"
_BULK = Bulk(log, "space_no", *_COLUMNS.split(", "))
_BY_IDS = f"SELECT {_COLUMNS} FROM log INDEXED BY log_id WHERE space_no = ? AND id {{among}}"  # noqa: S608  # constants only
_BETWEEN = "SELECT 1 FROM log INDEXED BY log_id WHERE space_no = ? AND id BETWEEN ? AND ? LIMIT 1"
_MANY = 100
"""Ids among which one question, whether there are any like them, is worth its time."""
_REVIEWS = f"SELECT {_COLUMNS} FROM log INDEXED BY log_reviews WHERE space_no = ? AND {REVIEWS}"  # noqa: S608
_RETURNED = f"SELECT {_COLUMNS} FROM log INDEXED BY log_returned WHERE space_no = ? AND {RETURNS}"  # noqa: S608
_MOST = 1 << 62
_WRITTEN = itemgetter(slice(6))
"""What the chain takes of a record: all but the stamps."""


def stamps_of(kept: Kept) -> Stamps:
    """The stamps of a record of an edited kind."""
    if kept.stamps is None:
        raise LookupError("a record of an append-only kind has no stamps")
    return _STAMPS.decode(kept.stamps)


class SpaceLog:
    """The log of a space inside a transaction of the writing connection."""

    def __init__(self, connection: Connection, head: SpaceHead) -> None:
        self.head = head
        self.seq = head.seq
        self.connection = connection
        self._noted = noted(connection)
        self._known: dict[bytes, Kept | None] = {}
        self._stored: dict[bytes, Kept] = {}
        self._changed: dict[bytes, Kept] = {}

    def load(self, ids: Iterable[bytes]) -> None:
        """Read records ahead: one question for hundreds."""
        wanted = [id_ for id_ in ids if id_ not in self._known]
        self._known.update(dict.fromkeys(wanted))
        if len(wanted) > _MANY and not self._has_between(min(wanted), max(wanted)):
            return
        for row in rows_among(self.connection, _BY_IDS, (self.head.no,), wanted):
            kept = Kept(*row)
            self._known[kept.id] = self._stored[kept.id] = kept

    def get(self, id_: bytes) -> Kept | None:
        """The record as this transaction sees it."""
        if id_ not in self._known:
            self.load((id_,))
        return self._known[id_]

    @property
    def grown(self) -> int:
        """Bytes by which the bodies of this space's records have grown in this transaction."""
        before = sum(len(self._stored[id_].body) for id_ in self._changed if id_ in self._stored)
        return sum(len(kept.body) for kept in self._changed.values()) - before

    @property
    def next_seq(self) -> int:
        """The seq at which the next record is put."""
        return self.seq + 1

    def put(self, kept: Kept) -> int:
        """Write a record, made with `next_seq`, and give its seq."""
        if kept.seq != self.seq + 1:
            raise ValueError("a record is put at the next seq")
        self.seq = kept.seq
        self._known[kept.id] = self._changed[kept.id] = kept
        return kept.seq

    def has_any(self, ids: Iterable[bytes]) -> bool:
        """Whether there is a record, or a tombstone, of any of these ids."""
        wanted = list(ids)
        self.load(wanted)
        known = self._known
        return any(known[id_] is not None for id_ in wanted)

    def _has_between(self, first: bytes, last: bytes) -> bool:
        """Whether any record's id lies there: ids that a laptop made one after the other lie close together."""
        return cursor_of(self.connection).execute(_BETWEEN, (self.head.no, first, last)).fetchone() is not None

    def put_new(
        self, kinds: Sequence[int], ids: Sequence[bytes], author: bytes, at: int, bodies: Sequence[bytes]
    ) -> None:
        """Write records of append-only kinds that are not there, at the next seqs."""
        first, count = self.next_seq, len(ids)
        rows = zip(range(first, first + count), kinds, ids, repeat(author), repeat(at), bodies, strict=False)
        fresh = dict(zip(ids, starmap(Kept, rows), strict=True))
        self._known.update(fresh)
        self._changed.update(fresh)
        self.seq += count

    def close(self, tail: bytes) -> SpaceHead:
        """Write everything with the transaction's tail; the head as it stands then."""
        if self.seq == self.head.seq:
            return self.head
        overtaken = [self._stored[id_] for id_ in self._changed if id_ in self._stored]
        checksum = joined(self.head.checksum, row_hashes(self._changed.values()), row_hashes(overtaken))
        no = self.head.no
        self._noted.spaces.add(no)
        older = [kept.seq for kept in overtaken]
        delete_among(self.connection, "DELETE FROM log WHERE space_no = ? AND seq {among}", (no,), older)
        add_rows(self.connection, _BULK, _tuples(no, self._changed.values()))
        naming = ((kept.kind, kept.id, kept.body) for kept in self._changed.values() if kept.kind in NAMING)
        namings.write(self.connection, no, naming, self._stored.keys())
        cursor = cursor_of(self.connection)
        cursor.execute("INSERT INTO tail (space_no, last_seq, tail) VALUES (?, ?, ?)", (no, self.seq, tail))
        link = self._link(overtaken)
        values = (self.seq, tail, checksum.count, signed(checksum.sum), link, no)
        cursor.execute("UPDATE space SET seq = ?, tail = ?, records = ?, sum = ?, link = ? WHERE no = ?", values)
        return self.head._replace(seq=self.seq, tail=tail, records=checksum.count, sum=signed(checksum.sum), link=link)

    def _link(self, overtaken: Iterable[Kept]) -> bytes | None:
        """The end of the chain, where the space keeps one."""
        if not links.is_chained(self.head):
            return None
        rows: Iterable[Kept] = self._changed.values()
        if len(self._changed) < self.seq - self.head.seq:
            rows = sorted(rows)  # a record was put twice: its place is that of the second
        return links.after(self.connection, self.head, map(_WRITTEN, rows), map(_WRITTEN, overtaken), self.seq)


def _tuples(no: int, records: Iterable[Kept]) -> list[tuple[Any, ...]]:
    """Rows for the driver: it binds a bytearray as it is, and asks for an adapter of every bytes object."""
    return [
        (no, seq, kind, bytearray(id_), bytearray(author), at, bytearray(body), stamps)
        for seq, kind, id_, author, at, body, stamps in records
    ]


def read_kinds(
    connection: Connection, space_no: int, kinds: Sequence[int], after: int = 0, most: int = _MOST
) -> list[Kept]:
    """Records of some kinds in a space with a seq above `after`, in order; at most so many where `most` is given."""
    marks = ",".join("?" * len(kinds))
    found = rows_of(
        connection,
        f"SELECT {_COLUMNS} FROM log WHERE space_no = ? AND seq > ? AND kind IN ({marks}) ORDER BY seq LIMIT ?",  # noqa: S608
        (space_no, after, *kinds, most),
    )
    return [Kept(*row) for row in found]


def kinds_between(connection: Connection, space_id: bytes, after: int, upto: int) -> frozenset[int]:
    """The kinds of the records of a space with a seq above `after` and up to `upto`."""
    statement = (
        "SELECT DISTINCT kind FROM log WHERE space_no = (SELECT no FROM space WHERE id = ?) AND seq > ? AND seq <= ?"
    )
    return frozenset(kind for (kind,) in rows_of(connection, statement, (space_id, after, upto)))


def read_reviews(connection: Connection, space_no: int, after: int) -> list[Kept]:
    """The reviews of a staff space with a seq above `after`, in order: found among any number of grades."""
    return [Kept(*row) for row in rows_of(connection, f"{_REVIEWS} AND seq > ? ORDER BY seq", (space_no, after))]


def read_returned(connection: Connection, space_no: int) -> list[Kept]:
    """The returned reviews of a personal space, in order: found among any number of attempts."""
    return [Kept(*row) for row in rows_of(connection, f"{_RETURNED} ORDER BY seq", (space_no,))]


def read_record(connection: Connection, space_no: int, id_: bytes) -> Kept | None:
    """One record of a space."""
    statement = f"SELECT {_COLUMNS} FROM log WHERE space_no = ? AND id = ?"  # noqa: S608  # constants only
    row = cursor_of(connection).execute(statement, (space_no, id_)).fetchone()
    return None if row is None else Kept(*row)


def read_page(connection: Connection, space_no: int, after: int, most: int) -> list[Any]:
    """Up to `most` rows after a seq, as the driver gives them: seq, kind, id, author, at, body."""
    statement = "SELECT seq, kind, id, author, at, body FROM log WHERE space_no = ? AND seq > ? ORDER BY seq LIMIT ?"
    return rows_of(connection, statement, (space_no, after, most))

"""Pull: what a laptop does not have yet of the spaces that its person may read (rule 3).

Everything is read in one snapshot. A claim that proves a restore is not answered here: `proofs` names it, and the new
epoch is written before the telling begins.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, select

from sync.protocol.digest import places_digest
from sync.protocol.limits import PAGE_BYTES, PAGE_ROWS
from sync.protocol.messages import Cursor, Page, Row, Safe, Standing, SyncRequest
from sync.server.storage import spaces
from sync.server.storage.log import read_page
from sync.server.storage.readable import Readable
from sync.server.storage.schema import safe
from sync.server.storage.soundness import are_messages
from sync.server.storage.spaces import SpaceHead
from sync.server.sync import claims
from sync.server.sync.claims import Finding

_ROW_OVERHEAD = 48
"""Bytes of a row beside its body, about."""


class Told(NamedTuple):
    """The part of a reply that tells."""

    send_whole: bool = False
    more: bool = False
    pages: tuple[Page, ...] = ()
    revoked: tuple[bytes, ...] = ()


class _Place(NamedTuple):
    since: int
    begins: bool


@dataclass(slots=True)
class _Budget:
    rows: int = PAGE_ROWS
    size: int = PAGE_BYTES

    def is_spent(self) -> bool:
        return self.rows <= 0 or self.size <= 0


def digest_of(readable: Readable, standings: Iterable[Standing] = ()) -> bytes:
    """The view digest of a laptop that has all that a person may read, but of some spaces only what it says."""
    places = readable.places()
    stands = {each.space: each.cursor for each in standings if claims.is_place(each.cursor)}
    if not stands:
        return places_digest(places)
    said = {space: (space, each.epoch, each.seq, each.tail) for space, each in stands.items()}
    return places_digest(said.get(place[0], place) for place in places)


def proofs(
    connection: Connection, key: bytes, readable: Readable, standings: Sequence[Standing]
) -> list[tuple[SpaceHead, tuple[Cursor, ...]]]:
    """Spaces whose claims prove that the server was restored, with those claims."""
    head_of = {head.id: head for head in readable.some([standing.space for standing in standings])}
    found = []
    for standing in standings:
        head = head_of.get(standing.space)
        if head is None:
            continue
        told = {standing.claim, standing.cursor}
        proving = tuple(each for each in told if claims.find(connection, key, head, each) is Finding.RESTORED)
        if proving:
            found.append((head, proving))
    return found


def tell(connection: Connection, key: bytes, readable: Readable, request: SyncRequest) -> Told:
    """Answer a pull over the readable spaces: nothing when the digests are equal, else pages, within bounds."""
    given = {standing.space: standing for standing in request.standings}
    if request.whole:
        return _pages(connection, key, readable.heads, given, _lost(readable.heads, request.standings))
    if request.digest is not None and request.digest != digest_of(readable, request.standings):
        return Told(send_whole=True)
    named = readable.some(given)
    lost = _lost(named, request.standings) if request.digest is None else ()
    return _pages(connection, key, named, given, lost)


def tell_after(
    connection: Connection,
    key: bytes,
    readable: Readable,
    before: Mapping[bytes, SpaceHead],
    standings: Sequence[Standing],
) -> Told:
    """What came since `before` in some spaces: a laptop that had the rest then pushed to them in this request.

    Of the spaces in `standings` it is told what it lacks from there on.
    """
    heads = readable.some([*before, *(standing.space for standing in standings)])
    same = [head for head in heads if head.id in before and head.epoch == before[head.id].epoch]
    given = {head.id: Standing(head.id, claims.head_of(key, before[head.id])) for head in same}
    given |= {standing.space: standing for standing in standings}
    return _pages(connection, key, [head for head in heads if head.id in given], given, ())


def safe_seqs(connection: Connection, readable: Readable, wanted: Sequence[bytes]) -> tuple[Safe, ...]:
    """How far the last verified backup covers the spaces asked for, of those that the person may read."""
    id_of = {head.no: head.id for head in readable.some(wanted)}
    if not id_of:
        return ()
    rows = connection.execute(select(safe.c.space_no, safe.c.epoch, safe.c.seq).where(safe.c.space_no.in_(id_of)))
    return tuple(Safe(id_of[no], epoch, seq) for no, epoch, seq in rows)


def _lost(heads: Iterable[SpaceHead], standings: Iterable[Standing]) -> tuple[bytes, ...]:
    """Spaces of which the laptop holds something and that the person may not read any more."""
    kept = {head.id for head in heads}
    return tuple(each.space for each in standings if each.cursor.epoch and each.space not in kept)


def _pages(
    connection: Connection,
    key: bytes,
    heads: Iterable[SpaceHead],
    given: Mapping[bytes, Standing],
    revoked: tuple[bytes, ...],
) -> Told:
    budget, pages, more = _Budget(), [], False
    for head, place in _wanting(key, heads, given):
        if budget.is_spent():
            more = True
            break
        page = _page(connection, key, head, place, budget)
        pages.append(page)
        if page.checksum is None:
            more = True
            break
    return Told(more=more, pages=tuple(pages), revoked=revoked)


def _wanting(
    key: bytes, heads: Iterable[SpaceHead], given: Mapping[bytes, Standing]
) -> Iterator[tuple[SpaceHead, _Place]]:
    """Spaces with something to tell: since which seq, and whether from their start."""
    for head in heads:
        standing = given.get(head.id)
        cursor = None if standing is None or standing.compare else standing.cursor
        is_new = cursor is None or cursor.epoch != head.epoch or not claims.is_ours(key, head.id, cursor)
        if cursor is None or is_new or claims.is_below_floor(head, cursor):
            yield head, _Place(0, begins=True)
        elif (cursor.seq, cursor.tail) != (head.seq, head.tail):
            yield head, _Place(cursor.seq, begins=False)


def _page(connection: Connection, key: bytes, head: SpaceHead, place: _Place, budget: _Budget) -> Page:
    since, begins = place
    rows: list[Row] = []
    for seq, kind, id_, author, at, body in read_page(connection, head.no, since, budget.rows):
        size = len(body) + _ROW_OVERHEAD
        if rows and size > budget.size:
            break
        budget.size -= size
        budget.rows -= 1
        rows.append(Row(seq, kind, id_, author, at, msgspec.Raw(body)))
    last = rows[-1].seq if rows else since
    is_end = last >= head.seq or not rows
    if not are_messages([row.body for row in rows]):
        rows = [row for row in rows if are_messages([row.body])]  # `damage` tells IT
    if is_end:
        cursor = claims.head_of(key, head)
        return Page(head.id, since, cursor, tuple(rows), begins, head.checksum, head.floor)
    tail = spaces.tail_at(connection, head, last)
    if tail is None:
        raise LookupError("a seq of the log has no tail")
    return Page(
        head.id, since, claims.sealed(key, head.id, head.epoch, last, tail), tuple(rows), begins, None, head.floor
    )

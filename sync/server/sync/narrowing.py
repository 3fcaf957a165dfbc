"""A laptop whose rows of a space are not ours is answered by stretches, until only wrong rows are told (rule 8)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import msgspec
from sqlalchemy import Connection, func, select
from sqlalchemy.sql import ColumnElement

from sync.protocol.digest import EMPTY, joined, row_hash
from sync.protocol.limits import MAX_SPANS, NARROW_INTO, NARROW_ROWS, PAGE_BYTES
from sync.protocol.messages import Checksum, Narrowed, Probe, Row, Span
from sync.protocol.wire import Damaged
from sync.server.storage.readable import Readable
from sync.server.storage.schema import log
from sync.server.storage.soundness import are_messages
from sync.server.storage.spaces import SpaceHead
from sync.server.sync import claims

_PART = 2_000
_SPAN_BYTES = 64
"""Bytes of a stretch in a reply, about."""
_ROW = (log.c.seq, log.c.kind, log.c.id, log.c.author, log.c.at, log.c.body)


@dataclass(slots=True)
class _Answer:
    """`left`: bytes of rows and stretches that the reply may still hold."""

    left: int
    spans: list[Span] = field(default_factory=list)
    told: list[Span] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)


def check(probes: Sequence[Probe]) -> None:
    """Damaged when stretches overlap or are too many: one request reads a space once at most."""
    if len({probe.space for probe in probes}) < len(probes):
        raise Damaged("a space is asked about twice")
    for probe in probes:
        if len(probe.spans) > MAX_SPANS:
            raise Damaged("too many stretches")
        for one, other in zip(probe.spans, probe.spans[1:], strict=False):
            if not one.upto or other.after < one.upto:
                raise Damaged("stretches overlap")


def narrow(connection: Connection, key: bytes, readable: Readable, probes: Sequence[Probe]) -> tuple[Narrowed, ...]:
    """Answer the probes of spaces that a person may read, and whose head is where the laptop stands.

    Those that one reply has no room for are left out: the next request asks about them again.
    """
    if not probes:
        return ()
    head_of = {head.id: head for head in readable.some([probe.space for probe in probes])}
    found, left = [], PAGE_BYTES
    for probe in probes:
        if left <= 0:
            break
        head = head_of.get(probe.space)
        here = None if head is None else (head.epoch, head.seq, head.tail)
        if head is None or here != (probe.cursor.epoch, probe.cursor.seq, probe.cursor.tail):
            continue
        answer = _Answer(left)
        for span in probe.spans:
            _narrow(connection, head, span, answer)
        left = answer.left
        told = (tuple(answer.spans), tuple(answer.told), tuple(answer.rows))
        found.append(Narrowed(head.id, claims.head_of(key, head), *told))
    return tuple(found)


def _narrow(connection: Connection, head: SpaceHead, span: Span, answer: _Answer) -> None:
    within = _within(head, span)
    count = connection.execute(select(func.count()).select_from(log).where(*within)).scalar_one()
    if count <= NARROW_ROWS:
        rows = [row for some in _rows(connection, within) for row in some]
        size = sum(len(row.body) for row in rows)
        if joined(EMPTY, map(_hash, rows)) == span.checksum or (answer.rows and size > answer.left):
            return  # what does not fit is found again by the next question
        answer.left -= size
        answer.told.append(span)
        answer.rows += rows
        return
    finer = list(_split(connection, within, span, -(-count // NARROW_INTO)))
    sums = [each.checksum for each in finer]
    whole = Checksum(sum(each.count for each in sums), sum(each.sum for each in sums) % (1 << 64))
    if whole != span.checksum:
        answer.left -= _SPAN_BYTES * len(finer)
        answer.spans += finer


def _within(head: SpaceHead, span: Span) -> list[ColumnElement[bool]]:
    within = [log.c.space_no == head.no, log.c.id > span.after]
    return [*within, log.c.id <= span.upto] if span.upto else within


def _rows(connection: Connection, within: Sequence[ColumnElement[bool]]) -> Iterator[list[Row]]:
    """The rows of a stretch that can be told, in the order of their ids, so many at a time."""
    asked = select(*_ROW).where(*within).order_by(log.c.id).execution_options(yield_per=_PART)
    for some in connection.execute(asked).partitions(_PART):
        yield [
            Row(seq, kind, id_, author, at, msgspec.Raw(body))
            for seq, kind, id_, author, at, body in some
            if are_messages([body])
        ]


def _split(connection: Connection, within: Sequence[ColumnElement[bool]], span: Span, each: int) -> Iterator[Span]:
    """A stretch as finer ones of `each` rows, the last up to its end."""
    after, last, hashes = span.after, b"", list[int]()
    for row in (row for some in _rows(connection, within) for row in some):
        if len(hashes) == each:
            yield Span(after, last, joined(EMPTY, hashes))
            after, hashes = last, []
        last = row.id
        hashes.append(_hash(row))
    yield Span(after, span.upto, joined(EMPTY, hashes))


def _hash(row: Row) -> int:
    return row_hash(row.id, row.seq, row.author, row.at, bytes(row.body))

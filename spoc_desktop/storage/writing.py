"""What a person does becomes outbox entries, encoded once (protocol rules 1 and 6)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import msgspec

from spoc_desktop.storage import errors, meta, outbox, spaces, viewing
from spoc_desktop.storage.changes import Edited, New, Removed
from spoc_desktop.storage.outbox import Entry
from spoc_desktop.storage.transaction import Transaction
from sync.client.offering import Name, joined
from sync.client.view import Record, fold
from sync.domain.kind import Kind, Merge, encode
from sync.domain.merge import GONE, changed
from sync.protocol.limits import MAX_BODY
from sync.protocol.messages import Create, Delete, Edit


def _nothing(_: int, __: int) -> bool:
    """No entry may be changed."""
    return False


@dataclass(frozen=True, slots=True)
class _Found:
    """A record to change: where it is, what it says now, what of it was accepted last."""

    space: int
    body: bytes
    epoch: int
    seq: int


def write(
    transaction: Transaction,
    changes: Sequence[New | Edited | Removed],
    now: int,
    may_change: Callable[[int, int], bool] = _nothing,
) -> list[Name]:
    """Save changes in their order; the names they took.

    `may_change`: whether an entry never left; an edit joins such a one, so that typing makes one entry. Raises before
    anything is saved: TooLargeToSave, NoSuchRecord, AlreadyThere; HasLeft for an edit that had to join and could not.
    """
    writer = meta.writer(transaction)
    n = meta.take_numbers(transaction, len(changes))
    fresh: list[Entry] = []
    for number, change in enumerate(changes, n):
        if isinstance(change, New):
            fresh.append(_created(transaction, change, number, now))
            continue
        # A change of a record that this same call makes must find it.
        _save_new(transaction, writer, fresh)
        fresh = []
        entry = _changed(transaction, change, number, now)
        if not _joins(transaction, entry, may_change):
            if isinstance(change, Edited) and change.kind.merge is Merge.APPEND:
                raise errors.HasLeft
            outbox.write(transaction, writer, [entry])
    _save_new(transaction, writer, fresh)
    return [(writer, number) for number in range(n, n + len(changes))]


def _joins(transaction: Transaction, entry: Entry, may_change: Callable[[int, int], bool]) -> bool:
    """Let an edit join the newest entry of its record, if that never left."""
    mutation = entry.mutation
    newest = outbox.newest(transaction, entry.space, entry.kind, entry.id) if isinstance(mutation, Edit) else None
    if newest is None or not isinstance(mutation, Edit) or not may_change(newest.writer, newest.n):
        return False
    whole = joined(newest.mutation, mutation)
    if whole is None:
        return False
    # A record that was made here keeps its place in lists while it is written.
    at = newest.at if isinstance(whole, Create) else entry.at
    outbox.replace(transaction, newest.place, replace(entry, mutation=whole, at=at))
    return True


def _created(transaction: Transaction, change: New, n: int, now: int) -> Entry:
    body = encode(change.body)
    _check_size(body)
    mutation = Create(n, change.kind.number, change.id, msgspec.Raw(body))
    return Entry(transaction.number(change.space), change.kind.number, change.id, now, mutation)


def _save_new(transaction: Transaction, writer: int, entries: list[Entry]) -> None:
    ids: dict[tuple[int, int], list[bytes]] = {}
    for entry in entries:
        ids.setdefault((entry.space, entry.kind), []).append(entry.id)
    for (space, kind), made in ids.items():
        there = viewing.live(transaction, kind, space, made)
        if there or len(set(made)) < len(made) or viewing.rows_of(transaction, kind, space, made):
            raise errors.AlreadyThere
    outbox.write(transaction, writer, entries)


def _changed(transaction: Transaction, change: Edited | Removed, n: int, now: int) -> Entry:
    found = _find(transaction, change.kind, change.id, change.space)
    if isinstance(change, Removed):
        mutation: Edit | Delete = Delete(n, change.id, found.epoch, found.seq)
    else:
        values = {change.kind.number_of(name): encode(value) for name, value in change.changes.items()}
        _check_size(changed(found.body, values, change.kind))
        raws = {field: msgspec.Raw(value) for field, value in values.items()}
        mutation = Edit(n, change.id, found.epoch, found.seq, raws)
    return Entry(found.space, change.kind.number, change.id, now, mutation)


def _find(transaction: Transaction, kind: Kind, id_: bytes, space: bytes | None) -> _Found:
    """The record as the person sees it, in the first space that shows it. NoSuchRecord when none does."""
    number = None if space is None else transaction.number(space)
    rows = {row[0]: row for row in viewing.rows_of(transaction, kind.number, number, [id_], readable=True)}
    entries = viewing.live(transaction, kind.number, number, [id_])
    for place in sorted(rows.keys() | {place for place, _ in entries}):
        row = rows.get(place)
        seen = fold(
            None if row is None else Record(kind.number, bytes(row[6])),
            [outbox.mutation_of(entry.entry) for entry in entries.get((place, id_), ())],
        )
        if seen is not None and seen.body not in GONE:
            epoch, seq = (0, 0) if row is None else _base(transaction, place, row[3])
            return _Found(place, seen.body, epoch, seq)
    raise errors.NoSuchRecord


def _base(transaction: Transaction, space: int, seq: int) -> tuple[int, int]:
    """What the person saw of the server's order. While a readable space is told again, its cursor keeps the epoch."""
    state = spaces.state(transaction, space)
    return state.cursor.epoch, abs(seq)


def _check_size(body: bytes) -> None:
    if len(body) > MAX_BODY:
        raise errors.TooLargeToSave(len(body), MAX_BODY)

"""The person's changes on their way: waiting, confirmed, refused, in quarantine (protocol rules 1, 2 and 4)."""

from collections.abc import Collection, Container, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from spoc_desktop.storage import meta, spaces
from spoc_desktop.storage.transaction import Transaction, signed, unsigned
from sync.client.offering import Name
from sync.client.ports import Waiting
from sync.client.steps import Confirm, Refuse
from sync.client.view import State
from sync.protocol.errors import Refusal
from sync.protocol.limits import KEEP_CONFIRMED_MS, MAX_CONFIRMED_BYTES, OFFER_AGAIN_MS
from sync.protocol.messages import Create, Delete, Edit, Mutation
from sync.protocol.wire import encode

_LIVE = "pulled = 0 AND state < 2"
"""Of waiting and confirmed entries, those that still show; said like the index on them."""
_FETCH = 500
_UNCOVERED = "uncovered"
_FIRST = -(1 << 62)
"""Before every place."""
# `state <> 1` beside another condition on the state is said so that SQLite sees that the index on open entries serves.


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry to write: its mutation, and what finds it again."""

    space: int
    kind: int
    id: bytes
    at: int
    mutation: Mutation


class Newest(NamedTuple):
    """A waiting entry: where it stands, its name, when it was written, what it does."""

    place: int
    writer: int
    n: int
    at: int
    mutation: Mutation


def mutation_of(entry: bytes) -> Mutation:
    """The mutation in an entry's bytes."""
    return _MUTATION.decode(entry)


_MUTATION: "msgspec.msgpack.Decoder[Mutation]" = msgspec.msgpack.Decoder(Create | Edit | Delete)


def write(transaction: Transaction, writer: int, entries: Collection[Entry]) -> None:
    """Save new entries; each is encoded here, once."""
    transaction.run_many(
        "INSERT INTO outbox(writer, n, space, kind, id, at, entry) VALUES(?, ?, ?, ?, ?, ?, ?)",
        [
            (signed(writer), entry.mutation.n, entry.space, entry.kind, entry.id, entry.at, encode(entry.mutation))
            for entry in entries
        ],
    )
    for entry in entries:
        transaction.touch(entry.space, entry.kind, (entry.id,))
    transaction.outbox = True


def write_first(transaction: Transaction, writer: int, entries: Sequence[Entry]) -> None:
    """The same in front of all others: what waits on these records comes after them."""
    if not entries:
        return
    first = transaction.row("SELECT min(place) FROM outbox")
    before = (first[0] if first and first[0] is not None else 0) - len(entries)
    write(transaction, writer, entries)
    transaction.run_many(
        "UPDATE outbox SET place = ? WHERE writer = ? AND n = ?",
        [(before + number, signed(writer), entry.mutation.n) for number, entry in enumerate(entries)],
    )


def under_way(transaction: Transaction, space: int, ids: Container[bytes]) -> dict[bytes, list[Mutation]]:
    """The changes of some records that go out, or went out and are kept, by id; the oldest first."""
    found: dict[bytes, list[Mutation]] = {}
    entries = transaction.rows("SELECT id, entry FROM outbox WHERE space = ? AND state < 2 ORDER BY place", (space,))
    for id_, entry in entries:
        if id_ in ids:
            found.setdefault(id_, []).append(mutation_of(entry))
    return found


def waiting(transaction: Transaction, rows: int, size: int, held: Collection[Name] = ()) -> list[Waiting]:
    """The oldest waiting entries, at most `rows` and `size` bytes but at least one, all of one writer.

    Those held back stay out, and what was written after them on the same records.
    """
    out = {place for name in held for place in _from_on(transaction, name)}
    found: list[Waiting] = []
    last, total = _FIRST, 0
    while len(found) < rows:
        page = transaction.rows(
            """SELECT place, writer, n, space, entry FROM outbox
               WHERE state <> 1 AND state = 0 AND place > ? ORDER BY place LIMIT ?""",
            (last, min(_FETCH, rows - len(found))),
        )
        names = transaction.names({row[3] for row in page})
        for place, writer, n, space, entry in page:
            last = place
            if place in out:
                continue
            total += len(entry)
            if found and (total > size or unsigned(writer) != found[0].writer):
                return found
            found.append(Waiting(unsigned(writer), n, names[space], bytes(entry)))
        if not page:
            return found
    return found


def newest(transaction: Transaction, space: int, kind: int, id_: bytes) -> Newest | None:
    """The person's newest change of a record, when it waits to be sent."""
    row = transaction.row(
        f"""SELECT place, writer, n, state, at, entry FROM outbox INDEXED BY outbox_live
            WHERE space = ? AND kind = ? AND id = ? AND {_LIVE} ORDER BY place DESC LIMIT 1""",  # noqa: S608 - our own words
        (space, kind, id_),
    )
    if row is None or row[3] != State.WAITING:
        return None
    return Newest(row[0], unsigned(row[1]), row[2], row[4], mutation_of(row[5]))


def replace(transaction: Transaction, place: int, entry: Entry) -> None:
    """Put other bytes in place of an entry that never left."""
    transaction.run("UPDATE outbox SET entry = ?, at = ? WHERE place = ?", (encode(entry.mutation), entry.at, place))
    transaction.touch(entry.space, entry.kind, (entry.id,))
    transaction.outbox = True


def take_back(transaction: Transaction, names: Iterable[Name]) -> None:
    """Undo entries that never left; with the creation of a record goes what was written on it since."""
    for name in names:
        first = transaction.row("SELECT entry FROM outbox WHERE writer = ? AND n = ?", (signed(name[0]), name[1]))
        if first is None:
            continue
        is_new = isinstance(mutation_of(first[0]), Create)
        for place in _from_on(transaction, name) if is_new else _from_on(transaction, name)[:1]:
            transaction.touch_rows(
                transaction.rows("DELETE FROM outbox WHERE place = ? RETURNING space, kind, id", (place,))
            )
        transaction.outbox = True


def _from_on(transaction: Transaction, name: Name) -> list[int]:
    """The places of a waiting entry and of those written after it on its record, the oldest first."""
    found = transaction.rows(
        """SELECT later.place FROM outbox held
           JOIN outbox later ON later.space = held.space AND later.kind = held.kind AND later.id = held.id
           WHERE held.writer = ? AND held.n = ? AND later.place >= held.place AND later.state IN (0, 3)
           ORDER BY later.place""",
        (signed(name[0]), name[1]),
    )
    return [int(place) for (place,) in found]


def confirm(transaction: Transaction, space: int, step: Confirm, now: int) -> None:
    """The server did these waiting entries."""
    n, count, epoch, seq = step.n, step.count, step.epoch, step.seq
    state = spaces.state(transaction, space)
    pulled = state.cursor.seq - seq if state.visible and epoch == state.cursor.epoch else -1
    if pulled >= 0:
        # What was done and pulled long ago no longer lies on top of what others wrote since.
        _touch_range(transaction, space, step.writer, n, min(count, pulled + 1))
    done = transaction.run(
        """UPDATE outbox SET state = 1, epoch = ?, seq = ? + (n - ?), answered = ?, pulled = pulled OR (n - ? <= ?)
           WHERE writer = ? AND n BETWEEN ? AND ? AND space = ? AND state = 0""",
        (epoch, seq, n, now, n, pulled, signed(step.writer), n, n + count - 1, space),
    )
    if done:
        # Nothing new lies in the view, but a page may say "waits to be sent" beside it.
        answered = transaction.rows(
            """SELECT kind, max(seq) FROM outbox
               WHERE writer = ? AND n BETWEEN ? AND ? AND space = ? AND state = 1 AND epoch = ? GROUP BY kind""",
            (signed(step.writer), n, n + count - 1, space, epoch),
        )
        transaction.redraw(space, [kind for kind, _ in answered])
        spaces.confirmed_up_to(transaction, space, epoch, max(highest for _, highest in answered))
        transaction.outbox = True


def refuse(transaction: Transaction, space: int, step: Refuse, now: int) -> None:
    """Waiting entries leave the view and stay listed with the reason."""
    _touch_range(transaction, space, step.writer, step.n, step.count)
    transaction.run(
        """UPDATE outbox SET state = 2, refusal = ?, answered = ?
           WHERE writer = ? AND n BETWEEN ? AND ? AND space = ? AND state = 0""",
        (step.refusal, now, signed(step.writer), step.n, step.n + step.count - 1, space),
    )
    transaction.outbox = True


def set_aside(transaction: Transaction, writer: int, n: int, refusal: int, now: int) -> None:
    """Take one waiting entry out of what is sent, visibly (rule 12)."""
    row = transaction.row(
        "SELECT o.space, s.name FROM outbox o JOIN space s ON s.num = o.space WHERE writer = ? AND n = ? AND state = 0",
        (signed(writer), n),
    )
    if row is not None:
        refuse(transaction, row[0], Refuse(row[1], writer, n, 1, refusal), now)


def begin(transaction: Transaction, space: int) -> None:
    """Confirmed entries and those in quarantine are offered again; they keep their answer and their pulled mark."""
    _touch_where(transaction, "space = ? AND state = 3", (space,))
    kinds = transaction.rows("SELECT DISTINCT kind FROM outbox WHERE space = ? AND state = 1", (space,))
    transaction.redraw(space, [kind for (kind,) in kinds])
    if transaction.run("UPDATE outbox SET state = 0 WHERE space = ? AND state IN (1, 3)", (space,)):
        transaction.outbox = True


def quarantine(transaction: Transaction, space: int) -> None:
    """Access was revoked: the person's own entries are kept apart, readable, their answers forgotten."""
    _touch_where(transaction, "space = ? AND state < 2", (space,))
    if transaction.run(
        "UPDATE outbox SET state = 3, epoch = 0, seq = 0, answered = 0, pulled = 0 WHERE space = ? AND state < 2",
        (space,),
    ):
        transaction.outbox = True


def offer_again(transaction: Transaction, space: int, alive: Container[bytes]) -> None:
    """Entries refused because their record was missing or deleted wait again when it is told alive.

    After a restore of the server an edit may be offered before the laptop that made the record offers that.
    """
    refused = transaction.rows(
        "SELECT place, kind, id FROM outbox WHERE space = ? AND state = 2 AND refusal IN (?, ?)",
        (space, Refusal.MISSING.value, Refusal.DELETED.value),
    )
    for place, kind, id_ in refused:
        if id_ in alive:
            # Whether the records contain it is worked out after this, by what was told now.
            transaction.run("UPDATE outbox SET state = 0, refusal = 0, pulled = 0 WHERE place = ?", (place,))
            transaction.touch(space, kind, (id_,))
            transaction.outbox = True


def offer_what_had_no_room(transaction: Transaction, now: int) -> None:
    """Entries refused OVER_QUOTA wait again after an hour: IT may have given more room (rule 14)."""
    condition = "state = 2 AND refusal = ? AND answered <= ?"
    values = (Refusal.OVER_QUOTA.value, now - OFFER_AGAIN_MS)
    _touch_where(transaction, condition, values)
    if transaction.run(f"UPDATE outbox SET state = 0, refusal = 0 WHERE {condition}", values):  # noqa: S608 - our own words
        transaction.outbox = True


def wait_again(transaction: Transaction, space: int, kind: int, id_: bytes, beyond: int) -> None:
    """The server does not have what was confirmed of a record beyond a seq: it is offered once more."""
    again = "UPDATE outbox SET state = 0, pulled = 0 WHERE space = ? AND kind = ? AND id = ? AND state = 1 AND seq > ?"
    if transaction.run(again, (space, kind, id_, beyond)):
        transaction.touch(space, kind, (id_,))
        transaction.outbox = True


def pulled(transaction: Transaction, space: int, epoch: int, seq: int) -> None:
    """The records contain the space up to here: entries whose answer is not beyond no longer lie on top of them."""
    transaction.touch_rows(
        transaction.rows(
            f"""UPDATE outbox INDEXED BY outbox_live SET pulled = 1
                WHERE space = ? AND {_LIVE} AND epoch = ? AND seq <= ? RETURNING space, kind, id""",  # noqa: S608 - our own words
            (space, epoch, seq),
        )
    )


def pulled_anew(transaction: Transaction, space: int, epoch: int, seq: int) -> None:
    """After the space was told from its start: what the records contain is worked out for every entry of it."""
    transaction.touch_rows(
        transaction.rows(
            """UPDATE outbox SET pulled = (epoch = ? AND seq <= ?)
               WHERE space = ? AND state < 2 AND pulled <> (epoch = ? AND seq <= ?) RETURNING space, kind, id""",
            (epoch, seq, space, epoch, seq),
        )
    )


def rename(transaction: Transaction, writer: int, of: int, numbers: Collection[int]) -> int:
    """Give waiting entries new names, `(writer, 1)` and on, in the order of writing. Gives the next free number."""
    wanted = set(numbers)
    listed = transaction.rows(
        """SELECT n, place, entry, space, kind, id FROM outbox
           WHERE state <> 1 AND state = 0 AND writer = ? ORDER BY place""",
        (signed(of),),
    )
    renamed = [found for n, *found in listed if n in wanted]
    transaction.run_many(
        # What was answered under the old name is another copy's.
        "UPDATE outbox SET writer = ?, n = ?, entry = ?, epoch = 0, seq = 0, pulled = 0 WHERE place = ?",
        [
            (signed(writer), n, encode(msgspec.structs.replace(mutation_of(entry), n=n)), place)
            for n, (place, entry, *_) in enumerate(renamed, 1)
        ],
    )
    transaction.touch_rows((space, kind, bytes(id_)) for _, _, space, kind, id_ in renamed)
    return len(renamed) + 1


def forget(transaction: Transaction, now: int, most: int = MAX_CONFIRMED_BYTES) -> None:
    """Drop confirmed entries that are pulled, safe and old enough; beyond `most` bytes the oldest pulled ones (rule 1).

    Of those, it is counted how many no verified backup covers.
    """
    transaction.run(
        """DELETE FROM outbox WHERE place IN (
             SELECT o.place FROM outbox o JOIN space s ON s.num = o.space
             WHERE o.state = 1 AND o.pulled = 1 AND o.answered <= ?
               AND o.epoch = s.safe_epoch AND o.seq <= s.safe_seq)""",
        (now - KEEP_CONFIRMED_MS,),
    )
    transaction.run("DELETE FROM outbox WHERE state <> 1 AND state = 4 AND answered <= ?", (now - KEEP_CONFIRMED_MS,))
    kept = transaction.rows(
        """SELECT o.place, length(o.entry), o.pulled, o.epoch = s.safe_epoch AND o.seq <= s.safe_seq
           FROM outbox o JOIN space s ON s.num = o.space WHERE o.state = 1 ORDER BY o.place"""
    )
    total, bare = sum(size for _, size, _, _ in kept), 0
    for place, size, is_pulled, is_safe in kept:
        if total <= most:
            break
        if is_pulled:
            transaction.run("DELETE FROM outbox WHERE place = ?", (place,))
            total -= size
            bare += not is_safe
    if bare:
        meta.put(transaction, _UNCOVERED, uncovered(transaction) + bare)
        transaction.outbox = True


def uncovered(transaction: Transaction) -> int:
    """How many confirmed entries have gone for want of room although no verified backup covered them."""
    return int(meta.get(transaction, _UNCOVERED) or 0)


def _touch_range(transaction: Transaction, space: int, writer: int, n: int, count: int) -> None:
    _touch_where(
        transaction,
        "writer = ? AND n BETWEEN ? AND ? AND space = ? AND state = 0",
        (signed(writer), n, n + count - 1, space),
    )


def _touch_where(transaction: Transaction, condition: str, values: tuple[int, ...]) -> None:
    transaction.touch_rows(
        transaction.rows(f"SELECT space, kind, id FROM outbox WHERE {condition}", values)  # noqa: S608 - our own words
    )

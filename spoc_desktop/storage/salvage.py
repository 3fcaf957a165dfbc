"""What a damaged store still holds of the person's work: its outbox, read page by page (fault F8).

Records that the server has are not looked for: they are told again. A row is known by the shape of its table, and an
entry by its bytes being the change that its name says.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from spoc_desktop.storage import raw_pages, raw_rows, schema
from spoc_desktop.storage.outbox import mutation_of
from spoc_desktop.storage.raw_rows import Row, Value
from spoc_desktop.storage.transaction import Transaction
from sync.domain import spaces
from sync.protocol.messages import Session

_OUTBOX_COLUMNS: Final = 14
_SPACE_COLUMNS: Final = {24, 26}
"""A row that was written before the tables had their second version has two values less."""
_STATES: Final = range(schema.WITHDRAWN + 1)


class Entry(NamedTuple):
    """One row of the outbox, as it stood. `space` is the number that the damaged file gave to a space."""

    place: int
    writer: int
    n: int
    space: int
    kind: int
    id: bytes
    at: int
    state: int
    refusal: int
    entry: bytes

    @property
    def name(self) -> tuple[int, int]:
        """What the server knows it by."""
        return self.writer, self.n


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What could be read. `spaces`: their names by number; `login` as it was kept, None when that was on a bad page."""

    entries: dict[tuple[int, int], Entry] = field(default_factory=dict)
    spaces: dict[int, bytes] = field(default_factory=dict)
    login: bytes | None = None


def read(path: Path, key: bytes, salt: bytes = b"") -> Salvaged:
    """All that can be believed of a damaged store; nothing of it is changed. Empty when nothing can be read."""
    try:
        pages = raw_pages.read(path, key, salt)
    except OSError:
        pages = {}
    return told(pages)


def told(pages: Mapping[int, bytes]) -> Salvaged:
    """What pages tell."""
    entries: dict[tuple[int, int], Entry] = {}
    names: dict[int, bytes] = {}
    login: bytes | None = None
    for row in raw_rows.rows(pages):
        entry = entry_of(row)
        if entry is not None:
            entries[entry.name] = entry
        elif (named := _space_of(row)) is not None:
            names[named[0]] = named[1]
        elif row.values[:1] == ("login",):
            login = _login(row.values)
    return Salvaged(entries, names, login)


def entry_of(row: Row) -> Entry | None:
    """The entry that a row is, None when it is a row of another table."""
    if len(row.values) != _OUTBOX_COLUMNS or row.values[0] is not None:
        return None
    _, writer, n, space, kind, id_, at, state, _pulled, refusal, _, _, _, raw = row.values
    try:
        entry = msgspec.convert((row.number, writer, n, space, kind, id_, at, state, refusal, raw), Entry)
        mutation = mutation_of(entry.entry)
    except msgspec.MsgspecError:
        return None
    is_it = mutation.n == entry.n and mutation.id == entry.id and entry.state in _STATES
    return entry if is_it else None


def _space_of(row: Row) -> tuple[int, bytes] | None:
    """Number and name of a space, by its row or by the index on its name."""
    match row.values:
        case (None, bytes(name), *rest) if len(rest) + 2 in _SPACE_COLUMNS:
            number: Value = row.number
        case (bytes(name), int(number)):
            pass
        case _:
            return None
    try:
        spaces.type_of(name)
    except ValueError:
        return None
    return (number, name) if isinstance(number, int) else None


def _login(values: tuple[Value, ...]) -> bytes | None:
    raw = values[1] if len(values) == 2 else None
    if not isinstance(raw, bytes):
        return None
    try:
        msgspec.msgpack.decode(raw, type=Session)
    except msgspec.MsgspecError:
        return None
    return raw


def put_in(transaction: Transaction, salvaged: Salvaged) -> None:
    """Bring what was salvaged into a restored store. What waits keeps its name.

    An answer that the server gave since the backup comes again, as one of a change that it has done already.
    """
    known = {
        (writer, n): (state, bytes(entry))
        for writer, n, state, entry in transaction.rows("SELECT writer, n, state, entry FROM outbox")
    }
    for entry in sorted(salvaged.entries.values()):
        if entry.name in known:
            _bring_up_to_date(transaction, entry, known[entry.name])
        elif entry.state != schema.WITHDRAWN and (space := salvaged.spaces.get(entry.space)) is not None:
            _add(transaction, entry, space)


def _bring_up_to_date(transaction: Transaction, entry: Entry, known: tuple[int, bytes]) -> None:
    """The backup has an older form: the words are the newer ones, and what is settled stays settled."""
    state = entry.state if entry.state > schema.CONFIRMED else known[0]
    if (state, entry.entry) == known:
        return
    transaction.run(
        "UPDATE outbox SET entry = ?, at = ?, state = ?, refusal = ? WHERE writer = ? AND n = ?",
        (entry.entry, entry.at, state, entry.refusal, *entry.name),
    )


def _add(transaction: Transaction, entry: Entry, space: bytes) -> None:
    state = schema.WAITING if entry.state == schema.CONFIRMED else entry.state
    there = transaction.row("SELECT 1 FROM outbox WHERE place = ?", (entry.place,))
    transaction.run(
        """INSERT INTO outbox(place, writer, n, space, kind, id, at, state, refusal, entry)
           VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            None if there else entry.place,
            *entry.name,
            transaction.number(space),
            *entry[4:7],
            state,
            entry.refusal,
            entry.entry,
        ),
    )

"""Which files the records and the person's changes name, which are here, and which the server has (protocol rule 7).

What was set aside, as an incident or in the trash, goes on naming its files, so that they stay. Nobody gives them:
the right to read a file is a readable record that names it.

Worked out inside each transaction from what it touched: what is to be fetched or sent is one look at a small index. A
file that nothing names any more is let go of after the transaction, through a table of its own, so that a crash in
between leaves none behind.
"""

from collections.abc import Callable, Collection, Iterable
from typing import Final

from spoc_desktop.storage import meta, viewing
from spoc_desktop.storage.outbox import mutation_of
from spoc_desktop.storage.transaction import Touched, Transaction, Values, signed, unsigned
from sync.client.naming import named_in_mutation
from sync.client.ports import FileRef, Outgoing
from sync.domain.files import Attachment
from sync.domain.naming import NAMING, named_in_body

_VERSION: Final = 2
RESTORED: Final = 0
"""In place of the version: the store was restored, and records that name files on the disk may not be back yet."""
_TABLES: Final = (
    # `here`: on this disk. `sent`: the server has it, from us or by a record that it told.
    """CREATE TABLE file(sha256 BLOB PRIMARY KEY, name TEXT NOT NULL, size INTEGER NOT NULL,
        here INTEGER NOT NULL, sent INTEGER NOT NULL) WITHOUT ROWID""",
    "CREATE INDEX file_absent ON file(size) WHERE here = 0",
    "CREATE INDEX file_unsent ON file(sha256) WHERE sent = 0",
    """CREATE TABLE file_record(sha256 BLOB NOT NULL, space INTEGER NOT NULL, kind INTEGER NOT NULL, id BLOB NOT NULL,
        PRIMARY KEY(sha256, space, kind, id)) WITHOUT ROWID""",
    "CREATE INDEX file_of_record ON file_record(space, kind, id)",
    """CREATE TABLE file_aside(sha256 BLOB NOT NULL, space INTEGER NOT NULL, kind INTEGER NOT NULL, id BLOB NOT NULL,
        PRIMARY KEY(sha256, space, kind, id)) WITHOUT ROWID""",
    "CREATE INDEX file_of_aside ON file_aside(space, kind, id)",
    "CREATE TABLE file_entry(place INTEGER NOT NULL, sha256 BLOB NOT NULL, PRIMARY KEY(place, sha256)) WITHOUT ROWID",
    "CREATE INDEX file_of_entry ON file_entry(sha256)",
    "CREATE TABLE file_gone(sha256 BLOB PRIMARY KEY) WITHOUT ROWID",
)
_FEW: Final = 500
_NAMES: Final = ("file", "file_record", "file_aside", "file_entry", "file_gone")
_IS_NAMED: Final = """(EXISTS (SELECT 1 FROM file_record r WHERE r.sha256 = f.sha256)
    OR EXISTS (SELECT 1 FROM file_aside a WHERE a.sha256 = f.sha256)
    OR EXISTS (SELECT 1 FROM file_entry e JOIN outbox o ON o.place = e.place
               WHERE e.sha256 = f.sha256 AND o.state <> 4))"""
"""By a record, told or set aside, or by a change of the person's that is kept: a confirmed one may go out again."""
_ASIDE: Final = """SELECT space, kind, id, body FROM incident WHERE kind > 0
    UNION ALL SELECT space, kind, id, body FROM trash WHERE noticed > 0"""


class FileIndex:
    """The index of one store. `is_here` asks the disk."""

    def __init__(self, is_here: Callable[[bytes], bool]) -> None:
        self._is_here = is_here

    def ensure(self, transaction: Transaction) -> bool:
        """At start: make the tables if they are missing or of another version; look whether files are still here.

        True when the tables know all that is named; False in a store that was just restored, which is told more soon.
        """
        is_known = bool(meta.get(transaction, "file_index") != RESTORED)
        if meta.get(transaction, "file_index") != _VERSION:
            for name in _NAMES:
                transaction.run(f"DROP TABLE IF EXISTS {name}")
            for statement in _TABLES:
                transaction.run(statement)
            self._build(transaction)
            meta.put(transaction, "file_index", _VERSION)
        for sha256, here in transaction.rows("SELECT sha256, here FROM file"):
            if bool(here) != self._is_here(bytes(sha256)):
                set_here(transaction, bytes(sha256), here=not here)
        return is_known

    def _build(self, transaction: Transaction) -> None:
        for number in NAMING:
            self._tell(transaction, viewing.rows_of(transaction, number))
        for place, kind, entry in transaction.rows("SELECT place, kind, entry FROM outbox"):
            self._name_entry(transaction, place, kind, entry)
        self._tell_aside(transaction, transaction.rows(_ASIDE))

    def update(self, transaction: Transaction, touched: Touched) -> None:
        """Work out again what a transaction touched: records told, entries written, answered or taken back."""
        for (space, kind), told in touched.items():
            if kind in NAMING and told:
                self._update(transaction, space, kind, told)

    def drop_space(self, transaction: Transaction, space: int) -> None:
        """The space is lost: its files go, unless something else names them."""
        gone = {
            bytes(sha256)
            for table in ("file_record", "file_aside")
            for (sha256,) in transaction.rows(f"DELETE FROM {table} WHERE space = ? RETURNING sha256", (space,))  # noqa: S608
        }
        _let_go(transaction, gone)

    def sweep(self, transaction: Transaction) -> None:
        """Look at all files: what was named by entries alone that are forgotten goes."""
        _forget_entries(transaction)
        gone = transaction.rows(f"SELECT sha256 FROM file f WHERE NOT {_IS_NAMED}")  # noqa: S608 - our own words
        _let_go(transaction, {bytes(sha256) for (sha256,) in gone})

    def _update(self, transaction: Transaction, space: int, kind: int, told: dict[bytes, Values | None]) -> None:
        rows = {id_: row for id_, row in told.items() if row is not None}
        unread = [id_ for id_, row in told.items() if row is None]
        if unread:
            rows |= {row[2]: row for row in viewing.rows_of(transaction, kind, space, unread)}
        before = _of_records(transaction, space, kind, told) | _of_entries(transaction, space, kind, told)
        self._tell(transaction, list(rows.values()))
        aside = transaction.rows(f"SELECT * FROM ({_ASIDE}) WHERE space = ? AND kind = ?", (space, kind))  # noqa: S608
        self._tell_aside(transaction, [row for row in aside if row[2] in told])
        _forget_entries(transaction)
        for place, entry in _lying(transaction, space, kind, told):
            transaction.run("DELETE FROM file_entry WHERE place = ?", (place,))
            self._name_entry(transaction, place, kind, entry)
        _let_go(transaction, before)

    def _tell(self, transaction: Transaction, rows: Iterable[Values]) -> None:
        for space, kind, id_, _, _, _, body in rows:
            for file in named_in_body(kind, bytes(body)):
                self._know(transaction, file, sent=True)
                transaction.run(
                    "INSERT OR IGNORE INTO file_record(sha256, space, kind, id) VALUES(?, ?, ?, ?)",
                    (file.sha256, space, kind, id_),
                )

    def _tell_aside(self, transaction: Transaction, rows: Iterable[Values]) -> None:
        for space, kind, id_, body in rows:
            for file in named_in_body(kind, bytes(body)):
                self._know(transaction, file, sent=False)
                transaction.run(
                    "INSERT OR IGNORE INTO file_aside(sha256, space, kind, id) VALUES(?, ?, ?, ?)",
                    (file.sha256, space, kind, id_),
                )

    def _name_entry(self, transaction: Transaction, place: int, kind: int, entry: bytes) -> None:
        if kind in NAMING:
            for file in named_in_mutation(kind, mutation_of(entry)):
                self._know(transaction, file, sent=False)
                transaction.run("INSERT OR IGNORE INTO file_entry(place, sha256) VALUES(?, ?)", (place, file.sha256))

    def _know(self, transaction: Transaction, file: Attachment, *, sent: bool) -> None:
        known = transaction.row("SELECT sent, here FROM file WHERE sha256 = ?", (file.sha256,))
        if known is None:
            here = self._is_here(file.sha256)
            transaction.run(
                "INSERT INTO file(sha256, name, size, here, sent) VALUES(?, ?, ?, ?, ?)",
                (file.sha256, file.name, file.size, int(here), int(sent)),
            )
            return
        if sent and not known[0]:
            set_sent(transaction, file.sha256, sent=True)
        if not known[1] and self._is_here(file.sha256):
            # It was to be fetched, and the person has attached it themselves.
            set_here(transaction, file.sha256, here=True)


def named(transaction: Transaction) -> list[bytes]:
    """All files that something names, here or not."""
    return [bytes(sha256) for (sha256,) in transaction.rows("SELECT sha256 FROM file")]


def to_send(transaction: Transaction) -> list[Outgoing]:
    """Files that waiting entries name and that the server is not known to have, in the order of the entries."""
    found = transaction.rows(
        """SELECT o.writer, o.n, f.sha256, f.name, f.size FROM file f
           JOIN file_entry e ON e.sha256 = f.sha256 JOIN outbox o ON o.place = e.place
           WHERE f.sent = 0 AND o.state = 0 ORDER BY o.place, f.sha256"""
    )
    return [Outgoing(unsigned(writer), n, FileRef(bytes(sha256), *file)) for writer, n, sha256, *file in found]


def wanted(transaction: Transaction) -> list[FileRef]:
    """Files that told records name and that are not here, the smallest first."""
    found = transaction.rows(
        """SELECT f.sha256, f.name, f.size FROM file f WHERE f.here = 0
           AND EXISTS (SELECT 1 FROM file_record r WHERE r.sha256 = f.sha256) ORDER BY f.size, f.sha256"""
    )
    return [FileRef(bytes(sha256), name, size) for sha256, name, size in found]


def of_entry(transaction: Transaction, writer: int, n: int) -> list[bytes]:
    """The files that a change names."""
    found = transaction.rows(
        """SELECT e.sha256 FROM outbox o JOIN file_entry e ON e.place = o.place
           WHERE o.writer = ? AND o.n = ? ORDER BY e.sha256""",
        (signed(writer), n),
    )
    return [bytes(sha256) for (sha256,) in found]


def set_sent(transaction: Transaction, sha256: bytes, *, sent: bool) -> None:
    """Whether the server has a file."""
    transaction.run("UPDATE file SET sent = ? WHERE sha256 = ?", (int(sent), sha256))


def set_here(transaction: Transaction, sha256: bytes, *, here: bool) -> bool:
    """Whether a file is on this disk; what names it is to be drawn again. False when nothing names it."""
    for space, kind in transaction.rows("SELECT DISTINCT space, kind FROM file_record WHERE sha256 = ?", (sha256,)):
        transaction.redraw(space, [kind])
    return bool(transaction.run("UPDATE file SET here = ? WHERE sha256 = ?", (int(here), sha256)))


def gone(transaction: Transaction) -> list[bytes]:
    """Files to let go of, those left out that are named again."""
    transaction.run("DELETE FROM file_gone WHERE sha256 IN (SELECT sha256 FROM file)")
    return [bytes(sha256) for (sha256,) in transaction.rows("SELECT sha256 FROM file_gone")]


def let_go(transaction: Transaction, sha256: bytes) -> None:
    """A file was let go of; that it was once asked for goes with it."""
    transaction.run("DELETE FROM file_gone WHERE sha256 = ?", (sha256,))
    transaction.run("DELETE FROM file_wish WHERE sha256 = ?", (sha256,))


def _of_records(transaction: Transaction, space: int, kind: int, ids: Collection[bytes]) -> set[bytes]:
    """Forget what these records name, told or set aside, and say what it was."""
    found: set[bytes] = set()
    for table in ("file_record", "file_aside"):
        if transaction.row(f"SELECT 1 FROM {table} WHERE space = ? AND kind = ? LIMIT 1", (space, kind)):  # noqa: S608
            delete = f"DELETE FROM {table} WHERE space = ? AND kind = ? AND id = ? RETURNING sha256"  # noqa: S608
            found.update(bytes(sha256) for id_ in ids for (sha256,) in transaction.rows(delete, (space, kind, id_)))
    return found


def _of_entries(transaction: Transaction, space: int, kind: int, ids: Collection[bytes]) -> set[bytes]:
    found = transaction.rows(
        """SELECT e.sha256, o.id, o.space, o.kind FROM file_entry e LEFT JOIN outbox o ON o.place = e.place""",
    )
    return {bytes(sha256) for sha256, id_, *of in found if id_ is None or (of == [space, kind] and id_ in ids)}


def _forget_entries(transaction: Transaction) -> None:
    transaction.run("DELETE FROM file_entry WHERE place NOT IN (SELECT place FROM outbox)")


def _lying(transaction: Transaction, space: int, kind: int, ids: Collection[bytes]) -> list[tuple[int, bytes]]:
    """The changes that lie on these records: their places and bytes."""
    which = f" AND id IN ({','.join('?' * len(ids))})" if len(ids) <= _FEW else ""
    found = transaction.rows(
        "SELECT place, id, entry FROM outbox INDEXED BY outbox_live "  # noqa: S608 - only question marks
        f"WHERE space = ? AND kind = ? AND pulled = 0 AND state < 2{which}",
        (space, kind, *(ids if which else ())),
    )
    return [(place, bytes(entry)) for place, id_, entry in found if id_ in ids]


def _let_go(transaction: Transaction, candidates: Iterable[bytes]) -> None:
    for sha256 in candidates:
        if transaction.run(f"DELETE FROM file AS f WHERE f.sha256 = ? AND NOT {_IS_NAMED}", (sha256,)):  # noqa: S608
            transaction.run("INSERT OR IGNORE INTO file_gone(sha256) VALUES(?)", (sha256,))
            transaction.gone = True

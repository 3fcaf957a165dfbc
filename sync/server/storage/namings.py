"""Which record of which space names which file, kept by the log as records are written (protocol rule 7)."""

from collections.abc import Collection, Iterable

from sqlcipher3 import dbapi2

from sync.domain.naming import NAMING, named_in_body


def write(
    cursor: dbapi2.Cursor, space_no: int, records: Iterable[tuple[int, bytes, bytes]], there: Collection[bytes]
) -> None:
    """Replace what some records (kind, id, body) of a space name; those in `there` were written before."""
    found = [
        (id_, {each.sha256 for each in named_in_body(kind, body)}) for kind, id_, body in records if kind in NAMING
    ]
    if not found:
        return
    older = [(space_no, id_) for id_, _ in found if id_ in there]
    cursor.executemany("DELETE FROM naming WHERE space_no = ? AND record = ?", older)
    cursor.executemany(
        "INSERT INTO naming (sha256, space_no, record) VALUES (?, ?, ?)",
        [(hash_, space_no, id_) for id_, hashes in found for hash_ in hashes],
    )

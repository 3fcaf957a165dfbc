"""Which record of which space names which file, kept by the log as records are written (protocol rule 7)."""

from collections.abc import Iterable

import msgspec
from sqlcipher3 import dbapi2

from sync.domain.files import attachments_in
from sync.domain.kinds import KINDS
from sync.domain.merge import DELETED
from sync.domain.revisions import REVISION, Revision

_NAMING = frozenset(number for number, kind in KINDS.items() if kind.files) | {REVISION.number}


def files_of(kind: int, body: bytes) -> set[bytes]:
    """The hashes of the files that a record names; a revision names those of the value that it keeps."""
    if kind == REVISION.number:
        return _files_of_value(REVISION.decode(body))
    known = KINDS.get(kind)
    if known is None or not known.files or body == DELETED:
        return set()
    return {each.sha256 for each in attachments_in(known.decode(body))}


def write(cursor: dbapi2.Cursor, space_no: int, records: Iterable[tuple[int, bytes, bytes]]) -> None:
    """Replace what some records (kind, id, body) of a space name."""
    found = [(id_, files_of(kind, body)) for kind, id_, body in records if kind in _NAMING]
    if not found:
        return
    cursor.executemany("DELETE FROM naming WHERE space_no = ? AND record = ?", [(space_no, id_) for id_, _ in found])
    cursor.executemany(
        "INSERT INTO naming (sha256, space_no, record) VALUES (?, ?, ?)",
        [(hash_, space_no, id_) for id_, hashes in found for hash_ in hashes],
    )


def _files_of_value(revision: Revision) -> set[bytes]:
    kind = KINDS.get(revision.kind)
    if kind is None or not kind.files or not 0 <= revision.field < len(kind.fields):
        return set()
    field = msgspec.structs.fields(kind.body)[revision.field]
    return {each.sha256 for each in attachments_in(msgspec.msgpack.decode(revision.value, type=field.type))}

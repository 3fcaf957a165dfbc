"""Which record of which space names which file, kept by the log as records are written (protocol rule 7)."""

from collections.abc import Collection, Iterable

from sqlalchemy import Connection

from sync.domain.naming import NAMING, named_in_body
from sync.server.storage.dialect import Bulk, add_rows, delete_among
from sync.server.storage.schema import naming

_BULK = Bulk(naming, "sha256", "space_no", "record")


def write(
    connection: Connection, space_no: int, records: Iterable[tuple[int, bytes, bytes]], there: Collection[bytes]
) -> None:
    """Replace what some records (kind, id, body) of a space name; those in `there` were written before."""
    found = [
        (id_, {each.sha256 for each in named_in_body(kind, body)}) for kind, id_, body in records if kind in NAMING
    ]
    if not found:
        return
    older = [id_ for id_, _ in found if id_ in there]
    delete_among(connection, "DELETE FROM naming WHERE space_no = ? AND record {among}", (space_no,), older)
    add_rows(connection, _BULK, [(hash_, space_no, id_) for id_, hashes in found for hash_ in hashes])

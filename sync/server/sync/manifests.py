"""The manifests of published editions, signed with the issuer's key: with them a course can be carried in on a stick.

Written with the edition itself. An edition of before there were manifests, or before the key was renewed, gets one at
the next start.
"""

from functools import partial

from sqlalchemy import Connection, select

from sync.domain import manifests
from sync.domain import spaces as names
from sync.domain.courses import EDITION, Edition
from sync.domain.ids import CourseId
from sync.domain.kind import encode
from sync.domain.listing import listing, record_ids
from sync.domain.publishing import Row
from sync.domain.spaces import SpaceType
from sync.reports.manifests import sign
from sync.server.core import Core
from sync.server.issuing.keys import issuer
from sync.server.storage import spaces
from sync.server.storage.log import read_kinds, read_record
from sync.server.storage.schema import space
from sync.server.sync.rows import write


def manifest_row(core: Core, course: CourseId, rows: tuple[Row, ...]) -> Row:
    """The manifest of an edition, given as all its rows, its own record last."""
    edition = rows[-1]
    listed = listing((row.kind.number, row.id, row.body) for row in rows)
    return _row(core, manifests.statement(course, edition.id, EDITION.decode(edition.body).number, listed))


def sign_pending(core: Core) -> None:
    """Sign the editions that stand and have no manifest by the present key."""
    with core.reading() as connection:
        found = connection.execute(select(space.c.id)).scalars().all()
        courses = [id_ for id_ in found if id_.startswith(bytes([SpaceType.COURSE]))]
        lacking = {id_: row for id_ in courses if (row := _lacking(core, connection, id_)) is not None}
    for id_, row in lacking.items():
        core.writer.run(partial(_write, core, id_, row))


def standing(connection: Connection, course: CourseId) -> tuple[bytes, Edition] | None:
    """The id and the record of the edition that is learnt; None before the first."""
    head = spaces.find(connection, names.course(course))
    kept = [] if head is None else read_kinds(connection, head.no, (EDITION.number,))
    editions = [(one.id, EDITION.decode(one.body)) for one in kept]
    return max(editions, key=lambda one: one[1].number, default=None)


def rows_of(
    connection: Connection, course: CourseId, edition_id: bytes, edition: Edition
) -> list[tuple[int, bytes, bytes]]:
    """The records of an edition as kind, id and wire form; one that is not there is left out."""
    head = spaces.find(connection, names.course(course))
    if head is None:
        return []
    kept = [read_record(connection, head.no, id_) for id_ in record_ids(edition_id, edition)]
    return [(one.kind, one.id, one.body) for one in kept if one is not None]


def _lacking(core: Core, connection: Connection, space_id: bytes) -> Row | None:
    course, head = CourseId(names.ids_of(space_id)[0]), spaces.find(connection, space_id)
    found = standing(connection, course)
    if found is None or head is None:
        return None
    listed = listing(rows_of(connection, course, *found))
    row = _row(core, manifests.statement(course, found[0], found[1].number, listed))
    return row if read_record(connection, head.no, row.id) is None else None


def _write(core: Core, space_id: bytes, row: Row, connection: Connection) -> int:
    return write(connection, space_id, [row], core.now(), core.tail())


def _row(core: Core, said: manifests.Statement) -> Row:
    key = issuer(core.settings.data)
    id_ = manifests.manifest_id(said.edition, key.public_key().public_bytes_raw())
    return Row(manifests.MANIFEST, id_, encode(sign(key, said)))

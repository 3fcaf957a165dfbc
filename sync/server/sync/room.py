"""How much room a person's files take, those that are still arriving too, and whether one more fits (attack A45)."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, select

from sync.server.core import Core
from sync.server.storage import usage
from sync.server.storage.schema import arriving, file, upload

_LEAST_ROOM = 4096
"""Bytes that the smallest file takes on a disk: a million of them are not for nothing."""


def taken_by(size: int) -> int:
    """Bytes that a file of that size counts for."""
    return max(size, _LEAST_ROOM)


def used(connection: Connection, person_no: int, but: bytes = b"") -> int:
    """Bytes that a person has sent or is sending, all files but one."""
    sent = upload.join(file, file.c.sha256 == upload.c.sha256)
    mine = (upload.c.person_no == person_no, file.c.sha256 != but)
    coming = (arriving.c.person_no == person_no, arriving.c.sha256 != but)
    whole = connection.execute(select(_sum(file.c.size)).select_from(sent).where(*mine)).scalar_one()
    unfinished = connection.execute(select(_sum(arriving.c.size)).where(*coming)).scalar_one()
    return int(whole) + int(unfinished)


def counted(connection: Connection, person_no: int, names: Collection[bytes]) -> dict[bytes, int]:
    """Those of these files that `used` counts already, and for how many bytes."""
    whole = select(file.c.sha256, file.c.size).join(upload, upload.c.sha256 == file.c.sha256)
    coming = select(arriving.c.sha256, arriving.c.size)
    found: dict[bytes, int] = {}
    for asked, table in ((whole, upload), (coming, arriving)):
        these = (table.c.person_no == person_no, table.c.sha256.in_(names))
        for sha256, size in connection.execute(asked.where(*these)):
            found[bytes(sha256)] = found.get(bytes(sha256), 0) + taken_by(size)
    return found


def fits(core: Core, connection: Connection, person_no: int, sha256: bytes, size: int) -> bool:
    """Whether a person may have this file, too; one that they have takes no more."""
    return used(connection, person_no, but=sha256) + taken_by(size) <= allowed(core, connection, person_no)


def allowed(core: Core, connection: Connection, person_no: int) -> float:
    """Bytes of files that a person may send in all: what IT allows them, or everybody."""
    return usage.limits_of(connection, core.settings.limits, person_no).files or float("inf")


def _sum(size: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.coalesce(func.sum(case((size < _LEAST_ROOM, _LEAST_ROOM), else_=size)), 0)

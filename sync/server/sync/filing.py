"""Files: who may read one, who may name one, and taking one in (protocol rule 7, attacks A1 and A45).

The right to read is any readable record that names the file, or having sent its bytes; it is judged when it is asked.
"""

from collections.abc import Callable
from typing import NamedTuple

from sqlalchemy import Connection, delete, select, text

from sync.domain.files import Attachment, is_named_well
from sync.protocol.errors import FileDamaged, FileMissing, FileTooLarge, Refusal
from sync.server import checkpoints
from sync.server.core import Core
from sync.server.storage.depot import Incoming
from sync.server.storage.dialect import upsert
from sync.server.storage.schema import file, unnamed, upload
from sync.server.sync import room

_READABLE = text(
    "SELECT size FROM file WHERE sha256 = :sha256 AND ("
    "EXISTS (SELECT 1 FROM upload WHERE person_no = :person AND sha256 = :sha256) OR "
    "EXISTS (SELECT 1 FROM naming JOIN seat ON seat.space_no = naming.space_no "
    "WHERE naming.sha256 = :sha256 AND seat.person_no = :person))"
)


class Stored(NamedTuple):
    """A file that the server has: its hash, and its size in bytes."""

    sha256: bytes
    size: int


def readable(connection: Connection, person_no: int, sha256: bytes) -> Stored | None:
    """A file, if the person may read it now; None as well when there is no such file."""
    asked = {"sha256": sha256, "person": person_no}
    size: int | None = connection.execute(_READABLE, asked).scalar_one_or_none()
    return None if size is None else Stored(sha256, size)


def judge_of(connection: Connection, person_no: int) -> Callable[[Attachment], Refusal | None]:
    """Why a person may not name a file: they neither sent it nor may read it, or its description is not true."""

    def judge(attachment: Attachment) -> Refusal | None:
        if not is_named_well(attachment):
            return Refusal.INVALID
        stored = readable(connection, person_no, attachment.sha256)
        if stored is None:
            return Refusal.FILE_MISSING
        return None if stored.size == attachment.size else Refusal.INVALID

    return judge


def open_for(core: Core, person_no: int, sha256: bytes) -> Stored:
    """A file that a person asks for. FileMissing when they may not read it, and the same when there is none."""
    with core.reading() as connection:
        stored = readable(connection, person_no, sha256)
    if stored is None or not core.files.has(stored.sha256, stored.size):
        raise FileMissing
    return stored


def take(core: Core, person_no: int, sha256: bytes, incoming: Incoming) -> None:
    """Keep what a person sent under the name that they gave it. FileDamaged when it is not that; FileTooLarge."""
    if incoming.settle() != sha256:
        raise FileDamaged
    with core.reading() as connection:
        _check_room(core, connection, person_no, Stored(sha256, incoming.size))
    core.files.keep(incoming, sha256)
    checkpoints.reach(checkpoints.FILE_BETWEEN)
    stored = Stored(sha256, incoming.size)

    def write(connection: Connection) -> None:
        _check_room(core, connection, person_no, stored)
        remember(connection, person_no, stored, core.now())

    core.writer.run(write)


def was_sent(connection: Connection, person_no: int, sha256: bytes) -> bool:
    """Whether a person has sent a file whole."""
    this = (upload.c.person_no == person_no, upload.c.sha256 == sha256)
    return connection.execute(select(upload.c.at).where(*this)).first() is not None


def remember(connection: Connection, person_no: int, stored: Stored, now: int) -> None:
    """Write down that a person sent a file which is whole and in its place."""
    know(connection, stored, now)
    values = {"person_no": person_no, "sha256": stored.sha256, "at": now}
    connection.execute(upsert(connection, upload).values(values).on_conflict_do_nothing())


def keep(core: Core, content: bytes) -> bytes:
    """Keep a file that the server made; its SHA-256. It is on the disk when this returns; nobody may read it yet."""
    with core.files.incoming() as incoming:
        incoming.write(content)
        sha256 = incoming.settle()
        core.files.keep(incoming, sha256)
    core.writer.run(lambda connection: know(connection, Stored(sha256, len(content)), core.now()))
    return sha256


def lacking(core: Core, connection: Connection, named: tuple[Attachment, ...]) -> tuple[Attachment, ...]:
    """Those files that the server does not have."""
    found = []
    for each in named:
        size = connection.execute(select(file.c.size).where(file.c.sha256 == each.sha256)).scalar_one_or_none()
        if size is None or not core.files.has(each.sha256, size):
            found.append(each)
    return tuple(found)


def know(connection: Connection, stored: Stored, now: int) -> None:
    """Write down that a file is whole and in its place; one that no record names has its time anew."""
    values = {"sha256": stored.sha256, "size": stored.size, "at": now}
    connection.execute(upsert(connection, file).values(values).on_conflict_do_nothing())
    connection.execute(delete(unnamed).where(unnamed.c.sha256 == stored.sha256))


def _check_room(core: Core, connection: Connection, person_no: int, more: Stored) -> None:
    # Laptops of 0.2 know no other name for it.
    if not room.fits(core, connection, person_no, *more):
        raise FileTooLarge

"""Files that come in parts: how far each is, keeping the next part, and the moment when one is whole (rule 7, A45).

A part is on the disk, then the database knows it, then it is acknowledged: whoever is killed goes on there. Nobody can
read any of it before all of it has the SHA-256 of its name. An upload is one person's own: another's is never seen in
any answer (attacks A1, A49).
"""

import contextlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256 as new_hash
from typing import NamedTuple

from sqlalchemy import Connection, delete, select

from sync.domain.files import SHA256_BYTES
from sync.protocol.errors import Failure
from sync.protocol.limits import MAX_FILE
from sync.protocol.parts import LEAST_PART, PART_BYTES, SMALL_FILE, Held, Part
from sync.server import checkpoints
from sync.server.core import Core
from sync.server.storage.dialect import upsert
from sync.server.storage.schema import arriving
from sync.server.sync import filing, room
from sync.server.sync.filing import Stored

_SIDE_BY_SIDE = 8
KEPT_MS = 7 * 86_400_000
"""An upload to which nothing is added for so long is let go of."""


class _Upload(NamedTuple):
    """What of a file has come: `offset` of `size` bytes."""

    size: int
    offset: int

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing."""
        return self.offset == self.size


@dataclass(slots=True)
class _Desk:
    """What the parts of one request are judged by, and what they change. `left`: bytes that may still be sent."""

    core: Core
    person_no: int
    whole: dict[bytes, int]
    uploads: dict[bytes, _Upload]
    counted: set[bytes]
    left: float
    small: list[Part]
    """Files that came in one part, checked, and are still to be kept."""
    changed: dict[bytes, _Upload | None]
    """How far each file has come by this request; None: what there was of it is gone."""


def send(core: Core, person_no: int, parts: Sequence[Part]) -> tuple[Held, ...]:
    """Keep parts in order; how far each file is afterwards. A part without content asks only."""
    with core.reading() as connection:
        desk = _desk(core, connection, person_no, {part.sha256 for part in parts})
    held = [_take(desk, part) for part in parts]
    _keep(core, desk.small)
    if desk.changed:
        checkpoints.reach(checkpoints.PART_BETWEEN)
        refused = core.writer.run(lambda connection: _remember(desk, connection))
        full = Held(0, int(Failure.OVER_QUOTA))
        held = [full if part.sha256 in refused else one for part, one in zip(parts, held, strict=True)]
    return tuple(held)


def fetch(core: Core, person_no: int, names: Sequence[bytes]) -> tuple[bytes | None, ...]:
    """The first of the files that a person asks for, as many as go into one reply; None for those they do not get."""
    found: list[bytes | None] = []
    size = 0
    with core.reading() as connection:
        readable = [filing.readable(connection, person_no, name) for name in names]
    for stored in readable:
        if stored is None or stored.size > SMALL_FILE or not core.files.has(*stored):
            found.append(None)
            continue
        size += stored.size
        if size > PART_BYTES:
            break
        found.append(core.files.read(stored.sha256, 0, stored.size))
    return tuple(found)


def sweep(core: Core) -> None:
    """Let go of uploads that nobody went on with for a week, bytes and rows."""
    before = core.now() - KEPT_MS

    def forget(connection: Connection) -> None:
        connection.execute(delete(arriving).where(arriving.c.at < before))

    core.writer.run(forget)
    core.arrivals.sweep(before / 1000)


def _desk(core: Core, connection: Connection, person_no: int, names: set[bytes]) -> _Desk:
    stored = [found for name in names if (found := filing.readable(connection, person_no, name)) is not None]
    rows = connection.execute(
        select(arriving.c.sha256, arriving.c.size, arriving.c.offset).where(arriving.c.person_no == person_no)
    )
    uploads = {sha256: _Upload(size, offset) for sha256, size, offset in rows}
    return _Desk(
        core,
        person_no,
        whole={found.sha256: found.size for found in stored if core.files.has(*found)},
        uploads=uploads,
        counted=set(room.counted(connection, person_no, names)),
        left=room.allowed(core, connection, person_no) - room.used(connection, person_no),
        small=[],
        changed={},
    )


def _take(desk: _Desk, part: Part) -> Held:
    if not (len(part.sha256) == SHA256_BYTES and part.size >= 0):
        return Held(0, int(Failure.BAD_BATCH))
    if part.size > MAX_FILE:
        return Held(0, int(Failure.FILE_TOO_LARGE))
    if part.sha256 in desk.whole:
        is_same = desk.whole[part.sha256] == part.size
        return Held(part.size) if is_same else Held(0, int(Failure.FILE_DAMAGED))
    offset = _offset(desk, part)
    if (part.size and not part.content) or part.offset != offset:
        return Held(offset)
    end = offset + len(part.content)
    if end > part.size or (end < part.size and len(part.content) < LEAST_PART):
        return Held(offset, int(Failure.BAD_BATCH))
    if not _has_room(desk, part):
        return Held(0, int(Failure.OVER_QUOTA))
    if new_hash(part.content).digest() != part.sum:
        return Held(offset, int(Failure.FILE_DAMAGED))
    is_kept = _is_whole(desk, part) if len(part.content) == part.size else _add(desk, part, end)
    desk.changed[part.sha256] = _Upload(part.size, end) if is_kept else None
    if is_kept and end == part.size:
        desk.whole[part.sha256] = part.size
    return Held(end) if is_kept else Held(0, int(Failure.FILE_DAMAGED))


def _offset(desk: _Desk, part: Part) -> int:
    """How far the server holds this file from this person."""
    upload = desk.changed[part.sha256] if part.sha256 in desk.changed else desk.uploads.get(part.sha256)
    if upload is None or upload.size != part.size:
        return 0
    return min(upload.offset, desk.core.arrivals.size(desk.person_no, part.sha256))


def _has_room(desk: _Desk, part: Part) -> bool:
    """Whether the whole of a file may still come; from its first part on it counts."""
    if part.sha256 in desk.counted:
        return True
    if room.taken_by(part.size) > desk.left:
        return False
    desk.left -= room.taken_by(part.size)
    desk.counted.add(part.sha256)
    return True


def _is_whole(desk: _Desk, part: Part) -> bool:
    """Whether a file that came in one part is what its name says: then it is kept."""
    if part.sum != part.sha256:
        return False
    desk.small.append(part)
    return True


def _keep(core: Core, parts: Sequence[Part]) -> None:
    """Keep small files side by side: a disk puts several on it in the time of one."""

    def keep(part: Part) -> None:
        with core.files.incoming() as incoming:
            incoming.write(part.content)
            incoming.settle()
            core.files.keep(incoming, part.sha256)

    if len(parts) == 1:
        keep(parts[0])
    elif parts:
        with ThreadPoolExecutor(min(len(parts), _SIDE_BY_SIDE), "spoc-files") as threads:
            list(threads.map(keep, parts))


def _add(desk: _Desk, part: Part, end: int) -> bool:
    """Add a part to its file; with the last one the whole is checked and gets its name. False: all of it is gone."""
    core, person_no = desk.core, desk.person_no
    core.arrivals.write(person_no, part.sha256, part.offset, part.content)
    if end < part.size:
        return True
    if core.arrivals.is_whole(person_no, part.sha256, part.size):
        # Another laptop of this person may end the same file a moment before: this one is told when it asks again.
        with contextlib.suppress(FileNotFoundError):
            core.files.put(core.arrivals.path(person_no, part.sha256), part.sha256)
            checkpoints.reach(checkpoints.FILE_BETWEEN)
            return True
    core.arrivals.drop(person_no, part.sha256)
    return False


def _remember(desk: _Desk, connection: Connection) -> set[bytes]:
    """Write down how far files have come; those that others of the person's requests left no room for."""
    now, refused = desk.core.now(), set()
    before = room.counted(connection, desk.person_no, desk.changed)
    left = room.allowed(desk.core, connection, desk.person_no) - room.used(connection, desk.person_no)
    for sha256, upload in desk.changed.items():
        this = (arriving.c.person_no == desk.person_no, arriving.c.sha256 == sha256)
        if upload is None or upload.is_whole:
            connection.execute(delete(arriving).where(*this))
        if upload is None:
            continue
        more = room.taken_by(upload.size) - before.get(sha256, 0)
        if more > left:
            refused.add(sha256)
            desk.core.arrivals.drop(desk.person_no, sha256)
        elif filing.was_sent(connection, desk.person_no, sha256):
            desk.core.arrivals.drop(desk.person_no, sha256)  # another laptop of this person ended it meanwhile
        elif upload.is_whole:
            filing.remember(connection, desk.person_no, Stored(sha256, upload.size), now)
        else:
            far = {"size": upload.size, "offset": upload.offset, "at": now}
            row = upsert(connection, arriving).values(person_no=desk.person_no, sha256=sha256, **far)
            connection.execute(row.on_conflict_do_update(index_elements=["person_no", "sha256"], set_=far))
        if sha256 not in refused:
            left -= more
    return refused

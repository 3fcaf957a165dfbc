"""Whether bodies are still what was accepted: a disk, or a repair by hand, may have left other bytes (fault F9)."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection

from sync.domain.kinds import KINDS
from sync.domain.merge import GONE
from sync.server.storage.dialect import rows_of

_PART = 5_000
_BODIES = "SELECT seq, id, kind, body FROM log WHERE space_no = ? AND seq > ? ORDER BY seq LIMIT ?"


class _Nothing(msgspec.Struct, frozen=True, array_like=True):
    """No field: what stands in its place is passed over, which takes 0.1 µs a body."""


_PASS_OVER = msgspec.msgpack.Decoder(_Nothing)


def are_messages(bodies: Sequence[bytes | msgspec.Raw]) -> bool:
    """Whether each is one value of msgpack: others would take the rest of a reply with them."""
    try:
        _PASS_OVER.decode(b"".join((b"\xdd", len(bodies).to_bytes(4, "big"), *bodies)))
    except msgspec.MsgspecError:
        return False
    return True


def unreadable(connection: Connection, space_no: int) -> list[bytes]:
    """The ids of records of a space that are none of their kind. Reads the whole space."""
    found: list[bytes] = []
    seq = 0
    while some := rows_of(connection, _BODIES, (space_no, seq, _PART)):
        found += [bytes(id_) for _, id_, kind, body in some if not _is_readable(kind, bytes(body))]
        seq = some[-1][0]
    return found


def _is_readable(number: int, body: bytes) -> bool:
    kind = KINDS.get(number)
    if kind is None or body in GONE:
        return are_messages([body])
    try:
        kind.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError):
        return False
    return True

"""Fingerprints: of a row, of a space, of a view, of a mutation; and the seal of a cursor."""

import hmac
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from struct import Struct
from typing import Any

from sync.protocol.messages import Checksum, Cursor

SEAL_KEY = 32
"""Bytes of a key that seals cursors."""
_WORD = 8
_MODULUS = 1 << 64
EMPTY = Checksum(0, 0)


_HEAD = Struct(">16sQ16sq").pack
"""id, seq, author, at: one call for a row, of which there are fifty thousand a second."""

_PLACE = Struct(">QQ").pack
"""epoch, seq: one call for a place, of which a trainer has hundreds in each request."""


def row_hash(id_: bytes, seq: int, author: bytes, at: int, body: bytes) -> int:
    """The 64-bit hash of a row (rule 8); ids have 16 bytes."""
    return int.from_bytes(blake2b(_HEAD(id_, seq, author, at) + body, digest_size=_WORD).digest(), "big")


def row_hashes(rows: Iterable[Sequence[Any]]) -> list[int]:
    """The same of many rows, each (seq, kind, id, author, at, body, …) as a log keeps it, in fewer steps."""
    word, whole = _WORD, int.from_bytes
    return [
        whole(blake2b(_HEAD(id_, seq, author, at) + body, digest_size=word).digest(), "big")
        for seq, _, id_, author, at, body, *_ in rows
    ]


def joined(checksum: Checksum, added: Iterable[int] = (), removed: Iterable[int] = ()) -> Checksum:
    """A checksum after rows with these hashes came and went."""
    came, went = list(added), list(removed)
    return Checksum(checksum.count + len(came) - len(went), (checksum.sum + sum(came) - sum(went)) % _MODULUS)


def view_digest(places: Iterable[tuple[bytes, Cursor]]) -> bytes:
    """8 bytes over `(space, epoch, seq, tail)` of every readable space, in the order of the spaces' names (rule 3)."""
    return places_digest([(space, cursor.epoch, cursor.seq, cursor.tail) for space, cursor in places])


def places_digest(places: Iterable[tuple[bytes, int, int, bytes]]) -> bytes:
    """`view_digest` of places at hand as space, epoch, seq and tail, each space once."""
    told = [b"%c%b%b%b" % (len(space), space, _PLACE(epoch, seq), tail) for space, epoch, seq, tail in sorted(places)]
    return blake2b(b"".join(told), digest_size=_WORD).digest()


def mutation_hash(space: bytes, entry: bytes) -> bytes:
    """16 bytes over a mutation's space and bytes: the same name with another hash is a fork."""
    return blake2b(space + entry, digest_size=16).digest()


def mutation_hashes(space: bytes, entries: Iterable[bytes]) -> list[bytes]:
    """The same of many mutations, in fewer steps."""
    return [blake2b(space + entry, digest_size=16).digest() for entry in entries]


def seal(key: bytes, space: bytes, epoch: int, seq: int, tail: bytes) -> bytes:
    """The server's proof that it told this cursor: 8 bytes of HMAC-SHA256 with a key kept outside its database.

    `key` is a ring: its first 32 bytes seal, and each 32 bytes of it are believed, so that a server whose key was
    changed still knows what it told before.
    """
    told = space + epoch.to_bytes(_WORD, "big") + seq.to_bytes(_WORD, "big") + tail
    return hmac.digest(key[:SEAL_KEY], told, "sha256")[:_WORD]


def is_sealed(key: bytes, space: bytes, cursor: Cursor) -> bool:
    """Whether a cursor was told by the holder of the ring of keys, each compared in constant time."""
    place = (space, cursor.epoch, cursor.seq, cursor.tail)
    keys = (key[start : start + SEAL_KEY] for start in range(0, len(key), SEAL_KEY))
    return any(hmac.compare_digest(cursor.seal, seal(one, *place)) for one in keys)

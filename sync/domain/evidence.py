"""The chain of a personal space: each row that the server accepted is bound to all before it (protocol rule 11).

`link = SHA-256(link before, what a row is, SHA-256 of its body)`, in the order of acceptance. The server signs the link
each day; the signed head is a row of the space itself, so that who holds the space holds its proof. A body that was
erased or overtaken leaves its hash: the chain still holds, and says what is no longer there.
"""

from collections.abc import Iterable
from hashlib import sha256
from struct import Struct as Layout

import msgspec

from sync.domain.ids import derived
from sync.domain.kind import Erase, Kind, Merge
from sync.domain.permissions import SERVER
from sync.domain.spaces import SpaceType

HASH_BYTES = 32
PURPOSE = b"SPOC signed head 1\n"
"""Begins what is signed, so that no signature of one purpose serves another."""
_NUMBERS = Layout(">qqq")
_TURN = Layout(">qq")

Entry = tuple[int, int, bytes, bytes, int, bytes]
"""A row in the chain: seq, kind, id, author, at, SHA-256 of the body."""


class Gone(msgspec.Struct, frozen=True, array_like=True):
    """A row whose body is no longer there: edited since, or erased. `digest`: the SHA-256 of the body that it had."""

    seq: int
    kind: int
    id: bytes
    author: bytes
    at: int
    digest: bytes


class Turn(msgspec.Struct, frozen=True, array_like=True):
    """Rows after `seq` are of another epoch: the server was restored from a backup that reached so far.

    `begins`: the chain begins here; what is older was accepted before servers kept one.
    """

    seq: int
    epoch: int
    begins: bool = False


class SignedHead(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """The link of a space as it stood after `seq`, signed by the server. `at` in milliseconds.

    `gone` and `turns`: those since the head before. `key`: the fingerprint of the issuer's key. `signature`: Ed25519
    over `signed_bytes`.
    """

    epoch: int
    seq: int
    link: bytes
    at: int
    key: bytes
    gone: tuple[Gone, ...] = ()
    turns: tuple[Turn, ...] = ()
    signature: bytes = b""


def genesis(space: bytes) -> bytes:
    """The link before the first row."""
    return sha256(b"SPOC personal space 1\n" + space).digest()


def digest_of(body: bytes) -> bytes:
    """The hash of a body in the chain."""
    return sha256(body).digest()


def extended(link: bytes, rows: Iterable[tuple[int, int, bytes, bytes, int, bytes]]) -> bytes:
    """The link after rows (seq, kind, id, author, at, body) in their order."""
    pack, hashed = _NUMBERS.pack, sha256
    for seq, kind, id_, author, at, body in rows:
        link = hashed(link + pack(seq, kind, at) + id_ + author + hashed(body).digest()).digest()
    return link


def joined(link: bytes, entry: Entry) -> bytes:
    """The link after one row of which the hash of the body is known."""
    seq, kind, id_, author, at, digest = entry
    return sha256(link + _NUMBERS.pack(seq, kind, at) + id_ + author + digest).digest()


def turned(link: bytes, turn: Turn) -> bytes:
    """The link after a turn."""
    return sha256(link + b"turn" + _TURN.pack(turn.seq, turn.epoch)).digest()


def signed_bytes(space: bytes, head: SignedHead) -> bytes:
    """What the signature of a head covers."""
    return PURPOSE + space + msgspec.msgpack.encode(msgspec.structs.replace(head, signature=b""))


def head_id(space: bytes, head: SignedHead) -> bytes:
    """The id of a head's record."""
    return derived("signed head", space, _TURN.pack(head.epoch, head.seq), head.link)


SIGNED_HEAD = Kind(
    61,
    "signed_head",
    SignedHead,
    space=(SpaceType.PERSONAL,),
    merge=Merge.APPEND,
    write=SERVER,
    erase=Erase.KEEP,
    evidence=True,
)
KINDS = (SIGNED_HEAD,)

"""Shared documents: edited by several people offline, joined by place without loss (protocol rule 6).

The text of a document is no field of it. It is the fold of its snapshot and of the updates since, each an append-only
row; who sent the row wrote the update. A snapshot holds what is older than `KEPT_MS`, so that every version of that
time can be made again.
"""

from hashlib import blake2b

import msgspec

from sync.domain.files import Attachment
from sync.domain.ids import derived
from sync.domain.kind import Erase, Kind, Merge
from sync.domain.permissions import MEMBER, SERVER, TRAINER
from sync.domain.spaces import SpaceType
from sync.domain.updates import EMPTY

KEPT_MS = 30 * 86_400_000
"""For how long every version of a document can be brought back."""
_CLIENT_BITS = 53
"""A client id of the CRDT is a whole number that JavaScript can hold."""


class Document(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """A shared document. `archived`: no longer worked on; it stays readable."""

    title: str
    archived: bool = False


class Update(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """A change of a document's text, in the wire form of the CRDT (`sync.domain.updates`).

    Its client id is that of a writer of the row's author, and its clocks follow those that the document has of that
    client: both are checked by the server when it arrives. `at` is device time.
    """

    document: bytes
    update: bytes = EMPTY
    at: int = 0


class Share(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """What one person wrote in the part of a document that was folded: updates, characters, when the last came."""

    person: bytes
    updates: int
    characters: int
    last: int


class Snapshot(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """All updates of a document up to `at` (server time) as one, in `state`, or in `file` when it is too long."""

    document: bytes
    at: int
    state: bytes = EMPTY
    file: Attachment | None = None
    shares: tuple[Share, ...] = ()


def client_of(writer: int) -> int:
    """The CRDT client id of a writer: 53 bits that no other writer gives but by chance."""
    digest = blake2b(writer.to_bytes(8, "big"), digest_size=8, person=b"crdt client").digest()
    return int.from_bytes(digest, "big") >> (64 - _CLIENT_BITS)


def snapshot_id(document: bytes) -> bytes:
    """The id of the one snapshot of a document."""
    return derived("document_snapshot", document)


_SPACES = (SpaceType.COHORT, SpaceType.GROUP)

DOCUMENT = Kind(
    46,
    "document",
    Document,
    space=_SPACES,
    merge=Merge.EDITED,
    write=MEMBER,
    others=TRAINER,
    erase=Erase.PSEUDONYM,
    evidence=True,
    search=("title",),
)
UPDATE = Kind(
    47,
    "document_update",
    Update,
    space=_SPACES,
    merge=Merge.APPEND,
    write=MEMBER,
    erase=Erase.PSEUDONYM,
    evidence=True,
)
SNAPSHOT = Kind(
    48,
    "document_snapshot",
    Snapshot,
    space=_SPACES,
    merge=Merge.EDITED,
    write=SERVER,
    erase=Erase.PSEUDONYM,
    files=True,
)
KINDS = (DOCUMENT, UPDATE, SNAPSHOT)

"""The manifest of an edition: what a published course is made of, signed by the server (protocol rule 7).

The record holds the digest of the list alone: who has the edition's records works the list out again, and who has the
list can check it. With it a course is carried in on a stick, and its files are taken by their hash. A face is all that
the course space holds of a graded item: no key has a place in the list.
"""

from hashlib import sha256

import msgspec

from sync.domain.ids import derived
from sync.domain.kind import Erase, Kind, Merge, encode
from sync.domain.permissions import SERVER
from sync.domain.spaces import SpaceType

PURPOSE = b"SPOC course manifest 1\n"
"""Begins what is signed, so that no signature of one purpose serves another."""


class ListedRecord(msgspec.Struct, frozen=True, array_like=True, order=True):
    """A record of the edition: `sha256` is of its wire form."""

    kind: int
    id: bytes
    sha256: bytes


class ListedFile(msgspec.Struct, frozen=True, array_like=True, order=True):
    """A file that one of these records names. `size` in bytes."""

    sha256: bytes
    size: int


class Listing(msgspec.Struct, frozen=True, array_like=True):
    """All of an edition: records and files, each in their own order, none twice."""

    records: tuple[ListedRecord, ...]
    files: tuple[ListedFile, ...]

    @property
    def digest(self) -> bytes:
        """What the statement says of it."""
        return sha256(encode(self)).digest()

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(one.size for one in self.files)


class Statement(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """What is signed. `edition`: the id of its record; `digest`: of the listing."""

    course: bytes
    edition: bytes
    number: int
    digest: bytes


class Manifest(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """A statement in its very bytes, and the issuer's Ed25519 signature over PURPOSE and these bytes."""

    raw: bytes
    signature: bytes


def statement(course: bytes, edition_id: bytes, number: int, listed: Listing) -> Statement:
    """What the server signs of an edition."""
    return Statement(course=course, edition=edition_id, number=number, digest=listed.digest)


def signed_bytes(raw: bytes) -> bytes:
    """The bytes that the signature covers."""
    return PURPOSE + raw


def manifest_id(edition_id: bytes, key: bytes) -> bytes:
    """The id of an edition's manifest by this issuer's key: a server whose key was renewed signs once more."""
    return derived("manifest", edition_id, key)


MANIFEST = Kind(
    64,
    "manifest",
    Manifest,
    space=(SpaceType.COURSE,),
    merge=Merge.APPEND,
    write=SERVER,
    erase=Erase.KEEP,
)
KINDS = (MANIFEST,)

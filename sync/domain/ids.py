"""Names of things: 16 raw bytes each, one type a meaning, so that mixing two is a type error."""

from hashlib import blake2b
from typing import NewType

PersonId = NewType("PersonId", bytes)
DeviceId = NewType("DeviceId", bytes)
CohortId = NewType("CohortId", bytes)
CourseId = NewType("CourseId", bytes)
ActivityId = NewType("ActivityId", bytes)
QuestionId = NewType("QuestionId", bytes)
EditionId = NewType("EditionId", bytes)
RecordId = NewType("RecordId", bytes)
SpaceId = NewType("SpaceId", bytes)
ServerId = NewType("ServerId", bytes)
WriterId = NewType("WriterId", int)

ID_BYTES = 16
NOBODY = PersonId(bytes(ID_BYTES))
"""The author of what the server writes by its own rules."""


def uuid7(at_ms: int, entropy: bytes) -> bytes:
    """A UUIDv7 (RFC 9562) from a time in milliseconds and 10 random bytes: new ids sort by the time they were made."""
    if len(entropy) != 10:
        raise ValueError("a UUIDv7 takes 10 random bytes")
    raw = bytearray(at_ms.to_bytes(6, "big") + entropy)
    raw[6] = 0x70 | (raw[6] & 0x0F)
    raw[8] = 0x80 | (raw[8] & 0x3F)
    return bytes(raw)


def made_at(id_: bytes) -> int | None:
    """The time in milliseconds at which a UUIDv7 says that it was made; None for an id of another sort."""
    is_uuid7 = len(id_) == ID_BYTES and id_[6] >> 4 == 7 and id_[8] >> 6 == 2
    return int.from_bytes(id_[:6], "big") if is_uuid7 else None


def derived(*parts: bytes | str) -> bytes:
    """The 16-byte id that the same parts always give: for things whose name must not depend on who made it."""
    digest = blake2b(digest_size=ID_BYTES)
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        digest.update(len(raw).to_bytes(4, "big") + raw)
    return digest.digest()

"""The certificate: earned by the course's rule, numbered and signed by the server, verified without a network."""

import msgspec

from sync.domain.files import Attachment
from sync.domain.kind import Erase, Kind, Merge
from sync.domain.permissions import SERVER
from sync.domain.spaces import SpaceType


class Statement(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """What a certificate says, and all that its signature covers. Times in milliseconds, shown in `timezone`.

    `number` is what a person reads aloud; `issuer` names the organisation, `key` the key that signed: the first
    8 bytes of the SHA-256 of the public key.
    """

    number: str
    issuer: str
    name: str
    course: str
    language: str
    starts: int
    ends: int
    awarded_at: int
    timezone: str
    minutes_planned: int
    minutes_done: int
    score_percent: int
    exercises_accepted: int
    weeks: tuple[int, ...]
    skills: tuple[str, ...]
    signatories: tuple[tuple[str, str], ...]
    key: bytes
    learner: bytes
    cohort: bytes


class Certificate(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """A certificate as awarded. `signature`: Ed25519 over the wire form of the statement. `document`: the PDF."""

    statement: Statement
    signature: bytes
    document: Attachment


CERTIFICATE = Kind(
    60,
    "certificate",
    Certificate,
    space=(SpaceType.PERSONAL,),
    merge=Merge.APPEND,
    write=SERVER,
    erase=Erase.KEEP,
    evidence=True,
    files=True,
)
KINDS = (CERTIFICATE,)

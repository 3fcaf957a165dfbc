"""The evidence file of a personal space: every row in the order of acceptance, with the server's signed heads.

It is JSON, so that any program reads it: each row with its very bytes and, beside them, what they say. Checking it
needs the issuer's public key and nothing else: no network, no account (protocol rule 11, attacks A44 and A60).
"""

from collections.abc import Iterable, Mapping
from enum import Enum, auto
from typing import Any, NamedTuple

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sync.domain import spaces
from sync.domain.evidence import (
    SIGNED_HEAD,
    Entry,
    SignedHead,
    Turn,
    digest_of,
    genesis,
    joined,
    signed_bytes,
    turned,
)
from sync.domain.ids import ID_BYTES
from sync.domain.kinds import KINDS
from sync.domain.merge import GONE
from sync.domain.spaces import SpaceType
from sync.reports.codes import fingerprint

FORMAT = "spoc-evidence-1"


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A row: its very bytes (`body`), and what they say (`says`), to be read."""

    seq: int
    kind: int
    name: str
    id: str
    author: str
    at: int
    body: bytes
    says: Any = None


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """The file. Names of people and of the cohort are for reading; the chain proves ids, times and bodies."""

    format: str
    space: str
    organisation: str
    cohort: str
    learner: str
    people: dict[str, str]
    exported_at: int
    key: str
    rows: list[Line]


class Finding(Enum):
    """What was found.

    SOUND: all up to the last signed head is as the server accepted it. ALTERED: something was changed, added or left
    out. UNSIGNED: no signed head is there yet. UNKNOWN_KEY: signed by a key that is not among those known.
    """

    SOUND = auto()
    ALTERED = auto()
    UNSIGNED = auto()
    UNKNOWN_KEY = auto()
    UNREADABLE = auto()


class Proved(NamedTuple):
    """The finding. `proven`: rows up to the last signed head. `later`: rows that are not signed yet.

    `older`: rows from before the server kept a chain. `gone`: rows whose content is no longer there: edited or erased
    since. `restored`: how often the server was restored from a backup. `signed_at`: of the last head, in milliseconds.
    """

    finding: Finding
    evidence: Evidence | None = None
    proven: int = 0
    later: int = 0
    older: int = 0
    gone: int = 0
    restored: int = 0
    signed_at: int = 0
    key: bytes = b""


Accepted = tuple[int, int, bytes, bytes, int, bytes]
"""A row as the server told it: seq, kind, id, author, at, body."""


def write(
    space: bytes,
    rows: Iterable[Accepted],
    *,
    organisation: str,
    cohort: str,
    learner: str,
    people: Mapping[bytes, str],
    exported_at: int,
    key: bytes,
) -> bytes:
    """The evidence file of a personal space. `people`: names to show; `key`: the issuer's public key."""
    made = Evidence(
        format=FORMAT,
        space=space.hex(),
        organisation=organisation,
        cohort=cohort,
        learner=learner,
        people={who.hex(): name for who, name in people.items()},
        exported_at=exported_at,
        key=key.hex(),
        rows=[_line(row) for row in sorted(rows)],
    )
    return msgspec.json.format(msgspec.json.encode(made), indent=1) + b"\n"


def check(content: bytes, keys: Iterable[Ed25519PublicKey]) -> Proved:
    """Check an evidence file with the public keys that are known."""
    try:
        evidence = msgspec.json.decode(content, type=Evidence)
        space, rows = bytes.fromhex(evidence.space), sorted(_row(line) for line in evidence.rows)
        if evidence.format != FORMAT or spaces.type_of(space) is not SpaceType.PERSONAL:
            return Proved(Finding.UNREADABLE)
        heads: list[SignedHead] = [SIGNED_HEAD.decode(row[5]) for row in rows if row[1] == SIGNED_HEAD.number]
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return Proved(Finding.UNREADABLE)
    if not heads:
        return Proved(Finding.UNSIGNED, evidence, later=len(rows))
    known = {fingerprint(key): key for key in keys}
    if stranger := next((head.key for head in heads if head.key not in known), None):
        return Proved(Finding.UNKNOWN_KEY, evidence, key=stranger)
    signed = all(_is_signed(known[head.key], space, head) for head in heads)
    faithful = all(line.says == _says(line.kind, line.body) for line in evidence.rows)
    if not signed or not faithful or not _holds(space, rows, heads):
        return Proved(Finding.ALTERED, evidence, key=heads[0].key)
    return _counted(evidence, rows, heads)


def _counted(evidence: Evidence, rows: list[Accepted], heads: list[SignedHead]) -> Proved:
    last = max(heads, key=lambda head: head.seq)
    turns = _turns(heads)
    begin = turns[0].seq if turns and turns[0].begins else 0
    return Proved(
        Finding.SOUND,
        evidence,
        proven=sum(begin < row[0] <= last.seq for row in rows),
        later=sum(row[0] > last.seq for row in rows),
        older=sum(row[0] <= begin for row in rows),
        gone=sum(len(head.gone) for head in heads),
        restored=sum(not turn.begins for turn in turns),
        signed_at=last.at,
        key=last.key,
    )


def _turns(heads: Iterable[SignedHead]) -> list[Turn]:
    return sorted((turn for head in heads for turn in head.turns), key=lambda turn: (turn.seq, turn.epoch))


def _holds(space: bytes, rows: list[Accepted], heads: list[SignedHead]) -> bool:
    """Whether the chain, worked out from what is there, comes by every signed link."""
    entries: dict[int, Entry] = {
        gone.seq: (gone.seq, gone.kind, gone.id, gone.author, gone.at, gone.digest)
        for head in heads
        for gone in head.gone
    }
    for seq, kind, id_, author, at, body in rows:
        if seq in entries:
            return False  # a row that the server said is gone, or two rows in one place
        entries[seq] = (seq, kind, id_, author, at, digest_of(body))
    turns = _turns(heads)
    begin = turns[0].seq if turns and turns[0].begins else 0
    wanted = {head.seq: head.link for head in heads}
    link = genesis(space)
    for seq in sorted({begin, *entries, *wanted}):
        if seq < begin:
            continue
        if seq > begin and seq in entries:
            link = joined(link, entries[seq])
        for turn in turns:
            if turn.seq == seq:
                link = turned(link, turn)
        if seq in wanted and wanted.pop(seq) != link:
            return False
    return not wanted


def _is_signed(key: Ed25519PublicKey, space: bytes, head: SignedHead) -> bool:
    try:
        key.verify(head.signature, signed_bytes(space, head))
    except InvalidSignature:
        return False
    return True


def _line(row: Accepted) -> Line:
    seq, kind, id_, author, at, body = row
    known = KINDS.get(kind)
    return Line(
        seq=seq,
        kind=kind,
        name=known.name if known else "",
        id=id_.hex(),
        author=author.hex(),
        at=at,
        body=body,
        says=_says(kind, body),
    )


def _row(line: Line) -> Accepted:
    id_, author = bytes.fromhex(line.id), bytes.fromhex(line.author)
    numbers = (line.seq, line.kind, line.at)
    if {len(id_), len(author)} != {ID_BYTES} or not all(abs(number) < 1 << 62 for number in numbers):
        raise ValueError("a row with other ids or numbers than a server gives")
    return line.seq, line.kind, id_, author, line.at, line.body


def _says(kind: int, body: bytes) -> Any:
    """What a body says, field by field, as JSON reads it back; None for what is no more, or of a newer program."""
    known = KINDS.get(kind)
    if known is None or body in GONE:
        return None
    try:
        record = known.decode(body)
    except (msgspec.MsgspecError, RecursionError):
        return None
    fields = {name: getattr(record, name) for name in known.fields}
    return msgspec.json.decode(msgspec.json.encode(fields))

"""Each mutation on its own: is it well formed, allowed, and what does it change (rules 2, 4, 6)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from sync.domain.files import Attachment, attachments_in
from sync.domain.ids import ID_BYTES, derived
from sync.domain.kind import Kind, Merge, encode
from sync.domain.kinds import KINDS
from sync.domain.merge import DELETED, FOLDED, GONE, FieldStamp, Overtaken, merge
from sync.domain.permissions import Operation, Role
from sync.domain.revisions import REVISION, Revision
from sync.domain.spaces import SpaceType
from sync.protocol.digest import mutation_hash
from sync.protocol.errors import Refusal
from sync.protocol.limits import MAX_BODY, MAX_FILES
from sync.protocol.messages import Create, Delete, Edit, Mutation
from sync.server.storage.log import Kept, SpaceLog, Stamps, stamps_of


class Refused(Exception):
    """This entry is not taken."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.name)
        self.refusal = refusal


class DoneBefore(Exception):
    """The same record with the same content, by the same person, is there already, under another name."""

    def __init__(self, seq: int) -> None:
        super().__init__(str(seq))
        self.seq = seq


@dataclass(slots=True)
class Desk:
    """Takes the entries of one batch: who writes, as what, where. All goes into `log`, nothing to the disk yet.

    `judge_file` says why the person may not name a file, None when they may; `judges` the same of whole bodies, by the
    number of their kind: they are asked last.
    """

    log: SpaceLog
    type: SpaceType
    roles: frozenset[Role]
    person: bytes
    writer: int
    now: int
    judge_file: Callable[[Attachment], Refusal | None]
    judges: Mapping[int, Callable[[Any], Refusal | None]] = field(default_factory=dict)
    _judged: dict[tuple[int, Operation, bool], bool] = field(default_factory=dict)

    def take(self, mutation: Mutation) -> int:
        """Do one mutation in memory and give its seq. Refused or DoneBefore when it changes nothing."""
        if len(mutation.id) != ID_BYTES:
            raise Refused(Refusal.INVALID)
        match mutation:
            case Create():
                return self._create(mutation)
            case Edit():
                return self._edit(mutation)
            case Delete():
                return self._delete(mutation)

    def _create(self, mutation: Create) -> int:
        kind = KINDS.get(mutation.kind)
        if kind is None:
            raise Refused(Refusal.UNKNOWN_KIND)
        if not self.may(kind, Operation.CREATE, is_author=True):
            raise Refused(Refusal.NOT_ALLOWED)
        body = bytes(mutation.body)
        decoded = _check_body(kind, body)
        there = self.log.get(mutation.id)
        if there is not None:
            raise self._met(there, kind, body)
        if kind.files:
            self._check_files(attachments_in(decoded))
        judge = self.judges.get(kind.number)
        if judge is not None and (refusal := judge(decoded)) is not None:
            raise Refused(refusal)
        stamps = None
        if kind.merge is Merge.EDITED:
            created = FieldStamp(self.log.next_seq, self.writer, mutation.n, self.person)
            stamps = encode(Stamps(created, _made(kind, body)))
        return self.log.put(Kept(self.log.next_seq, kind.number, mutation.id, self.person, self.now, body, stamps))

    def _met(self, there: Kept, kind: Kind, body: bytes) -> Exception:
        """What to say when a record of that id is there: an answer was lost and the writer changed, or ids collide."""
        author = there.author if there.stamps is None else stamps_of(there).created.author
        same = there.kind == kind.number and author == self.person
        if same and there.body == FOLDED:
            return DoneBefore(there.seq)
        if same and (there.body == body if there.stamps is None else stamps_of(there).made == _made(kind, body)):
            return DoneBefore(there.seq)
        return Refused(Refusal.EXISTS)

    def _edit(self, mutation: Edit) -> int:
        there, kind = self._target(mutation.id, Operation.EDIT)
        stamps = stamps_of(there)
        base = mutation.base if mutation.epoch == self.log.head.epoch else 0
        changes = {number: bytes(value) for number, value in mutation.changes.items()}
        by = FieldStamp(self.log.next_seq, self.writer, mutation.n, self.person)
        try:
            merged = merge(kind, there.body, changes, stamps=stamps.fields, created=stamps.created, base=base, by=by)
        except (ValueError, msgspec.MsgspecError) as error:
            raise Refused(Refusal.INVALID) from error
        edited = _check_body(kind, merged.body)
        if kind.files:
            self._check_files(attachments_in(edited), known=attachments_in(kind.decode(there.body)))
        kept = encode(Stamps(stamps.created, stamps.made, merged.stamps))
        seq = self.log.put(there._replace(seq=self.log.next_seq, body=merged.body, stamps=kept))
        for overtaken in merged.overtaken:
            self._keep_overtaken(there, overtaken)
        return seq

    def _delete(self, mutation: Delete) -> int:
        """A tombstone says who deleted, and when; its stamps keep who made the record."""
        there, _ = self._target(mutation.id, Operation.DELETE)
        gone = there._replace(seq=self.log.next_seq, author=self.person, at=self.now, body=DELETED)
        return self.log.put(gone)

    def _target(self, id_: bytes, operation: Operation) -> tuple[Kept, Kind]:
        there = self.log.get(id_)
        if there is None:
            raise Refused(Refusal.MISSING)
        kind = KINDS.get(there.kind)
        if kind is None:
            raise Refused(Refusal.UNKNOWN_KIND)
        if there.body in GONE:
            raise Refused(Refusal.DELETED)
        if not self.may(kind, operation, is_author=there.author == self.person):
            raise Refused(Refusal.NOT_ALLOWED)
        return there, kind

    def _check_files(self, named: tuple[Attachment, ...], known: tuple[Attachment, ...] = ()) -> None:
        """Refuse a body that names a file which its writer may not name; what it named before is not asked again."""
        if len(named) > MAX_FILES:
            raise Refused(Refusal.INVALID)
        for attachment in named:
            refusal = None if attachment in known else self.judge_file(attachment)
            if refusal is not None:
                raise Refused(refusal)

    def may(self, kind: Kind, operation: Operation, *, is_author: bool) -> bool:
        """Whether who writes may do this here to records of a kind."""
        asked = (kind.number, operation, is_author)
        known = self._judged.get(asked)
        if known is None:
            known = any(kind.permits(self.type, role, operation, is_author=is_author) for role in self.roles)
            self._judged[asked] = known
        return known

    def _keep_overtaken(self, there: Kept, overtaken: Overtaken) -> None:
        stamp = overtaken.stamp
        revision = Revision(
            record=there.id,
            kind=there.kind,
            field=overtaken.field,
            value=overtaken.value,
            author=stamp.author,
            writer=stamp.writer,
            n=stamp.n,
            by=self.person,
        )
        id_ = derived(REVISION.name, encode(revision))
        if self.log.get(id_) is None:
            self.log.put(Kept(self.log.next_seq, REVISION.number, id_, stamp.author, self.now, encode(revision)))


def _check_body(kind: Kind, body: bytes) -> Any:
    if len(body) > MAX_BODY:
        raise Refused(Refusal.TOO_LARGE)
    try:
        return kind.decode_known(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise Refused(Refusal.INVALID) from error


def _made(kind: Kind, body: bytes) -> bytes:
    return mutation_hash(kind.number.to_bytes(4, "big"), body)

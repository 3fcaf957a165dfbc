"""A desk with a store of any make, and what the server might tell it: the words of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import NamedTuple, Protocol

import msgspec

from sync.client.offering import Held
from sync.client.ports import Changes, SpaceState, Store, Waiting
from sync.client.steps import (
    Apply,
    Begin,
    Claim,
    Confirm,
    Reach,
    Step,
)
from sync.client.view import State
from sync.domain import spaces
from sync.domain.files import Attachment
from sync.domain.forum import POST, Post
from sync.domain.ids import CohortId
from sync.domain.kind import encode
from sync.domain.merge import DELETED
from sync.protocol.digest import EMPTY, joined, row_hash
from sync.protocol.messages import Checksum, Cursor, Mutation, Row

SPACE = spaces.cohort(CohortId(b"c" * 16))
OTHER = spaces.cohort(CohortId(b"d" * 16))
PERSON, SOMEBODY = b"p" * 16, b"s" * 16
ONE, TWO, THREE = (bytes([number]) * 16 for number in (1, 2, 3))
NOW = 1_795_000_000_000
WIDE = (10_000, 4_000_000)
TEXT, TITLE = 0, 1


class Open(NamedTuple):
    """An entry that a person finds in their list."""

    n: int
    state: State
    refusal: int


class Desk(Protocol):
    """A store and the person's side of it, under the same names for every store."""

    store: Store
    now: int
    running: int

    def create(self, space: bytes, id_: bytes, post: Post) -> Changes: ...
    def edit(self, space: bytes, id_: bytes, changes: Mapping[str, str]) -> Changes: ...
    def delete(self, space: bytes, id_: bytes) -> Changes: ...
    def delete_held(self, space: bytes, id_: bytes, milliseconds: int) -> Held: ...
    def create_held(self, space: bytes, id_: bytes, post: Post, milliseconds: int) -> Held: ...
    def undo(self, held: Held) -> bool: ...
    def seen(self, space: bytes, id_: bytes) -> bytes | None: ...
    def open_entries(self) -> list[Open]: ...
    def set_aside(self) -> list[bytes]: ...


def at(seq: int, epoch: int = 1) -> Cursor:
    return Cursor(epoch, seq, bytes([epoch, seq]) * 4, b"sealed--")


def row(seq: int, id_: bytes, text: str | None, author: bytes = SOMEBODY) -> Row:
    body = DELETED if text is None else encode(Post(text=text))
    return Row(seq, POST.number, id_, author, NOW, msgspec.Raw(body))


def naming(seq: int, id_: bytes, *files: Attachment) -> Row:
    """A post that names files."""
    return Row(seq, POST.number, id_, SOMEBODY, NOW, msgspec.Raw(encode(Post(text="with files", files=files))))


def a_file(content: bytes) -> Attachment:
    return Attachment(sha256=sha256(content).digest(), name="file.txt", size=len(content))


def sum_of(*rows: Row) -> Checksum:
    return joined(EMPTY, (row_hash(each.id, each.seq, each.author, each.at, bytes(each.body)) for each in rows))


def told(*rows: Row, epoch: int = 1, space: bytes = SPACE) -> list[Step]:
    """A whole space told in one page."""
    cursor = at(max((each.seq for each in rows), default=0), epoch)
    return [
        Begin(space, epoch),
        Claim(space, cursor),
        Apply(space, rows, cursor),
        Reach(space, sum_of(*rows)),
    ]


def more(*rows: Row, of: tuple[Row, ...], epoch: int = 1) -> list[Step]:
    """Rows that came since, with the checksum of all."""
    cursor = at(rows[-1].seq, epoch)
    return [Claim(SPACE, cursor), Apply(SPACE, rows, cursor), Reach(SPACE, sum_of(*of))]


def text_of(body: bytes | None) -> str | None:
    return None if body is None else POST.decode(body).text


def state(desk: Desk, space: bytes = SPACE) -> SpaceState:
    return next(each for each in desk.store.state().spaces if each.space == space)


def confirm(desk: Desk, n: int, *, seq: int, count: int = 1, writer: int | None = None) -> None:
    desk.store.perform([Confirm(SPACE, writer or desk.store.state().writer, n, count, 1, seq), Claim(SPACE, at(seq))])


def mutation_of(waiting: Waiting) -> Mutation:
    found: Mutation = msgspec.msgpack.Decoder(Mutation).decode(waiting.entry)
    return found

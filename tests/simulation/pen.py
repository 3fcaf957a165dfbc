"""What people write in the simulation: readings, and posts with and without files."""

from __future__ import annotations

import random
from collections.abc import Sequence
from hashlib import sha256

import msgspec

from sync.client.memory_store import MemoryStore
from sync.domain.courses import READING, Reading
from sync.domain.files import Attachment
from sync.domain.forum import POST, Post
from sync.domain.ids import ID_BYTES
from sync.domain.kind import encode
from tests.simulation.laptop import SimLaptop

_FILES = POST.number_of("files")


class Pen:
    """A person's hand at a laptop: chance says in which space it writes, and what."""

    def __init__(self, rng: random.Random, names: Sequence[bytes], personal: bytes) -> None:
        self._rng = rng
        self._spaces = names
        self._personal = personal
        self._made = 0
        contents = [bytes([number]) * (7 * number) for number in range(6)]
        self._files = {sha256(content).digest(): content for content in contents}

    def write(self, laptop: SimLaptop) -> None:
        """A person writes; once the transaction is over they have seen it saved."""
        rng, store = self._rng, laptop.store
        space = rng.choice(self._spaces)
        known = {state.space: state for state in store.state().spaces}
        if (space not in known or known[space].lost) and rng.random() < 0.8:
            return
        before = store.entries()
        edit: dict[int, bytes] = {}
        self._made += 1
        text = "poison" if rng.random() < 0.01 else f"{laptop.number}.{self._made}"
        if space == self._personal:
            lesson = bytes(ID_BYTES)
            reading = Reading(activity=lesson, edition=lesson, part=self._made, parts=0, at=0, seconds=0)
            store.create(space, READING.number, rng.randbytes(ID_BYTES), encode(reading))
        else:
            edit = self._write_in_forum(laptop, space, text)
        laptop.note(space, before, edit)
        if len(store.entries()) > len(before) and rng.random() < 0.1:
            laptop.hold(space, rng.randrange(300_000))

    def _write_in_forum(self, laptop: SimLaptop, space: bytes, text: str) -> dict[int, bytes]:
        """The fields that were edited, of a record that was there."""
        rng, store = self._rng, laptop.store
        posts = [id_ for id_, record in store.all_seen(space).items() if record.kind == POST.number]
        chosen = rng.random()
        if posts and chosen < 0.45:
            fields = rng.choice([(0,), (1,), (0, 1), (_FILES,)])
            edit = {number: _encoded(f"{text}/{number}") for number in fields if number != _FILES}
            if _FILES in fields:
                edit[_FILES] = msgspec.msgpack.encode(self._attach(store))
            store.edit(space, rng.choice(posts), edit)
            return edit
        if posts and chosen < 0.53:
            store.delete(space, rng.choice(posts))
        else:
            post = Post(text=text, title=f"t{text}", files=self._attach(store) if rng.random() < 0.2 else ())
            store.create(space, POST.number, rng.randbytes(ID_BYTES), encode(post))
        return {}

    def _attach(self, store: MemoryStore) -> tuple[Attachment, ...]:
        """Keep one or two of the few files that there are, and name them."""
        chosen = self._rng.sample(sorted(self._files), self._rng.randrange(1, 3))
        for name in chosen:
            store.keep_file(name, self._files[name])
        return tuple(Attachment(sha256=name, name=f"{self._made}", size=len(self._files[name])) for name in chosen)


def _encoded(text: str) -> bytes:
    """A text as a field travels."""
    return msgspec.msgpack.encode(text)

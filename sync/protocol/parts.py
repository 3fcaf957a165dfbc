"""Files on their way, in parts: the messages of `POST /files/send` and `POST /files/fetch` (protocol rule 7).

**Up.** A laptop sends parts, several small files in one request or one part of a large one, each with its own SHA-256.
A part that carries nothing is a question: the answer says for each how far the server holds that file *from this
person* (its offset), on the disk. `offset == size`: the file is whole, checked by its name's SHA-256, and may be named
by records. Whoever may read a file already is answered "whole" and sends nothing; of anybody else's files the answer is
what it is for bytes that nobody ever sent: 0. A part that begins beyond the offset, or that was damaged on its way,
changes nothing. The offset in the answer is where to go on, whatever the question was; it is what `Upload-Offset` is to
tus and to the IETF's resumable uploads, for many files in one round trip, in the same envelope as every other message,
so that whatever lets a sync through lets a file through.

**Down.** Large files come by `GET /files/<sha256>` with `Range: bytes=N-` (206), so that a laptop goes on where it was
cut. Small ones come together: `POST /files/fetch` names some and is given as many, in order, as one reply holds; the
laptop asks again for the rest.

A server of 0.2 answers both addresses with 404 and failure 0; it takes and gives whole files by PUT and GET.
"""

import msgspec

PART_BYTES = 960 * 1024
"""Bytes of a file that travel in one request: with its envelope it stays under the 1 MiB that proxies let through."""
LEAST_PART = 64 * 1024
"""A part shorter than this is the last of its file: nobody makes the server write a million crumbs (attack A45)."""
SMALL_FILE = 240 * 1024
"""Files up to here are fetched several at a time."""
MAX_PARTS = 500
"""Parts in one request, files in one wish."""
MAX_PARTS_BYTES = 1024 * 1024
"""A whole request or reply of these, unpacked."""


class Part(msgspec.Struct, frozen=True, array_like=True):
    """Bytes of a file from `offset` on; `size` is of the whole file, `sum` the SHA-256 of `content`.

    Without content, of a file that has any: a question.
    """

    sha256: bytes
    size: int
    offset: int = 0
    sum: bytes = b""
    content: bytes = b""


class SendRequest(msgspec.Struct, frozen=True, array_like=True):
    """Parts, in the order in which they are to be kept."""

    protocol: int
    parts: tuple[Part, ...]


class Held(msgspec.Struct, frozen=True, array_like=True):
    """How far the server holds a file from this person. `failure`: why a part was not kept, a `Failure`, else 0."""

    offset: int
    failure: int = 0


class SendReply(msgspec.Struct, frozen=True, array_like=True):
    """One answer a part, in order."""

    server: bytes
    held: tuple[Held, ...]


class FetchRequest(msgspec.Struct, frozen=True, array_like=True):
    """Small files that a laptop lacks, by SHA-256."""

    protocol: int
    names: tuple[bytes, ...]


class FetchReply(msgspec.Struct, frozen=True, array_like=True):
    """The first files of the wish, in order; None for one that this person may not read, is not there, or is large."""

    server: bytes
    contents: tuple[bytes | None, ...]

"""The block tree: how a lesson, the stem of a question, a post or a brief is kept. Structs only, never HTML.

Spans run inside a line, blocks follow one another down the page. Each is its own wire form (an array whose first
element is the tag), so a tag is never given a second meaning and a new field goes last with a default.
Markdown comes in and goes out through `sync.content.markdown`; reading helpers live in `sync.content.reading`.
"""

from __future__ import annotations

from enum import IntEnum

import msgspec

from sync.domain.files import Attachment


class Tone(IntEnum):
    """What a callout is for. A newer program may send others: they read as UNKNOWN and are shown like INFO."""

    UNKNOWN = 0
    ATTENTION = 1
    INFO = 2
    TIP = 3
    RULE = 4

    @classmethod
    def _missing_(cls, _value: object) -> Tone:
        return cls.UNKNOWN


class Text(msgspec.Struct, frozen=True, array_like=True, kw_only=True, tag=0):
    """Plain characters on one line."""

    text: str


class Strong(msgspec.Struct, frozen=True, array_like=True, kw_only=True, tag=1):
    """What must not be missed."""

    spans: tuple[Span, ...]


class Emphasis(msgspec.Struct, frozen=True, array_like=True, kw_only=True, tag=2):
    """A stressed word, a title of a work, a foreign word."""

    spans: tuple[Span, ...]


class CodeSpan(msgspec.Struct, frozen=True, array_like=True, kw_only=True, tag=3):
    """Something typed or read literally: an address, a command, a file name."""

    text: str


class Link(msgspec.Struct, frozen=True, array_like=True, kw_only=True, tag=4):
    """A way out of the course: http, https or mailto, checked by `sync.content.clean.safe_address` on the way in."""

    href: str
    spans: tuple[Span, ...]


class LineBreak(msgspec.Struct, frozen=True, array_like=True, kw_only=True, tag=5):
    """A break that the author asked for inside a paragraph."""


Span = Text | Strong | Emphasis | CodeSpan | Link | LineBreak


class Paragraph(msgspec.Struct, frozen=True, array_like=True, kw_only=True, tag=0):
    """Lines that belong together."""

    spans: tuple[Span, ...]


class Heading(msgspec.Struct, frozen=True, array_like=True, kw_only=True, tag=1):
    """Level 2 to 4: level 1 is the title of the page. A level-2 heading starts a part of the lesson."""

    level: int
    spans: tuple[Span, ...]


class ItemList(msgspec.Struct, frozen=True, array_like=True, kw_only=True, tag=2):
    """A list; `start` is the first number of an ordered one."""

    ordered: bool
    items: tuple[tuple[Block, ...], ...]
    start: int = 1


class Callout(msgspec.Struct, frozen=True, array_like=True, kw_only=True, tag=3):
    """A coloured box beside the text; without a title the page shows the name of its tone."""

    tone: Tone
    blocks: tuple[Block, ...]
    title: str = ""


class Quote(msgspec.Struct, frozen=True, array_like=True, kw_only=True, tag=4):
    """Words of somebody else: the text of a fraudulent message, a regulation."""

    blocks: tuple[Block, ...]


class CodeBlock(msgspec.Struct, frozen=True, array_like=True, kw_only=True, tag=5):
    """Lines kept as they are, in a fixed-width font; `language` is a hint for colours and may be empty."""

    text: str
    language: str = ""


class Table(msgspec.Struct, frozen=True, array_like=True, kw_only=True, tag=6):
    """Cells of spans; every row has as many cells as the head."""

    head: tuple[tuple[Span, ...], ...]
    rows: tuple[tuple[tuple[Span, ...], ...], ...]


class Figure(msgspec.Struct, frozen=True, array_like=True, kw_only=True, tag=7):
    """A picture of the course, a file of its own; never an address of outside. `alternative` empty: decoration."""

    file: Attachment
    alternative: str
    caption: tuple[Span, ...] = ()


class Download(msgspec.Struct, frozen=True, array_like=True, kw_only=True, tag=8):
    """A document of the course that a person opens or keeps: a sheet to print, a form."""

    file: Attachment
    title: str = ""


UNKNOWN_TAG = int.from_bytes(b"NEWERBLK", "big")


class Unknown(msgspec.Struct, frozen=True, array_like=True, kw_only=True, tag=UNKNOWN_TAG):
    """A block of a newer program, in its wire form: `sync.domain.newer` makes it, and it is never sent as such."""

    raw: bytes


Block = Paragraph | Heading | ItemList | Callout | Quote | CodeBlock | Table | Figure | Download | Unknown

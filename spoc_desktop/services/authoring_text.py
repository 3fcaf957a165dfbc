"""The text of a draft as Markdown to edit, and back into blocks: nothing is lost on the way, whatever files are called.

A text names a file by its name; two files of one name in a course are told apart by a number while they are edited.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from sync.content.markdown import LESSON_HEADINGS, read_markdown
from sync.content.markdown_writing import write_markdown
from sync.content.media import FOLDER, Files, written_path
from sync.content.span_writing import escaped_start, write_spans
from sync.content.spans import canonical
from sync.content.troubles import Trouble, TroubleKind
from sync.domain.blocks import Block, Paragraph, Span
from sync.domain.files import Attachment, attachments_in

_UNREADABLE = (TroubleKind.TOO_DEEP, TroubleKind.TOO_MANY_BRACKETS)


@dataclass(frozen=True, slots=True)
class TextRead:
    """What a text says. `blocks` None: nothing of it could be read, what stood before stays."""

    blocks: tuple[Block, ...] | None
    troubles: tuple[Trouble, ...]


class NamedFiles:
    """The files that the texts of a course may name, each under a path of its own."""

    def __init__(self, files: Iterable[Attachment] = ()) -> None:
        self._files: dict[str, Attachment] = {}
        for file in files:
            self.add(file)

    def add(self, file: Attachment) -> Attachment:
        """Take one more in; the file under the name that it has here."""
        stem, dot, ending = file.name.rpartition(".")
        for number in range(1, len(self._files) + 2):
            name = file.name if number == 1 else f"{stem or ending}-{number}{dot + ending if stem else ''}"
            standing = self._files.setdefault(f"{FOLDER}/{name}", msgspec.structs.replace(file, name=name))
            if standing.sha256 == file.sha256:
                return standing
        raise AssertionError("there is always a name that is free")

    @property
    def by_path(self) -> Files:
        """As a text is read."""
        return dict(self._files)

    def path_of(self, file: Attachment) -> str:
        """How a text names a file."""
        return written_path(self.add(file).name)

    def text(self, blocks: Sequence[Block]) -> str:
        """Blocks as Markdown."""
        return write_markdown(self._named(tuple(blocks)))

    def read(self, text: str, *, headings: Sequence[int] = LESSON_HEADINGS) -> TextRead:
        """Markdown as blocks, with all that could not be kept by line."""
        found = read_markdown(text, headings=headings, files=self.by_path)
        lost = any(trouble.kind in _UNREADABLE for trouble in found.troubles)
        return TextRead(None if lost else found.blocks, found.troubles)

    def _named(self, value: Any) -> Any:
        if isinstance(value, Attachment):
            return self.add(value)
        if isinstance(value, tuple):
            return tuple(map(self._named, value))
        if isinstance(value, msgspec.Struct):
            fields = {name: self._named(getattr(value, name)) for name in value.__struct_fields__}
            return msgspec.structs.replace(value, **fields)
        return value


def files_of(bodies: Iterable[msgspec.Struct]) -> NamedFiles:
    """The files that some drafts name."""
    return NamedFiles(attachments_in(tuple(bodies)))


def line_of(spans: Sequence[Span]) -> str:
    """An answer as one line of Markdown."""
    return write_spans(spans, line_break="<br>")


def spans_of(line: str) -> tuple[Span, ...]:
    """One line of Markdown as an answer; what is more than a line of words is left out."""
    # An answer may begin with what begins a list or a heading elsewhere: "3. floor", "# 2".
    blocks = read_markdown(escaped_start(line.strip()), headings=()).blocks
    return canonical(span for block in blocks if isinstance(block, Paragraph) for span in block.spans)

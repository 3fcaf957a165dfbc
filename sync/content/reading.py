"""What a page, a search index or a check-list asks of blocks: their words, their number, the parts of a lesson."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sync.domain.blocks import (
    Block,
    Callout,
    CodeBlock,
    CodeSpan,
    Download,
    Emphasis,
    Figure,
    Heading,
    ItemList,
    LineBreak,
    Link,
    Paragraph,
    Quote,
    Span,
    Strong,
    Table,
    Text,
)


def text_of_spans(spans: Sequence[Span]) -> str:
    """The words of a line; a break that the author asked for becomes a newline."""
    words = []
    for span in spans:
        match span:
            case Text(text=text) | CodeSpan(text=text):
                words.append(text)
            case Strong(spans=inner) | Emphasis(spans=inner) | Link(spans=inner):
                words.append(text_of_spans(inner))
            case LineBreak():
                words.append("\n")
    return "".join(words)


def plain_text(blocks: Sequence[Block]) -> str:
    """The words of blocks, one line a paragraph, heading, cell or item: for search, excerpts and screen readers."""
    return "\n".join(_lines(blocks))


def word_count(blocks: Sequence[Block]) -> int:
    """Words as a reader counts them; a sign standing alone (« : ? ») is none."""
    return sum(any(c.isalnum() for c in word) for word in plain_text(blocks).split())


def parts(blocks: Sequence[Block]) -> tuple[tuple[Block, ...], ...]:
    """The parts in which a lesson is shown: each begins at a level-2 heading, except what stands before the first."""
    found: list[list[Block]] = []
    for block in blocks:
        starts = isinstance(block, Heading) and block.level == 2
        if starts or not found:
            found.append([])
        found[-1].append(block)
    return tuple(tuple(part) for part in found)


def _lines(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        yield from _own_lines(block)
        for inner in _inside(block):
            yield from _lines(inner)


def _own_lines(block: Block) -> Iterator[str]:
    match block:
        case Paragraph(spans=spans) | Heading(spans=spans):
            yield text_of_spans(spans)
        case Callout(title=title) if title:
            yield title
        case CodeBlock(text=text):
            yield text
        case Table(head=head, rows=rows):
            yield from (text_of_spans(cell) for row in (head, *rows) for cell in row)
        case Figure(alternative=alternative, caption=caption):
            yield from filter(None, (alternative, text_of_spans(caption)))
        case Download(file=file, title=title):
            yield title or file.name


def _inside(block: Block) -> tuple[tuple[Block, ...], ...]:
    match block:
        case ItemList(items=items):
            return items
        case Callout(blocks=blocks) | Quote(blocks=blocks):
            return (blocks,)
        case _:
            return ()

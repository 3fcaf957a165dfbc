"""Blocks into Markdown that an author likes to edit, and that `read_markdown` reads back into the same blocks.

A file is written as `media/` and its name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from sync.content.markdown import NEWER, TONES
from sync.content.media import written_path
from sync.content.span_writing import escaped_start, write_spans
from sync.domain.blocks import (
    Block,
    Callout,
    CodeBlock,
    Download,
    Figure,
    Heading,
    ItemList,
    Paragraph,
    Quote,
    Span,
    Strong,
    Table,
    Text,
    Tone,
    Unknown,
)

_MARKS = {tone: mark for mark, tone in TONES.items()} | {Tone.UNKNOWN: "NOTE"}

# A `#` that stands alone at the end of a heading would be taken for its closing sign.
_CLOSING, _CLOSED = re.compile(r"(^| )(#*)#$"), r"\1\2\\#"


def write_markdown(blocks: Sequence[Block]) -> str:
    """The text of blocks, without a newline at the end; empty for none."""
    return "\n".join(_lines(blocks))


def _lines(blocks: Sequence[Block], *, tight: bool = False) -> list[str]:
    lines: list[str] = []
    second = False
    for before, block in pairwise((None, *blocks)):
        if block is None:
            continue
        # Two lists in a row are two lists only when their marks differ.
        second = not second if _same_list(before, block) else False
        if lines and not tight:
            lines.append("")
        lines.extend(_block_lines(block, second=second))
    return lines


def _same_list(before: Block | None, block: Block) -> bool:
    return isinstance(before, ItemList) and isinstance(block, ItemList) and before.ordered == block.ordered


def _block_lines(block: Block, *, second: bool) -> list[str]:
    match block:
        case Paragraph(spans=spans):
            return [escaped_start(line) for line in write_spans(spans).split("\n")]
        case Heading(level=level, spans=spans):
            title = write_spans(spans, line_break="<br>")
            return [f"{'#' * level} {_CLOSING.sub(_CLOSED, title)}"]
        case ItemList():
            return _list_lines(block, second=second)
        case Callout():
            return _quoted(_callout_lines(block))
        case Quote(blocks=inner):
            return _quoted(_lines(inner))
        case CodeBlock() | Unknown():
            return _code_lines(block)
        case Table(head=head, rows=rows):
            return [_row(head), "|" + " --- |" * len(head), *(_row(row) for row in rows)]
        case Figure() | Download():
            return [_file_line(block)]


def _file_line(block: Figure | Download) -> str:
    if isinstance(block, Download):
        return f"[{write_spans(_words(block.title))}]({written_path(block.file.name)})"
    alternative = write_spans(_words(block.alternative))
    return f"![{alternative}]({written_path(block.file.name)}{_caption(block.caption)})"


def _words(text: str) -> tuple[Span, ...]:
    return (Text(text=text),) if text else ()


def _caption(caption: tuple[Span, ...]) -> str:
    written = write_spans(caption, line_break="<br>")
    # A title is read with its escapes and entities taken out once, then as a line of Markdown.
    kept = written.replace("\\", "\\\\").replace('"', '\\"').replace("&", "\\&")
    return f' "{kept}"' if kept else ""


def _list_lines(block: ItemList, *, second: bool) -> list[str]:
    tight = all(_is_tight(item) for item in block.items)
    lines: list[str] = []
    for number, item in enumerate(block.items, block.start):
        if lines and not tight:
            lines.append("")
        mark = f"{number}{')' if second else '.'} " if block.ordered else f"{'*' if second else '-'} "
        first, *rest = _lines(item, tight=tight)
        lines.append(mark + first)
        lines.extend(" " * len(mark) + line if line else "" for line in rest)
    return lines


def _is_tight(item: Sequence[Block]) -> bool:
    """A line, or a line and a list under it, needs no blank line around."""
    match item:
        case (Paragraph(),):
            return True
        case (Paragraph(), ItemList() as inner):
            # A list that begins with another number than 1 cannot follow a line without a blank one.
            return (not inner.ordered or inner.start == 1) and all(map(_is_tight, inner.items))
        case _:
            return False


def _callout_lines(block: Callout) -> list[str]:
    lines = [f"[!{_MARKS[block.tone]}]"]
    if block.title:
        lines.append(write_spans((Strong(spans=(Text(text=block.title),)),)))
    match block.blocks:
        case (Paragraph(spans=(Strong(),)), *_) if not block.title:
            lines.append("")  # straight under the mark it would be read as the title
        case (Paragraph(), *_) | ():
            pass
        case _:
            lines.append("")
    return lines + _lines(block.blocks)


def _quoted(lines: list[str]) -> list[str]:
    return [f"> {line}" if line else ">" for line in lines]


def _code_lines(block: CodeBlock | Unknown) -> list[str]:
    text, language = (block.raw.hex(), NEWER) if isinstance(block, Unknown) else (block.text, block.language)
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return [fence + language, *(text.split("\n") if text else []), fence]


def _row(cells: Sequence[Sequence[Span]]) -> str:
    written = (write_spans(cell, line_break="<br>", in_table=True) for cell in cells)
    return "|" + "".join(f" {cell} |" for cell in written)

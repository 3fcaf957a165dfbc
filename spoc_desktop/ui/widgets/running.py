"""Blocks as running text, where one of a kind of its own has no room for its widget."""

from __future__ import annotations

from spoc_desktop.i18n import _
from sync.domain import blocks

Running = blocks.Paragraph | blocks.Heading | blocks.ItemList | blocks.Quote


def needs_update() -> str:
    """What stands where a block of a newer program would be."""
    return _("This part of the page was made with a newer version of the program. Everything else is here.")


def running(block: blocks.Block) -> Running:
    """What stands inside a list or a quote as running text; a block of its own kind becomes its plain words."""
    if isinstance(block, blocks.Paragraph | blocks.Heading | blocks.ItemList | blocks.Quote):
        return block
    if isinstance(block, blocks.Callout):
        return blocks.Quote(blocks=block.blocks)
    if isinstance(block, blocks.CodeBlock):
        return blocks.Paragraph(spans=(blocks.CodeSpan(text=block.text),))
    if isinstance(block, blocks.Figure):
        return blocks.Paragraph(spans=block.caption or (blocks.Text(text=block.alternative),))
    if isinstance(block, blocks.Download):
        return blocks.Paragraph(spans=(blocks.Text(text=block.title or block.file.name),))
    if isinstance(block, blocks.Unknown):
        return blocks.Paragraph(spans=(blocks.Text(text=needs_update()),))
    cells = [row for row in (block.head, *block.rows) if row]
    lines = tuple((blocks.Paragraph(spans=cell),) for row in cells for cell in row)
    return blocks.ItemList(ordered=False, items=lines)

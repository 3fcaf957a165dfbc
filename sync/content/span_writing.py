"""Spans into one line of Markdown: as few escapes as reading it back allows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from unicodedata import category

from sync.domain.blocks import CodeSpan, Emphasis, LineBreak, Link, Span, Strong, Text

_ALWAYS = re.compile(r"[\\`*\[\]<]")
_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_ENTITY = re.compile(r"&(?=#|[A-Za-z])")
_LINE_START = re.compile(r"(?:[#>+=~:|-]|\d{1,9}[.)])")
_PLAIN_ADDRESS = re.compile(r"https?://[a-z0-9.-]+(?:/[A-Za-z0-9./_-]*)?")
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


def write_spans(spans: Sequence[Span], *, line_break: str = "\\\n", in_table: bool = False) -> str:
    """One paragraph, heading or cell; `line_break` is `<br>` where a newline would end the block."""
    written = _edges_kept(_Writer(line_break).spans(spans))
    return written.replace("|", "\\|") if in_table else written


def escaped_start(line: str) -> str:
    """The line with its first sign escaped where that sign would begin a heading, a list, a quote or a table."""
    start = _LINE_START.match(line)
    if start is None:
        return line
    sign = start.end() - 1
    return f"{line[:sign]}\\{line[sign:]}"


class _Writer:
    def __init__(self, line_break: str) -> None:
        self.line_break = line_break

    def spans(self, spans: Sequence[Span]) -> str:
        written = ""
        for position, span in enumerate(spans):
            after = spans[position + 1] if position + 1 < len(spans) else None
            match span:
                case Text(text=text):
                    written = self.text(written, text, spans[position - 1] if position else None)
                    written = written[:-1] + "\\!" if written.endswith("!") and isinstance(after, Link) else written
                case CodeSpan(text=text):
                    written += _code(text)
                case Link():
                    written += self.link(span)
                case LineBreak():
                    edge = position in {0, len(spans) - 1} or _blank_start(after) or written.endswith("\n")
                    written = written if edge else _end_kept(written)
                    written += "<br>" if edge else self.line_break
                case Strong(spans=inner):
                    written = self.marked(written, "**", inner)
                case Emphasis(spans=inner):
                    written = self.marked(written, "_", inner)
        return written

    def text(self, written: str, text: str, before: Span | None) -> str:
        escaped = _escaped(text)
        mark = "**" if isinstance(before, Strong) else "_"
        if isinstance(before, Strong | Emphasis) and _must_part(mark, written[-len(mark) - 1], text[0]):
            return written + _as_entity(text[0]) + _escaped(text[1:])
        return written + escaped

    def marked(self, written: str, mark: str, inner: Sequence[Span]) -> str:
        content = _edges_kept(self.spans(inner))
        if written and _must_part(mark, content[0], written[-1]):
            written = written[:-1] + _as_entity(written[-1])
        return f"{written}{mark}{content}{mark}"

    def link(self, span: Link) -> str:
        if span.spans == (Text(text=span.href),) and _PLAIN_ADDRESS.fullmatch(span.href):
            return f"<{span.href}>"
        address = _ENTITY.sub("&amp;", span.href)
        if re.search(r"[()]", address):
            address = f"<{address}>"
        return f"[{self.spans(span.spans)}]({address})"


def _escaped(text: str) -> str:
    escaped = _ENTITY.sub(r"\\&", _ALWAYS.sub(r"\\\g<0>", text))
    return _UNDERSCORE.sub(r"\\_", escaped)


def _code(text: str) -> str:
    runs = {len(run) for run in re.findall(r"`+", text)}
    fence = "`" * next(n for n in range(1, len(runs) + 2) if n not in runs)
    spaced = text.startswith(" ") and text.endswith(" ") and bool(text.strip(" "))
    pad = " " if text.startswith("`") or text.endswith("`") or spaced else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _must_part(mark: str, inside: str, outside: str) -> bool:
    """Whether a mark between these two characters would be taken for plain text (CommonMark's flanking rule)."""
    if outside.isspace() or outside in _PUNCTUATION or category(outside).startswith("P"):
        return False
    return mark[0] == "_" or not inside.isalnum()


def _blank_start(span: Span | None) -> bool:
    return isinstance(span, Text) and span.text[0].isspace()


def _as_entity(character: str) -> str:
    return f"&#{ord(character)};"


def _edges_kept(written: str) -> str:
    """Blanks at the edges, and signs beside a mark, survive as entities."""
    if written and written[0].isspace():
        written = _as_entity(written[0]) + written[1:]
    return _end_kept(written)


def _end_kept(written: str) -> str:
    if written and written[-1].isspace():
        written = written[:-1] + _as_entity(written[-1])
    return written

"""Foreign HTML into blocks by an explicit list of tags, attributes and schemes; nothing is loaded (attacks A11 to A14).

`nh3` parses as a browser does and hands back only what is listed; what it wrote is then read into blocks, so that no
HTML is ever kept. What was left out is named.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

import nh3

from sync.content.clean import SAFE_SCHEMES, hidden_characters, safe_address
from sync.content.media import NO_FILES, Files, media_path
from sync.content.reading import text_of_spans
from sync.content.spans import canonical
from sync.content.troubles import Reading, Trouble, TroubleKind, shortened
from sync.domain.blocks import (
    Block,
    CodeBlock,
    CodeSpan,
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

MAX_DEPTH = 40
MAX_CHARACTERS = 512 * 1024
_MAX_OPEN = 20_000
"""Tags: the parser's time grows faster than they do when they are nested wrongly."""

_LEVELS = {"h1": 2, "h2": 2, "h3": 3, "h4": 4, "h5": 4, "h6": 4}
_STRONG, _EMPHASIS = {"strong", "b"}, {"em", "i"}
_INLINE = {*_STRONG, *_EMPHASIS, "a", "br", "code", "img", "kbd", "samp", "span", "sub", "sup"}
_ROWS = {"table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption"}
_BLOCKS = {*_LEVELS, *_ROWS, "p", "div", "section", "article", "ul", "ol", "li", "blockquote", "pre", "hr"}
TAGS = _INLINE | _BLOCKS
# Without the star, `title` and `lang` would stay on every tag.
ATTRIBUTES: dict[str, set[str]] = {"*": set(), "a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}}
# Their words are no words for a reader: they go with the tag.
EMPTIED = {
    "script", "style", "title", "svg", "math", "template", "noscript", "iframe", "object", "embed", "applet", "noembed",
    "noframes", "xmp", "plaintext", "textarea", "select", "audio", "video", "canvas",
}  # fmt: skip

_OPENED = re.compile(r"<\s*([A-Za-z][A-Za-z0-9:-]*)")
_NUMBER = re.compile(r"[0-9]{1,6}")


def read_html(
    text: str, *, first_line: int = 1, headings: Sequence[int] = (2, 3, 4), files: Files = NO_FILES
) -> Reading:
    """Blocks of a piece of HTML that begins on `first_line`; `files`: the pictures that it may show, by path."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    if len(text) > MAX_CHARACTERS or text.count("<") > _MAX_OPEN:
        return Reading((), (Trouble(first_line, TroubleKind.TOO_DEEP),))
    troubles = _left_out(text, first_line)
    root = _tree(cleaned(text))
    if root is None:
        return Reading((), (*troubles, Trouble(first_line, TroubleKind.TOO_DEEP)))
    reader = _BlockReader(first_line, tuple(headings), files, troubles)
    return Reading(reader.blocks(root.children), tuple(dict.fromkeys(reader.troubles)))


def cleaned(text: str) -> str:
    """The same HTML with the listed tags, attributes and schemes alone."""
    return nh3.clean(
        text,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=set(SAFE_SCHEMES),
        clean_content_tags=EMPTIED,
        link_rel=None,
        strip_comments=True,
    )


def _left_out(text: str, first_line: int) -> list[Trouble]:
    """The tags that are not listed, each once, on the line where it stands first."""
    found: dict[str, int] = {}
    for opened in _OPENED.finditer(text):
        tag = opened[1].lower()
        if tag not in TAGS and tag not in found:
            found[tag] = first_line + text.count("\n", 0, opened.start())
    return [Trouble(line, TroubleKind.HTML_DROPPED, shortened(f"<{tag}>")) for tag, line in found.items()]


@dataclass(slots=True)
class _Node:
    tag: str
    attributes: dict[str, str]
    children: list[_Node | str] = field(default_factory=list)


class _TreeBuilder(HTMLParser):
    """Reads what `nh3` wrote: every tag closed, every entity plain."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [_Node("", {})]
        self.deepest = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = _Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in {"br", "img", "hr"}:
            self.open.append(node)
            self.deepest = max(self.deepest, len(self.open))

    def handle_endtag(self, tag: str) -> None:
        if len(self.open) > 1 and self.open[-1].tag == tag:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def _tree(clean: str) -> _Node | None:
    builder = _TreeBuilder()
    builder.feed(clean)
    builder.close()
    return builder.open[0] if builder.deepest <= MAX_DEPTH else None


@dataclass(slots=True)
class _BlockReader:
    line: int
    headings: tuple[int, ...]
    files: Files
    troubles: list[Trouble]
    figures: list[Figure] = field(default_factory=list)

    def blocks(self, nodes: Sequence[_Node | str]) -> tuple[Block, ...]:
        """Blocks in their order; words between two blocks are a paragraph, pictures follow the words around them."""
        found: list[Block] = []
        words: list[Span] = []
        for node in nodes:
            if isinstance(node, str) or node.tag in _INLINE:
                words += self.spans([node])
            else:
                found += self.paragraph(words)
                words = []
                found += self.block(node)
        return (*found, *self.paragraph(words))

    def paragraph(self, words: Sequence[Span]) -> tuple[Block, ...]:
        spans = canonical(words)
        figures, self.figures = self.figures, []
        return (*((Paragraph(spans=spans),) if spans else ()), *figures)

    def block(self, node: _Node) -> tuple[Block, ...]:
        match node.tag:
            case "ul" | "ol":
                return self.item_list(node)
            case "blockquote":
                inner = self.blocks(node.children)
                return (Quote(blocks=inner),) if inner else ()
            case "pre":
                text = _text(node).strip("\n")
                return (CodeBlock(text=text),) if text else ()
            case "table":
                return self.table(node)
            case tag if tag in _LEVELS:
                return self.heading(node)
            case _:
                return self.blocks(node.children)

    def heading(self, node: _Node) -> tuple[Block, ...]:
        spans = canonical(self.spans(node.children))
        figures, self.figures = self.figures, []
        level = _LEVELS[node.tag]
        if not spans:
            return tuple(figures)
        if level in self.headings:
            return (Heading(level=level, spans=spans), *figures)
        return (Paragraph(spans=canonical((Strong(spans=spans),))), *figures)

    def item_list(self, node: _Node) -> tuple[Block, ...]:
        inner = (self.blocks(item.children) for item in node.children if isinstance(item, _Node))
        items = tuple(filter(None, inner))
        start = node.attributes.get("start", "1")
        number = int(start) if _NUMBER.fullmatch(start) else 1
        return (ItemList(ordered=node.tag == "ol", items=items, start=number),) if items else ()

    def table(self, node: _Node) -> tuple[Block, ...]:
        rows = [[self.cell(cell) for cell in _inside(row, {"th", "td"})] for row in _inside(node, {"tr"})]
        rows = [row for row in rows if row]
        above = tuple(block for caption in _inside(node, {"caption"}) for block in self.blocks(caption.children))
        figures, self.figures = self.figures, []
        if not rows:
            return (*above, *figures)
        width = max(map(len, rows))
        head, *body = (tuple(row + [()] * (width - len(row))) for row in rows)
        return (*above, Table(head=head, rows=tuple(body)), *figures)

    def cell(self, node: _Node) -> tuple[Span, ...]:
        """A cell holds a line: what stood in several paragraphs is parted by breaks."""
        return canonical(self.spans(node.children))

    def spans(self, nodes: Sequence[_Node | str]) -> list[Span]:
        return [span for node in nodes for span in self.span(node)]

    def span(self, node: _Node | str) -> list[Span]:
        if isinstance(node, str):
            self.troubles += (replace(each, line=self.line) for each in hidden_characters(node))
            return [Text(text=node)]
        match node.tag:
            case "br":
                return [LineBreak()]
            case "img":
                return self.image(node)
            case "a":
                return self.link(node)
            case "code" | "kbd" | "samp":
                return [CodeSpan(text=" ".join(_text(node).split()))]
            case tag:
                return self.marked(tag, self.spans(node.children))

    def marked(self, tag: str, inner: list[Span]) -> list[Span]:
        if tag in _STRONG:
            return [Strong(spans=tuple(inner))]
        if tag in _EMPHASIS:
            return [Emphasis(spans=tuple(inner))]
        return [LineBreak(), *inner, LineBreak()] if tag in _BLOCKS else inner

    def link(self, node: _Node) -> list[Span]:
        inner = self.spans(node.children)
        href = node.attributes.get("href", "")
        address = safe_address(href)
        if address is None:
            self.trouble(TroubleKind.LINK_DROPPED, href or text_of_spans(inner))
            return inner
        return [Link(href=address, spans=tuple(inner) or (Text(text=address),))]

    def image(self, node: _Node) -> list[Span]:
        source = node.attributes.get("src", "")
        path = media_path(source)
        file = self.files.get(path) if path is not None else None
        if file is None or not file.type.startswith("image/"):
            self.trouble(TroubleKind.IMAGE_HERE, source)
        else:
            self.figures.append(Figure(file=file, alternative=" ".join(node.attributes.get("alt", "").split())))
        return []

    def trouble(self, kind: TroubleKind, detail: str) -> None:
        self.troubles.append(Trouble(self.line, kind, shortened(detail)))


def _text(node: _Node) -> str:
    parts = (
        child if isinstance(child, str) else "\n" if child.tag == "br" else _text(child) for child in node.children
    )
    return "".join(parts)


def _inside(node: _Node, tags: set[str]) -> list[_Node]:
    """The nearest nodes with one of these tags, not those inside another table."""
    found: list[_Node] = []
    for child in node.children:
        if isinstance(child, _Node) and child.tag in tags:
            found.append(child)
        elif isinstance(child, _Node) and child.tag != "table":
            found += _inside(child, tags)
    return found

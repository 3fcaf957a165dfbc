"""Markdown into blocks, by an explicit list: what is not in it is left out or refused, and named by its line.

CommonMark with tables and GitHub's alerts (`> [!WARNING]`), because a course folder is also read on a forge.
`sync.content.markdown_writing` goes the other way; reading what it wrote gives the same blocks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from sync.content.clean import hidden_characters
from sync.content.html import read_html
from sync.content.media import NO_FILES, Files, media_path
from sync.content.reading import text_of_spans
from sync.content.spans import canonical, read_spans
from sync.content.troubles import Reading, Trouble, TroubleKind, shortened
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
    Table,
    Text,
    Tone,
)
from sync.domain.files import Attachment

MAX_BLOCK_LEVEL = 24
MAX_SPAN_LEVEL = 12
# The parser takes a time that grows with the square of these: 130,000 of them took 11 s.
MAX_BRACKETS = 4_000

TONES = {"WARNING": Tone.ATTENTION, "NOTE": Tone.INFO, "TIP": Tone.TIP, "IMPORTANT": Tone.RULE}
NEWER = "spoc-newer"
"""The language of a code block that stands for a block of a newer program: written, never read back (attack A13)."""
LESSON_HEADINGS = (2, 3, 4)

_ALERT = re.compile(r"\[!(\w+)\][ ]*")
_COMMENT = re.compile(r"\s*<!--(?!-?>)(?:(?!-->).)*-->\s*", re.DOTALL)
_LANGUAGE = re.compile(r"[A-Za-z0-9_+#.-]{1,32}")
_REFERENCE = re.compile(r"\[[^\]`\\]+\]:\s")
_CELL_EDGE = re.compile(r"(?<!\\)\|")


def read_markdown(
    text: str, *, first_line: int = 1, headings: Sequence[int] = LESSON_HEADINGS, files: Files = NO_FILES
) -> Reading:
    """Blocks of a text whose first line has the number `first_line` in its file; `headings` are the levels allowed.

    `files`: what the text may show or hand on, by path; an empty mapping where no file can stand.
    """
    source = text.expandtabs(4)
    troubles = hidden_characters(source, first_line)
    if source.count("[") > MAX_BRACKETS:
        return Reading((), (*troubles, Trouble(first_line, TroubleKind.TOO_MANY_BRACKETS, str(MAX_BRACKETS))))
    tokens = _parser().parse(source)
    deep = _too_deep(tokens)
    if deep is not None:
        return Reading((), (*troubles, Trouble(first_line + deep, TroubleKind.TOO_DEEP)))
    reader = _BlockReader(source.split("\n"), first_line, tuple(headings), troubles, files)
    blocks = reader.blocks(SyntaxTreeNode(tokens).children)
    return Reading(blocks, tuple(sorted(dict.fromkeys(reader.troubles), key=lambda trouble: trouble.line)))


def _parser() -> MarkdownIt:
    # Nesting goes past our own limit, because beyond its own the parser drops text without a word.
    parser = MarkdownIt("commonmark", {"maxNesting": 2 * MAX_BLOCK_LEVEL + 12}).enable("table")
    # `[name]: address` would vanish from the text wherever it stands; a link says its address where it is.
    parser.disable("reference")
    # Every address reaches `safe_address`, so that a bad one is named and not left as text.
    setattr(parser, "validateLink", lambda _address: True)  # noqa: B010  # the library's own way to set it
    return parser


def _too_deep(tokens: list[Token]) -> int | None:
    line = 0
    for token in tokens:
        line = token.map[0] if token.map else line
        children = token.children or []
        if token.level > MAX_BLOCK_LEVEL or any(child.level > MAX_SPAN_LEVEL for child in children):
            return line
    return None


@dataclass(slots=True)
class _BlockReader:
    source: list[str]
    first_line: int
    headings: tuple[int, ...]
    troubles: list[Trouble]
    files: Files

    def blocks(self, nodes: Sequence[SyntaxTreeNode]) -> tuple[Block, ...]:
        return tuple(block for node in nodes for block in self.found_in(node))

    def found_in(self, node: SyntaxTreeNode) -> tuple[Block, ...]:
        if node.type == "paragraph":
            self.find_references(node)
            return self.paragraph(node)
        if node.type == "html_block":
            return self.html(node)
        block = self.block(node)
        return () if block is None else (block,)

    def block(self, node: SyntaxTreeNode) -> Block | None:
        match node.type:
            case "heading":
                return self.heading(node)
            case "bullet_list" | "ordered_list":
                return self.item_list(node)
            case "blockquote":
                return self.quote(node)
            case "fence" | "code_block":
                return self.code(node)
            case "table":
                return self.table(node)
            case _:
                self.trouble(node, TroubleKind.RULE_DROPPED, node.markup)
                return None

    def code(self, node: SyntaxTreeNode) -> CodeBlock | None:
        language = _LANGUAGE.match(node.info) if node.type == "fence" else None
        if language is not None and language[0] == NEWER:
            self.trouble(node, TroubleKind.NEWER_BLOCK, "")
            return None
        return CodeBlock(text=node.content.removesuffix("\n"), language=language[0] if language else "")

    def spans(self, node: SyntaxTreeNode) -> tuple[Span, ...]:
        inline = node.children[0].children if node.children else []
        return read_spans(inline, self.line(node), self.troubles)

    def paragraph(self, node: SyntaxTreeNode) -> tuple[Block, ...]:
        """A paragraph; a link to a file that stands alone is a download, pictures follow the words around them."""
        inline = node.children[0].children if node.children else []
        shown = [child for child in inline if child.type != "text" or child.content.strip()]
        if len(shown) == 1 and shown[0].type == "link":
            path = media_path(str(shown[0].attrs.get("href", "")))
            if path is not None:
                return self.download(node, shown[0], path)
        pictures = [child for child in shown if child.type == "image" and media_path(str(child.attrs.get("src", "")))]
        words = read_spans([child for child in inline if child not in pictures], self.line(node), self.troubles)
        found = (_paragraph(words), *(self.figure(node, picture) for picture in pictures))
        return tuple(block for block in found if block is not None)

    def download(self, node: SyntaxTreeNode, link: SyntaxTreeNode, path: str) -> tuple[Block, ...]:
        title = text_of_spans(read_spans(link.children, self.line(node), self.troubles)).replace("\n", " ")
        file = self.file(node, path)
        return () if file is None else (Download(file=file, title=title),)

    def figure(self, node: SyntaxTreeNode, picture: SyntaxTreeNode) -> Figure | None:
        path = media_path(str(picture.attrs.get("src", "")))
        file = self.file(node, path) if path is not None else None
        if file is None:
            return None
        if not file.type.startswith("image/"):
            self.trouble(node, TroubleKind.NOT_A_PICTURE, file.name)
        words = "".join(child.content for child in picture.walk() if child.type in {"text", "code_inline"})
        caption = SyntaxTreeNode(_parser().parseInline(str(picture.attrs.get("title", ""))))
        spans = [span for inline in caption.children for span in inline.children]
        return Figure(
            file=file,
            alternative=re.sub(r"[ \t\n]+", " ", words).strip(" "),
            caption=read_spans(spans, self.line(node), self.troubles),
        )

    def file(self, node: SyntaxTreeNode, path: str) -> Attachment | None:
        if path not in self.files:
            self.trouble(node, TroubleKind.FILE_MISSING if self.files is not NO_FILES else TroubleKind.FILE_HERE, path)
        return self.files.get(path)

    def find_references(self, node: SyntaxTreeNode) -> None:
        for number, line in enumerate(node.children[0].content.split("\n"), self.line(node)):
            if _REFERENCE.match(line):
                self.troubles.append(Trouble(number, TroubleKind.LINK_REFERENCE, shortened(line)))

    def heading(self, node: SyntaxTreeNode) -> Block | None:
        level = int(node.tag[1:])
        if level not in self.headings:
            kind = TroubleKind.HEADING_LEVEL if self.headings else TroubleKind.HEADING_HERE
            self.trouble(node, kind, "#" * level)
            return None
        spans = self.spans(node)
        return Heading(level=level, spans=spans) if spans else None

    def item_list(self, node: SyntaxTreeNode) -> ItemList | None:
        items = tuple(filter(None, (self.blocks(item.children) for item in node.children)))
        if not items:
            return None
        return ItemList(ordered=node.type == "ordered_list", items=items, start=int(node.attrs.get("start", 1)))

    def quote(self, node: SyntaxTreeNode) -> Block | None:
        first = node.children[0] if node.children else None
        inline = first.children[0] if first is not None and first.type == "paragraph" and first.children else None
        alert = _ALERT.fullmatch(inline.content.split("\n")[0]) if inline is not None else None
        if alert is None or first is None or inline is None:
            blocks = self.blocks(node.children)
            return Quote(blocks=blocks) if blocks else None
        tone = TONES.get(alert[1].upper())
        if tone is None:
            self.trouble(node, TroubleKind.CALLOUT_UNKNOWN, alert[0].strip())
        title, rest = _title(_after_break(inline.children))
        opening = _paragraph(read_spans(rest, self.line(first) + (2 if title else 1), self.troubles))
        rest_blocks = self.blocks(node.children[1:])
        return Callout(tone=tone or Tone.UNKNOWN, title=title, blocks=(*filter(None, (opening,)), *rest_blocks))

    def table(self, node: SyntaxTreeNode) -> Table:
        rows = [row for section in node.children for row in section.children]
        width = len(rows[0].children)
        for row in rows[1:]:
            if self.cells_written(row) > width:
                self.trouble(row, TroubleKind.TABLE_CELLS, str(width))
        head, *body = (tuple(self.spans_of_cell(row, cell) for cell in row.children) for row in rows)
        return Table(head=head, rows=tuple(body))

    def spans_of_cell(self, row: SyntaxTreeNode, cell: SyntaxTreeNode) -> tuple[Span, ...]:
        return read_spans(cell.children[0].children if cell.children else [], self.line(row), self.troubles)

    def cells_written(self, row: SyntaxTreeNode) -> int:
        """The parser drops the cells that a row has too many: counted in the source so that none goes silently."""
        written = self.source[self.line(row) - self.first_line].lstrip("> ").rstrip()
        return len(_CELL_EDGE.split(written.removeprefix("|"))) - bool(re.search(r"(?<!\\)\|$", written))

    def html(self, node: SyntaxTreeNode) -> tuple[Block, ...]:
        if _COMMENT.fullmatch(node.content):
            return ()
        self.trouble(node, TroubleKind.HTML_DROPPED, node.content)
        found = read_html(node.content, first_line=self.line(node), headings=self.headings, files=self.files)
        self.troubles.extend(trouble for trouble in found.troubles if trouble.kind is not TroubleKind.HTML_DROPPED)
        return found.blocks

    def line(self, node: SyntaxTreeNode) -> int:
        return self.first_line + (node.map[0] if node.map else 0)

    def trouble(self, node: SyntaxTreeNode, kind: TroubleKind, detail: str) -> None:
        self.troubles.append(Trouble(self.line(node), kind, shortened(detail)))


def _paragraph(spans: tuple[Span, ...]) -> Paragraph | None:
    return Paragraph(spans=spans) if spans else None


def _after_break(nodes: Sequence[SyntaxTreeNode]) -> list[SyntaxTreeNode]:
    """What follows the first line, on which the alert's mark stands alone."""
    kinds = [node.type for node in nodes]
    ends = [kinds.index(kind) for kind in ("softbreak", "hardbreak") if kind in kinds]
    return list(nodes[min(ends) + 1 :]) if ends else []


def _title(nodes: list[SyntaxTreeNode]) -> tuple[str, list[SyntaxTreeNode]]:
    """A line right under the mark that is wholly strong is the title: bold on GitHub, a title here."""
    shown = [node for node in nodes if node.type != "text" or node.content]
    alone = len(shown) == 1 or (len(shown) > 1 and shown[1].type == "softbreak")
    if not shown or shown[0].type != "strong" or not alone:
        return "", nodes
    words = canonical(Text(text=inner.content) for inner in shown[0].children if inner.type == "text")
    plain = all(inner.type == "text" for inner in shown[0].children)
    match words:
        case (Text(text=title),) if plain:
            return title, shown[2:]
        case _:
            return "", nodes

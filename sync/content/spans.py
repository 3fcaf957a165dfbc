"""What runs inside a line: inline Markdown into spans, in one form (no span empty, doubled or nested in itself)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markdown_it.tree import SyntaxTreeNode

from sync.content.clean import hidden_characters, safe_address
from sync.content.media import media_path
from sync.content.troubles import Trouble, TroubleKind, shortened
from sync.domain.blocks import CodeSpan, Emphasis, LineBreak, Link, Span, Strong, Text

_BLANKS = re.compile(r"[ \t\n]+")
_BREAK_TAG = re.compile(r"<br\s*/?>", re.IGNORECASE)


def read_spans(nodes: Sequence[SyntaxTreeNode], line: int, troubles: list[Trouble]) -> tuple[Span, ...]:
    """Spans of one paragraph, heading or cell that starts at `line`; what cannot be kept is added to `troubles`."""
    return canonical(_SpanReader(line, troubles).spans(nodes))


def canonical(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same line with one way to say it: blanks single and none at the edges, like merged with like."""
    joined = _joined(_flat(spans, ()))
    while joined and isinstance(joined[0], LineBreak):
        joined.pop(0)
    while joined and isinstance(joined[-1], LineBreak):
        joined.pop()
    return tuple(_without_edges(joined))


@dataclass(slots=True)
class _SpanReader:
    line: int
    troubles: list[Trouble]

    def spans(self, nodes: Sequence[SyntaxTreeNode]) -> list[Span]:
        found: list[Span] = []
        for node in nodes:
            found.extend(self.span(node))
        return found

    def span(self, node: SyntaxTreeNode) -> list[Span]:
        match node.type:
            case "text":
                # An entity (`&#x202e;`) brings in what the source does not show.
                self.troubles.extend(hidden_characters(node.content, self.line))
                return [Text(text=node.content)]
            case "softbreak" | "hardbreak":
                self.line += 1
                return [Text(text=" ") if node.type == "softbreak" else LineBreak()]
            case "strong":
                return [Strong(spans=tuple(self.spans(node.children)))]
            case "em":
                return [Emphasis(spans=tuple(self.spans(node.children)))]
            case "code_inline":
                return [CodeSpan(text=node.content)]
            case "link":
                return self.link(node)
            case "image":
                return self.image(node)
            case _:
                return self.html(node)

    def link(self, node: SyntaxTreeNode) -> list[Span]:
        href = str(node.attrs.get("href", ""))
        line = self.line
        inner = self.spans(node.children)
        if "title" in node.attrs:
            self.trouble(TroubleKind.LINK_TITLE_DROPPED, str(node.attrs["title"]))
        address = safe_address(href)
        if address is None:
            kind = TroubleKind.LINK_ADDRESS if media_path(href) is None else TroubleKind.FILE_HERE
            self.troubles.append(Trouble(line, kind, shortened(href)))
            return inner
        return [Link(href=address, spans=tuple(inner) or (Text(text=address),))]

    def image(self, node: SyntaxTreeNode) -> list[Span]:
        source = str(node.attrs.get("src", ""))
        outside = ":" in source or source.startswith(("/", "\\", "%5C")) or (".." in source and not media_path(source))
        self.trouble(TroubleKind.IMAGE_OUTSIDE if outside else TroubleKind.IMAGE_HERE, source)
        return []

    def html(self, node: SyntaxTreeNode) -> list[Span]:
        if _BREAK_TAG.fullmatch(node.content):
            return [LineBreak()]
        # The words between two tags are text tokens of their own and stay; a comment is the author's own note.
        if not node.content.startswith("<!--"):
            self.trouble(TroubleKind.HTML_DROPPED, node.content)
        return []

    def trouble(self, kind: TroubleKind, detail: str) -> None:
        self.troubles.append(Trouble(self.line, kind, shortened(detail)))


def _flat(spans: Iterable[Span], around: tuple[type[Span], ...]) -> list[Span]:
    """Strong inside strong is strong: the inner one gives way; so for emphasis and for links."""
    found: list[Span] = []
    for span in spans:
        match span:
            case Strong() | Emphasis() | Link() if type(span) in around:
                found.extend(_flat(span.spans, around))
            case Strong(spans=inner):
                found.append(Strong(spans=tuple(_flat(inner, (*around, Strong)))))
            case Emphasis(spans=inner):
                found.append(Emphasis(spans=tuple(_flat(inner, (*around, Emphasis)))))
            case Link(href=href, spans=inner):
                found.append(Link(href=href, spans=tuple(_flat(inner, (*around, Link)))))
            case _:
                found.append(span)
    return found


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Neighbours of one kind become one, empty ones go."""
    found: list[Span] = []
    for span in spans:
        last = found[-1] if found else None
        match last, span:
            case Text(text=before), Text(text=after):
                found[-1] = Text(text=before + after)
            case CodeSpan(text=before), CodeSpan(text=after):
                found[-1] = CodeSpan(text=before + after)
            case Strong(spans=before), Strong(spans=after):
                found[-1] = Strong(spans=(*before, *after))
            case Emphasis(spans=before), Emphasis(spans=after):
                found[-1] = Emphasis(spans=(*before, *after))
            case _:
                if not _empty(span):
                    found.append(span)
    return [_tidy(span) for span in found]


def _tidy(span: Span) -> Span:
    match span:
        case Text(text=text):
            return Text(text=_BLANKS.sub(" ", text))
        case Strong(spans=inner):
            return Strong(spans=tuple(_joined(inner)))
        case Emphasis(spans=inner):
            return Emphasis(spans=tuple(_joined(inner)))
        case Link(href=href, spans=inner):
            return Link(href=href, spans=tuple(_joined(inner)))
        case _:
            return span


def _empty(span: Span) -> bool:
    match span:
        case Text(text=text) | CodeSpan(text=text):
            return not text
        case Strong(spans=inner) | Emphasis(spans=inner):
            return all(_empty(child) for child in inner)
        case _:
            return False


def _without_edges(spans: list[Span]) -> list[Span]:
    if spans and isinstance(spans[0], Text):
        spans[0] = Text(text=spans[0].text.lstrip(" "))
    if spans and isinstance(spans[-1], Text):
        spans[-1] = Text(text=spans[-1].text.rstrip(" "))
    return [span for span in spans if not _empty(span)]

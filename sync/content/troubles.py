"""What a text holds that a course cannot keep, by line, so that its author can mend it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sync.domain.blocks import Block


class TroubleKind(StrEnum):
    """One kind, one sentence on the screen. The value is the message key."""

    HEADING_LEVEL = "heading-level"
    HEADING_HERE = "heading-here"
    NEWER_BLOCK = "newer-block"
    CALLOUT_UNKNOWN = "callout-unknown"
    LINK_ADDRESS = "link-address"
    LINK_REFERENCE = "link-reference"
    IMAGE_OUTSIDE = "image-outside"
    FILE_MISSING = "file-missing"
    FILE_HERE = "file-here"
    NOT_A_PICTURE = "not-a-picture"
    TOO_DEEP = "too-deep"
    TOO_MANY_BRACKETS = "too-many-brackets"
    TABLE_CELLS = "table-cells"
    HIDDEN_CHARACTER = "hidden-character"
    HTML_DROPPED = "html-dropped"
    IMAGE_HERE = "image-here"
    RULE_DROPPED = "rule-dropped"
    LINK_TITLE_DROPPED = "link-title-dropped"
    LINK_DROPPED = "link-dropped"

    @property
    def stops(self) -> bool:
        """True where the text must be mended first; False where it is kept without the part that is named."""
        return self not in _LEFT_OUT


_LEFT_OUT = frozenset(
    {
        TroubleKind.HTML_DROPPED,
        TroubleKind.IMAGE_HERE,
        TroubleKind.RULE_DROPPED,
        TroubleKind.LINK_TITLE_DROPPED,
        TroubleKind.LINK_DROPPED,
    }
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """`line` counts from 1 in the file that the text came from; `detail` is the offending piece, shortened."""

    line: int
    kind: TroubleKind
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """The blocks that were understood, and by line all that was not."""

    blocks: tuple[Block, ...]
    troubles: tuple[Trouble, ...]


def shortened(piece: str) -> str:
    """The piece on one line, at most 60 characters, so that a report stays readable whatever was pasted."""
    # Half a surrogate pair can be written in a key or a name and printed by no terminal.
    flat = " ".join(piece.encode("utf-8", "replace").decode("utf-8").split())
    return flat if len(flat) <= 60 else flat[:59] + "…"

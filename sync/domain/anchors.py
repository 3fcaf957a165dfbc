"""Anchors: the words that a note or a remark is about, found again when the text around them has changed."""

import msgspec


class Anchor(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """A passage of a plain text: characters `start` to `end`, and the words themselves.

    In a lesson `part` counts the parts of the lesson from 0 and the text is that part's; elsewhere it stays 0.
    """

    start: int
    end: int
    quote: str
    part: int = 0


def locate(anchor: Anchor, text: str) -> tuple[int, int] | None:
    """Where the anchor's words stand in a text now: in their place, else the nearest occurrence; None when gone."""
    if not anchor.quote:
        return None
    if text[anchor.start : anchor.end] == anchor.quote:
        return anchor.start, anchor.end
    places = []
    found = text.find(anchor.quote)
    while found >= 0:
        places.append(found)
        found = text.find(anchor.quote, found + 1)
    if not places:
        return None
    nearest = min(places, key=lambda place: (abs(place - anchor.start), place))
    return nearest, nearest + len(anchor.quote)

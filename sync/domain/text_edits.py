"""From one text to another: what a person changed, as splices; and the same change on a text that went on meanwhile."""

import re
from difflib import SequenceMatcher
from typing import NamedTuple

_TOKEN = re.compile(r"\w+|\s|[^\w\s]")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_COMPARED = ((_TOKEN, 4_000_000), (_LINE, 16_000_000))
"""How texts are cut to be compared, and up to how many pairs of pieces: by words, else by lines, else not at all."""


class Splice(NamedTuple):
    """At a place of a text, in characters, so many characters go and these come."""

    at: int
    gone: int
    text: str


class _Kept(NamedTuple):
    """A stretch that both texts have: where it begins in each, and how long it is."""

    before: int
    after: int
    length: int


def splices(before: str, after: str) -> tuple[Splice, ...]:
    """What leads from one text to the other, by places of the first, in order."""
    found, at, to = [], 0, 0
    for kept in (*_kept(before, after), _Kept(len(before), len(after), 0)):
        if kept.before > at or kept.after > to:
            found.append(Splice(at, kept.before - at, after[to : kept.after]))
        at, to = kept.before + kept.length, kept.after + kept.length
    return tuple(found)


def moved(changes: tuple[Splice, ...], before: str, present: str) -> tuple[Splice, ...]:
    """Changes of `before` as changes of `present`, into which it was made by others: each stays beside its words.

    What others took out already goes once, what they put inside a stretch that goes stays.
    """
    if before == present or not changes:
        return changes
    kept = _kept(before, present)
    found: list[Splice] = []
    for change in changes:
        gone = _overlaps(kept, change.at, change.at + change.gone)
        at = _place(kept, change.at) if change.at < len(before) or kept else len(present)
        if gone and gone[0][0] == at:
            found.append(Splice(at, gone[0][1], change.text))
            gone = gone[1:]
        elif change.text:
            found.append(Splice(at, 0, change.text))
        found += [Splice(start, length, "") for start, length in gone]
    return tuple(sorted(found, key=lambda splice: splice.at))


def applied(text: str, changes: tuple[Splice, ...]) -> str:
    """The text after the changes."""
    for at, gone, words in reversed(changes):
        text = text[:at] + words + text[at + gone :]
    return text


def _place(kept: list[_Kept], at: int) -> int:
    """A place of the first text in the second: behind what it stood behind, else before what it stood before."""
    behind = 0
    for one in kept:
        if one.before < at <= one.before + one.length:
            return one.after + at - one.before
        if at <= one.before:
            return one.after if at == one.before else behind
        behind = one.after + one.length
    return behind


def _overlaps(kept: list[_Kept], start: int, end: int) -> list[tuple[int, int]]:
    """What the second text still has of a stretch of the first: places and lengths."""
    found = []
    for one in kept:
        first, last = max(start, one.before), min(end, one.before + one.length)
        if first < last:
            found.append((one.after + first - one.before, last - first))
    return found


def _kept(before: str, after: str) -> list[_Kept]:
    """The stretches that two texts have in common, in order."""
    most = min(len(before), len(after))
    head = next((place for place in range(most) if before[place] != after[place]), most)
    most -= head
    tail = next((place for place in range(most) if before[-1 - place] != after[-1 - place]), most)
    inner_before, inner_after = before[head : len(before) - tail], after[head : len(after) - tail]
    found = [_Kept(0, 0, head)] if head else []
    found += [_Kept(one.before + head, one.after + head, one.length) for one in _kept_inside(inner_before, inner_after)]
    return [*found, _Kept(len(before) - tail, len(after) - tail, tail)] if tail else found


def _kept_inside(before: str, after: str) -> list[_Kept]:
    if not before or not after:
        return []
    for pattern, most in _COMPARED:
        one, two = pattern.findall(before), pattern.findall(after)
        if len(one) * len(two) <= most:
            return _kept_tokens(one, two)
    return []


def _kept_tokens(one: list[str], two: list[str]) -> list[_Kept]:
    starts_one, starts_two = _starts(one), _starts(two)
    matcher = SequenceMatcher(None, one, two, autojunk=False)
    return [
        _Kept(starts_one[a], starts_two[b], starts_one[a + size] - starts_one[a])
        for a, b, size in matcher.get_matching_blocks()
        if size
    ]


def _starts(tokens: list[str]) -> list[int]:
    found = [0]
    for token in tokens:
        found.append(found[-1] + len(token))
    return found

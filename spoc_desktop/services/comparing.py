"""What is new in a version of a text: passages of words that the version before did not have in that place."""

import re
from difflib import SequenceMatcher

_WORD = re.compile(r"\S+")
_MANY = 4000
"""Words from which on frequent words no longer anchor the comparison, so that it stays below a tenth of a second."""

Passage = tuple[int, int]


def new_passages(before: str, now: str) -> tuple[Passage, ...]:
    """The passages of `now`, as (start, end) in characters, that `before` lacks."""
    return _passages(before, now)


def lost_passages(before: str, now: str) -> tuple[Passage, ...]:
    """The passages of `before`, as (start, end) in characters, that `now` no longer has."""
    return _passages(now, before)


def _passages(before: str, now: str) -> tuple[Passage, ...]:
    old = [found.group() for found in _WORD.finditer(before)]
    new = list(_WORD.finditer(now))
    matcher = SequenceMatcher(None, old, [found.group() for found in new], autojunk=len(old) > _MANY)
    return tuple(
        (new[first].start(), new[last - 1].end())
        for how, _a, _b, first, last in matcher.get_opcodes()
        if how in ("insert", "replace") and last > first
    )

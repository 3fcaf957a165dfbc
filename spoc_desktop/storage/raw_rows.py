"""Rows in the pages of SQLite's trees, read one page at a time, without the way that leads to it.

Only what pages hold is told: the table that a row belongs to is for whoever asks to recognise by its columns.
"""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from spoc_desktop.storage.raw_pages import USABLE

Value = int | float | bytes | str | None
_TABLE_LEAF: Final = 13
_INDEX_LEAF: Final = 10
_FIRST_PAGE_HEADER: Final = 100
_LINK: Final = 4
_INTEGERS: Final = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}


class Row(NamedTuple):
    """A row: the pages that it stands on, the number of its line (0 in an index), its values."""

    pages: tuple[int, ...]
    number: int
    values: tuple[Value, ...]


def rows(pages: Mapping[int, bytes]) -> Iterator[Row]:
    """All rows that can be read whole from these pages."""
    for number, page in pages.items():
        start = _FIRST_PAGE_HEADER if number == 1 else 0
        if page[start] not in (_TABLE_LEAF, _INDEX_LEAF):
            continue
        for cell in range(int.from_bytes(page[start + 3 : start + 5], "big")):
            place = start + 8 + 2 * cell
            try:
                yield _row(pages, number, int.from_bytes(page[place : place + 2], "big"), page[start])
            except (IndexError, KeyError, ValueError):
                continue  # a page of something else, or one whose long values were on a damaged page


def _row(pages: Mapping[int, bytes], number: int, at: int, kind: int) -> Row:
    page, line = pages[number], 0
    size, at = _varint(page, at)
    if kind == _TABLE_LEAF:
        line, at = _varint(page, at)
    here = _here(size, kind)
    if at + here > USABLE:
        raise ValueError("beyond its page")
    content, used = page[at : at + here], [number]
    link = int.from_bytes(page[at + here : at + here + _LINK], "big")
    while len(content) < size:
        if link in used:
            raise ValueError("a ring of pages")
        used.append(link)
        content += pages[link][_LINK:USABLE][: size - len(content)]
        link = int.from_bytes(pages[link][:_LINK], "big")
    return Row(tuple(used), line, tuple(_values(content)))


def _here(size: int, kind: int) -> int:
    """How much of a row of this size stands on its own page (SQLite's file format, 1.6)."""
    most = USABLE - 35 if kind == _TABLE_LEAF else (USABLE - 12) * 64 // 255 - 23
    if size <= most:
        return size
    least = (USABLE - 12) * 32 // 255 - 23
    here = least + (size - least) % (USABLE - _LINK)
    return here if here <= most else least


def _values(content: bytes) -> Iterator[Value]:
    end, at = _varint(content, 0)
    place = end
    while at < end:
        kind, at = _varint(content, at)
        size = _size(kind)
        raw = content[place : place + size]
        if len(raw) < size:
            raise ValueError("cut short")
        place += size
        yield _value(kind, raw)


def _size(kind: int) -> int:
    if kind in _INTEGERS:
        return _INTEGERS[kind]
    if kind >= 12:
        return (kind - 12) // 2
    return 8 if kind == 7 else 0


def _value(kind: int, raw: bytes) -> Value:
    if kind == 0:
        return None
    if kind in (8, 9):
        return kind - 8
    if kind in _INTEGERS:
        return int.from_bytes(raw, "big", signed=True)
    if kind < 12:
        raise ValueError("no value of this program")
    return raw if kind % 2 == 0 else raw.decode()


def _varint(content: bytes, at: int) -> tuple[int, int]:
    value = 0
    for step in range(9):
        byte = content[at + step]
        if step == 8:
            return value << 8 | byte, at + 9
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            break
    return value, at + step + 1

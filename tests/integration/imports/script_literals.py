"""The values of an object literal in a TypeScript file: strings, numbers, lists, objects and fragments of JSX."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*|/\*.*?\*/)
    |(?P<fragment><>.*?</>)
    |(?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`)
    |(?P<number>-?\d+(?:\.\d+)?)
    |(?P<word>[A-Za-z_$][\w$.]*)
    |(?P<sign>[{}\[\],:()=>;<|&?!+*/.-])""",
    re.DOTALL | re.VERBOSE,
)
_WORDS = {"true": True, "false": False, "null": None, "undefined": None}


def literal_after(source: str, mark: str) -> Any:
    """The literal that follows a mark ("= {")."""
    start = source.index(mark) + len(mark) - 1
    return _value(_tokens(source[start:]))


def _tokens(source: str) -> Iterator[tuple[str, str]]:
    place = 0
    while place < len(source):
        found = _TOKEN.match(source, place)
        assert found is not None, source[place : place + 60]
        place = found.end()
        if found.lastgroup != "space":
            yield str(found.lastgroup), found[0]
    yield "end", ""


def _value(tokens: Iterator[tuple[str, str]], first: tuple[str, str] | None = None) -> Any:
    kind, text = first or next(tokens)
    if text == "{":
        return dict(_pairs(tokens))
    if text == "[":
        return list(_items(tokens))
    if kind == "string":
        return re.sub(r"\\(.)", lambda each: {"n": "\n", "t": "\t"}.get(each[1], each[1]), text[1:-1], flags=re.DOTALL)
    if kind == "number":
        return float(text) if "." in text else int(text)
    return text[2:-3] if kind == "fragment" else _WORDS.get(text, text)


def _pairs(tokens: Iterator[tuple[str, str]]) -> Iterator[tuple[str, Any]]:
    for kind, text in tokens:
        if text == "}":
            return
        if text != ",":
            assert next(tokens)[1] == ":", text
            yield text[1:-1] if kind == "string" else text, _value(tokens)


def _items(tokens: Iterator[tuple[str, str]]) -> Iterator[Any]:
    for token in tokens:
        if token[1] == "]":
            return
        if token[1] != ",":
            yield _value(tokens, token)

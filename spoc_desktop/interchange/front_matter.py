"""The lines between `---` at the top of a file: a few keys with plain values, in a small part of YAML.

Only YAML's parser is used, never a constructor: values stay the text that was typed, so `no` is a language, `2026` a
title, and no tag, anchor or alias means anything.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar
from uuid import UUID

import yaml

from spoc_desktop.interchange.problems import FileReport, ProblemKind
from sync.content.clean import hidden_characters

MAX_CHARACTERS = 16_000
MAX_DEPTH = 2
_BLANKS = re.compile(r"[ \t\n]+")
_YES = {"yes": True, "no": False, "true": True, "false": False}

Choice = TypeVar("Choice")


@dataclass(frozen=True, slots=True)
class Page:
    """A file in two: its keys, and its text with the line on which that text begins."""

    fields: Fields
    body: str
    body_line: int


def read_page(text: str, here: FileReport) -> Page:
    """Split a file and read its keys. Where they cannot be read, `fields.broken` is set and the reason reported."""
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        here.add(1, ProblemKind.NO_FRONT_MATTER)
        return Page(Fields(here, {}, broken=True), text, 1)
    ends = [number for number, line in enumerate(lines[1:], 1) if line.rstrip() == "---"]
    if not ends:
        here.add(1, ProblemKind.FRONT_MATTER_OPEN)
        return Page(Fields(here, {}, broken=True), "", 1)
    header, body = "\n".join(lines[1 : ends[0]]), "\n".join(lines[ends[0] + 1 :])
    return Page(_fields(header, here), body, ends[0] + 2)


def _fields(header: str, here: FileReport) -> Fields:
    broken = Fields(here, {}, broken=True)
    if len(header) > MAX_CHARACTERS:
        here.add(1, ProblemKind.FRONT_MATTER_LONG, expected=str(MAX_CHARACTERS))
        return broken
    try:
        if not _plain(header, here):
            return broken
        root = yaml.compose(header, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        here.add(_line(error.problem_mark), ProblemKind.YAML, error.problem or "")
        return broken
    except yaml.YAMLError as error:
        here.add(2, ProblemKind.YAML, str(error))
        return broken
    if root is None:
        return Fields(here, {})
    if not isinstance(root, yaml.MappingNode):
        here.add(2, ProblemKind.YAML_SHAPE)
        return broken
    return Fields(here, _values(root, here))


def _plain(header: str, here: FileReport) -> bool:
    """Whether the header holds no anchor, alias, tag or deep nesting: asked before anything is built."""
    depth = 0
    for event in yaml.parse(header, Loader=yaml.SafeLoader):
        line = _line(event.start_mark)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            here.add(line, ProblemKind.YAML_ALIAS)
            return False
        if getattr(event, "tag", None):
            here.add(line, ProblemKind.YAML_TAG, str(getattr(event, "tag", "")))
            return False
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            here.add(line, ProblemKind.YAML_SHAPE)
            return False
    return True


def _line(mark: object) -> int:
    """The line in the file: below the opening `---`, and YAML counts from 0."""
    return int(getattr(mark, "line", 0)) + 2


def _values(root: yaml.MappingNode, here: FileReport) -> dict[str, _Value]:
    found: dict[str, _Value] = {}
    for key, value in root.value:
        line = _line(key.start_mark)
        if not isinstance(key, yaml.ScalarNode):
            here.add(line, ProblemKind.YAML_SHAPE)
        elif key.value in found:
            here.add(line, ProblemKind.KEY_TWICE, key.value)
        else:
            content = _text_or_list(value)
            # A quoted escape ("\\u202e") brings in what the file does not show, and what no record could hold.
            hidden = hidden_characters("\n".join(content) if isinstance(content, tuple) else content or "")
            here.add_troubles(replace(trouble, line=line) for trouble in hidden)
            found[key.value] = _Value(line, "?" if hidden else content)
    return found


def _text_or_list(node: yaml.Node) -> str | tuple[str, ...] | None:
    if isinstance(node, yaml.ScalarNode):
        return _BLANKS.sub(" ", node.value).strip(" ")
    if isinstance(node, yaml.SequenceNode) and all(isinstance(item, yaml.ScalarNode) for item in node.value):
        return tuple(_BLANKS.sub(" ", item.value).strip(" ") for item in node.value)
    return None


@dataclass(frozen=True, slots=True)
class _Value:
    line: int
    content: str | tuple[str, ...] | None


@dataclass(slots=True)
class Fields:
    """The keys of one file. Each is asked for once by its type; `finish` reports those that nobody asked for."""

    here: FileReport
    values: Mapping[str, _Value]
    broken: bool = False
    asked: list[str] = field(default_factory=list)

    def text(self, key: str, *, longest: int, required: bool = False) -> str:
        """A text on one line, "" where it is missing."""
        value = self._value(key, required=required)
        if value is None:
            return ""
        if not isinstance(value.content, str):
            self.here.add(value.line, ProblemKind.VALUE_NOT_TEXT, key)
            return ""
        if not value.content and required:
            self.here.add(value.line, ProblemKind.KEY_MISSING, key)
        if len(value.content) > longest:
            self.here.add(value.line, ProblemKind.VALUE_LONG, key, str(longest))
        return value.content

    def texts(self, key: str, *, longest: int, most: int) -> tuple[str, ...]:
        """A list of texts, empty where it is missing."""
        value = self._value(key)
        if value is None or value.content == "":
            return ()
        if not isinstance(value.content, tuple) or len(value.content) > most:
            self.here.add(value.line, ProblemKind.VALUE_NOT_LIST, key, str(most))
            return ()
        if any(len(item) > longest for item in value.content):
            self.here.add(value.line, ProblemKind.VALUE_LONG, key, str(longest))
        return tuple(filter(None, value.content))

    def number(self, key: str, low: int, high: int, *, default: int | None = None) -> int:
        """A whole number between two bounds; without a default it is required."""
        value = self._value(key, required=default is None)
        if value is None:
            return default or 0
        if isinstance(value.content, str) and re.fullmatch(r"[0-9]{1,6}", value.content):
            number = int(value.content)
            if low <= number <= high:
                return number
        self.here.add(value.line, ProblemKind.VALUE_NUMBER, key, f"{low}–{high}")
        return low

    def choice(self, key: str, choices: Mapping[str, Choice], *, default: Choice | None = None) -> Choice | None:
        """One of the words listed; without a default it is required. None after a problem."""
        value = self._value(key, required=default is None)
        if value is None:
            return default
        if isinstance(value.content, str) and value.content in choices:
            return choices[value.content]
        self.here.add(value.line, ProblemKind.VALUE_CHOICE, key, ", ".join(choices))
        return None

    def flag(self, key: str, *, default: bool) -> bool:
        """Yes or no."""
        return bool(self.choice(key, _YES, default=default))

    def identity(self, *, required: bool = False) -> bytes | None:
        """The 16 bytes of the `id` key (a UUID), None where it is missing."""
        value = self._value("id", required=required)
        if value is None:
            return None
        try:
            return UUID(value.content if isinstance(value.content, str) else "").bytes
        except ValueError:
            self.here.add(value.line, ProblemKind.VALUE_ID, "id")
            return None

    def line(self, key: str) -> int:
        """The line of a key, or the first."""
        return self.values[key].line if key in self.values else 1

    def has(self, key: str) -> bool:
        """Whether the author wrote this key."""
        return key in self.values

    def finish(self) -> None:
        """Report every key that was never asked for."""
        for key, value in self.values.items():
            if key not in self.asked:
                self.here.add(value.line, ProblemKind.KEY_UNKNOWN, key, ", ".join(self.asked))

    def _value(self, key: str, *, required: bool = False) -> _Value | None:
        self.asked.append(key)
        value = self.values.get(key)
        if value is None and required and not self.broken:
            self.here.add(1, ProblemKind.KEY_MISSING, key)
        return value


def write_header(values: Mapping[str, str | int | tuple[str, ...]]) -> str:
    """Keys and values between `---`, without those that are empty."""
    lines = ["---"]
    for key, value in values.items():
        if isinstance(value, tuple):
            lines += [f"{key}:", *(f"  - {_scalar(item)}" for item in value)] if value else []
        elif value != "":
            lines.append(f"{key}: {_scalar(value)}")
    return "\n".join([*lines, "---"])


_BARE = re.compile(r"[^\W_](?:[\w ()«»’'.,;/%@&!?\u00a0\u202f-]*[\w)».!?’])?")


def _scalar(value: str | int) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) or _BARE.fullmatch(value):
        return str(value)
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'

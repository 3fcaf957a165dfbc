"""The structs of a version as Python text: a small frozen copy, with which later bytes are read as that version would.

Also the way to compare two versions: a field that was released keeps its place and its type.
"""

from __future__ import annotations

import types
from enum import Enum
from typing import Any, NamedTuple, Union, get_args, get_origin, get_type_hints

import msgspec

from tests.golden.filling import is_struct, plain


class Field(NamedTuple):
    """A field of a struct: its name, its type as text, whether it may be left out."""

    name: str
    type: str
    optional: bool


class Frozen(NamedTuple):
    """A struct: its tag (None for none) and its fields in wire order."""

    tag: int | None
    fields: tuple[Field, ...]


def frozen(roots: list[type[Any]]) -> dict[str, Frozen]:
    """All structs that lie under some, by `module_Name`."""
    found: dict[str, Frozen] = {}
    waiting = list(roots)
    while waiting:
        type_ = waiting.pop()
        if _name(type_) in found:
            continue
        hints, info = get_type_hints(type_), {each.name: each for each in msgspec.structs.fields(type_)}
        fields = tuple(Field(name, _text(hints[name], waiting), not info[name].required) for name in info)
        tag = type_.__struct_config__.tag
        found[_name(type_)] = Frozen(tag if isinstance(tag, int) else None, fields)
    return dict(sorted(found.items()))


def source(structs: dict[str, Frozen]) -> str:
    """Python text that declares structs. What was said by default is None here: it is never left out."""
    lines = ["from __future__ import annotations", "", "import typing", "", "import msgspec", ""]
    for name, struct in structs.items():
        tag = "" if struct.tag is None else f", tag={struct.tag}"
        lines += ["", f"class {name}(msgspec.Struct, frozen=True, array_like=True, kw_only=True{tag}):"]
        lines += [f"    {each.name}: {each.type}{' = None' if each.optional else ''}" for each in struct.fields]
        lines += [] if struct.fields else ["    pass"]
    return "\n".join(lines) + "\n"


def breaks(released: dict[str, Frozen], present: dict[str, Frozen]) -> list[str]:
    """What a released program would read otherwise, or not at all."""
    found = []
    for name, was in released.items():
        now = present.get(name)
        if now is None:
            found.append(f"{name} is gone")
            continue
        if was.tag != now.tag:
            found.append(f"{name} has another tag")
        for place, field in enumerate(was.fields):
            if place >= len(now.fields) or now.fields[place].name != field.name:
                found.append(f"{name}.{field.name} is no longer field {place}")
            elif not _reads(field.type, now.fields[place].type):
                found.append(f"{name}.{field.name} was {field.type}, is {now.fields[place].type}")
        found += [
            f"{name}.{field.name} is new and has no default"
            for field in now.fields[len(was.fields) :]
            if not field.optional
        ]
    return found


def _reads(was: str, now: str) -> bool:
    """The same type, or a union that has grown."""
    return was == now or set(was.split(" | ")) < set(now.split(" | "))


def _name(type_: type[Any]) -> str:
    return f"{type_.__module__.rsplit('.', 1)[-1]}_{type_.__name__}"


def _text(hint: Any, waiting: list[type[Any]]) -> str:
    hint = plain(hint)
    origin, args = get_origin(hint), get_args(hint)
    if is_struct(hint):
        waiting.append(hint)
        return _name(hint)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return "int" if issubclass(hint, int) else "str"
    if origin in (Union, types.UnionType):
        return " | ".join(sorted(_text(each, waiting) for each in args))
    if origin is not None:
        inner = ", ".join("..." if each is Ellipsis else _text(each, waiting) for each in args)
        return f"{origin.__name__}[{inner}]"
    if hint is Any:
        return "typing.Any"
    if hint is msgspec.Raw:
        return "msgspec.Raw"
    return "None" if hint is type(None) else str(hint.__name__)

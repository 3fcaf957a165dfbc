"""A filled example of every message and of every kind's body, the same in every run, worked out of the declarations.

Runs on the code of a released version, too: it takes nothing for granted but the modules' names.
"""

from __future__ import annotations

import types
from enum import Enum
from importlib import import_module
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints

import msgspec

MESSAGE_MODULES = ("sync.protocol.messages", "sync.protocol.parts")
_DEEP = 2


class Filler:
    """Values for types; each number and text is another one."""

    def __init__(self) -> None:
        self._count = 0

    def struct(self, type_: type[Any], depth: int = 0) -> Any:
        """A struct with every field filled."""
        hints = get_type_hints(type_)
        return type_(**{name: self.value(hints[name], depth) for name in type_.__struct_fields__})

    def value(self, hint: Any, depth: int = 0) -> Any:
        """A value of a type."""
        hint = plain(hint)
        if is_struct(hint):
            return self.struct(hint, depth + 1)
        if isinstance(hint, type) and issubclass(hint, Enum):
            return max(hint, key=lambda each: each.value)
        origin = get_origin(hint)
        if origin in (Union, types.UnionType):
            return self.value(members(hint)[0], depth)
        if origin in (tuple, list):
            return self._many(origin, get_args(hint), depth)
        if origin is dict:
            key, value = get_args(hint)
            return {self.value(key, depth): self.value(value, depth)}
        return self._simple(hint)

    def _many(self, origin: Any, args: tuple[Any, ...], depth: int) -> Any:
        if origin is tuple and args[-1] is not Ellipsis:
            return tuple(self.value(each, depth) for each in args)
        item = plain(args[0])
        wanted = members(item) if get_origin(item) in (Union, types.UnionType) else [item]
        if depth >= _DEEP and len(wanted) > 1:
            wanted = [each for each in wanted if not (is_struct(each) and is_tree(each))]
        return origin(self.value(each, depth) for each in wanted)

    def _simple(self, hint: Any) -> Any:
        self._count += 1
        if hint is bytes:
            return self._count.to_bytes(16, "big")
        made = {
            int: self._count,
            str: f"texte {self._count} é",
            float: self._count + 0.5,
            bool: True,
            msgspec.Raw: msgspec.Raw(msgspec.msgpack.encode([self._count, "raw"])),
            Any: self._count,
        }
        return made[hint]


def plain(hint: Any) -> Any:
    """A type without its own name."""
    while isinstance(hint, NewType):
        hint = hint.__supertype__
    return hint


def is_struct(hint: Any) -> bool:
    """Whether a type is a struct."""
    return isinstance(hint, type) and issubclass(hint, msgspec.Struct)


def is_tree(type_: type[Any]) -> bool:
    """Whether a struct has a union of structs inside, which may hold it again."""
    text = repr(get_type_hints(type_))
    return " | " in text or "Union" in text


def members(union: Any) -> list[Any]:
    """What a union may be, without None and without what is never sent."""
    return [
        each
        for each in map(plain, get_args(union))
        if each is not type(None) and getattr(each, "__name__", "") != "Unknown"
    ]


def message_types() -> dict[str, type[Any]]:
    """Every message and every part of one, by name."""
    found = {}
    for name in MESSAGE_MODULES:
        try:
            module = import_module(name)
        except ModuleNotFoundError:
            continue
        for each in vars(module).values():
            if is_struct(each) and each.__module__ == name:
                found[each.__name__] = each
    return found


def bodies() -> dict[str, Any]:
    """Every kind by its number and name."""
    kinds = import_module("sync.domain.kinds").KINDS
    return {f"{number:03d} {kind.name}": kind for number, kind in sorted(kinds.items())}

"""What is in a value, as JSON can say it and a person can read it: structs by their fields' names."""

from __future__ import annotations

from enum import Enum
from typing import Any

import msgspec


def told(value: Any) -> Any:
    """A value for a person to read; the same for equal values."""
    if isinstance(value, msgspec.Struct):
        return {"": type(value).__name__} | {name: told(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, msgspec.Raw):
        return told(msgspec.msgpack.decode(bytes(value)))
    if isinstance(value, bytes):
        return "hex:" + value.hex()
    if isinstance(value, dict):
        return {str(key): told(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [told(each) for each in value]
    return value


def lacks(released: Any, present: Any, where: str = "") -> list[str]:
    """Where something that was released is read otherwise now. Fields that came later are no lack."""
    if isinstance(released, dict) and isinstance(present, dict):
        return [
            line
            for name, value in released.items()
            if name
            for line in (
                lacks(value, present[name], f"{where}.{name}") if name in present else [f"{where}.{name} is gone"]
            )
        ]
    if isinstance(released, list) and isinstance(present, list) and len(released) == len(present):
        pairs = enumerate(zip(released, present, strict=True))
        return [line for place, (one, two) in pairs for line in lacks(one, two, f"{where}[{place}]")]
    return [] if released == present else [f"{where}: {released!r} was released, {present!r} is read"]

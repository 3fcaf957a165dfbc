"""Files: named by the SHA-256 of their bytes, sent apart from the records that name them (protocol rule 7).

A record holds an `Attachment`, never bytes. The right to read a file is any readable record that names it.
"""

from functools import cache
from typing import Any, get_args, get_type_hints

import msgspec

SHA256_BYTES = 32
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")
"""Letters that turn the direction of writing: with them `exe.pdf` can be read where `fdp.exe` stands (attack A15)."""


class Attachment(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """A file as a record names it: `name` is what people read, never a path; `size` in bytes, `type` a media type."""

    sha256: bytes
    name: str
    size: int
    type: str = ""


def attachments_in(value: Any) -> tuple[Attachment, ...]:
    """Every file that a body names, wherever in it, in reading order."""
    if isinstance(value, Attachment):
        return (value,)
    if isinstance(value, msgspec.Struct):
        return tuple(found for name in may_name_files(type(value)) for found in attachments_in(getattr(value, name)))
    if isinstance(value, tuple):
        return tuple(found for part in value for found in attachments_in(part))
    return ()


@cache
def may_name_files(type_: type[msgspec.Struct]) -> tuple[str, ...]:
    """The fields of a struct in which a file can be named: most have one or none, and records come by the thousand."""
    hints = get_type_hints(type_)
    return tuple(name for name in type_.__struct_fields__ if _leads_to_files(hints[name], set()))


def _leads_to_files(hint: Any, seen: set[Any]) -> bool:
    if hint is Attachment:
        return True
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        if hint in seen:
            return False
        seen.add(hint)
        return any(_leads_to_files(each, seen) for each in get_type_hints(hint).values())
    return hint is Any or any(_leads_to_files(each, seen) for each in get_args(hint))


def is_named_well(attachment: Attachment) -> bool:
    """Whether an attachment can be a file at all: a hash of the right length, a size, a name without a path."""
    name = attachment.name
    return (
        len(attachment.sha256) == SHA256_BYTES
        and attachment.size >= 0
        and 0 < len(name) <= _LONGEST_NAME
        and not any(letter in "/\\" or letter < " " or letter in TURNING for letter in name)
    )


_LONGEST_NAME = 200

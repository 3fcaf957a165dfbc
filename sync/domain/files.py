"""Files: named by the SHA-256 of their bytes, sent apart from the records that name them (protocol rule 7).

A record holds an `Attachment`, never bytes. The right to read a file is any readable record that names it.
"""

from typing import Any

import msgspec

SHA256_BYTES = 32


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
        return tuple(found for name in value.__struct_fields__ for found in attachments_in(getattr(value, name)))
    if isinstance(value, tuple):
        return tuple(found for part in value for found in attachments_in(part))
    return ()


def is_named_well(attachment: Attachment) -> bool:
    """Whether an attachment can be a file at all: a hash of the right length, a size, a name without a path."""
    name = attachment.name
    return (
        len(attachment.sha256) == SHA256_BYTES
        and attachment.size >= 0
        and 0 < len(name) <= _LONGEST_NAME
        and not any(letter in "/\\" or letter < " " for letter in name)
    )


_LONGEST_NAME = 200

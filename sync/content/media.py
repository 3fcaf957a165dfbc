"""Files that a text names by a path below `media/`: pictures and documents of the course, never an address of outside.

The files themselves are looked at before (`pictures`): here they are found by the path that an author wrote.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import unquote

from sync.domain.files import Attachment

FOLDER = "media"

Files = Mapping[str, Attachment | None]
"""Attachments by their path ("media/badge.png"). None: the file is there and was refused, with its own sentence."""
NO_FILES: Files = MappingProxyType({})
"""For a text that can show no file at all: an answer, a name."""

_PATH = re.compile(rf"(?:\./|\.\./)?({FOLDER}/[^\\:?#]+)")


def media_path(address: str) -> str | None:
    """The path of a file of the course that an address names ("../media/a%20b.png": "media/a b.png"), else None."""
    found = _PATH.fullmatch(unquote(address))
    if found is None or any(part in {"", ".", ".."} for part in found[1].split("/")):
        return None
    return found[1]


def written_path(name: str) -> str:
    """The address of a file below `media/` as it stands in a text; `name` may hold a folder of its own."""
    address = f"{FOLDER}/{name}".replace("%", "%25").replace("&", "&amp;")
    return f"<{address}>" if re.search(r"[\s()]", address) else address

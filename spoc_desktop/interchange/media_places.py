"""Where each file of a course goes when the course is written as a folder: one path below `media/` a file."""

from __future__ import annotations

import re
from typing import Any, TypeVar

import msgspec

from spoc_desktop.interchange.media import TYPES
from sync.domain.files import Attachment

Body = TypeVar("Body", bound=msgspec.Struct)
_ENDINGS = {type_: ending for ending, type_ in reversed(TYPES.items())}
_STRANGE = re.compile(r"[^\w .()+,'’-]+")


class Places:
    """Gives every file a path that no other has; twins of a name get a numbered folder of their own."""

    def __init__(self) -> None:
        self.paths: dict[str, Attachment] = {}
        self._taken: dict[str, Attachment] = {}

    def placed(self, body: Body) -> Body:
        """The same record, each file in it named by its path below `media/`."""
        placed: Body = self._placed(body)
        return placed

    def _placed(self, value: Any) -> Any:
        if isinstance(value, Attachment):
            return msgspec.structs.replace(value, name=self._path(value))
        if isinstance(value, msgspec.Struct):
            fields = {name: self._placed(getattr(value, name)) for name in value.__struct_fields__}
            return msgspec.structs.replace(value, **fields)
        if isinstance(value, tuple):
            return tuple(map(self._placed, value))
        return value

    def _path(self, file: Attachment) -> str:
        name = _writable(file)
        path, number = name, 1
        while self._taken.setdefault(path.casefold(), file) != file:
            number += 1
            path = f"{number}/{name}"
        self.paths[path] = file
        return path


def _writable(file: Attachment) -> str:
    """The file's name where a folder can hold it, else the nearest that it can."""
    stem, _, ending = file.name.rpartition(".")
    if TYPES.get(ending.lower()) != file.type:
        stem, ending = file.name, _ENDINGS.get(file.type, "pdf")
    plain = _STRANGE.sub("-", stem).strip(" .-(+,'’")[:90].strip() or "fichier"
    return f"{plain}.{ending}"

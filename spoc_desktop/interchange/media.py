"""The files of a course folder: what lies in `media/`, each of a listed type, looked at before a record names it.

The ending of a name says the type and the first bytes must agree. SVG is refused: it is a program as much as a picture.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from spoc_desktop.interchange.folder_files import Entry, opened
from spoc_desktop.interchange.folder_source import Source
from spoc_desktop.interchange.problems import FileReport, ProblemKind, Report
from sync.content.media import FOLDER
from sync.content.pictures import MAX_SIDE, Picture, read_picture
from sync.domain.files import Attachment
from sync.protocol.limits import MAX_CAPTIONS, MAX_IN_MEMORY, MAX_PICTURE

PICTURES = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "webp": "image/webp", "gif": "image/gif"}
VIDEOS = {"mp4": "video/mp4", "webm": "video/webm"}
CAPTIONS = {"vtt": "text/vtt"}
DOCUMENTS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
}
TYPES = PICTURES | VIDEOS | CAPTIONS | DOCUMENTS

_NAME = re.compile(r"[\w][\w .()+,'’-]{0,99}")
_HEAD = 4096
_PIECE = 1024 * 1024


@dataclass(slots=True)
class Media:
    """What lies in `media/`: attachments by path (None: refused, and told), and where the bytes are."""

    files: dict[str, Attachment | None] = field(default_factory=dict)
    paths: dict[bytes, Path] = field(default_factory=dict)

    def path_of(self, attachment: Attachment) -> Path:
        """Where the bytes of one of these attachments lie."""
        return self.paths[attachment.sha256]

    def report_unused(self, used: Iterable[Attachment], report: Report) -> None:
        """Name the files that no text names: they do not come in."""
        named = {(each.sha256, each.name) for each in used}
        for path, attachment in self.files.items():
            if attachment is not None and (attachment.sha256, attachment.name) not in named:
                report.of(path).add(0, ProblemKind.MEDIA_UNUSED)


def read_media(source: Source, report: Report) -> Media:
    """Look at every file in `media/` and in the folders right below it."""
    media = Media()
    if any(entry.name == FOLDER and entry.is_folder for entry in source.entries("", Report())):
        _read_folder(source, FOLDER, media, report)
    return media


def _read_folder(source: Source, folder: str, media: Media, report: Report) -> None:
    for entry in source.entries(folder, report):
        here = report.of(entry.name)
        if entry.is_folder and folder == FOLDER:
            _read_folder(source, entry.name, media, report)
        elif entry.is_folder:
            here.add(0, ProblemKind.FOLDER_TOO_DEEP)
        else:
            media.files[entry.name] = look_at(entry, media, here)


def look_at(entry: Entry, media: Media, here: FileReport) -> Attachment | None:
    """What a record names a file by, its bytes remembered in `media`; None for a file that is refused, and told."""
    name = entry.name.rpartition("/")[2]
    ending = name.rpartition(".")[2].lower()
    if ending == "svg":
        here.add(0, ProblemKind.MEDIA_SVG)
    elif ending not in TYPES:
        here.add(0, ProblemKind.MEDIA_TYPE, ending, ", ".join(TYPES))
    elif not _NAME.fullmatch(name):
        here.add(0, ProblemKind.MEDIA_NAME, name)
    else:
        return _taken(entry.path, name, TYPES[ending], media, here)
    return None


def _taken(path: Path, name: str, type_: str, media: Media, here: FileReport) -> Attachment | None:
    most = _most(type_)
    digest, size, head = sha256(), 0, b""
    try:
        with opened(path) as file:
            while piece := file.read(_PIECE):
                size += len(piece)
                if size > most:
                    here.add(0, ProblemKind.MEDIA_TOO_BIG, expected=str(most // (1024 * 1024)))
                    return None
                # A picture is looked at whole: whether it moves shows only past its first frame.
                head = head + piece if type_.startswith("image/") else head or piece[:_HEAD]
                digest.update(piece)
    except OSError as error:
        here.add(0, ProblemKind.UNREADABLE, error.strerror or "")
        return None
    if not _agrees(head, type_, here):
        return None
    media.paths[digest.digest()] = path
    return Attachment(sha256=digest.digest(), name=name, size=size, type=type_)


def _most(type_: str) -> int:
    if type_.startswith("image/"):
        return MAX_PICTURE
    return MAX_CAPTIONS if type_ in CAPTIONS.values() else MAX_IN_MEMORY


def _agrees(head: bytes, type_: str, here: FileReport) -> bool:
    """Whether the bytes are what the name says, and a picture one that can be shown."""
    if type_.startswith("image/"):
        return _shows(read_picture(head), type_, here)
    starts = {"application/pdf": b"%PDF-", "text/vtt": b"WEBVTT", "video/webm": b"\x1a\x45\xdf\xa3"}
    head = head.removeprefix(b"\xef\xbb\xbf") if type_ == "text/vtt" else head
    agrees = head[4:8] == b"ftyp" if type_ == "video/mp4" else head.startswith(starts.get(type_, b"PK\x03\x04"))
    if not agrees:
        here.add(0, ProblemKind.MEDIA_CONTENT)
    return agrees


def _shows(picture: Picture | None, type_: str, here: FileReport) -> bool:
    if picture is None or picture.type != type_ or not picture.width or not picture.height:
        here.add(0, ProblemKind.MEDIA_CONTENT)
    elif picture.too_large:
        here.add(0, ProblemKind.PICTURE_TOO_LARGE, f"{picture.width} × {picture.height}", str(MAX_SIDE))
    elif picture.moves:
        here.add(0, ProblemKind.PICTURE_MOVES)
    else:
        return True
    return False

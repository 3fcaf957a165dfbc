"""Names in a course folder: a number for the order, then the lasting name (`10-mots-de-passe`)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from spoc_desktop.interchange.folder_files import Entry
from spoc_desktop.interchange.problems import ProblemKind, Report

_NAME = re.compile(r"(\d{1,3})-([a-z0-9]+(?:-[a-z0-9]+)*)")
_ASIDE = re.compile(r"(?:README|LICENSE|LICENCE)(?:\..*)?", re.IGNORECASE)
_MEDIA = frozenset({"images", "media", "files"})
MAX_SLUG = 48


@dataclass(frozen=True, slots=True)
class Named:
    """A module's folder or an activity's file, with the name that its id comes from."""

    number: int
    slug: str
    entry: Entry


def named(found: Sequence[Entry], report: Report, *, folders: bool) -> list[Named]:
    """The modules (or the activities) among what was found, in their order; everything else is reported."""
    numbered: list[Named] = []
    for entry in found:
        own = entry.name.rpartition("/")[2]
        here = report.of(entry.name)
        name = _NAME.fullmatch(own if folders else own.removesuffix(".md"))
        if entry.is_folder is not folders or (not folders and not own.endswith(".md")):
            if not _ASIDE.fullmatch(own):
                nested = entry.is_folder and own not in _MEDIA
                here.add(0, ProblemKind.FOLDER_TOO_DEEP if nested else ProblemKind.FILE_LEFT_OUT)
        elif name is None or len(name[2]) > MAX_SLUG:
            here.add(0, ProblemKind.FILE_LEFT_OUT if own in _MEDIA else ProblemKind.NAME)
        else:
            numbered.append(Named(int(name[1]), name[2], entry))
    numbered.sort(key=lambda each: (each.number, each.slug))
    _report_twins(numbered, report)
    return numbered


def _report_twins(numbered: Sequence[Named], report: Report) -> None:
    for place, each in enumerate(numbered):
        before = numbered[:place]
        here = report.of(each.entry.name)
        if any(other.number == each.number for other in before):
            here.add(0, ProblemKind.NUMBER_TAKEN, str(each.number))
        if any(other.slug == each.slug for other in before):
            here.add(0, ProblemKind.SLUG_TAKEN, each.slug)


def slug_of(title: str, taken: set[str]) -> str:
    """A name for a title that is not taken yet: plain letters, digits and hyphens, at most 48 of them."""
    plain = unicodedata.normalize("NFKD", title.casefold().replace("œ", "oe").replace("æ", "ae"))
    words = re.findall(r"[a-z0-9]+", "".join(c for c in re.sub("[’']", " ", plain) if not unicodedata.combining(c)))
    stem = "-".join(words)[: MAX_SLUG - 4].strip("-") or "sans-titre"
    slug, number = stem, 1
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    taken.add(slug)
    return slug

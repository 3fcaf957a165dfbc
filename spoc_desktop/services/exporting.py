"""What the server refused is the person's own: their words and their files, written into a folder of their choice."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from spoc_desktop.i18n import _
from spoc_desktop.services.files import CourseFiles, safe_name
from sync.domain.files import Attachment

if TYPE_CHECKING:
    from spoc_desktop.services.attention import AttentionItem

_MOST = 1000


def export_item(files: CourseFiles, item: "AttentionItem", folder: Path) -> Path:
    """Write the words into a text file and each attached file beside it, in a new folder; where they are.

    Nothing that is there already is touched. A file whose bytes are gone is left out. OSError.
    """
    return export_words(files, item.what, item.texts, item.files, folder)


def export_words(
    files: CourseFiles, title: str, texts: Sequence[str], attached: Iterable[Attachment], folder: Path
) -> Path:
    """The same for words and attachments from elsewhere, in a folder of that title."""
    place = _new_folder(folder / safe_name(title))
    if texts:
        (place / safe_name(_("Your text.txt"))).write_text("\n\n".join(texts), encoding="utf-8")
    for file in attached:
        if files.has(file.sha256):
            files.save(file, _free(place / safe_name(file.name)))
    return place


def _new_folder(wanted: Path) -> Path:
    for n in range(1, _MOST):
        path = wanted if n == 1 else wanted.with_name(f"{wanted.name} ({n})")
        try:
            path.mkdir()
        except FileExistsError:
            continue
        return path
    raise FileExistsError(wanted)


def _free(wanted: Path) -> Path:
    """The name, or one like it, that no other file of the folder has."""
    names = (wanted if n == 1 else wanted.with_stem(f"{wanted.stem} ({n})") for n in range(1, _MOST))
    return next(path for path in names if not path.exists())

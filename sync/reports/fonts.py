"""The faces of documents: two of our own, and those that take over where a name is written in another script."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple
from unicodedata import category

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "fonts"
SERIF, SANS, MONO = "serif", "sans", "mono"
_IGNORABLE = {"\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\ufe0e", "\u00ad"}


class Face(NamedTuple):
    """A face under a name; `style` as fpdf2 says it: B for semi-bold, I for italic."""

    family: str
    style: str
    file: str


OWN = (
    Face(SERIF, "", "SourceSerif4_400Regular.ttf"),
    Face(SERIF, "B", "SourceSerif4_600SemiBold.ttf"),
    Face(SERIF, "I", "SourceSerif4_400Regular_Italic.ttf"),
    Face(SANS, "", "Inter_400Regular.ttf"),
    Face(SANS, "B", "Inter_600SemiBold.ttf"),
    Face(MONO, "", "JetBrainsMono_400Regular.ttf"),
)


class Unprintable(ValueError):
    """A character that no face has; it is never printed as a box."""

    def __init__(self, letters: Iterable[str]) -> None:
        super().__init__(", ".join(f"U+{ord(letter):04X}" for letter in sorted(letters)))


def fallbacks_for(texts: Iterable[str]) -> tuple[Face, ...]:
    """The faces that have to stand behind our own to print texts. Unprintable when one character is in none.

    Each of our own faces is asked: a letter that the serif has may be missing in its italic.
    """
    letters = {letter for text in texts for letter in text if not _is_silent(letter)}
    left = {letter for letter in letters if any(ord(letter) not in _letters(face.file) for face in OWN[:5])}
    found = []
    for path in _fallback_files():
        covered = {letter for letter in left if ord(letter) in _letters(path)}
        if covered:
            found.append(Face(Path(path).stem.lower(), "", path))
            left -= covered
    unknown = {letter for letter in left if not any(ord(letter) in _letters(face.file) for face in OWN[:2])}
    if unknown:
        raise Unprintable(unknown)
    return tuple(found)


def _is_silent(letter: str) -> bool:
    return letter in _IGNORABLE or letter.isspace() or category(letter) == "Cc"


def _fallback_files() -> list[str]:
    """Noto by script first; the large face for Chinese, Japanese and Korean last."""
    names = sorted(path.name for path in (FOLDER / "fallback").glob("*.ttf"))
    return [f"fallback/{name}" for name in sorted(names, key=lambda name: name.startswith("Droid"))]


@cache
def _letters(file: str) -> frozenset[int]:
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    with TTFont(FOLDER / file, lazy=True) as font:
        return frozenset(font.getBestCmap())

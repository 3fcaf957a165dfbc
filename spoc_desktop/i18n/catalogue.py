"""Gettext catalogues read straight from their .po files, and the functions that look a message up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

LANGUAGES: Mapping[str, str] = {"fr": "Français", "en": "English"}
"""Languages the program speaks, each under its own name."""

DIRECTORY = Path(__file__).resolve().parents[2] / "resources" / "translations"
DOMAIN = "spoc_desktop"

_PLURAL: Mapping[str, Callable[[int], int]] = {
    "fr": lambda n: int(abs(n) >= 2),
    "en": lambda n: int(n != 1),
}
_ESCAPES = {"n": "\n", "t": "\t", '"': '"', "\\": "\\"}

Key = tuple[str | None, str]


class CatalogueError(Exception):
    """A catalogue that cannot be read: `path` and `line` say where."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        super().__init__(f"{path}:{line}: {reason}")
        self.path = path
        self.line = line
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All messages of one language; a message with plurals has one string a form."""

    language: str
    messages: Mapping[Key, tuple[str, ...]] = field(default_factory=dict)

    def get(self, message: str, context: str | None = None) -> str:
        """The message in this language, or the English id where it is missing."""
        found = self.messages.get((context, message))
        return found[0] if found and found[0] else message

    def plural(self, one: str, many: str, n: int, context: str | None = None) -> str:
        """The form of the message that goes with the number `n`."""
        found = self.messages.get((context, one))
        form = _PLURAL.get(self.language, _PLURAL["en"])(n)
        if found and form < len(found) and found[form]:
            return found[form]
        return one if n == 1 else many


@dataclass(slots=True)
class _Entry:
    """One message while its lines are being read."""

    parts: dict[str, list[str]] = field(default_factory=dict)
    fuzzy: bool = False

    def text(self, name: str) -> str:
        return "".join(self.parts.get(name, ()))

    def forms(self) -> tuple[str, ...]:
        if "msgstr" in self.parts:
            return (self.text("msgstr"),)
        names = sorted(name for name in self.parts if name.startswith("msgstr["))
        return tuple(self.text(name) for name in names)

    def key(self) -> Key:
        return (self.text("msgctxt") if "msgctxt" in self.parts else None, self.text("msgid"))


def _unquote(quoted: str, path: Path, line: int) -> str:
    if len(quoted) < 2 or quoted[0] != '"' or quoted[-1] != '"':
        raise CatalogueError(path, line, "a string must stand between double quotes")
    body = quoted[1:-1]
    if "\\" not in body:
        return body
    letters = iter(body)
    return "".join(_ESCAPES.get(next(letters, ""), "") if letter == "\\" else letter for letter in letters)


def read_catalogue(path: Path, language: str) -> Catalogue:
    """Read a .po file. Fuzzy and empty messages fall back to English. Raises CatalogueError."""
    messages: dict[Key, tuple[str, ...]] = {}
    entry = _Entry()
    current: list[str] | None = None

    def close() -> None:
        key = entry.key()
        if key[1] and not entry.fuzzy:
            messages[key] = entry.forms()

    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = raw.strip()
        if not line:
            close()
            entry, current = _Entry(), None
        elif line.startswith("#"):
            entry.fuzzy |= line.startswith("#,") and "fuzzy" in line
        elif line.startswith('"'):
            if current is None:
                raise CatalogueError(path, number, "a string without a keyword before it")
            current.append(_unquote(line, path, number))
        else:
            name, _space, rest = line.partition(" ")
            if not name.startswith(("msgid", "msgstr", "msgctxt")):
                raise CatalogueError(path, number, f"unknown keyword {name}")
            current = entry.parts.setdefault(name, [])
            current.append(_unquote(rest.strip(), path, number))
    close()
    return Catalogue(language, messages)


class _Spoken:
    """The catalogue in use, and those read so far."""

    def __init__(self) -> None:
        self.current = Catalogue("en")
        self.read: dict[str, Catalogue] = {}


_spoken = _Spoken()


def use(language: str) -> None:
    """Speak this language from now on; an unknown one is answered with English. Raises CatalogueError."""
    code = language if language in LANGUAGES else "en"
    if code not in _spoken.read:
        path = DIRECTORY / code / "LC_MESSAGES" / f"{DOMAIN}.po"
        _spoken.read[code] = read_catalogue(path, code) if path.exists() else Catalogue(code)
    _spoken.current = _spoken.read[code]


def language() -> str:
    """Two-letter code of the language spoken now."""
    return _spoken.current.language


def _(message: str) -> str:
    """The message in the person's language; fill placeholders after the call, never before."""
    return _spoken.current.get(message)


def pgettext(context: str, message: str) -> str:
    """Like `_` for a word that needs a context, as "Open" the verb and "Open" the state."""
    return _spoken.current.get(message, context)


def ngettext(one: str, many: str, n: int) -> str:
    """The message in the form that goes with `n`; the number itself is filled in after the call."""
    return _spoken.current.plural(one, many, n)


def npgettext(context: str, one: str, many: str, n: int) -> str:
    """Like `ngettext` with a context."""
    return _spoken.current.plural(one, many, n, context)

"""The French and English catalogues: collect the program's texts, and check that each language has them all.

`python -m tools.catalogues update` adds new texts and drops those that are gone; `check` fails with one line a fault.
English texts are the ids themselves; French ones are written by hand in the .po file, which the program reads as it is.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "spoc_desktop"
TRANSLATIONS = ROOT / "resources" / "translations"
LANGUAGES = ("fr", "en")
KEYWORDS = {
    "_": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
HEADER = """# Texts of SPOC Desktop. New ones are added by: make catalogues
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""
PLURALS = {"fr": "nplurals=2; plural=(n > 1);", "en": "nplurals=2; plural=(n != 1);"}
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_FRENCH = (
    (re.compile(r"[^\u202f][;!?](\s|$)"), "; ! ? take U+202F before them"),
    (re.compile(r"[^\u00a0\d]:(\s|$)"), ": takes U+00A0 before it"),
    (re.compile(r"«[^\u00a0]|[^\u00a0]»"), "« » take U+00A0 inside"),
    (re.compile(r"'"), "the apostrophe is ’"),
)


def path_of(language: str, folder: Path = TRANSLATIONS) -> Path:
    """The catalogue of a language."""
    return folder / language / "LC_MESSAGES" / "spoc_desktop.po"


def collect(source: Path = SOURCE) -> Catalog:
    """All texts of the program with the files they stand in."""
    found = Catalog()
    methods = [("**.py", "python")]
    for name, _line, message, _comments, context in extract_from_dir(source, methods, keywords=KEYWORDS):
        found.add(message, locations=[(f"{source.name}/{name}", 0)], context=context)
    return found


def load(language: str, folder: Path = TRANSLATIONS) -> Catalog:
    """The catalogue as it lies on the disk, empty when there is none."""
    path = path_of(language, folder)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as stream:
        return read_po(stream, locale=language)


def update(folder: Path = TRANSLATIONS, source: Path = SOURCE) -> None:
    """Bring every catalogue up to the program's texts; what was translated stays."""
    template = collect(source)
    for language in LANGUAGES:
        catalogue = load(language, folder)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        if language == "en":
            for message in texts(catalogue):
                message.string = message.id
        path = path_of(language, folder)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as stream:
            stream.write(HEADER.format(language=language, plurals=PLURALS[language]).encode())
            write_po(stream, catalogue, width=0, omit_header=True, sort_output=True, include_lineno=False)


def texts(catalogue: Catalog) -> list[Message]:
    """All messages but the header."""
    return [message for message in catalogue if message.id]


def faults(folder: Path = TRANSLATIONS, source: Path = SOURCE) -> Iterator[str]:
    """One sentence for each text that is missing, fuzzy, filled differently, or against French typography."""
    template = collect(source)
    for language in LANGUAGES:
        catalogue = load(language, folder)
        for wanted in texts(template):
            found = catalogue.get(_first(wanted.id), wanted.context)
            if found is None:
                yield f"{language}: not in the catalogue (make catalogues): {_first(wanted.id)!r}"
                continue
            yield from (f"{language}: {reason}: {_first(wanted.id)!r}" for reason in _reasons(found, language))


def _reasons(message: Message, language: str) -> Iterator[str]:
    sources, translated = _forms(message.id), _forms(message.string)
    if message.fuzzy:
        yield "fuzzy"
    if len(translated) < len(sources) or not all(translated):
        yield "not translated"
        return
    wanted = set(_PLACEHOLDER.findall(sources[-1]))
    # The form for one may say "one" in words; the form for many needs every number.
    if any(set(_PLACEHOLDER.findall(text)) - wanted for text in translated) or (
        set(_PLACEHOLDER.findall(translated[-1])) != wanted
    ):
        yield f"placeholders differ from {sorted(wanted)}"
    if language == "fr":
        bare = [_PLACEHOLDER.sub("x", text) for text in translated]
        yield from (words for pattern, words in _FRENCH if any(pattern.search(text) for text in bare))


def _first(identity: str | tuple[str, ...] | list[str]) -> str:
    return identity if isinstance(identity, str) else identity[0]


def _forms(text: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [text] if isinstance(text, str) else list(text or ())


def main(arguments: list[str]) -> int:
    """Run `update` or `check`; 1 when something is wrong."""
    if arguments == ["update"]:
        update()
    elif arguments != ["check"]:
        print("python -m tools.catalogues update | check")
        return 2
    found = list(faults())
    for fault in found:
        print(fault)
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

"""Collects the program's texts into its catalogues (`update`) and says what is missing or wrong in them (`check`).

The program's English is written in the code. `fr` must hold a translation of every text; `en` repeats the text, so that
a later correction of the English needs no change of code.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "spoc_desktop"
TRANSLATIONS = ROOT / "resources" / "translations"
DOMAIN = "spoc_desktop"
LANGUAGES = ("fr", "en")
KEYWORDS = {"_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3)}
PLACEHOLDER = re.compile(r"\{[a-z_0-9.!:,]*\}")
PLAIN_SPACE_BEFORE_SIGN = re.compile(r"\w [;!?:»]|« |[^\u202f\s!?][;!?](?![\w#/=&])|\w'\w")
"""French typography: U+202F before ; ! ?, U+00A0 before : and inside guillemets, the typographic apostrophe."""


def path_of(language: str) -> Path:
    """The catalogue of one language."""
    return TRANSLATIONS / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def collect() -> Catalog:
    """Every text that the program's code asks for, in order of file and line, without line numbers."""
    catalogue = Catalog(domain=DOMAIN)
    found = extract_from_dir(SOURCES, [("**.py", "python")], keywords=KEYWORDS, comment_tags=("Translators:",))
    for name, _line, message, comments, context in sorted(found, key=lambda one: (one[0], one[1])):
        catalogue.add(message, locations=[(f"spoc_desktop/{name}", 0)], auto_comments=comments, context=context)
    return catalogue


def read(language: str) -> Catalog:
    """The catalogue of a language as it stands; an empty one where there is none yet."""
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language, domain=DOMAIN)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN)


def update() -> None:
    """Bring both catalogues to what the code asks for now. New French texts are left empty for a person to write."""
    template = collect()
    for language in LANGUAGES:
        catalogue = read(language)
        catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
        catalogue.obsolete.clear()
        if language == "en":
            for message in catalogue:
                message.string = message.id if message.id else message.string
        path_of(language).parent.mkdir(parents=True, exist_ok=True)
        with path_of(language).open("wb") as file:
            write_po(file, catalogue, width=100, omit_header=False, include_lineno=False, sort_output=False)


def forms(value: str | Sequence[str] | None) -> tuple[str, ...]:
    """The forms of a text that may have plurals."""
    return (value,) if isinstance(value, str) else tuple(value or ("",))


def problems_of(message: Message, language: str) -> Iterator[str]:
    """What is wrong with one translation, as sentences."""
    strings = forms(message.string)
    if message.fuzzy:
        yield "marked as unsure (fuzzy)"
    if not all(strings):
        yield "not translated"
        return
    wanted = set(PLACEHOLDER.findall(forms(message.id)[-1]))
    if set(PLACEHOLDER.findall(strings[-1])) != wanted:
        yield f"the places to fill in are not the same: {', '.join(sorted(wanted)) or 'none'} expected"
    if language == "fr":
        for string in strings:
            if PLAIN_SPACE_BEFORE_SIGN.search(PLACEHOLDER.sub("x", string)):
                yield "French typography: narrow space before ; ! ?, fixed space before : and inside « », apostrophe ’"
                break


def check() -> list[str]:
    """Every problem of both catalogues, each with its language and text."""
    wanted = {(message.context, forms(message.id)[0]): message for message in collect() if message.id}
    found = []
    for language in LANGUAGES:
        present = {(message.context, forms(message.id)[0]): message for message in read(language) if message.id}
        found += [
            f"{language}: missing: {text!r}" for _context, text in sorted(wanted.keys() - present.keys(), key=str)
        ]
        found += [f"{language}: no longer used: {key[1]!r}" for key in sorted(present.keys() - wanted.keys(), key=str)]
        for key in wanted.keys() & present.keys():
            found += [f"{language}: {key[1]!r}: {problem}" for problem in problems_of(present[key], language)]
    return found


def main(arguments: Sequence[str]) -> int:
    """`update` or `check`; 0 when the catalogues are complete."""
    if "update" in arguments:
        update()
    problems = check()
    for problem in problems:
        print(problem)
    if problems:
        print(f"{len(problems)} problems in the catalogues. Type: make catalogues, then fill in what is empty.")
    return int(bool(problems) and "check" in arguments)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

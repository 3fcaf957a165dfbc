"""IT's list of people as a CSV: read strictly, row by row, with a reason for each row that cannot be meant.

UTF-8 with or without BOM; cells parted by `;`, `,` or a tab; a header in French or English, its columns in any order.
"""

import csv
import io
import unicodedata
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from sync.protocol.limits import MAX_NAME

MAX_BYTES = 32 * 1024 * 1024
MAX_ROWS = 100_000


class Unreadable(ValueError):
    """The file as a whole is no list of people; nothing was done."""


class Role(Enum):
    """What a row makes of a person."""

    LEARNER = "learner"
    TRAINER = "trainer"
    AUTHOR = "author"


class Wanted(NamedTuple):
    """A row: what it asks for. `cohort` is a cohort's id or title as written, empty where the row names none."""

    line: int
    login: str
    name: str
    role: Role
    cohort: str


class Bad(NamedTuple):
    """A row that cannot be meant, and why."""

    line: int
    login: str
    reason: str


_HEADERS = {
    "login": ("email", "mail", "courriel", "adresseemail", "adressemail", "login", "identifiant"),
    "name": ("name", "nom", "fullname", "nomcomplet", "lastname", "nomdefamille"),
    "first": ("firstname", "prenom", "givenname"),
    "role": ("role", "part", "fonction"),
    "cohort": ("cohort", "cohorte", "session", "promotion"),
}
_COLUMNS = {written: column for column, all_ in _HEADERS.items() for written in all_}
_ROLES = {
    "learner": Role.LEARNER,
    "apprenant": Role.LEARNER,
    "apprenante": Role.LEARNER,
    "stagiaire": Role.LEARNER,
    "trainer": Role.TRAINER,
    "formateur": Role.TRAINER,
    "formatrice": Role.TRAINER,
    "author": Role.AUTHOR,
    "auteur": Role.AUTHOR,
    "auteure": Role.AUTHOR,
    "autrice": Role.AUTHOR,
}


def read(path: Path) -> list[Wanted | Bad]:
    """The rows of a file in their order. Unreadable when it is no such list; OSError when it cannot be opened."""
    text = _text(path)
    separator, columns = _header(text)
    found: list[Wanted | Bad] = []
    for line, cells in _rows(text, separator):
        if len(found) == MAX_ROWS:
            raise Unreadable(f"it has more than {MAX_ROWS} rows; cut it into several files")
        found.append(_row(line, {name: _cell(cells, place) for name, place in columns.items()}))
    if not found:
        raise Unreadable("it has a header and no row")
    return found


def _text(path: Path) -> str:
    with path.open("rb") as file:
        raw = file.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise Unreadable(f"it is larger than {MAX_BYTES // 1024**2} MiB")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("it is not UTF-8; save it as “CSV UTF-8”") from error


def _header(text: str) -> tuple[str, dict[str, int]]:
    """The separator under which the first line names the most columns, and where they stand."""
    first = text.splitlines()[0] if text else ""
    found = max(((separator, _places(first.split(separator))) for separator in ";,\t"), key=lambda each: len(each[1]))
    missing = [name for name in ("login", "name", "role") if name not in found[1]]
    if missing:
        raise Unreadable(f"its first line does not name the column: {', '.join(missing)}")
    return found


def _places(cells: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        column = _COLUMNS.get(_plain(cell))
        if column in found:
            raise Unreadable(f"two columns say the same: {cell.strip()[:MAX_NAME]}")
        if column is not None:
            found[column] = place
    return found


def _plain(text: str) -> str:
    """A word without case, accents and signs, as headers and roles are compared."""
    apart = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in apart if letter.isalnum())


def _rows(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Lines that hold something, with the number of the line on which each ends."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        next(reader)
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error as error:
        raise Unreadable(f"line {reader.line_num}: {error}") from error


def _cell(cells: list[str], place: int) -> str:
    return cells[place].strip() if place < len(cells) else ""


def _row(line: int, cells: dict[str, str]) -> Wanted | Bad:
    login, name = cells["login"], " ".join(filter(None, (cells.get("first", ""), cells["name"])))
    role, cohort = _ROLES.get(_plain(cells["role"])), cells.get("cohort", "")
    shown = login[:MAX_NAME] if login.isprintable() else ""
    reason = _fault_of_login(login) or _fault_of_name(name)
    if reason or role is None:
        return Bad(line, shown, reason or "the role is none of: learner, trainer, author")
    return Wanted(line, login, name, role, cohort)


def _fault_of_login(login: str) -> str:
    if not login:
        return "the e-mail or login is missing"
    if len(login) > MAX_NAME or not login.isprintable() or " " in login:
        return f"a login has up to {MAX_NAME} letters, none of them a space"
    return ""


def _fault_of_name(name: str) -> str:
    if not name:
        return "the name is missing"
    return "" if len(name) <= MAX_NAME and name.isprintable() else f"a name has up to {MAX_NAME} letters, on one line"

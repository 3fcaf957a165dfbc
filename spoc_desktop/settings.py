"""What this computer remembers before anybody signs in: declared once each, with type, default and a sentence.

What follows a person from laptop to laptop is a record (`sync.domain.people.Settings`); a secret never comes here. A
file that cannot be read is set aside and the defaults hold.
"""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Setting(Generic[Value]):
    """One thing to remember. `convert` reads what the file says; ValueError or TypeError mean the default."""

    name: str
    default: Value
    convert: Callable[[Any], Value]
    says: str


def _one_of(*allowed: str) -> Callable[[Any], str]:
    def convert(raw: Any) -> str:
        if raw not in allowed:
            raise ValueError(raw)
        return str(raw)

    return convert


def _between(least: int, most: int) -> Callable[[Any], int]:
    return lambda raw: min(most, max(least, int(raw)))


def _text(raw: Any) -> str:
    if not isinstance(raw, str):
        raise TypeError
    return raw


def _geometry(raw: Any) -> tuple[int, int, int, int]:
    x, y, width, height = (int(part) for part in raw)
    return x, y, max(1, width), max(1, height)


LANGUAGE = Setting("language", "", _one_of("", "fr", "en"), "The language of the window; empty: the system's.")
THEME = Setting("theme", "", _one_of("", "light", "dark"), "Light or dark; empty: the system's.")
TEXT_PERCENT = Setting("text_percent", 100, _between(80, 200), "The size of text, in percent of the system's.")
WINDOW = Setting("window", (0, 0, 0, 0), _geometry, "Place and size of the window; zeros: choose.")
MAXIMIZED = Setting("maximized", False, lambda raw: raw is True, "Whether the window filled the screen.")  # noqa: FBT003
SERVER = Setting("server", "", _text, "The address of the server used last.")
PERSON = Setting("person", "", _text, "The folder of the person who worked here last: server and person in hex.")

SETTINGS: tuple[Setting[Any], ...] = (LANGUAGE, THEME, TEXT_PERCENT, WINDOW, MAXIMIZED, SERVER, PERSON)


class SettingsFile:
    """The settings of this computer, in one JSON file that is replaced whole or not at all."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._raw = _read(path)

    def get(self, setting: Setting[Value]) -> Value:
        """The value, or its default where the file says nothing that can be used."""
        try:
            return setting.convert(self._raw[setting.name])
        except (KeyError, ValueError, TypeError, OverflowError):
            return setting.default

    def put(self, setting: Setting[Value], value: Value) -> None:
        """Remember a value. OSError when it could not be written: it then holds until the program ends."""
        self._raw[setting.name] = value
        _write(self._path, self._raw)


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        _set_aside(path)
        return {}
    return found if isinstance(found, dict) else {}


def _set_aside(path: Path) -> None:
    """Keep a file that cannot be read, for whoever wrote it."""
    try:
        path.replace(path.with_name(path.name + ".damaged"))
    except OSError:
        return


def _write(path: Path, values: dict[str, Any]) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    with fresh.open("w", encoding="utf-8") as file:
        json.dump(values, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)

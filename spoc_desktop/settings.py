"""What this computer remembers before anybody signs in: declared once each, with default, converter and a sentence.

What follows a person from laptop to laptop is a record (`sync.domain.people.Settings`); a secret never comes here. A
file that cannot be read is set aside and the defaults hold.
"""

import json
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Setting(Generic[Value]):
    """One thing to remember. `convert` reads what the file says; ValueError or TypeError mean the default."""

    name: str
    default: Value
    convert: Callable[[Any], Value]
    says: str


def _one_of(*allowed: str) -> Callable[[Any], str | None]:
    def convert(raw: Any) -> str:
        if raw not in allowed:
            raise ValueError(raw)
        return str(raw)

    return convert


def _text(raw: Any) -> str:
    if not isinstance(raw, str):
        raise TypeError
    return raw


def _names(raw: Any) -> dict[str, object] | None:
    if not isinstance(raw, dict):
        raise TypeError
    return dict(raw)


def _place(raw: Any) -> list[int] | None:
    x, y, width, height, maximised = (int(part) for part in raw)
    if width < 1 or height < 1:
        raise ValueError(raw)
    return [x, y, width, height, maximised]


LANGUAGE = Setting("language", None, _one_of("fr", "en"), "The language of the window; none: the system's.")
APPEARANCE = Setting("appearance", None, _names, "Light or dark, the size of text, movement; none: the system's.")
WINDOW = Setting(
    "window", None, _place, "Left, top, width, height of the window in pixels; 1 where it filled the screen."
)
SERVER = Setting("server", "", _text, "The address of the server used last.")

SETTINGS: dict[str, Setting[Any]] = {one.name: one for one in (LANGUAGE, APPEARANCE, WINDOW, SERVER)}


class Settings:
    """The settings of this computer, in one JSON file that is replaced whole or not at all."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._values = read_values(path)

    def value(self, setting: Setting[Value]) -> Value:
        """A setting's value, or its default where the file says nothing that can be used."""
        try:
            return setting.convert(self._values[setting.name])
        except (KeyError, ValueError, TypeError, OverflowError):
            return setting.default

    def get(self, name: str) -> object:
        """The value of the setting of this name. KeyError when none was declared."""
        found: object = self.value(SETTINGS[name])
        return found

    def set(self, name: str, value: object) -> None:
        """Remember a value. Where the disk does not take it, it holds until the program ends. KeyError as above."""
        self._values[SETTINGS[name].name] = value
        try:
            write_values(self._path, self._values)
        except OSError as error:
            _LOG.info("settings could not be written: %s", type(error).__name__)


def read_values(path: Path) -> dict[str, object]:
    """What a JSON file of this program says, empty where there is none; a file that cannot be read is set aside."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        _set_aside(path)
        return {}
    return found if isinstance(found, dict) else {}


def write_values(path: Path, values: dict[str, object]) -> None:
    """Write such a file whole or not at all. OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    with fresh.open("w", encoding="utf-8") as file:
        json.dump(values, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def _set_aside(path: Path) -> None:
    """Keep a file that cannot be read, for whoever wrote it."""
    try:
        path.replace(path.with_name(path.name + ".damaged"))
    except OSError:
        return

"""What the window remembers between two starts; where it is kept is the caller's affair."""

from __future__ import annotations

from typing import Protocol


class Memory(Protocol):
    """Names to plain values (str, int, float, bool, lists and dicts of them)."""

    def get(self, name: str) -> object:
        """The value kept under a name, or None."""
        ...

    def set(self, name: str, value: object) -> None:
        """Keep a value."""
        ...


class ShortMemory:
    """A memory that lasts as long as the window, for tests and for a person who wants no trace."""

    def __init__(self) -> None:
        self.values: dict[str, object] = {}

    def get(self, name: str) -> object:
        """The value kept under a name, or None."""
        return self.values.get(name)

    def set(self, name: str, value: object) -> None:
        """Keep a value."""
        self.values[name] = value

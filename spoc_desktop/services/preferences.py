"""What a person chose once for all their laptops: language, theme, size of the text (kept in their own space)."""

from typing import Any

from spoc_desktop.services.desk import Desk, Edited, New
from sync.client.ports import Changes
from sync.domain import spaces
from sync.domain.ids import derived
from sync.domain.people import SETTINGS, Settings


class Preferences:
    """The settings that follow a person. Every method reads or writes the store at once."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def get(self) -> Settings:
        """The choices; empty ones mean "as the system says"."""
        seen = self._desk.store.one(SETTINGS, self._id())
        return seen.body if seen else Settings()

    def choose(self, **fields: Any) -> Changes:
        """Keep one or several choices, by the names of `Settings`; what is chosen already is not written again."""
        seen = self._desk.store.one(SETTINGS, self._id())
        before = seen.body if seen else Settings()
        fresh = {name: value for name, value in fields.items() if getattr(before, name) != value}
        if not fresh:
            return Changes()
        if seen is None:
            body = Settings(**fresh)
            return self._desk.store.write([New(SETTINGS, spaces.own(self._desk.person), self._id(), body)])
        return self._desk.store.write([Edited(SETTINGS, self._id(), fresh)])

    def _id(self) -> bytes:
        return derived("settings", self._desk.person)

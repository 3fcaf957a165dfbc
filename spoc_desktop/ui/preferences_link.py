"""What a person chooses in the window follows them: kept on this computer, and in their own space for the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spoc_desktop.ui.memory import Memory
from spoc_desktop.ui.workers import Workers

if TYPE_CHECKING:
    from spoc_desktop.services.workplace import Workplace


class FollowingMemory:
    """The memory of the window, with the choices of a signed-in person copied into their preferences."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._workplace: Workplace | None = None
        self._workers: Workers | None = None

    def follow(self, workplace: Workplace | None, workers: Workers) -> None:
        """Copy from now on the choices of this person; of nobody when None."""
        self._workplace, self._workers = workplace, workers

    def get(self, name: str) -> object:
        """The value kept under a name, or None."""
        return self._memory.get(name)

    def set(self, name: str, value: object) -> None:
        """Keep a value."""
        is_new = self._memory.get(name) != value
        self._memory.set(name, value)
        chosen = _chosen(name, value) if is_new else {}
        workplace, workers = self._workplace, self._workers
        if chosen and workplace is not None and workers is not None:
            workers.run(lambda: workplace.choose(chosen))


def _chosen(name: str, value: object) -> dict[str, object]:
    """The fields of the person's settings that a kept value stands for."""
    if name == "language":
        return {"language": str(value)}
    if name == "appearance" and isinstance(value, dict):
        return {
            "theme": str(value.get("mode", "")),
            "text_percent": round(float(value.get("scale", 1.0)) * 100),
            "sans_serif_reading": bool(value.get("sans")),
        }
    return {}

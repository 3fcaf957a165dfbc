"""The steps of a tour: run in order, printed as they go, kept in `report.json`."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(slots=True)
class Step:
    """One step: what was checked, the last picture taken in it, and why it failed if it did."""

    name: str
    ok: bool = False
    seconds: float = 0.0
    checked: list[str] = field(default_factory=list)
    picture: str = ""
    pictures: list[str] = field(default_factory=list)
    said: str = ""

    def check(self, holds: object, what: str) -> None:
        """Note something that must hold. AssertionError when it does not."""
        if not holds:
            raise AssertionError(what)
        self.checked.append(what)


class Report:
    """Steps in order; the first that fails ends the tour, since the rest stands on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.steps: list[Step] = []

    @property
    def ok(self) -> bool:
        """Whether every step held, and there was one."""
        return bool(self.steps) and all(step.ok for step in self.steps)

    def run(self, name: str, play: Callable[[Step], None]) -> bool:
        """Play one step; False when it failed."""
        step = Step(name)
        self.steps.append(step)
        started = time.monotonic()
        try:
            play(step)
            step.ok = True
        except Exception as error:  # noqa: BLE001 - a step may fail in any way, and each is told
            step.said = f"{type(error).__name__}: {error}"
        step.seconds = round(time.monotonic() - started, 2)
        self._print(step)
        self.keep()
        return step.ok

    def keep(self) -> None:
        """Write what is known so far."""
        kept = [
            {
                "name": step.name,
                "ok": step.ok,
                "seconds": step.seconds,
                "checked": step.checked,
                "picture": step.picture,
                "pictures": step.pictures,
                "said": step.said,
            }
            for step in self.steps
        ]
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "report.json").write_text(json.dumps({"steps": kept}, indent=1, ensure_ascii=False), "utf-8")

    def _print(self, step: Step) -> None:
        mark = "ok " if step.ok else "NO "
        print(f"{mark}{len(self.steps):>3}. {step.name} ({step.seconds:.1f} s)", flush=True)
        for line in step.checked:
            print(f"         {line}", flush=True)
        if step.said:
            print(f"         {step.said}", flush=True)

"""Back and forward: where the person has been, with the reading position of each visit. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

LONGEST = 100


@dataclass(slots=True)
class Visit:
    """One page that was open: its parameters, and how far it was scrolled when it was left (px)."""

    route: str
    params: Mapping[str, object] = field(default_factory=dict)
    position: int = 0


class History:
    """A line of visits and a place in it."""

    def __init__(self) -> None:
        self._visits: list[Visit] = []
        self._at = -1

    @property
    def current(self) -> Visit | None:
        """The visit under way."""
        return self._visits[self._at] if self._visits else None

    @property
    def can_go_back(self) -> bool:
        """Whether there was a page before."""
        return self._at > 0

    @property
    def can_go_forward(self) -> bool:
        """Whether the person came back from somewhere."""
        return self._at < len(self._visits) - 1

    def visit(self, route: str, params: Mapping[str, object]) -> Visit:
        """A new page: what was ahead is forgotten; the same page again is no new visit."""
        current = self.current
        if current is not None and (current.route, dict(current.params)) == (route, dict(params)):
            return current
        self._visits = [*self._visits[: self._at + 1], Visit(route, dict(params))][-LONGEST:]
        self._at = len(self._visits) - 1
        return self._visits[self._at]

    def step(self, by: int) -> Visit | None:
        """Go back (-1) or forward (1); None at the end of the line."""
        if not 0 <= self._at + by < len(self._visits):
            return None
        self._at += by
        return self._visits[self._at]

    def clear(self) -> None:
        """Forget everything, as when the person signs out."""
        self._visits, self._at = [], -1

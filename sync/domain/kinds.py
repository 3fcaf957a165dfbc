"""The list of all kinds: each feature's module declares its own, this page only names the modules."""

from collections.abc import Iterable

from sync.domain import (
    ballots,
    certificates,
    cohorts,
    courses,
    documents,
    evidence,
    exercises,
    followup,
    forum,
    manifests,
    messages,
    notes,
    people,
    quizzes,
    revisions,
    videos,
)
from sync.domain.kind import Kind

_FEATURES = (
    people,
    cohorts,
    courses,
    videos,
    notes,
    quizzes,
    exercises,
    forum,
    documents,
    ballots,
    messages,
    certificates,
    followup,
    revisions,
    manifests,
    evidence,
)


def table(kinds: Iterable[Kind]) -> dict[int, Kind]:
    """Kinds by number. ValueError when two claim one number: numbers on the wire are never reused."""
    found: dict[int, Kind] = {}
    for kind in kinds:
        if kind.number in found:
            raise ValueError(f"kinds {found[kind.number].name} and {kind.name} both claim number {kind.number}")
        found[kind.number] = kind
    return found


KINDS: dict[int, Kind] = table(kind for feature in _FEATURES for kind in feature.KINDS)

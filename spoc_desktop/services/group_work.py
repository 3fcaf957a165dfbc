"""What all learners of a cohort did, read from the store at once: the matrix and the follow-up stand on it."""

from collections.abc import Iterable
from dataclasses import dataclass

from spoc_desktop.services.desk import Desk
from spoc_desktop.services.hand_ins import Versions, handed
from spoc_desktop.storage.done import Done
from sync.domain import spaces
from sync.domain.courses import READING
from sync.domain.ids import CohortId, PersonId
from sync.domain.progress import Work, work
from sync.domain.quizzes import ATTEMPT_START


@dataclass(frozen=True, slots=True)
class LearnersWork:
    """One learner. `last_sent`: when the server took the newest of their work, in its own time; None: nothing yet."""

    done: Work
    exercises: tuple[Versions, ...]
    last_sent: int | None


def group_work(desk: Desk, cohort_id: CohortId, learners: Iterable[bytes]) -> dict[PersonId, LearnersWork]:
    """The work of each of these learners, by person."""
    names = {bytes(spaces.personal(cohort_id, PersonId(learner))): PersonId(learner) for learner in learners}
    readings: dict[bytes, list[Done]] = {space: [] for space in names}
    attempts: dict[bytes, list[Done]] = {space: [] for space in names}
    begun: dict[bytes, list[bytes]] = {space: [] for space in names}
    received: dict[bytes, list[int]] = {space: [] for space in names}
    for line in desk.store.done():
        if line.space in names:
            (readings if line.kind == READING.number else attempts)[line.space].append(line)
            received[line.space].append(line.received)
    for seen in desk.store.view(ATTEMPT_START):
        if seen.space in names:
            begun[seen.space].append(seen.body.activity)
            received[seen.space].append(seen.at)
    versions: dict[bytes, list[Versions]] = {space: [] for space in names}
    for one in handed(desk):
        space = bytes(spaces.personal(one.cohort_id, one.learner))
        if space in names:
            versions[space].append(one)
            received[space] += [version.at for version in one.versions]
    return {
        learner: LearnersWork(
            done=work(
                readings[space],
                attempts[space],
                begun=begun[space],
                exercises={one.activity_id: one.standing for one in versions[space]},
            ),
            exercises=tuple(versions[space]),
            last_sent=max(received[space], default=None),
        )
        for space, learner in names.items()
    }

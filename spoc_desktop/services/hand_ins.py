"""Hand-ins as a trainer's laptop has them: the versions of one exercise of one learner, in the order that counts."""

from dataclasses import dataclass

from spoc_desktop.services.desk import Desk, Seen
from spoc_desktop.services.handed import in_order
from sync.domain import spaces
from sync.domain.exercises import HAND_IN, RETURNED, Handed, HandIn, Returned, Verdict, standing
from sync.domain.ids import CohortId, PersonId


@dataclass(frozen=True, slots=True)
class Version:
    """One hand-in. `number`: its place in the order that counts, for two laptops may have handed in one number.

    `at`: when the server took it, or device time while it has not. `returned`: verdicts on it.
    """

    id: bytes
    number: int
    body: HandIn
    at: int
    returned: tuple[Returned, ...]

    @property
    def verdict(self) -> Verdict:
        """What was decided last about this version."""
        last = max(self.returned, key=lambda one: one.decided_at, default=None)
        return last.verdict if last else Verdict.NONE


@dataclass(frozen=True, slots=True)
class Versions:
    """All versions that one learner handed in for one exercise, the one that counts last. Never empty."""

    cohort_id: CohortId
    learner: PersonId
    activity_id: bytes
    versions: tuple[Version, ...]

    @property
    def latest(self) -> Version:
        """The version that counts."""
        return self.versions[-1]

    @property
    def standing(self) -> Handed:
        """How the exercise stands for its learner, as far as a trainer knows."""
        returned = [each for one in self.versions for each in one.returned]
        return standing([(one.id, one.body) for one in self.versions], returned, draft=False)

    @property
    def accepted(self) -> bool:
        """Accepted once is accepted for good."""
        return any(one.verdict is Verdict.ACCEPTED for one in self.versions)


def handed(desk: Desk, space: bytes | None = None) -> tuple[Versions, ...]:
    """Everything handed in, of one personal space or of all readable ones."""
    returned: dict[bytes, list[Returned]] = {}
    for seen in desk.store.view(RETURNED, space):
        returned.setdefault(seen.body.hand_in, []).append(seen.body)
    found: dict[tuple[bytes, bytes], list[Seen]] = {}
    for seen in desk.store.view(HAND_IN, space):
        found.setdefault((seen.space, seen.body.activity), []).append(seen)
    return tuple(
        Versions(
            CohortId(spaces.ids_of(where)[0]),
            PersonId(spaces.ids_of(where)[1]),
            activity,
            tuple(
                Version(one.id, number, one.body, one.at, tuple(returned.get(one.id, ())))
                for number, one in enumerate(in_order(seens), 1)
            ),
        )
        for (where, activity), seens in found.items()
    )

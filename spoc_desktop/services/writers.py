"""Who writes in a cohort: names from the display cards, safe to set beside other words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.domain import spaces
from sync.domain.cohorts import COHORT, MEMBER, Cohort, Member, Part
from sync.domain.ids import CohortId

if TYPE_CHECKING:
    from spoc_desktop.storage.store import LocalStore

_TURNS_TEXT = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C])
"""Characters that turn the direction of the text after them: a name must not rewrite what stands beside it (A19)."""


@dataclass(frozen=True, slots=True)
class Writer:
    """A person of a cohort as others see them. `name` is "" while their card has not come."""

    person: bytes
    name: str
    is_trainer: bool
    is_me: bool


@dataclass(frozen=True, slots=True)
class ForumOf:
    """A cohort that the person learns or teaches in."""

    cohort_id: CohortId
    title: str
    is_trainer: bool


def plain_name(name: str) -> str:
    """A name in one line, without what would turn the words around it."""
    return " ".join(name.translate(_TURNS_TEXT).split())


class Writers:
    """The people of one cohort, read once."""

    def __init__(self, store: "LocalStore", cohort_id: bytes) -> None:
        self._me = store.person
        cards = store.view(MEMBER, spaces.cohort(CohortId(cohort_id)))
        self._cards: Mapping[bytes, Member] = {seen.body.person: seen.body for seen in cards}

    def of(self, person: bytes) -> Writer:
        """One person, whether or not their card has come."""
        card = self._cards.get(person)
        is_trainer = card is not None and card.part is Part.TRAINER
        return Writer(person, plain_name(card.name) if card else "", is_trainer, person == self._me)

    def learners(self) -> tuple[Writer, ...]:
        """The learners who have not left, by name."""
        found = [self.of(card.person) for card in self._cards.values() if card.part is Part.LEARNER and not card.left]
        return tuple(sorted(found, key=lambda writer: writer.name.casefold()))

    def trainers(self) -> tuple[Writer, ...]:
        """The trainers, by name."""
        found = [self.of(card.person) for card in self._cards.values() if card.part is Part.TRAINER and not card.left]
        return tuple(sorted(found, key=lambda writer: writer.name.casefold()))

    @property
    def i_teach(self) -> bool:
        """Whether the person here is a trainer of the cohort."""
        return self.of(self._me).is_trainer


def forums(store: "LocalStore") -> tuple[ForumOf, ...]:
    """The cohorts that the person is in, the latest begun first."""
    found: list[tuple[int, ForumOf]] = []
    for seen in store.view(COHORT):
        cohort: Cohort = seen.body
        cohort_id = CohortId(spaces.ids_of(seen.space)[0])
        cards = [card.body for card in store.view(MEMBER, seen.space) if card.body.person == store.person]
        if cards:
            teaches = any(card.part is Part.TRAINER for card in cards)
            found.append((cohort.starts, ForumOf(cohort_id, cohort.title, teaches)))
    return tuple(one for _starts, one in sorted(found, key=lambda pair: -pair[0]))

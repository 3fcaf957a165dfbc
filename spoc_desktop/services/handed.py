"""How a learner's exercises stand: their versions in the order that counts, what came back, and a draft under way."""

from collections.abc import Iterable, Mapping

from spoc_desktop.services.desk import Desk, Seen
from sync.domain import spaces
from sync.domain.exercises import DRAFT, HAND_IN, RETURNED, Draft, Handed, Returned, standing


def in_order(hand_ins: Iterable[Seen]) -> list[Seen]:
    """Versions as they count: those the server has in its order, then those that wait, by the time of handing in."""
    return sorted(hand_ins, key=lambda seen: (seen.seq == 0, seen.seq, seen.body.at, seen.id))


def handed_of(desk: Desk, space: bytes) -> Mapping[bytes, Handed]:
    """How each exercise of a personal space stands, by activity. Drafts count where the space is the person's own."""
    versions: dict[bytes, list[Seen]] = {}
    for seen in desk.store.view(HAND_IN, space):
        versions.setdefault(seen.body.activity, []).append(seen)
    returned: dict[bytes, list[Returned]] = {}
    for seen in desk.store.view(RETURNED, space):
        returned.setdefault(seen.body.activity, []).append(seen.body)
    begun = drafts_in(desk, space)
    return {
        activity: standing(
            [(seen.id, seen.body) for seen in in_order(versions.get(activity, ()))],
            returned.get(activity, ()),
            draft=activity in begun,
        )
        for activity in {*versions, *returned, *begun}
    }


def drafts_in(desk: Desk, space: bytes) -> frozenset[bytes]:
    """The activities that the person writes a version of, in a personal space of theirs."""
    cohort, learner = spaces.ids_of(space)
    if learner != desk.person:
        return frozenset()
    drafts: list[Draft] = [seen.body for seen in desk.store.view(DRAFT, spaces.own(desk.person))]
    return frozenset(one.activity for one in drafts if one.cohort == cohort and (one.text.strip() or one.files))

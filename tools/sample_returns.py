"""The trainer of the sample at her desk: what she returned, what she accepted, and what still waits for her."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from spoc_desktop.services.reviewing import Copy
from spoc_desktop.services.workplace import Workplace
from sync.domain.anchors import Anchor
from sync.domain.exercises import Mark, Remark, Review, Verdict
from tools.sample_answers import OPINION_ACCEPTED, OPINION_RETURNED, remarks_on


def let_her_review(trainer: Workplace, returned: Iterable[str], accepted: Iterable[str]) -> None:
    """Return the first exercise of some people, accept all of others; everything else waits. By name."""
    to_return, to_accept = set(returned), set(accepted)
    order = [exercise.activity_id for exercise in sorted(trainer.reviewing.queue(), key=lambda one: one.due)]
    places = {activity: place for place, activity in enumerate(dict.fromkeys(order))}
    for waiting in trainer.reviewing.queue():
        place = places[waiting.activity_id]
        copy = trainer.reviewing.copy(waiting.hand_in)
        if waiting.name in to_accept:
            review = review_of(copy, place, Verdict.ACCEPTED)
            trainer.reviewing.decide(waiting, review, Verdict.ACCEPTED)
        elif waiting.name in to_return and place == 0 and waiting.version == 1:
            review = review_of(copy, place, Verdict.RETURNED)
            trainer.reviewing.decide(waiting, review, Verdict.RETURNED)


def review_of(copy: Copy, place: int, verdict: Verdict) -> Review:
    """A filled rubric, remarks on the learner's own words, an opinion."""
    text = copy.version.body.text
    criteria = copy.exercise.criteria if copy.exercise else ()
    short = verdict is Verdict.RETURNED
    marks = tuple(
        Mark(criterion=one.number, level=max(0, len(one.levels) - 1 - (short and number % 2 == 0)))
        for number, one in enumerate(criteria)
    )
    remarks = tuple(
        Remark(number=number, text=said.text, anchor=_anchor(text, said.quote))
        for number, said in enumerate(remarks_on(text, place), 1)
    )
    opinion = OPINION_RETURNED if short else OPINION_ACCEPTED
    return msgspec.structs.replace(copy.review, marks=marks, remarks=remarks, opinion=opinion)


def _anchor(text: str, quote: str) -> Anchor | None:
    start = text.find(quote)
    return Anchor(start=start, end=start + len(quote), quote=quote) if quote and start >= 0 else None

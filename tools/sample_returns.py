"""The trainer of the sample at her desk: what she returned, what she accepted, and what still waits for her."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from spoc_desktop.services.reviewing import Copy
from spoc_desktop.services.workplace import Workplace
from sync.domain.anchors import Anchor
from sync.domain.exercises import Mark, Remark, Review, Verdict
from tools.sample_answers import OPINION_ACCEPTED, OPINION_RETURNED, remarks_on

_LOOKED_AT = 2
"""How many exercises she has got through."""


def let_her_review(
    trainer: Workplace, returned: Iterable[str], accepted: Iterable[str] = (), *, waiting: Iterable[str] | None = None
) -> None:
    """Return the first exercise of some people, accept all of others. By name.

    `waiting`: whose work is not looked at; the first two exercises of everybody else are accepted. None: of nobody.
    """
    to_return, to_accept = set(returned), set(accepted)
    looked_at = set() if waiting is None else {one.name for one in trainer.reviewing.queue()} - set(waiting)
    order = [exercise.activity_id for exercise in sorted(trainer.reviewing.queue(), key=lambda one: one.due)]
    places = {activity: place for place, activity in enumerate(dict.fromkeys(order))}
    for one in trainer.reviewing.queue():
        place = places[one.activity_id]
        verdict = Verdict.NONE
        if one.name in to_return:
            verdict = Verdict.RETURNED if place == 0 and one.version == 1 else Verdict.NONE
        elif one.name in to_accept or (one.name in looked_at and place < _LOOKED_AT):
            verdict = Verdict.ACCEPTED
        if verdict is not Verdict.NONE:
            trainer.reviewing.decide(one, review_of(trainer.reviewing.copy(one.hand_in), place, verdict), verdict)


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

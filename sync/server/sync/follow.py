"""What follows a push, in one place: attempts are graded, reviews returned, certificates awarded, editions signed.

All of it is derived from what lies in the spaces, so it is done again after a kill and writes nothing twice. Short
pushes are followed before their reply tells what there is: the laptop sees the outcome in the same exchange.
"""

import logging
from collections.abc import Callable, Iterable
from functools import partial

from sqlalchemy import Connection

from sync.domain import spaces as names
from sync.domain.followup import NEXT_ACTION, PRIVATE_NOTE
from sync.domain.ids import CohortId, PersonId
from sync.domain.messages import MESSAGE
from sync.domain.spaces import SpaceType, type_of
from sync.protocol.messages import BatchAnswer, Verdict
from sync.server.core import Core
from sync.server.issuing.awarding import award, award_pending
from sync.server.storage.log import kinds_between
from sync.server.sync import balloting, grading, returning
from sync.server.sync.manifests import sign_pending

AT_ONCE = 100
"""Entries in a push up to which it is followed before its reply; what follows longer ones comes with the next sync."""
_TALK = frozenset(kind.number for kind in (MESSAGE, PRIVATE_NOTE, NEXT_ACTION))
"""Kinds of a person's space from which nothing is derived."""
_log = logging.getLogger(__name__)


def after_push(core: Core, answers: Iterable[BatchAnswer]) -> None:
    """Do what the accepted entries of a push call for."""
    for answer in answers:
        accepted = sum(run.count for run in answer.runs if run.verdict is Verdict.ACCEPTED)
        if accepted and type_of(answer.space) is SpaceType.COHORT:
            _guarded(lambda answer=answer: _follow_together(core, answer))  # type: ignore[misc]  # bound now
        if not accepted or other_of(answer.space) is None:
            continue
        if accepted <= AT_ONCE:
            if not _is_talk(core, answer):
                _follow(core, answer.space)
        else:
            core.later(partial(_follow, core, answer.space, before_round=core.calm.wait))


def pending(core: Core) -> None:
    """Do everything that waits: at start, and after a course was published."""
    with core.reading() as connection:
        ungraded, unreturned = grading.pending(connection), returning.pending(connection)
    for space_id in ungraded:
        _guarded(lambda space=space_id: grade(core, space, again=True))  # type: ignore[misc]  # bound now
    for space_id in unreturned:
        _guarded(lambda space=space_id: returning.return_reviews(core, space))  # type: ignore[misc]  # bound now
    _guarded(lambda: award_pending(core))
    _guarded(lambda: balloting.open_pending(core))
    _guarded(lambda: sign_pending(core))


def grade(core: Core, space_id: bytes, *, again: bool = False, before_round: Callable[[], None] = lambda: None) -> None:
    """Grade what waits in a personal space, round after round; in each the staff space is written first."""
    more = True
    while more:
        before_round()
        with core.alone(space_id):
            more = _grade_round(core, space_id, again=again)
        again = False


def other_of(space_id: bytes) -> bytes | None:
    """The staff space of a personal one, and the other way round: a push into the one may write into the other."""
    if type_of(space_id) not in {SpaceType.PERSONAL, SpaceType.STAFF}:
        return None
    cohort, learner = names.ids_of(space_id)
    other = names.staff if type_of(space_id) is SpaceType.PERSONAL else names.personal
    return other(CohortId(cohort), PersonId(learner))


def _follow(core: Core, space_id: bytes, before_round: Callable[[], None] = lambda: None) -> None:
    cohort, learner = (CohortId(names.ids_of(space_id)[0]), PersonId(names.ids_of(space_id)[1]))
    personal, staff = names.personal(cohort, learner), names.staff(cohort, learner)
    if space_id == personal:
        _guarded(lambda: grade(core, personal, before_round=before_round))
    _guarded(lambda: returning.return_reviews(core, staff))
    _guarded(lambda: award(core, personal))


def _is_talk(core: Core, answer: BatchAnswer) -> bool:
    """Whether all that a push brought is of kinds that nothing follows from: a message is the commonest push of all."""
    taken = [run for run in answer.runs if run.verdict is Verdict.ACCEPTED]
    first, last = min(run.seq for run in taken), max(run.seq + run.count for run in taken)
    with core.reading() as connection:
        return kinds_between(connection, answer.space, first - 1, last) <= _TALK


def _follow_together(core: Core, answer: BatchAnswer) -> None:
    """What follows in a cohort's space: calls for ballots get their key."""
    first = min(run.seq for run in answer.runs if run.verdict is Verdict.ACCEPTED)
    with core.reading() as connection:
        calls = balloting.new_calls(connection, answer.space, after=first - 1)
    balloting.open_calls(core, answer.space, calls)


def _guarded(work: Callable[[], object]) -> None:
    """What was pushed stands, whatever becomes of what follows; that waits for the next push or start (fault F37)."""
    try:
        work()
    except Exception as error:  # noqa: BLE001  # said in the log; the work of people stays out of it
        _log.error("what follows a push failed: %s", type(error).__name__)


def _grade_round(core: Core, space_id: bytes, *, again: bool) -> bool:
    now = core.now()
    with core.reading() as connection:
        found = grading.examine(connection, space_id, now, again=again)
    if found is None:
        return False

    def in_staff(connection: Connection) -> None:
        grading.keep_in_staff(connection, space_id, found, now, core.tail())

    def in_personal(connection: Connection) -> None:
        if not grading.is_in_staff(connection, space_id, found):
            raise LookupError("the grades are not in the staff space: they are worked out again")
        grading.keep_in_personal(connection, space_id, found, now, core.tail())

    if found.staff:
        core.writer.soon(in_staff)  # where one thread writes, both share a commit
    core.writer.run(in_personal)
    return found.more

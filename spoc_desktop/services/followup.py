"""Follow-up: who is late, silent or stuck, by the rules of `sync.domain.followup`, in words and ranked.

Everything said of a person is as of their last sync: what they did since is not known yet.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spoc_desktop.i18n import _, duration, ngettext
from spoc_desktop.services.cohorts import Cohorts, Received, Taught
from spoc_desktop.services.desk import Desk
from spoc_desktop.services.group_work import LearnersWork
from spoc_desktop.services.next_actions import Planned, open_actions
from sync.domain import spaces
from sync.domain.cohorts import Member, opens_at
from sync.domain.courses import ActivityType
from sync.domain.exercises import Handed, due_at
from sync.domain.followup import (
    Facts,
    Failing,
    Late,
    NotTakenUp,
    Reason,
    Silent,
    Unanswered,
    reasons,
    usual_pause,
    weight,
)
from sync.domain.forum import POST
from sync.domain.ids import CohortId, PersonId
from sync.domain.messages import MESSAGE
from sync.domain.progress import State, minutes_done, of_activity
from sync.domain.quizzes import ATTEMPT, GRADE, Attempt, Grade

_HOURS_OF_DAY = 24


@dataclass(frozen=True, slots=True)
class Followed:
    """A learner and why to think of them; `reasons` is empty for who is well.

    `titles`: of the activities that the reasons name. `minutes`: planned minutes of what they did; `average`: the
    group's. `last_sent`: what all this rests on, None: nothing has come. `action`: what a trainer means to do next.
    """

    person: PersonId
    name: str
    cohort_id: CohortId
    reasons: tuple[Reason, ...]
    titles: Mapping[bytes, str]
    minutes: int
    average: int
    last_sent: int | None
    action: Planned | None = None

    def is_put_aside(self, now: int) -> bool:
        """Whether a trainer means to think of them later."""
        return self.action is not None and self.action.waits(now)

    @property
    def is_late(self) -> bool:
        """Whether an activity is past due."""
        return any(isinstance(one, Late) for one in self.reasons)


@dataclass(frozen=True, slots=True)
class Question:
    """What a learner asked and nobody has answered. `post` b"": it stands in the private thread."""

    person: PersonId
    name: str
    cohort_id: CohortId
    text: str
    at: int
    post: bytes


@dataclass(frozen=True, slots=True)
class Morning:
    """A trainer's morning in one cohort. `received`: newest first; `people`: whom to think of, most urgent first.

    `later`: who has been put aside for another day.
    """

    taught: Taught
    received: tuple[Received, ...]
    on_time: int
    late: int
    people: tuple[Followed, ...]
    later: tuple[Followed, ...]
    questions: tuple[Question, ...]


class FollowUp:
    """Reads the store at each call: call it in the database worker."""

    def __init__(self, desk: Desk, cohorts: Cohorts) -> None:
        self._desk = desk
        self._cohorts = cohorts

    def morning(self, cohort_id: bytes, since: int) -> Morning:
        """What came since an instant (milliseconds), what waits for an answer, and whom to think of."""
        taught = self._cohorts.find(cohort_id)
        everybody = self.everybody(taught)
        late, (people, later) = sum(one.is_late for one in everybody), self.sorted_out(everybody)
        return Morning(
            taught=taught,
            received=self._cohorts.received(cohort_id, since),
            on_time=len(everybody) - late,
            late=late,
            people=people,
            later=later,
            questions=self.questions(taught),
        )

    def everybody(self, taught: Taught) -> tuple[Followed, ...]:
        """All learners who have not left, the most urgent first, then by name."""
        members = [one for one in self._cohorts.learners(taught.cohort_id) if not one.left]
        works = self._cohorts.works(taught.cohort_id)
        calls, failures = self._calls(taught), self._failures()
        facts = {one.person: self._facts(taught, one, works[PersonId(one.person)], calls, failures) for one in members}
        now, actions = self._desk.true_now(), open_actions(self._desk)
        usual = usual_pause(facts.values(), now)
        minutes = {one.person: _minutes(taught, works[PersonId(one.person)]) for one in members}
        average = round(sum(minutes.values()) / len(minutes)) if minutes else 0
        titles = {one.id: one.title for one in taught.edition.activities} if taught.edition else {}
        found = [
            Followed(
                person=PersonId(one.person),
                name=one.name,
                cohort_id=taught.cohort_id,
                reasons=reasons(facts[one.person], usual, now),
                titles=titles,
                minutes=minutes[one.person],
                average=average,
                last_sent=works[PersonId(one.person)].last_sent,
                action=actions.get(bytes(spaces.staff(taught.cohort_id, PersonId(one.person)))),
            )
            for one in members
        ]
        found.sort(key=lambda one: one.name.casefold())
        return tuple(sorted(found, key=lambda one: weight(one.reasons), reverse=True))

    def sorted_out(self, everybody: Sequence[Followed]) -> tuple[tuple[Followed, ...], tuple[Followed, ...]]:
        """Whom to think of now, those first of whom a trainer wanted to be reminded; and who is put aside."""
        now = self._desk.true_now()
        due = [one for one in everybody if one.action is not None and one.action.is_due(now)]
        aside = [one for one in everybody if one.is_put_aside(now)]
        rest = [one for one in everybody if one.reasons and one not in due and one not in aside]
        return (*due, *rest), tuple(aside)

    def questions(self, taught: Taught) -> tuple[Question, ...]:
        """What learners asked and nobody has answered, the longest wait first: calls for help, and private messages."""
        names = {one.person: one.name for one in self._cohorts.learners(taught.cohort_id)}
        found = [
            Question(PersonId(who), names[who], taught.cohort_id, text, at, post)
            for who, asked in self._calls(taught).items()
            for post, (at, text) in asked.items()
            if who in names
        ]
        newest = {}
        for seen in sorted(self._desk.store.view(MESSAGE), key=lambda one: (one.at, one.seq)):
            newest[bytes(seen.space)] = seen
        for who, name in names.items():
            last = newest.get(bytes(spaces.personal(taught.cohort_id, PersonId(who))))
            if last is not None and last.author == who:
                found.append(Question(PersonId(who), name, taught.cohort_id, last.body.text, last.at, b""))
        return tuple(sorted(found, key=lambda one: one.at))

    def _facts(
        self,
        taught: Taught,
        member: Member,
        work: LearnersWork,
        calls: Mapping[bytes, Mapping[bytes, tuple[int, str]]],
        failures: Mapping[bytes, Mapping[bytes, int]],
    ) -> Facts:
        space = bytes(spaces.personal(taught.cohort_id, PersonId(member.person)))
        return Facts(
            since=taught.cohort.starts,
            last_work=work.last_sent,
            late=self._late(taught, work),
            failures=failures.get(space, {}),
            returned={
                one.activity_id: max(each.decided_at for each in one.latest.returned)
                for one in work.exercises
                if one.standing is Handed.RETURNED
            },
            calls={post: at for post, (at, _text) in calls.get(member.person, {}).items()},
        )

    def _late(self, taught: Taught, work: LearnersWork) -> dict[bytes, int]:
        now, late = self._desk.true_now(), {}
        for module in taught.edition.modules if taught.edition else ():
            is_open = now >= opens_at(taught.cohort, module.week)
            for activity in module.activities:
                due = due_at(taught.cohort, module.week, activity.due_day)
                standing = of_activity(activity, work.done, is_open=is_open, is_over=now >= due)
                if standing.state is State.LATE and activity.type is not ActivityType.UNKNOWN:
                    late[activity.id] = due
        return late

    def _failures(self) -> dict[bytes, dict[bytes, int]]:
        """Failed attempts in a row, by personal space and quiz."""
        passed: dict[bytes, tuple[int, bool]] = {}
        for seen in self._desk.store.view(GRADE):
            given: Grade = seen.body
            if given.attempt not in passed or given.graded_at >= passed[given.attempt][0]:
                passed[given.attempt] = (given.graded_at, given.passed)
        rows: dict[bytes, dict[bytes, int]] = {}
        attempts = self._desk.store.view(ATTEMPT, ids=list(passed)) if passed else []
        for seen in sorted(attempts, key=lambda one: (one.body.number, one.body.submitted)):
            attempt: Attempt = seen.body
            of_learner = rows.setdefault(bytes(seen.space), {})
            of_learner[attempt.activity] = 0 if passed[seen.id][1] else of_learner.get(attempt.activity, 0) + 1
        return rows

    def _calls(self, taught: Taught) -> dict[bytes, dict[bytes, tuple[int, str]]]:
        """Calls for help that nobody else has answered: by person, the discussion with its instant and words."""
        posts = self._desk.store.view(POST, spaces.cohort(taught.cohort_id))
        answered: dict[bytes, set[bytes]] = {}
        for seen in posts:
            if seen.body.thread and not seen.body.hidden:
                answered.setdefault(seen.body.thread, set()).add(seen.author)
        calls: dict[bytes, dict[bytes, tuple[int, str]]] = {}
        for seen in posts:
            post = seen.body
            if post.wants_help and not (post.thread or post.solved or post.hidden):
                if answered.get(seen.id, set()) - {seen.author}:
                    continue
                calls.setdefault(seen.author, {})[seen.id] = (seen.at, post.title or post.text)
        return calls


def _minutes(taught: Taught, work: LearnersWork) -> int:
    return round(minutes_done(taught.edition, work.done)) if taught.edition else 0


def sentences(followed: Followed, *, group: bool = True) -> tuple[str, ...]:
    """The reasons in the language in use, a sentence each; with `group` where the group is, when that says more."""
    rest = list(followed.reasons)
    said = []
    failing = next((one for one in rest if isinstance(one, Failing)), None)
    silent = next((one for one in rest if isinstance(one, Silent) and not one.never), None)
    if failing and silent:
        rest = [one for one in rest if one not in (failing, silent)]
        said.append(_failed_then_silent(failing, silent, followed.titles))
    said += [_sentence(one, followed.titles) for one in rest]
    if group and followed.reasons and followed.minutes < followed.average:
        said.append(_("The group is at {duration} on average.").format(duration=duration(followed.average)))
    return tuple(said)


def _failed_then_silent(failing: Failing, silent: Silent, titles: Mapping[bytes, str]) -> str:
    words = ngettext(
        "{times} failures in a row at “{title}”, then a silence of {count} day.",
        "{times} failures in a row at “{title}”, then a silence of {count} days.",
        silent.days,
    )
    return words.format(times=failing.times, title=titles.get(failing.activity, ""), count=silent.days)


def _sentence(reason: Reason, titles: Mapping[bytes, str]) -> str:
    match reason:
        case Late():
            return _late_words(reason, titles)
        case Silent():
            return _silent_words(reason)
        case Failing(activity=activity, times=times):
            words = ngettext("{count} failure at “{title}”.", "{count} failures in a row at “{title}”.", times)
            return words.format(count=times, title=titles.get(activity, ""))
        case NotTakenUp(activity=activity, days=days):
            words = ngettext(
                "“{title}” was returned {count} day ago, no new version yet.",
                "“{title}” was returned {count} days ago, no new version yet.",
                days,
            )
            return words.format(title=titles.get(activity, ""), count=days)
        case Unanswered(hours=hours):
            return _unanswered_words(hours)


def _late_words(reason: Late, titles: Mapping[bytes, str]) -> str:
    first, others = titles.get(reason.activities[0], ""), len(reason.activities) - 1
    if not others:
        words = ngettext("“{title}” is {count} day late.", "“{title}” is {count} days late.", reason.days)
        return words.format(title=first, count=reason.days)
    words = ngettext(
        "Late with “{title}” and {count} other activity.", "Late with “{title}” and {count} other activities.", others
    )
    return words.format(title=first, count=others)


def _silent_words(reason: Silent) -> str:
    if reason.never:
        return _("Has not sent anything yet.")
    words = ngettext("Nothing for {count} day.", "Nothing for {count} days.", reason.days)
    return words.format(count=reason.days)


def _unanswered_words(hours: int) -> str:
    days = hours // _HOURS_OF_DAY
    if days > 1:
        words = ngettext(
            "A call for help without an answer for {count} day.",
            "A call for help without an answer for {count} days.",
            days,
        )
        return words.format(count=days)
    words = ngettext(
        "A call for help without an answer for {count} hour.",
        "A call for help without an answer for {count} hours.",
        hours,
    )
    return words.format(count=hours)

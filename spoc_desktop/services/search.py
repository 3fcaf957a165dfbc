"""Finding again: titles and lessons of one's courses, people and quizzes of one's groups, what was written.

Case, accents and ligatures do not matter. Only what is on this laptop and open is found; a closed week stays closed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from spoc_desktop.services.cohorts import Cohorts
from spoc_desktop.services.courses import EDITION_KINDS, ROUTES, ActivityRow, Courses
from spoc_desktop.services.desk import Desk
from spoc_desktop.services.forum import Forum
from spoc_desktop.services.messages import Messages
from spoc_desktop.services.videos import Videos
from spoc_desktop.services.writers import ForumOf
from sync.content.reading import plain_text
from sync.domain.courses import ActivityType, LessonEdition
from sync.domain.exercises import ExerciseEdition
from sync.domain.grading import folded
from sync.domain.progress import State

MOST = 50
"""Hits shown; who gets more types another word."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found. `where`: the course or group; `excerpt`: the line with the words, "" when the title has them.

    `route` and `params` open it.
    """

    title: str
    where: str
    excerpt: str
    route: str
    params: Mapping[str, bytes]


class Search:
    """Reads the store at each call: call it in the database worker."""

    def __init__(
        self, desk: Desk, courses: Courses, cohorts: Cohorts, *, videos: Videos, forum: Forum, messages: Messages
    ) -> None:
        self._desk = desk
        self._courses = courses
        self._videos = videos
        self._cohorts = cohorts
        self._forum = forum
        self._messages = messages

    def find(self, words: str) -> tuple[Hit, ...]:
        """What holds all of the words; titles first."""
        wanted = folded(words).split()
        if not wanted:
            return ()
        found = [*self._learnt(wanted), *self._taught(wanted), *self._written(wanted)]
        return tuple(sorted(found, key=lambda hit: bool(hit.excerpt))[:MOST])

    def _learnt(self, wanted: list[str]) -> Iterator[Hit]:
        for enrolled in self._courses.enrolled():
            if enrolled.edition is None or enrolled.cohort is None:
                continue
            for row in self._courses.outline(enrolled.cohort_id).activities:
                excerpt = self._excerpt(row, wanted)
                if row.standing.state is State.CLOSED or excerpt is None:
                    continue
                route = ROUTES.get(row.activity.type, "lesson")
                params = {"cohort_id": enrolled.cohort_id, "activity_id": row.activity.id}
                yield Hit(row.activity.title, enrolled.title, excerpt, route, params)

    def _excerpt(self, row: ActivityRow, wanted: list[str]) -> str | None:
        """The line of an activity that holds the words, "" for its title, None when it does not hold them."""
        if _holds(row.activity.title, wanted):
            return ""
        kind = EDITION_KINDS.get(row.activity.type)
        seen = self._desk.store.one(kind, row.activity.edition) if kind is not None else None
        match seen.body if seen is not None else None:
            case LessonEdition(blocks=blocks) | ExerciseEdition(brief=blocks):
                lines = [*plain_text(blocks).split("\n"), *self._videos.transcript_lines(row.activity)]
                return next((line for line in lines if _holds(line, wanted)), None)
        return None

    def _taught(self, wanted: list[str]) -> Iterator[Hit]:
        for taught in self._cohorts.taught():
            cohort_id = taught.cohort_id
            for member in self._cohorts.learners(cohort_id):
                if _holds(member.name, wanted):
                    yield Hit(member.name, taught.cohort.title, "", "group", {"cohort_id": cohort_id})
            for activity in taught.edition.activities if taught.edition else ():
                if activity.type is ActivityType.QUIZ and _holds(activity.title, wanted):
                    params = {"cohort_id": cohort_id, "activity_id": activity.id}
                    yield Hit(activity.title, taught.cohort.title, "", "quiz_results", params)

    def _written(self, wanted: list[str]) -> Iterator[Hit]:
        """Posts and private messages; a discussion whose title has the words is found once, by its title."""
        for forum in self._forum.forums():
            for row in self._forum.threads(forum.cohort_id):
                params = {"cohort_id": forum.cohort_id, "thread": row.thread}
                if row.title and _holds(row.title, wanted):
                    yield Hit(row.title, forum.title, "", "exchanges", params)
                    continue
                for post in self._forum.thread(forum.cohort_id, row.thread).posts:
                    if (line := _line(post.text, wanted)) is not None:
                        yield Hit(row.title or post.writer.name, forum.title, line, "exchanges", params)
            yield from self._private(forum, wanted)

    def _private(self, forum: ForumOf, wanted: list[str]) -> Iterator[Hit]:
        inbox = self._messages.inbox(forum.cohort_id) if forum.is_trainer else ()
        learners = [row.learner.person for row in inbox] if forum.is_trainer else [self._desk.person]
        for learner in learners:
            params = {"cohort_id": forum.cohort_id, "learner": bytes(learner)}
            for message in self._messages.private(forum.cohort_id, learner).messages:
                if (line := _line(message.text, wanted)) is not None:
                    yield Hit(message.writer.name, forum.title, line, "exchanges", params)


def _line(text: str, wanted: list[str]) -> str | None:
    """The line that holds the words; a text that holds them in several lines is found by its first."""
    lines = text.split("\n")
    return next((line for line in lines if _holds(line, wanted)), lines[0] if _holds(text, wanted) else None)


def _holds(text: str, wanted: list[str]) -> bool:
    plain = folded(text)
    return all(word in plain for word in wanted)

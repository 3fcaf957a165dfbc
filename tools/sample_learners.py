"""Learners of the sample session who have worked already, each through a real client, store and sync of their own."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from hashlib import blake2b
from pathlib import Path

from spoc_desktop.interchange.course_folder import Understood, read_folder
from spoc_desktop.services.courses import ActivityRow
from spoc_desktop.services.profiles import Profile
from spoc_desktop.services.workplace import Workplace
from spoc_desktop.storage.store import LocalStore
from sync.client.http_connection import HttpConnection
from sync.client.http_transport import HttpServer
from sync.client.ports import Changes
from sync.domain.courses import ActivityType
from sync.domain.grading import option_numbers
from sync.domain.progress import State
from sync.domain.quizzes import Answer, Key, Question, QuestionType
from sync.domain.videos import PART_SECONDS, parts_of
from sync.protocol.messages import Session
from tools.sample_answers import answer_of
from tools.sample_session import SAMPLE_COURSE, Person, SampleServer
from tools.sample_talk import TALKS, turns

_AT_A_TIME = 2
_LEFT = (State.TODO, State.BEGUN, State.LATE)


def let_them_work(server: SampleServer, people: Iterable[Person], course: Path = SAMPLE_COURSE) -> None:
    """Let people join, do their share of what is open, and synchronise."""
    keys = keys_of(course)
    active = [person for person in people if person.done > 0]
    codes = [server.invite(person) for person in active]
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        for _done in pool.map(lambda pair: _one(server, pair[0], pair[1], keys), zip(active, codes, strict=True)):
            pass


def let_them_talk(server: SampleServer, people: Sequence[Person]) -> None:
    """Let learners and trainer write `TALKS`, turn by turn as it was said; the first of them speaks for the trainer."""
    with ExitStack() as session:
        open_: dict[str, Workplace] = {}
        for one in people:
            open_[one.name.split(" ")[0]] = session.enter_context(_laptop(server, server.invite(one)))
        trainer = next(iter(open_.values()))
        spoken: dict[int, bytes] = {}
        for _at, talk, turn in turns():
            workplace = open_.get(TALKS[talk].turns[turn].by, trainer)
            _say(workplace, server.cohort, talk, turn, spoken)
            workplace.syncing.sync_or_raise()


def _say(workplace: Workplace, cohort: bytes, talk: int, turn: int, spoken: dict[int, bytes]) -> None:
    said, forum = TALKS[talk], workplace.forum
    text = said.turns[turn].text
    if turn:
        forum.reply(cohort, spoken[talk], text)
        return
    activities = list(forum.activities(cohort))
    about = activities[said.activity] if 0 <= said.activity < len(activities) else b""
    posted = forum.open_thread(
        cohort, said.title, text, activity=about, wants_help=said.wants_help, announcement=said.announced
    )
    if said.solved:
        forum.solve(posted.id, solved=True)
    spoken[talk] = posted.id


def _one(server: SampleServer, person: Person, code: str, keys: dict[bytes, Key]) -> None:
    with _laptop(server, code) as workplace:
        work(workplace, server.cohort, person, keys)
        workplace.syncing.sync_or_raise()


@contextmanager
def _laptop(server: SampleServer, code: str) -> Iterator[Workplace]:
    """The laptop of whoever the code invites: it has joined and synchronised once."""
    with _spoken_to(server) as speaker:
        session = speaker.join(code, secrets.token_urlsafe(18), "sample")
    with _working(server, session) as workplace:
        yield workplace


@contextmanager
def other_computer(server: SampleServer, login: str, password: str) -> Iterator[Workplace]:
    """A further laptop of somebody who has a password: signed in, and synchronised once."""
    with _spoken_to(server) as speaker:
        session = speaker.login(login, password, "other computer")
    with _working(server, session) as workplace:
        yield workplace


@contextmanager
def _spoken_to(server: SampleServer) -> Iterator[HttpServer]:
    with closing(HttpConnection(server.address)) as connection:
        yield HttpServer(connection)


@contextmanager
def _working(server: SampleServer, session: Session) -> Iterator[Workplace]:
    store = LocalStore.in_memory(server=session.server, person=session.person)
    store.keep_login(session)
    profile = Profile(
        server=session.server,
        person=session.person,
        device=session.device,
        name=session.name,
        login=session.login,
        organisation=session.organisation,
        address=server.address,
    )
    with tempfile.TemporaryDirectory() as folder:
        workplace = Workplace(profile, store, Path(folder) / "last_sync.json")
        try:
            workplace.syncing.sync_or_raise()
            yield workplace
        finally:
            workplace.close()


def finish(workplace: Workplace, cohort: bytes, course: Path) -> int:
    """Do whatever somebody has not done of what is open, every answer right; how many activities that were."""
    person = Person(workplace.name, workplace.name, 1.0, 1.0)
    keys = keys_of(course)
    left = [row for row in workplace.courses.outline(cohort).activities if row.standing.state in _LEFT]
    for row in left:
        _do(workplace, cohort, row, person, keys, share=1.0)
    workplace.changed(Changes(outbox=True))
    return len(left)


def keys_of(course: Path) -> dict[bytes, Key]:
    """The keys of all questions of a course folder."""
    read = read_folder(course)
    quizzes = read.text.quizzes.values() if isinstance(read, Understood) else ()
    return {key.question: key for quiz in quizzes for key in quiz.keys}


def work(workplace: Workplace, cohort: bytes, person: Person, keys: dict[bytes, Key]) -> None:
    """Do a share of the activities that are open, in their order; the last one of them only in part."""
    rows = [row for row in workplace.courses.outline(cohort).activities if row.standing.state is not State.CLOSED]
    wanted = person.done * len(rows)
    for place, row in enumerate(rows):
        share = min(1.0, wanted - place)
        if share <= 0:
            return
        _do(workplace, cohort, row, person, keys, share=share)


def _do(
    workplace: Workplace, cohort: bytes, row: ActivityRow, person: Person, keys: dict[bytes, Key], *, share: float
) -> None:
    match row.activity.type:
        case ActivityType.LESSON:
            _read(workplace, cohort, row, share)
        case ActivityType.QUIZ:
            _take(workplace, cohort, row, person, keys, is_whole=share >= 1.0)
        case ActivityType.VIDEO:
            _watch(workplace, cohort, row, share)
        case ActivityType.EXERCISE:
            _write(workplace, cohort, row, person, is_whole=share >= 1.0)


def _read(workplace: Workplace, cohort: bytes, row: ActivityRow, share: float) -> None:
    page = workplace.courses.lesson(cohort, row.activity.id)
    for part in range(max(1, round(len(page.parts) * share))):
        workplace.courses.read(page, part, 60 * row.activity.minutes // max(1, len(page.parts)))


def _watch(workplace: Workplace, cohort: bytes, row: ActivityRow, share: float) -> None:
    page = workplace.videos.page(cohort, row.activity.id)
    parts = parts_of(page.video)
    for part in range(max(1, round(parts * share))):
        workplace.videos.watched(page, part, PART_SECONDS)
    workplace.videos.stop(row.activity.id, round(page.video.milliseconds * share))


def _write(workplace: Workplace, cohort: bytes, row: ActivityRow, person: Person, *, is_whole: bool) -> None:
    exercises, activity = workplace.exercises, row.activity.id
    text = answer_of(person, row.activity.title)
    exercises.write(cohort, activity, text if is_whole else text[: len(text) // 2])
    if is_whole:
        exercises.hand_in(cohort, activity)


def _take(
    workplace: Workplace, cohort: bytes, row: ActivityRow, person: Person, keys: dict[bytes, Key], *, is_whole: bool
) -> None:
    sitting = workplace.quizzes.begin(cohort, row.activity.id)
    questions = [view.question for view in sitting.questions]
    for question in questions if is_whole else questions[: len(questions) // 2]:
        workplace.quizzes.answer(sitting.start_id, _answer(question, keys[question.id], person))
    if is_whole:
        workplace.quizzes.submit(sitting.start_id)


def _answer(question: Question, key: Key, person: Person) -> Answer:
    """The same answer at each run: right for about the person's share of questions."""
    drawn = blake2b(question.id + person.login.encode(), digest_size=2).digest()
    is_right = int.from_bytes(drawn, "big") / 0xFFFF < person.right
    match question.type:
        case QuestionType.SHORT_TEXT:
            return Answer(question=question.id, text=key.accepted[0] if is_right else "je ne sais plus")
        case QuestionType.NUMERIC:
            return Answer(question=question.id, text=f"{key.value if is_right else key.value * 2 + 1:g}")
    chosen = key.right if is_right else _wrong(option_numbers(question), key.right)
    return Answer(question=question.id, chosen=tuple(chosen))


def _wrong(options: Sequence[int], right: Sequence[int]) -> tuple[int, ...]:
    others = [number for number in options if number not in right]
    return (others[0],) if others else (right[0],)

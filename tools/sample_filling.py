"""The sample session comes to life: people at different places, hand-ins that wait, a forum, a certificate.

Everybody works through a real client of their own, without a window; only their clocks may be some days late.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from spoc_desktop.services.gradebook import EntryState
from spoc_desktop.services.workplace import Workplace
from sync.domain.ids import PersonId
from tools.sample_answers import taken_up
from tools.sample_desks import SampleTime, joined, other_computer
from tools.sample_learners import keys_of, work
from tools.sample_returns import let_her_review
from tools.sample_session import LEARNER, OTHERS, SAMPLE_COURSE, SECOND_LEARNER, TRAINER, Laptop, Person, SampleServer
from tools.sample_talk import PRIVATE, TALKS, turns

RETURNED = (LEARNER.name, "Thomas Girard")
"""Whose first exercise came back today."""
FORGOTTEN = "Inès Moreau"
"""Whose first exercise came back some days ago and lies there."""
TAKEN_UP = "Thomas Girard"
"""Who has answered with a second version."""
WAITING = (SECOND_LEARNER.name, "Mathilde Roux")
"""Whose work the trainer has not looked at yet."""
ACCEPTED = ("Sophie Lemoine",)
"""Whose work is all accepted: the certificate is theirs."""
_RETURNED_DAYS_AGO = 5
_AT_A_TIME = 2


@contextmanager
def at_work(
    server: SampleServer, laptop: Laptop, clocks: Mapping[Person, SampleTime]
) -> Iterator[dict[str, Workplace]]:
    """The laptops of people with their clocks, by name, each up to date; two come at a time.

    Who has a password on `laptop` signs in on a further one, everybody else joins with a code.
    """
    people = list(clocks)
    secrets_ = [_secret(server, laptop, one) for one in people]
    with ExitStack() as session, ThreadPoolExecutor(_AT_A_TIME) as pool:

        def come(pair: tuple[Person, tuple[str, str]]) -> Workplace:
            person, (code, password) = pair
            if password:
                return session.enter_context(other_computer(server, person.login, password, clocks[person]))
            return session.enter_context(joined(server, code, clocks[person]))

        found = list(pool.map(come, zip(people, secrets_, strict=True)))
        yield {person.name: workplace for person, workplace in zip(people, found, strict=True)}


def _secret(server: SampleServer, laptop: Laptop, person: Person) -> tuple[str, str]:
    password = laptop.passwords.get(server.people[person.login].hex(), "")
    return ("" if password else server.invite(person), password)


def fill(server: SampleServer, laptop: Laptop, course: Path = SAMPLE_COURSE) -> None:
    """Let them all work, be reviewed and talk."""
    learners = [one for one in (LEARNER, SECOND_LEARNER, *OTHERS) if one.done > 0]
    keys = keys_of(course)
    clocks = {person: SampleTime(person.days_ago) for person in (*learners, TRAINER)}
    with at_work(server, laptop, clocks) as desks, ThreadPoolExecutor(_AT_A_TIME) as pool:

        def do(person: Person) -> None:
            work(desks[person.name], server.cohort, person, keys)
            desks[person.name].syncing.sync_or_raise()

        list(pool.map(do, learners))
        _review(server, desks, clocks[TRAINER])
        let_them_talk(server, desks)


def _review(server: SampleServer, desks: dict[str, Workplace], clock: SampleTime) -> None:
    trainer = desks[TRAINER.name]
    trainer.syncing.sync_or_raise()
    clock.days_ago = _RETURNED_DAYS_AGO
    let_her_review(trainer, (FORGOTTEN,))
    clock.days_ago = 0
    let_her_review(trainer, RETURNED, ACCEPTED, waiting=WAITING)
    trainer.syncing.sync_or_raise()
    learner = desks[TAKEN_UP]
    learner.syncing.sync_or_raise()
    for entry in (one for book in learner.gradebook.mine() for one in book.entries):
        if entry.state is EntryState.RETURNED:
            where = server.cohort, entry.activity.id
            learner.exercises.begin_next(*where)
            learner.exercises.write(*where, taken_up(learner.exercises.view(*where).draft.text))
            learner.exercises.hand_in(*where)
    learner.syncing.sync_or_raise()


def let_them_talk(server: SampleServer, desks: dict[str, Workplace]) -> None:
    """Let learners and trainer write `TALKS` and `PRIVATE`, turn by turn as it was said."""
    by_first_name = {name.split(" ")[0]: desk for name, desk in desks.items()}
    trainer, learner = desks[TRAINER.name], desks[LEARNER.name]
    spoken: dict[int, bytes] = {}
    for _at, talk, turn in turns():
        workplace = by_first_name.get(TALKS[talk].turns[turn].by, trainer)
        _say(workplace, server.cohort, talk, turn, spoken)
        workplace.syncing.sync_or_raise()
    for said in PRIVATE:
        is_hers = said.by == LEARNER.name.split(" ")[0]
        speaker = learner if is_hers else trainer
        speaker.messages.send(server.cohort, said.text, learner=None if is_hers else PersonId(learner.desk.person))
        speaker.syncing.sync_or_raise()


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

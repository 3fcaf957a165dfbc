"""The private thread between a learner and the trainers of a cohort, and the trainers' inbox."""

from collections.abc import Sequence
from dataclasses import dataclass

from spoc_desktop.services.desk import Desk, New, Seen
from spoc_desktop.services.unsent import Posted, emptied, mark_read, marks
from spoc_desktop.services.writers import Writer, Writers, forums
from sync.client.ports import Changes
from sync.domain import spaces
from sync.domain.courses import EDITION, Edition
from sync.domain.exercises import HAND_IN, RETURNED, Returned
from sync.domain.files import Attachment
from sync.domain.ids import CohortId, PersonId, derived
from sync.domain.messages import MESSAGE, Message


@dataclass(frozen=True, slots=True)
class About:
    """What a message speaks of. `version` 0: the activity itself, else a version handed in. `remark` 0: none.

    `title` is "" while what it speaks of has not come; `quote`: the words of the trainer's remark.
    """

    id: bytes
    activity_id: bytes
    title: str
    version: int
    remark: int
    quote: str = ""
    is_returned: bool = False


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message as it is read; `about` None: it speaks of nothing in particular."""

    id: bytes
    writer: Writer
    text: str
    at: int
    files: tuple[Attachment, ...]
    waiting: bool
    about: About | None


@dataclass(frozen=True, slots=True)
class PrivateThread:
    """All that a learner and the trainers of a cohort wrote to each other, oldest first."""

    cohort_id: CohortId
    learner: Writer
    trainers: tuple[Writer, ...]
    messages: tuple[MessageView, ...]
    unread: int


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A learner's thread in a trainer's inbox; `last` None: nothing was written yet. Times in milliseconds.

    `unanswered_since`: the oldest message of the learner after the last word of a trainer, None: nothing waits.
    """

    cohort_id: CohortId
    learner: Writer
    last: str
    at: int
    unread: int
    unanswered_since: int | None


def private_place(cohort_id: bytes, learner: bytes) -> bytes:
    """The name of a private thread, for how far it was read and what is unsent in it."""
    return derived("private_thread", cohort_id, learner)


class Messages:
    """Reads and writes the store at once: call it in the database worker."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def private(self, cohort_id: bytes, learner: bytes | None = None) -> PrivateThread:
        """The thread with one learner; without one, the person's own."""
        whose = learner or self._desk.person
        writers = Writers(self._desk.store, cohort_id)
        found = self._messages(cohort_id, whose)
        return PrivateThread(
            cohort_id=CohortId(cohort_id),
            learner=writers.of(whose),
            trainers=writers.trainers(),
            messages=tuple(self._view(seen, writers) for seen in found),
            unread=self._unread(found, marks(self._desk).get(private_place(cohort_id, whose), 0)),
        )

    def inbox(self, cohort_id: bytes) -> tuple[InboxRow, ...]:
        """The threads of a cohort's learners: the longest unanswered first, then the newest, then the silent ones."""
        writers, read = Writers(self._desk.store, cohort_id), marks(self._desk)
        found: dict[bytes, list[Seen]] = {}
        for seen in sorted(self._desk.store.view(MESSAGE), key=Seen.in_order):
            found.setdefault(seen.space, []).append(seen)
        rows = []
        for learner in writers.learners():
            space = spaces.personal(CohortId(cohort_id), PersonId(learner.person))
            mark = read.get(private_place(cohort_id, learner.person), 0)
            rows.append(self._row(cohort_id, learner, found.get(space, []), mark))
        return tuple(sorted(rows, key=_urgency))

    def unanswered(self, cohort_id: bytes) -> tuple[InboxRow, ...]:
        """The threads with a message of the learner that no trainer has answered, the longest first."""
        return tuple(row for row in self.inbox(cohort_id) if row.unanswered_since is not None)

    def unread(self) -> int:
        """Private threads with something that the person has not seen."""
        count = 0
        for forum in forums(self._desk.store):
            if forum.is_trainer:
                count += sum(bool(row.unread) for row in self.inbox(forum.cohort_id))
            else:
                count += bool(self.private(forum.cohort_id).unread)
        return count

    def replies(self, cohort_id: bytes, about: bytes, learner: bytes | None = None) -> dict[int, list[MessageView]]:
        """What was written about a returned review, a hand-in or an activity, by remark; 0: about the whole."""
        found: dict[int, list[MessageView]] = {}
        for message in self.private(cohort_id, learner).messages:
            if message.about is not None and message.about.id == about:
                found.setdefault(message.about.remark, []).append(message)
        return found

    def about(self, id_: bytes, remark: int = 0) -> About | None:
        """What an id names: an activity, a hand-in or a returned review; None for the empty id."""
        if not id_:
            return None
        returned = self._desk.store.one(RETURNED, id_)
        if returned is not None:
            body: Returned = returned.body
            quote = next((one.text for one in body.remarks if one.number == remark), "")
            return About(id_, body.activity, self._title(body.activity), body.version, remark, quote, is_returned=True)
        handed = self._desk.store.one(HAND_IN, id_)
        if handed is not None:
            activity = handed.body.activity
            return About(id_, activity, self._title(activity), handed.body.version, remark)
        return About(id_, id_, self._title(id_), 0, remark)

    def send(
        self,
        cohort_id: bytes,
        text: str,
        *,
        learner: bytes | None = None,
        about: bytes = b"",
        remark: int = 0,
        files: tuple[Attachment, ...] = (),
    ) -> Posted:
        """Write to the trainers, or as a trainer to one learner."""
        whose = PersonId(learner or self._desk.person)
        body = Message(text=text, at=self._desk.now(), about=about, remark=remark, files=files)
        id_ = self._desk.new_id()
        made = New(MESSAGE, spaces.personal(CohortId(cohort_id), whose), id_, body)
        place = private_place(cohort_id, whose)
        return Posted(self._desk.store.write([made, *emptied(self._desk, place)]), id_)

    def mark_read(self, cohort_id: bytes, learner: bytes | None = None) -> Changes:
        """The person has a private thread before their eyes."""
        whose = learner or self._desk.person
        found = self._messages(cohort_id, whose)
        return mark_read(self._desk, private_place(cohort_id, whose), max((seen.seq for seen in found), default=0))

    def _messages(self, cohort_id: bytes, learner: bytes) -> list[Seen]:
        space = spaces.personal(CohortId(cohort_id), PersonId(learner))
        return sorted(self._desk.store.view(MESSAGE, space), key=Seen.in_order)

    def _unread(self, found: Sequence[Seen], read: int) -> int:
        return sum(seen.seq > read and seen.author != self._desk.person for seen in found)

    def _view(self, seen: Seen, writers: Writers) -> MessageView:
        body: Message = seen.body
        about = self.about(body.about, body.remark)
        return MessageView(seen.id, writers.of(seen.author), body.text, seen.at, body.files, seen.waiting, about)

    def _row(self, cohort_id: bytes, learner: Writer, found: Sequence[Seen], read: int) -> InboxRow:
        answered = max((number for number, seen in enumerate(found) if seen.author != learner.person), default=-1)
        open_ones = found[answered + 1 :]
        return InboxRow(
            cohort_id=CohortId(cohort_id),
            learner=learner,
            last=found[-1].body.text if found else "",
            at=found[-1].at if found else 0,
            unread=self._unread(found, read),
            unanswered_since=open_ones[0].at if open_ones else None,
        )

    def _title(self, activity: bytes) -> str:
        """The title of an activity in any edition that is here."""
        editions: list[Edition] = [seen.body for seen in self._desk.store.view(EDITION)]
        newest_first = sorted(editions, key=lambda edition: -edition.number)
        titles = (one.title for edition in newest_first for one in edition.activities if one.id == activity)
        return next(titles, "")


def _urgency(row: InboxRow) -> tuple[int, int, str]:
    if row.unanswered_since is not None:
        return 0, row.unanswered_since, row.learner.name
    return (1, -row.at, row.learner.name) if row.at else (2, 0, row.learner.name.casefold())

"""The forum of a cohort: discussions in the server's order, own messages that wait at their end, what is unread.

Who learns or teaches in a cohort writes in its forum; trainers announce, hide and show again, and call solved.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from spoc_desktop.services.courses import edition_of
from spoc_desktop.services.desk import Desk, Edited, New, Removed, Seen
from spoc_desktop.services.errors import NotHereYet
from spoc_desktop.services.revisions import Split, open_splits
from spoc_desktop.services.unsent import Posted, emptied, mark_read, marks
from spoc_desktop.services.writers import ForumOf, Writer, Writers, forums
from sync.client.ports import Changes
from sync.domain import spaces
from sync.domain.cohorts import COHORT
from sync.domain.files import Attachment
from sync.domain.forum import ANNOUNCEMENT, POST, Post
from sync.domain.ids import CohortId, CourseId, derived
from sync.domain.kind import Kind

if TYPE_CHECKING:
    from sync.client.offering import Held


@dataclass(frozen=True, slots=True)
class ThreadRow:
    """A discussion in the list. `thread`: the id of the post that opened it; `at`: the newest post, in milliseconds.

    `opener` None: the opening post is not on this laptop, it has not come or was deleted. `people`: who wrote, in the
    order of their first post. `unread`: posts of others not seen yet. `waiting`: something of one's own has not left.
    """

    cohort_id: CohortId
    thread: bytes
    title: str
    opener: Writer | None
    people: tuple[Writer, ...]
    posts: int
    at: int
    began: int
    unread: int
    wants_help: bool
    solved: bool
    announcement: bool
    waiting: bool
    hidden: bool
    activity: bytes
    activity_title: str


@dataclass(frozen=True, slots=True)
class PostView:
    """A post as it is read. `splits`: edits at the same time that the person here has to settle.

    `unread`: somebody else wrote it, and the person has not seen it yet.
    """

    id: bytes
    kind: Kind
    writer: Writer
    text: str
    at: int
    files: tuple[Attachment, ...]
    waiting: bool
    hidden: bool
    may_edit: bool
    may_delete: bool
    may_hide: bool
    splits: tuple[Split, ...]
    unread: bool = False


@dataclass(frozen=True, slots=True)
class Thread:
    """A whole discussion. `may_solve`: its author and the trainers say whether it is solved."""

    row: ThreadRow
    posts: tuple[PostView, ...]
    may_solve: bool


def new_thread_place(cohort_id: bytes) -> bytes:
    """The place of a discussion that is being begun: what is unsent is kept under it."""
    return derived("new_thread", cohort_id)


class Forum:
    """Reads and writes the store at once: call it in the database worker."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def forums(self) -> tuple[ForumOf, ...]:
        """The cohorts whose forum the person reads, the latest begun first."""
        return forums(self._desk.store)

    # -- reading

    def threads(self, cohort_id: bytes) -> tuple[ThreadRow, ...]:
        """All discussions of a cohort, the one with the newest post first; hidden ones only for who may see them."""
        reading = _Reading(self._desk, cohort_id)
        rows = [reading.row(thread) for thread in reading.threads]
        shown = [row for row in rows if not row.hidden or reading.may_see_hidden(row.opener)]
        return tuple(sorted(shown, key=lambda row: (-row.at, row.thread)))

    def about(self, cohort_id: bytes, activity: bytes) -> tuple[ThreadRow, ...]:
        """The discussions about one activity, the one with the newest post first."""
        return tuple(row for row in self.threads(cohort_id) if row.activity == activity)

    def thread(self, cohort_id: bytes, thread: bytes) -> Thread:
        """One discussion. NotHereYet when no post of it is on this laptop."""
        reading = _Reading(self._desk, cohort_id)
        if thread not in reading.threads:
            raise NotHereYet
        row = reading.row(thread)
        splits: dict[bytes, list[Split]] = {}
        for split in open_splits(self._desk.store):
            splits.setdefault(split.record, []).append(split)
        posts = tuple(reading.post(seen, thread, tuple(splits.get(seen.id, ()))) for seen in reading.threads[thread])
        is_mine = row.opener is not None and row.opener.is_me
        return Thread(row, posts, may_solve=row.opener is not None and (is_mine or reading.writers.i_teach))

    def unread(self) -> int:
        """Discussions of all cohorts with something that the person has not seen."""
        return sum(bool(row.unread) for forum in self.forums() for row in self.threads(forum.cohort_id))

    def activities(self, cohort_id: bytes) -> dict[bytes, str]:
        """Titles of the course's activities, in reading order: what a discussion may speak of."""
        return _activities(self._desk, CohortId(cohort_id))

    def place_of(self, post_id: bytes) -> tuple[CohortId, bytes] | None:
        """Cohort and discussion of a post, None when it is not here."""
        seen = self._find(post_id)
        return None if seen is None else (CohortId(spaces.ids_of(seen.space)[0]), seen.body.thread or seen.id)

    # -- writing

    def open_thread(
        self,
        cohort_id: bytes,
        title: str,
        text: str,
        *,
        activity: bytes = b"",
        wants_help: bool = False,
        announcement: bool = False,
        files: tuple[Attachment, ...] = (),
    ) -> Posted:
        """Begin a discussion, or announce something."""
        body = Post(text=text, title=title, activity=activity, wants_help=wants_help, files=files)
        kind = ANNOUNCEMENT if announcement else POST
        return self._post(kind, cohort_id, body, new_thread_place(cohort_id))

    def reply(self, cohort_id: bytes, thread: bytes, text: str, *, files: tuple[Attachment, ...] = ()) -> Posted:
        """Answer in a discussion."""
        return self._post(POST, cohort_id, Post(text=text, thread=thread, files=files), thread)

    def edit(self, post_id: bytes, text: str, title: str | None = None) -> Changes:
        """Change one's own words."""
        return self._change(post_id, {"text": text} if title is None else {"text": text, "title": title})

    def hide(self, post_id: bytes, *, hidden: bool) -> Changes:
        """Trainers hide a post from the learners, or show it again; its author goes on seeing it."""
        return self._change(post_id, {"hidden": hidden})

    def solve(self, thread: bytes, *, solved: bool) -> Changes:
        """Say of a discussion that it is solved, or open again."""
        return self._change(thread, {"solved": solved})

    def ask_help(self, thread: bytes, *, wanted: bool) -> Changes:
        """Say of one's own discussion that help is wanted."""
        return self._change(thread, {"wants_help": wanted})

    def delete(self, post_id: bytes) -> "Held":
        """Delete one's own post; for ten seconds `undo` brings it back."""
        return self._desk.store.write_held([Removed(self._found(post_id)[0], post_id)])

    def undo(self, held: "Held") -> Changes:
        """Take a deletion back. TooLateToUndo when it has left."""
        return self._desk.store.undo(held)

    def mark_read(self, cohort_id: bytes, thread: bytes) -> Changes:
        """The person has a discussion before their eyes: what stands in it is read."""
        posts = _Reading(self._desk, cohort_id).threads.get(thread, [])
        return mark_read(self._desk, thread, max((seen.seq for seen in posts), default=0))

    def _post(self, kind: Kind, cohort_id: bytes, body: Post, place: bytes) -> Posted:
        id_ = self._desk.new_id()
        made = New(kind, spaces.cohort(CohortId(cohort_id)), id_, body)
        return Posted(self._desk.store.write([made, *emptied(self._desk, place)]), id_)

    def _change(self, post_id: bytes, fields: Mapping[str, object]) -> Changes:
        return self._desk.store.write([Edited(self._found(post_id)[0], post_id, fields)])

    def _found(self, post_id: bytes) -> tuple[Kind, Seen]:
        for kind in (POST, ANNOUNCEMENT):
            seen = self._desk.store.one(kind, post_id)
            if seen is not None:
                return kind, seen
        raise NotHereYet

    def _find(self, post_id: bytes) -> Seen | None:
        return self._desk.store.one(POST, post_id) or self._desk.store.one(ANNOUNCEMENT, post_id)


class _Reading:
    """One look at a cohort's forum: its posts by discussion, its people, how far the person has read."""

    def __init__(self, desk: Desk, cohort_id: bytes) -> None:
        self._desk = desk
        self._cohort_id = CohortId(cohort_id)
        self.writers = Writers(desk.store, cohort_id)
        self._marks = marks(desk)
        space = spaces.cohort(self._cohort_id)
        posts = [*desk.store.view(POST, space), *desk.store.view(ANNOUNCEMENT, space)]
        self.threads: dict[bytes, list[Seen]] = {}
        for seen in sorted(posts, key=Seen.in_order):
            self.threads.setdefault(seen.body.thread or seen.id, []).append(seen)
        for thread, found in self.threads.items():
            found.sort(key=lambda seen: seen.id != thread)
        self._titles = _activities(desk, self._cohort_id)

    def may_see_hidden(self, writer: Writer | None) -> bool:
        """Trainers and the author go on seeing what was hidden."""
        return self.writers.i_teach or (writer is not None and writer.is_me)

    def row(self, thread: bytes) -> ThreadRow:
        posts = self.threads[thread]
        first = next((seen for seen in posts if seen.id == thread), None)
        body: Post = first.body if first is not None else Post(text="")
        return ThreadRow(
            cohort_id=self._cohort_id,
            thread=thread,
            title=body.title,
            opener=self.writers.of(first.author) if first is not None else None,
            people=tuple(self.writers.of(author) for author in dict.fromkeys(seen.author for seen in posts)),
            posts=len(posts),
            at=max(seen.at for seen in posts),
            began=posts[0].at,
            unread=self._unread(thread, posts),
            wants_help=body.wants_help,
            solved=body.solved,
            announcement=first is not None and first.kind == ANNOUNCEMENT.number,
            waiting=any(seen.waiting for seen in posts),
            hidden=body.hidden,
            activity=body.activity,
            activity_title=self._titles.get(body.activity, ""),
        )

    def post(self, seen: Seen, thread: bytes, splits: tuple[Split, ...]) -> PostView:
        writer = self.writers.of(seen.author)
        is_answered = seen.id == thread and len(self.threads[thread]) > 1
        return PostView(
            id=seen.id,
            kind=ANNOUNCEMENT if seen.kind == ANNOUNCEMENT.number else POST,
            writer=writer,
            text=seen.body.text if not seen.body.hidden or self.may_see_hidden(writer) else "",
            at=seen.at,
            files=seen.body.files if not seen.body.hidden or self.may_see_hidden(writer) else (),
            waiting=seen.waiting,
            hidden=seen.body.hidden,
            may_edit=writer.is_me,
            may_delete=writer.is_me and not is_answered,
            may_hide=self.writers.i_teach and not writer.is_me,
            splits=splits,
            unread=bool(self._unread(thread, [seen])),
        )

    def _unread(self, thread: bytes, posts: Iterable[Seen]) -> int:
        read = self._marks.get(thread, 0)
        return sum(
            seen.seq > read and seen.author != self._desk.person and (not seen.body.hidden or self.writers.i_teach)
            for seen in posts
        )


def _activities(desk: Desk, cohort_id: CohortId) -> dict[bytes, str]:
    cohort = next(iter(desk.store.view(COHORT, spaces.cohort(cohort_id))), None)
    edition = edition_of(desk, CourseId(cohort.body.course)) if cohort is not None else None
    return {one.id: one.title for one in edition.activities} if edition is not None else {}

"""Exercises of a learner: the brief, a draft saved at each keystroke, versions handed in, and what the trainer said."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from spoc_desktop.services.courses import Courses, place_of
from spoc_desktop.services.desk import Desk, Edited, New
from spoc_desktop.services.errors import (
    AlreadyAccepted,
    NotHereYet,
    NothingNewToHandIn,
    NothingToHandIn,
    NotOpenYet,
    TooManyFiles,
)
from spoc_desktop.services.files import take
from spoc_desktop.services.handed import handed_of
from spoc_desktop.services.versions import RefusedVersion, Version, refused_versions, versions_of
from sync.client.offering import Held
from sync.client.ports import Changes
from sync.domain import spaces
from sync.domain.cohorts import opens_at
from sync.domain.courses import PublishedActivity, PublishedModule
from sync.domain.exercises import DRAFT, EXERCISE_EDITION, HAND_IN, Draft, ExerciseEdition, Handed, HandIn, draft_id
from sync.domain.exercises import due_at as due_of
from sync.domain.files import Attachment
from sync.protocol.limits import MAX_FILES


@dataclass(frozen=True, slots=True)
class ExerciseView:
    """An exercise as it stands for this person. `due` and `opens` are instants in milliseconds.

    `versions`: the first first. `draft`: what is being written now, empty before. `refused`: versions that the server
    did not take; they are kept here to be exported. `missing`: files that are named but not here yet.
    """

    cohort_id: bytes
    activity: PublishedActivity
    module: PublishedModule
    edition: ExerciseEdition
    standing: Handed
    opens: int
    due: int
    versions: tuple[Version, ...]
    draft: Draft
    refused: tuple[RefusedVersion, ...]
    missing: frozenset[bytes]
    now: int

    @property
    def is_writing(self) -> bool:
        """Whether a next version has been begun."""
        return bool(self.draft.text.strip() or self.draft.files or self.draft.replies_to)

    @property
    def next_number(self) -> int:
        """The number of the version that would be handed in now."""
        return max((one.number for one in self.versions), default=0) + 1

    @property
    def latest(self) -> Version | None:
        """The version that counts."""
        return self.versions[-1] if self.versions else None


class Exercises:
    """The learner's exercises. Every method reads or writes the store at once: call it in the database worker."""

    def __init__(self, desk: Desk, courses: Courses) -> None:
        self._desk = desk
        self._courses = courses

    def view(self, cohort_id: bytes, activity_id: bytes) -> ExerciseView:
        """An exercise with all its versions. NotHereYet when its text has not come."""
        enrolled = self._courses.find(cohort_id)
        module, activity = place_of(enrolled, activity_id)
        seen = self._desk.store.one(EXERCISE_EDITION, activity.edition)
        if seen is None or enrolled.cohort is None:
            raise NotHereYet
        space = self._desk.personal(cohort_id)
        versions = versions_of(self._desk, space, activity_id)
        draft = self._draft(cohort_id, activity_id)
        named = {file.sha256 for one in versions for file in one.files} | {file.sha256 for file in draft.files}
        return ExerciseView(
            cohort_id=cohort_id,
            activity=activity,
            module=module,
            edition=seen.body,
            standing=handed_of(self._desk, space).get(activity_id, Handed.NOT_YET),
            opens=opens_at(enrolled.cohort, module.week),
            due=due_of(enrolled.cohort, module.week, seen.body.due_day),
            versions=versions,
            draft=draft,
            refused=refused_versions(self._desk, space, activity_id),
            missing=frozenset(each for each in named if not self._desk.store.files.has(each)),
            now=self._desk.true_now(),
        )

    def write(self, cohort_id: bytes, activity_id: bytes, text: str) -> Changes:
        """Keep what is being written: called at each keystroke."""
        return self._keep(cohort_id, activity_id, text=text)

    def attach(self, cohort_id: bytes, activity_id: bytes, paths: Sequence[Path]) -> Changes:
        """Add files of this computer to the draft. TooManyFiles, FileTooLarge, FileUnreadable: none is added."""
        before = self._draft(cohort_id, activity_id).files
        if len(before) + len(paths) > MAX_FILES:
            raise TooManyFiles(MAX_FILES)
        fresh = [take(self._desk, path) for path in paths]
        return self._keep(cohort_id, activity_id, files=tuple(dict.fromkeys((*before, *fresh))))

    def detach(self, cohort_id: bytes, activity_id: bytes, file: Attachment) -> Changes:
        """Take a file out of the draft. Its bytes stay here: a version may name them too."""
        before = self._draft(cohort_id, activity_id).files
        return self._keep(cohort_id, activity_id, files=tuple(one for one in before if one != file))

    def begin_next(self, cohort_id: bytes, activity_id: bytes) -> Changes:
        """Begin the next version from the text and files of the last one. AlreadyAccepted."""
        view = self.view(cohort_id, activity_id)
        self._check_open(view)
        last = view.latest
        if last is None or view.is_writing:
            return Changes()
        return self._keep(cohort_id, activity_id, text=last.text, files=last.files, replies_to=last.id)

    def drop_draft(self, cohort_id: bytes, activity_id: bytes) -> Held:
        """Give up what is being written; it can be undone for a while (`undo`)."""
        return self._desk.store.write_held(
            [self._draft_change(cohort_id, activity_id, text="", files=(), replies_to=b"")]
        )

    def hand_in(self, cohort_id: bytes, activity_id: bytes) -> Held:
        """Hand the draft in with its files; it leaves some seconds later, until then `undo` takes it back.

        NotOpenYet, AlreadyAccepted, NothingToHandIn, NothingNewToHandIn. Late is allowed, the receipt says when.
        """
        view = self.view(cohort_id, activity_id)
        self._check_open(view)
        draft = view.draft
        if not draft.text.strip() and not draft.files:
            raise NothingToHandIn
        last = view.latest
        if last is not None and (draft.text, draft.files) == (last.text, last.files):
            raise NothingNewToHandIn
        body = HandIn(
            activity=activity_id,
            edition=view.activity.edition,
            version=view.next_number,
            text=draft.text,
            at=self._desk.now(),
            files=draft.files,
            witness=self._desk.witness(),
        )
        return self._desk.store.write_held(
            [
                New(HAND_IN, self._desk.personal(cohort_id), self._desk.new_id(), body),
                self._draft_change(cohort_id, activity_id, text="", files=(), replies_to=b""),
            ]
        )

    def undo(self, held: Held) -> Changes:
        """Take back what was handed in or given up. TooLateToUndo when it has left."""
        return self._desk.store.undo(held)

    def _check_open(self, view: ExerciseView) -> None:
        if view.now < view.opens:
            raise NotOpenYet(view.opens)
        if view.standing is Handed.ACCEPTED:
            raise AlreadyAccepted

    def _draft(self, cohort_id: bytes, activity_id: bytes) -> Draft:
        seen = self._desk.store.one(DRAFT, draft_id(cohort_id, activity_id))
        return seen.body if seen else Draft(cohort=cohort_id, activity=activity_id)

    def _keep(self, cohort_id: bytes, activity_id: bytes, **fields: object) -> Changes:
        return self._desk.store.write([self._draft_change(cohort_id, activity_id, **fields)])

    def _draft_change(self, cohort_id: bytes, activity_id: bytes, **fields: object) -> New | Edited:
        name = draft_id(cohort_id, activity_id)
        if self._desk.store.one(DRAFT, name) is not None:
            return Edited(DRAFT, name, fields)
        whole = Draft(cohort=cohort_id, activity=activity_id, **fields)  # type: ignore[arg-type]  # named fields of Draft
        return New(DRAFT, spaces.own(self._desk.person), name, whole)

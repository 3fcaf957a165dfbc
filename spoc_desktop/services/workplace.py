"""Everything that one signed-in person works with, built once when their store is opened and handed to the pages."""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from spoc_desktop.services.ahead import AheadFiles
from spoc_desktop.services.authoring import Authoring
from spoc_desktop.services.authoring_drafts import CourseDrafts
from spoc_desktop.services.authoring_import import CourseImport
from spoc_desktop.services.ballots import AfterSync, Ballots
from spoc_desktop.services.bank import CommentBank
from spoc_desktop.services.care import Keeper
from spoc_desktop.services.carrying import Carrying
from spoc_desktop.services.certificates import Certificates
from spoc_desktop.services.cohorts import Cohorts
from spoc_desktop.services.computer_clock import BootClock, SystemBoot
from spoc_desktop.services.courses import Courses
from spoc_desktop.services.desk import Desk
from spoc_desktop.services.documents import Documents
from spoc_desktop.services.evidence import EvidenceFiles
from spoc_desktop.services.exercises import Exercises
from spoc_desktop.services.files import CourseFiles
from spoc_desktop.services.followup import FollowUp
from spoc_desktop.services.forum import Forum
from spoc_desktop.services.gradebook import Gradebook
from spoc_desktop.services.learner_file import LearnerFiles
from spoc_desktop.services.messages import Messages
from spoc_desktop.services.notes import Notes
from spoc_desktop.services.preferences import Preferences
from spoc_desktop.services.profiles import Profile
from spoc_desktop.services.quiz_results import QuizBook
from spoc_desktop.services.quizzes import Quizzes
from spoc_desktop.services.reviewing import Reviewing
from spoc_desktop.services.revisions import Revisions
from spoc_desktop.services.search import Search
from spoc_desktop.services.sync_loop import SyncLoop
from spoc_desktop.services.syncing import Syncing
from spoc_desktop.services.timekeeping import Timekeeper, TrueClock
from spoc_desktop.services.today import Today, today
from spoc_desktop.services.trash import TrashBin
from spoc_desktop.services.videos import Videos
from spoc_desktop.services.wire import KeptTokens, Wire, sign_in_again
from sync.client.engine import Engine
from sync.client.pipelining import new_line
from sync.client.ports import Changes, Clock
from sync.domain.cohorts import ENROLMENT
from sync.domain.ids import PersonId

if TYPE_CHECKING:
    from spoc_desktop.storage.restoring import Restored
    from spoc_desktop.storage.store import LocalStore


class SystemClock:
    """The clocks of this computer, in milliseconds."""

    def now(self) -> int:
        """Device time since 1970."""
        return time.time_ns() // 1_000_000

    def monotonic(self) -> int:
        """A clock that never jumps."""
        return time.monotonic_ns() // 1_000_000


class SystemChance:
    """The system's own randomness."""

    def bytes(self, count: int) -> bytes:
        """Random bytes."""
        return secrets.token_bytes(count)


@dataclass(frozen=True, slots=True)
class Roles:
    """What a person is, by what their laptop has been told. A fresh laptop knows after its first sync."""

    learner: bool
    trainer: bool
    author: bool


class Workplace:
    """One person's services over one open store. `close` ends what runs and locks the store again."""

    def __init__(
        self,
        profile: Profile,
        store: "LocalStore",
        last_sync: Path,
        *,
        checkpoint: Callable[[str], None] | None = None,
        clock: Clock | None = None,
        boot: BootClock | None = None,
        restored: "Restored | None" = None,
    ) -> None:
        self.profile = profile
        self.restored = restored
        """There when the store was damaged and has just been restored: the person is told."""
        self.store = store
        clock, chance = clock or SystemClock(), SystemChance()
        self.keeper = Timekeeper(store, clock, boot or SystemBoot())
        store.go_by(self.keeper.true_now)
        self.desk = Desk(store, PersonId(profile.person), clock, chance, self.keeper)
        self.wire = Wire(profile.address, profile.server, KeptTokens(store))
        self.files = CourseFiles(self.desk)
        self.notes = Notes(self.desk)
        self.courses = Courses(self.desk)
        self.videos = Videos(self.desk, self.courses, self.notes)
        self.quizzes = Quizzes(self.desk, self.courses)
        self.exercises = Exercises(self.desk, self.courses)
        self.cohorts = Cohorts(self.desk)
        self.certificates = Certificates(self.desk, self.courses, self.cohorts)
        self.quiz_book = QuizBook(self.desk, self.cohorts)
        self.gradebook = Gradebook(self.desk, self.courses, self.cohorts)
        self.reviewing = Reviewing(self.desk, self.cohorts)
        self.ahead = AheadFiles(self.desk, self.courses, self.cohorts, self.reviewing)
        self.carrying = Carrying(self.desk, profile)
        self.bank = CommentBank(self.desk)
        self.followup = FollowUp(self.desk, self.cohorts)
        self.learner_files = LearnerFiles(self.desk, self.cohorts, self.followup)
        self.evidence = EvidenceFiles(self.desk, self.cohorts, profile.organisation)
        self.forum = Forum(self.desk)
        self.messages = Messages(self.desk)
        self.revisions = Revisions(self.desk)
        self.documents, self.ballots = Documents(self.desk), Ballots(self.desk, self.wire)
        self.authoring = Authoring(self.desk, store, self.wire)
        self.drafts = CourseDrafts(self.desk, self.authoring)
        self.course_import = CourseImport(self.desk, self.authoring)
        self.preferences = Preferences(self.desk)
        self.search = Search(
            self.desk, self.courses, self.cohorts, videos=self.videos, forum=self.forum, messages=self.messages
        )
        engine = Engine(
            store,
            self.wire,
            TrueClock(self.keeper, clock),
            chance,
            checkpoint,
            files=self.wire,
            on_contact=self.keeper.met,
            line=new_line,
        )
        self.syncing = Syncing(
            store,
            AfterSync(engine, self.ballots),
            releases=self.wire,
            last_sync=last_sync,
            clock=clock,
            chance=chance,
            line=self.wire,
        )
        self.syncing.listen(self.ahead.heard)
        self._loop = SyncLoop(self.syncing)
        self._keeper = Keeper(store)

    @property
    def person(self) -> PersonId:
        """Who works here."""
        return self.desk.person

    @property
    def trash(self) -> TrashBin:
        """What others deleted all at once."""
        return TrashBin(self.desk)

    @property
    def name(self) -> str:
        """Their name as it is shown."""
        return self.profile.name

    def roles(self) -> Roles:
        """What the person is, read from the store."""
        return Roles(
            learner=any(seen.body.learner == self.person for seen in self.store.view(ENROLMENT)),
            trainer=bool(self.cohorts.taught()),
            author=bool(self.authoring.courses()),
        )

    def today(self) -> Today | None:
        """The learner's first page."""
        return today(self.desk, self.courses)

    def course(self) -> tuple[str, str] | None:
        """Title and colour of the course at the head of the window, None before one has come."""
        learnt = [one.edition for one in self.courses.enrolled()]
        editions = learnt + [one.edition for one in self.cohorts.taught()]
        return next(((edition.title, edition.colour) for edition in editions if edition is not None), None)

    def unread(self) -> int:
        """Discussions and private threads with something that the person has not seen."""
        return self.forum.unread() + self.messages.unread()

    def counts(self) -> Mapping[str, int]:
        """What waits behind the places of the rail: what was not read yet, and hand-ins to review."""
        return {"exchanges": self.unread(), "reviewing": len(self.reviewing.queue())}

    def choose(self, fields: Mapping[str, object]) -> None:
        """Keep what the person chose in the window for all their laptops."""
        self.changed(self.preferences.choose(**fields))

    def start(self) -> None:
        """Synchronise by itself from now on, and keep a copy of the store a day."""
        self._loop.start()
        self._keeper.start()

    def changed(self, changes: Changes) -> None:
        """A page has written something: tell everybody who listens, and let it leave."""
        self.syncing.tell(changes)
        if changes.outbox:
            self._loop.nudge()

    def renew(self, password: str) -> None:
        """Sign in again after the login has ended; what waits is sent from the same store. WrongPassword."""
        profile = self.profile
        self.wire.tokens.renewed(sign_in_again(profile.address, profile.server, profile.login, password))
        self.sync_soon()

    def sync_soon(self) -> None:
        """The person asks for a sync (F5): at once, whatever was planned."""
        self._loop.nudge()

    def stop(self) -> None:
        """Synchronise no longer; an exchange under way ends after its present step."""
        self._loop.close()

    def close(self, patience: float | None = None) -> None:
        """Stop, then close the connection and the store.

        After `patience` seconds of a network that stalls, both are left to the end of the program.
        """
        is_quiet = self._loop.close(patience)
        if self._keeper.close(patience) and is_quiet:
            self.wire.close()
            self.store.close()

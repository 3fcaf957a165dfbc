"""Files that are here before they are opened: in which order they come, how much room they take, what is lacking still.

What is needed soonest comes first: for a trainer the hand-ins that wait for a review, then for everybody what was
opened, this week, the next, the rest (`sync/client/ahead.py` has the rule). This module knows what is needed when.
"""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from spoc_desktop.services.cohorts import Cohorts
from spoc_desktop.services.courses import Courses, is_todo
from spoc_desktop.services.desk import Desk
from spoc_desktop.services.reviewing import Reviewing
from spoc_desktop.storage.file_ahead import Why
from sync.client.ahead import LAST, Place, Plan, Step, plan, surplus
from sync.client.ports import Changes, FileRef
from sync.domain import spaces
from sync.domain.courses import EDITION
from sync.domain.files import Attachment
from sync.domain.ids import CourseId
from sync.domain.spaces import SpaceType

GIGABYTE = 1000**3
LIMITS: tuple[int | None, ...] = (0, GIGABYTE // 2, 2 * GIGABYTE, 10 * GIGABYTE, None)
"""What a person may choose, in bytes; None: no limit."""
SMALL = 2 * 1024 * 1024
"""Bytes up to which a file comes with the page that shows it, whatever the limit: pictures, captions."""
_OVERTAKEN = 1_000
"""How many weeks ago the records of an overtaken edition count as."""
_AGAIN_MS = 2_000
_OLD_MS = 600_000


@dataclass(frozen=True, slots=True)
class Ready:
    """How much of a step is here, in activities or hand-ins. `lacking`: files of it that are not, the first to come."""

    step: Step
    ready: int
    whole: int
    lacking: tuple[FileRef, ...]

    @property
    def size(self) -> int:
        """Bytes that are lacking."""
        return sum(file.size for file in self.lacking)


@dataclass(frozen=True, slots=True)
class Ahead:
    """How files stand on this laptop, in bytes. `limit` None: no limit. `works`: of the person's own work.

    `ready`: hand-ins to review, this week, the next, each where there is one. `coming`: files that come by themselves;
    `beyond`: those for which there is no room. `asked`: of those that are not here, what was asked for.
    """

    limit: int | None
    courses: int
    works: int
    ready: tuple[Ready, ...]
    coming: tuple[FileRef, ...]
    beyond: tuple[FileRef, ...]
    asked: frozenset[bytes]


@dataclass(frozen=True, slots=True)
class Absent:
    """Files of a page that are not here. `coming`: they come by themselves; `asked`: the person asked for all."""

    files: tuple[FileRef, ...]
    coming: bool
    asked: bool

    @property
    def size(self) -> int:
        """Bytes of them all."""
        return sum(file.size for file in self.files)


@dataclass(frozen=True, slots=True)
class _Unit:
    """An activity or a hand-in: what it needs to be opened without a network. `text`: its record is here."""

    step: Step
    record: bytes
    text: bool = True


class AheadFiles:
    """For one person and this laptop. Any thread may call; all but `heard` and `arrange` read or write at once."""

    def __init__(self, desk: Desk, courses: Courses, cohorts: Cohorts, reviewing: Reviewing) -> None:
        self._desk = desk
        self._store = desk.store.ahead
        self._courses = courses
        self._cohorts = cohorts
        self._reviewing = reviewing
        self._guard = threading.Lock()
        self._places: Mapping[bytes, Place] | None = None
        self._stale = False
        self._worked_out = 0
        desk.store.arrange = self.arrange

    # -- for the sync

    def arrange(self, missing: list[FileRef]) -> list[FileRef]:
        """Which of the files that are not here the sync fetches, in order."""
        if not missing:
            return []
        order = {file.sha256: number for number, file in enumerate(self._plan().fetch)}
        return sorted((file for file in missing if file.sha256 in order), key=lambda file: order[file.sha256])

    def heard(self, changes: Changes) -> None:
        """Something was written or told: what is needed may be other files now, and new ones may need room."""
        if changes.kinds:
            self._stale = True
        if changes.files:
            self.tidy()

    def tidy(self) -> Changes:
        """Let go of what has no room any more: files of weeks that are over, and no others."""
        told, limit = self._store.told(), self._store.limit()
        going = surplus(told, plan(told, self._placed(), limit), limit)
        return self._store.let_go([file.sha256 for file in going]) if going else Changes()

    # -- for the person

    def limit(self) -> int | None:
        """How many bytes files may take here before they are asked for; None: no limit; 0: only what is opened."""
        return self._store.limit()

    def choose(self, limit: int | None) -> Changes:
        """Set the limit, and let go of what it leaves no room for."""
        self._store.keep_limit(limit)
        return self.tidy()

    def ask(self, files: Iterable[bytes]) -> None:
        """Download these now, or at the next connection, whatever the limit."""
        self._store.wish(files, Why.ASKED)
        self._stale, self._places = True, None

    def opened(self, files: Iterable[Attachment]) -> Absent | None:
        """A page shows these: what of them is not here. Small ones come whatever the limit, large ones come sooner."""
        here = self._desk.store.files.has
        lacking = {file.sha256: FileRef(file.sha256, file.name, file.size) for file in files if not here(file.sha256)}
        if not lacking:
            return None
        wishes = self._store.wishes()
        small = [one.sha256 for one in lacking.values() if one.size <= SMALL and not _is_asked(wishes, one.sha256)]
        if small:
            self.ask(small)
        large = [one for one in lacking if one not in small and one not in wishes]
        if large:
            self._store.wish(large, Why.OPENED)
            self._places = None
        coming = {file.sha256 for file in self._plan().fetch}
        asked = [one for one in lacking if one in small or _is_asked(wishes, one)]
        return Absent(tuple(lacking.values()), lacking.keys() <= coming, len(asked) == len(lacking))

    def look(self) -> Ahead:
        """How files stand now."""
        self._places = None
        made, wishes, told = self._plan(), self._store.wishes(), self._store.told()
        places, named = self._placed(), _by_record(self._store.namings())
        own = {one.sha256 for one in self._store.namings() if self._is_own(one.space)}
        taken = [(one.file.sha256 in own, one.file.size) for one in told if one.here]
        lacking = {one.file.sha256: one.file for one in told if not one.here}
        ready = [
            _ready(step, [unit for unit in self._units() if unit.step is step], named, lacking, places)
            for step in (Step.QUEUE, Step.THIS_WEEK, Step.NEXT_WEEK)
        ]
        return Ahead(
            limit=self._store.limit(),
            courses=sum(size for is_own, size in taken if not is_own),
            works=sum(size for is_own, size in taken if is_own),
            ready=tuple(one for one in ready if one.whole),
            coming=made.fetch,
            beyond=made.beyond,
            asked=frozenset(one for one in lacking if _is_asked(wishes, one)),
        )

    # -- what is needed when

    def _plan(self) -> Plan:
        return plan(self._store.told(), self._placed(), self._store.limit())

    def _placed(self) -> Mapping[bytes, Place]:
        """The places of all files, worked out again when something changed, at most every other second."""
        with self._guard:
            now = self._desk.clock.monotonic()
            age = now - self._worked_out
            if self._places is None or age > _OLD_MS or (self._stale and age > _AGAIN_MS):
                self._stale = False
                self._places, self._worked_out = self._work_out(), now
            return self._places

    def _work_out(self) -> dict[bytes, Place]:
        queue = {one.hand_in: Place(Step.QUEUE, one.due) for one in self._reviewing.queue()}
        weeks = self._weeks()
        found: dict[bytes, Place] = {}

        def put(sha256: bytes, place: Place) -> None:
            found[sha256] = min(place, found.get(sha256, place))

        for one in self._store.namings():
            type_ = spaces.type_of(one.space)
            if type_ is SpaceType.COURSE:
                put(one.sha256, weeks.get(one.id, Place(Step.PAST, _OVERTAKEN) if weeks else LAST))
            elif self._is_own(one.space):
                put(one.sha256, Place(Step.THIS_WEEK))
            elif type_ is SpaceType.PERSONAL:
                put(one.sha256, queue.get(one.id, Place(Step.PAST)))
            else:
                put(one.sha256, LAST)
        for sha256, (why, at) in self._store.wishes().items():
            put(sha256, Place(Step.OPENED, -at) if why is Why.OPENED else Place(Step.ASKED))
        return found

    def _is_own(self, space: bytes) -> bool:
        """Whether a space holds the person's own work, or what came back to them."""
        type_ = spaces.type_of(space)
        if type_ is SpaceType.OWN:
            return True
        return type_ is SpaceType.PERSONAL and spaces.ids_of(space)[1] == self._desk.person

    def _weeks(self) -> dict[bytes, Place]:
        """When each record of the editions that are learnt or taught is needed."""
        found: dict[bytes, Place] = {}
        for record, place in self._activities():
            found[record] = min(place, found.get(record, place))
        return found

    def _activities(self) -> Iterable[tuple[bytes, Place]]:
        for enrolled in self._courses.enrolled():
            if enrolled.cohort is None or enrolled.edition is None:
                continue
            outline = self._courses.outline(enrolled.cohort_id)
            yield from self._presentation(enrolled.course_id)
            for row in outline.activities:
                yield row.activity.edition, _week(row.module.week - outline.week, is_todo=is_todo(row))
        for taught in self._cohorts.taught():
            if taught.edition is None:
                continue
            yield from self._presentation(taught.course_id)
            for module in taught.edition.modules:
                for activity in module.activities:
                    yield activity.edition, _week(module.week - taught.week)

    def _presentation(self, course_id: CourseId) -> Iterable[tuple[bytes, Place]]:
        """The pictures of the course's own page."""
        editions = self._desk.store.view(EDITION, spaces.course(course_id))
        if editions:
            yield max(editions, key=lambda seen: seen.body.number).id, Place(Step.THIS_WEEK)

    def _units(self) -> Iterable[_Unit]:
        """What a person opens: each activity of this week and the next, each hand-in of the queue."""
        for one in self._reviewing.queue():
            yield _Unit(Step.QUEUE, one.hand_in)
        for enrolled in self._courses.enrolled():
            if enrolled.cohort is None or enrolled.edition is None:
                continue
            outline = self._courses.outline(enrolled.cohort_id)
            for row in outline.activities:
                step = _week(row.module.week - outline.week, is_todo=is_todo(row)).step
                yield _Unit(step, row.activity.edition, row.here)


def _week(ahead: int, *, is_todo: bool = False) -> Place:
    """The place of an activity so many weeks ahead; what was not done in time is needed now."""
    if ahead < 0:
        return Place(Step.THIS_WEEK, 1) if is_todo else Place(Step.PAST, -ahead)
    if ahead > 1:
        return Place(Step.REST, ahead)
    return Place(Step.NEXT_WEEK if ahead else Step.THIS_WEEK)


def _ready(
    step: Step,
    units: list[_Unit],
    named: Mapping[bytes, set[bytes]],
    lacking: Mapping[bytes, FileRef],
    places: Mapping[bytes, Place],
) -> Ready:
    files = {sha256 for unit in units for sha256 in named.get(unit.record, ()) if sha256 in lacking}
    whole = sum(unit.text and not named.get(unit.record, set()) & lacking.keys() for unit in units)
    order = sorted(files, key=lambda sha256: (places.get(sha256, LAST), lacking[sha256].size, sha256))
    return Ready(step, whole, len(units), tuple(lacking[sha256] for sha256 in order))


def _by_record(namings: Iterable[tuple[bytes, bytes, int, bytes]]) -> dict[bytes, set[bytes]]:
    found: dict[bytes, set[bytes]] = {}
    for sha256, _space, _kind, id_ in namings:
        found.setdefault(id_, set()).add(sha256)
    return found


def _is_asked(wishes: Mapping[bytes, tuple[Why, int]], sha256: bytes) -> bool:
    return sha256 in wishes and wishes[sha256][0] is not Why.OPENED

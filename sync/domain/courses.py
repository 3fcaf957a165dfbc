"""Courses: modules of a week, lessons and other activities, each with the minutes that it is planned to take.

A draft lives in the authoring space and is edited in place. Publishing copies it into the course space as editions,
which never change: a learner's answer stays tied to the edition it was given on (`publishing.py`).
"""

from enum import IntEnum

import msgspec

from sync.domain.blocks import Block
from sync.domain.kind import Erase, Kind, Merge
from sync.domain.permissions import AUTHOR, OWNER, SERVER
from sync.domain.spaces import SpaceType
from sync.domain.videos import Video


class ActivityType(IntEnum):
    """What a learner does in an activity. A newer program may send others: they are shown as "needs an update"."""

    UNKNOWN = 0
    LESSON = 1
    QUIZ = 2
    EXERCISE = 3
    VIDEO = 4

    @classmethod
    def _missing_(cls, value: object) -> "ActivityType":
        return cls.UNKNOWN


class CertificateRule(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """What earns the certificate: a share of the planned time, the graded quizzes passed, the exercises accepted."""

    minutes_percent: int = 80
    quizzes: bool = True
    exercises: bool = True


class Module(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """One week of work. `activities` are ids of activities in their order."""

    id: bytes
    title: str
    week: int
    activities: tuple[bytes, ...]
    objectives: tuple[str, ...] = ()


class Course(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """The draft of a course. `colour` names one of the covers; contacts are what French law asks for (D6313-3-1)."""

    title: str
    language: str
    summary: str
    modules: tuple[Module, ...]
    colour: str = "ochre"
    objectives: tuple[str, ...] = ()
    prerequisites: str = ""
    technical_contact: str = ""
    pedagogical_contact: str = ""
    presentation: tuple[Block, ...] = ()
    certificate: CertificateRule | None = None


class Lesson(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """The draft of a lesson; its record id is the activity's id. A `video` is watched, the text stands below it."""

    title: str
    minutes: int
    blocks: tuple[Block, ...]
    objectives: tuple[str, ...] = ()
    video: Video | None = None


class PublishedActivity(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """An activity in an edition of a course, and the id of the record that holds its text. `graded`: it counts.

    `due_day`: days after its week opens when it is due, 0: when the week ends.
    """

    id: bytes
    type: ActivityType
    edition: bytes
    title: str
    minutes: int
    graded: bool = False
    due_day: int = 0


class PublishedModule(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """A module in an edition of a course."""

    id: bytes
    title: str
    week: int
    activities: tuple[PublishedActivity, ...]
    objectives: tuple[str, ...] = ()


class Edition(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """A published course. The highest `number` of a course space is the one that is learnt."""

    number: int
    title: str
    language: str
    summary: str
    modules: tuple[PublishedModule, ...]
    colour: str = "ochre"
    objectives: tuple[str, ...] = ()
    prerequisites: str = ""
    technical_contact: str = ""
    pedagogical_contact: str = ""
    presentation: tuple[Block, ...] = ()
    certificate: CertificateRule | None = None

    @property
    def activities(self) -> tuple[PublishedActivity, ...]:
        """All activities in reading order."""
        return tuple(activity for module in self.modules for activity in module.activities)


class LessonEdition(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """A lesson as published; `activity` is what its drafts and the learners' reading name."""

    activity: bytes
    title: str
    minutes: int
    blocks: tuple[Block, ...]
    objectives: tuple[str, ...] = ()
    video: Video | None = None


class Reading(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """That a learner read part of a lesson: progress is the union of these (protocol rule 6).

    `part` counts from 0 of `parts`; `seconds` come from the monotonic clock, `at` is device time in milliseconds.
    """

    activity: bytes
    edition: bytes
    part: int
    parts: int
    seconds: int
    at: int


COURSE = Kind(
    20,
    "course",
    Course,
    space=(SpaceType.AUTHORING,),
    merge=Merge.EDITED,
    write=AUTHOR,
    others=AUTHOR,
    erase=Erase.KEEP,
    files=True,
)
LESSON = Kind(
    21,
    "lesson",
    Lesson,
    space=(SpaceType.AUTHORING,),
    merge=Merge.EDITED,
    write=AUTHOR,
    others=AUTHOR,
    erase=Erase.KEEP,
    search=("title", "blocks"),
    files=True,
)
EDITION = Kind(
    22,
    "edition",
    Edition,
    space=(SpaceType.COURSE,),
    merge=Merge.APPEND,
    write=SERVER,
    erase=Erase.KEEP,
    files=True,
)
LESSON_EDITION = Kind(
    23,
    "lesson_edition",
    LessonEdition,
    space=(SpaceType.COURSE,),
    merge=Merge.APPEND,
    write=SERVER,
    erase=Erase.KEEP,
    search=("title", "blocks"),
    files=True,
)
READING = Kind(
    24,
    "reading",
    Reading,
    space=(SpaceType.PERSONAL,),
    merge=Merge.APPEND,
    write=OWNER,
    erase=Erase.PSEUDONYM,
    evidence=True,
)
KINDS = (COURSE, LESSON, EDITION, LESSON_EDITION, READING)

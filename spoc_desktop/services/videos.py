"""Videos: what to watch, its captions as lines of a transcript, and where the person stopped."""

from dataclasses import dataclass
from itertools import pairwise

from spoc_desktop.services.courses import Courses
from spoc_desktop.services.desk import Desk, Edited, New
from spoc_desktop.services.errors import NotHereYet
from spoc_desktop.services.notes import Notes, OwnNote
from sync.client.ports import Changes
from sync.domain import spaces
from sync.domain.blocks import Block
from sync.domain.courses import LESSON_EDITION, READING, LessonEdition, PublishedActivity, PublishedModule, Reading
from sync.domain.grading import folded
from sync.domain.videos import PART_SECONDS, PLACE, Captions, Place, Video, part_at, parts_of, place_id

NEAR_END_MS = 5_000
"""Who stopped so near the end begins anew."""


@dataclass(frozen=True, slots=True)
class Cue:
    """One caption: from `start` to `end`, in milliseconds; `text` may have several lines, without any markup."""

    start: int
    end: int
    text: str

    @property
    def line(self) -> str:
        """The words on one line, for the transcript."""
        return " ".join(self.text.split())


@dataclass(frozen=True, slots=True)
class Track:
    """The captions of one language (a BCP 47 tag). No cues: the file has not come, or is none."""

    language: str
    cues: tuple[Cue, ...]


@dataclass(frozen=True, slots=True)
class VideoPage:
    """A video to watch. `moment`: where it goes on (ms). `watched`: parts of 15 s that were seen.

    `here`: its file is on this laptop. `previous` and `following` are its neighbours in the course.
    """

    cohort_id: bytes
    activity_id: bytes
    edition_id: bytes
    module: PublishedModule
    title: str
    minutes: int
    video: Video
    blocks: tuple[Block, ...]
    here: bool
    tracks: tuple[Track, ...]
    moment: int
    watched: frozenset[int]
    notes: tuple[OwnNote, ...]
    previous: PublishedActivity | None
    following: PublishedActivity | None


class Videos:
    """Every method reads or writes the store at once: call it in the database worker."""

    def __init__(self, desk: Desk, courses: Courses, notes: Notes) -> None:
        self._desk = desk
        self._courses = courses
        self._notes = notes

    def page(self, cohort_id: bytes, activity_id: bytes) -> VideoPage:
        """The video as published in the edition that is learnt now. NotHereYet before its record has come."""
        lesson = self._courses.lesson(cohort_id, activity_id)
        seen = self._desk.store.one(LESSON_EDITION, lesson.edition_id)
        if seen is None or seen.body.video is None:
            raise NotHereYet
        edition: LessonEdition = seen.body
        video: Video = seen.body.video
        return VideoPage(
            cohort_id=cohort_id,
            activity_id=activity_id,
            edition_id=lesson.edition_id,
            module=lesson.module,
            title=lesson.title,
            minutes=lesson.minutes,
            video=video,
            blocks=edition.blocks,
            here=self._desk.store.files.has(video.file.sha256),
            tracks=tuple(self._track(captions) for captions in video.captions),
            moment=self._stopped_at(activity_id, video),
            watched=frozenset(part for part in lesson.read if part < parts_of(video)),
            notes=self._notes.of(activity_id),
            previous=lesson.previous,
            following=lesson.following,
        )

    def content(self, page: VideoPage) -> bytes | None:
        """The film itself, decrypted into memory; None before it has come."""
        return self._desk.store.files.read(page.video.file.sha256)

    def stop(self, activity_id: bytes, moment: int) -> Changes:
        """Keep where the person is, for all their laptops."""
        id_ = place_id(activity_id)
        seen = self._desk.store.one(PLACE, id_)
        now = self._desk.now()
        if seen is None:
            body = Place(activity=activity_id, moment=moment, at=now)
            return self._desk.store.write([New(PLACE, spaces.own(self._desk.person), id_, body)])
        if seen.body.moment == moment:
            return Changes()
        return self._desk.store.write([Edited(PLACE, id_, {"moment": moment, "at": now})])

    def watched(self, page: VideoPage, part: int, seconds: int) -> Changes:
        """Keep that 15 seconds of a video were watched, and how long that took."""
        reading = Reading(
            activity=page.activity_id,
            edition=page.edition_id,
            part=part,
            parts=parts_of(page.video),
            seconds=max(0, seconds),
            at=self._desk.now(),
        )
        return self._desk.store.write([New(READING, self._desk.personal(page.cohort_id), self._desk.new_id(), reading)])

    def transcript_lines(self, activity: PublishedActivity) -> tuple[str, ...]:
        """What is said in a video, caption by caption in all its languages: for search. Empty for other activities."""
        seen = self._desk.store.one(LESSON_EDITION, activity.edition)
        video: Video | None = seen.body.video if seen is not None else None
        tracks = [self._track(captions) for captions in video.captions] if video is not None else []
        return tuple(cue.line for track in tracks for cue in track.cues)

    def _track(self, captions: Captions) -> Track:
        content = self._desk.store.files.read(captions.file.sha256)
        return Track(captions.language, read_cues(content) if content is not None else ())

    def _stopped_at(self, activity_id: bytes, video: Video) -> int:
        seen = self._desk.store.one(PLACE, place_id(activity_id))
        moment = seen.body.moment if seen is not None else 0
        return moment if 0 <= moment < video.milliseconds - NEAR_END_MS else 0


def read_cues(content: bytes) -> tuple[Cue, ...]:
    """The captions of a WebVTT file in the order of time; what is none of it gives no captions, never an error."""
    import webvtt
    from webvtt.errors import MalformedCaptionError, MalformedFileError

    text = content.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    try:
        found = webvtt.from_string(text).captions
    except (MalformedFileError, MalformedCaptionError):
        return ()
    cues = [Cue(one.start_time.in_milliseconds(), one.end_time.in_milliseconds(), one.text.strip()) for one in found]
    return tuple(sorted((cue for cue in cues if cue.text and cue.end > cue.start), key=lambda cue: cue.start))


def cue_at(cues: tuple[Cue, ...], moment: int) -> int | None:
    """Which caption is said at a moment: the last one begun that has not ended."""
    begun = [number for number, cue in enumerate(cues) if cue.start <= moment < cue.end]
    return begun[-1] if begun else None


def line_at(cues: tuple[Cue, ...], moment: int) -> int | None:
    """Which line of the transcript a moment belongs to, also in the pauses: the last one begun."""
    begun = [number for number, cue in enumerate(cues) if cue.start <= moment]
    return begun[-1] if begun else None


def find_words(cues: tuple[Cue, ...], words: str) -> tuple[tuple[int, int, int], ...]:
    """Where words stand in the transcript: line, start and end in it. Case, accents and ligatures do not matter."""
    wanted = folded(words)
    if not wanted:
        return ()
    return tuple((number, *span) for number, cue in enumerate(cues) for span in _occurrences(cue.line, wanted))


def _occurrences(line: str, wanted: str) -> list[tuple[int, int]]:
    """Each letter is folded alone, so that places in the folded text lead back to the line as it is written."""
    plain, origin = "", []
    for place, letter in enumerate(line):
        bare = " " if letter.isspace() else folded(letter) or letter
        plain += bare
        origin += [place] * len(bare)
    starts = [place for place in range(len(plain)) if plain.startswith(wanted, place)]
    apart = [start for before, start in pairwise([-len(wanted), *starts]) if start - before >= len(wanted)]
    return [(origin[start], origin[start + len(wanted) - 1] + 1) for start in apart]


LEAST_SHARE = 2 / 3
"""Of a part of 15 seconds so much must have been played for it to count as watched."""

LONGEST_STEP_MS = 3_000
"""Moments further apart are a jump, not watching."""


class WatchLog:
    """What is watched while a film plays. `seen`: parts that count already."""

    def __init__(self, video: Video, seen: frozenset[int]) -> None:
        self._video = video
        self._seen = set(seen)
        self._played: dict[int, int] = {}
        self._spent: dict[int, float] = {}
        self._last: tuple[int, float] | None = None

    @property
    def seen(self) -> frozenset[int]:
        """The parts that count as watched."""
        return frozenset(self._seen)

    def learn(self, seen: frozenset[int]) -> None:
        """Parts that were watched on another laptop, or read in the transcript, count too."""
        self._seen |= seen

    def still(self) -> None:
        """The film stands still or jumped: the next moment is no step from the last one."""
        self._last = None

    def pass_by(self, moment: int, now: float) -> tuple[int, int] | None:
        """The film plays: a part that counts from now on, with the seconds spent on it. `now` in seconds."""
        last, self._last = self._last, (moment, now)
        if last is None or not 0 < moment - last[0] <= LONGEST_STEP_MS:
            return None
        part = part_at(self._video, last[0])
        self._played[part] = self._played.get(part, 0) + moment - last[0]
        self._spent[part] = self._spent.get(part, 0.0) + now - last[1]
        if part in self._seen or self._played[part] < LEAST_SHARE * self._length(part):
            return None
        self._seen.add(part)
        return part, round(self._spent[part])

    def _length(self, part: int) -> int:
        begin = part * PART_SECONDS * 1000
        return max(1, min(PART_SECONDS * 1000, self._video.milliseconds - begin))

"""The files of a module into drafts: a lesson, a video, a quiz, an exercise, each by its `kind`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import msgspec

from spoc_desktop.interchange.clock_text import read_time
from spoc_desktop.interchange.folder_files import opened
from spoc_desktop.interchange.front_matter import Page
from spoc_desktop.interchange.media import CAPTIONS, VIDEOS, Media
from spoc_desktop.interchange.problems import FileReport, ProblemKind
from spoc_desktop.interchange.question_text import read_questions
from spoc_desktop.interchange.rubric_text import read_rubric, split_rubric
from spoc_desktop.interchange.video_length import read_length
from sync.content.markdown import read_markdown
from sync.content.media import media_path
from sync.domain.blocks import Block
from sync.domain.courses import Lesson
from sync.domain.exercises import Exercise
from sync.domain.files import Attachment
from sync.domain.kind import encode
from sync.domain.quizzes import Mode, Quiz, Release
from sync.domain.videos import Captions, Chapter, Video
from sync.protocol.limits import MAX_BODY

MODES = {"formative": Mode.FORMATIVE, "graded": Mode.GRADED}
RELEASES = {"at_once": Release.AT_ONCE, "at_close": Release.AT_CLOSE, "by_trainer": Release.BY_TRAINER}

MAX_TITLE = 200
MAX_TEXT = 2_000
MAX_OBJECTIVES = 20
MAX_MINUTES = 600
MAX_ATTEMPTS = 20
MAX_DUE_DAY = 60
MAX_CHAPTERS = 50
MAX_LANGUAGES = 10

Draft = Lesson | Quiz | Exercise


@dataclass(frozen=True, slots=True)
class ActivityPage:
    """One file of a module, with the id of its activity and the files that it may name."""

    page: Page
    identity: bytes
    media: Media
    here: FileReport

    @property
    def title(self) -> str:
        """The activity's title."""
        return self.page.fields.text("title", longest=MAX_TITLE, required=True)

    @property
    def minutes(self) -> int:
        """How long it is planned to take."""
        return self.page.fields.number("minutes", 1, MAX_MINUTES)

    @property
    def objectives(self) -> tuple[str, ...]:
        """What a learner can do afterwards."""
        return self.page.fields.texts("objectives", longest=MAX_TITLE, most=MAX_OBJECTIVES)

    def blocks(self, text: str, empty: ProblemKind | None) -> tuple[Block, ...]:
        """The blocks of the file's text; `empty`: the problem when there are none."""
        reading = read_markdown(text, first_line=self.page.body_line, files=self.media.files)
        self.here.add_troubles(reading.troubles)
        if empty is not None and not reading.blocks and not self.page.fields.broken:
            self.here.add(self.page.body_line, empty)
        return reading.blocks

    def file(self, key: str, written: str, types: Mapping[str, str]) -> Attachment | None:
        """The file that a key names, when it lies in `media/` and is of one of the types."""
        path = media_path(written)
        if path is None or path not in self.media.files:
            self.here.add(self.page.fields.line(key), ProblemKind.MEDIA_MISSING, written)
            return None
        found = self.media.files[path]
        if found is not None and found.type not in types.values():
            self.here.add(self.page.fields.line(key), ProblemKind.MEDIA_TYPE, written, ", ".join(types))
            return None
        return found


def read_activity(kind: str, activity: ActivityPage) -> Draft:
    """The draft that a file holds; every problem goes to its report."""
    draft = _READERS[kind](activity)
    finish(draft, activity.page, activity.here)
    return draft


def finish(record: msgspec.Struct, page: Page, here: FileReport) -> None:
    """Report keys that mean nothing, and a record that is too large to travel."""
    page.fields.finish()
    size = len(encode(record))
    if size > MAX_BODY:
        here.add(page.body_line, ProblemKind.RECORD_TOO_BIG, f"{size // 1024 + 1}", str(MAX_BODY // 1024))


def _lesson(activity: ActivityPage) -> Lesson:
    blocks = activity.blocks(activity.page.body, ProblemKind.EMPTY_LESSON)
    return Lesson(
        title=activity.title,
        minutes=activity.minutes,
        blocks=blocks,
        objectives=activity.objectives,
    )


def _video_lesson(activity: ActivityPage) -> Lesson:
    return Lesson(
        title=activity.title,
        minutes=activity.minutes,
        blocks=activity.blocks(activity.page.body, None),
        objectives=activity.objectives,
        video=_video(activity),
    )


def _video(activity: ActivityPage) -> Video | None:
    fields, here = activity.page.fields, activity.here
    written = fields.text("file", longest=MAX_TITLE, required=True)
    file = activity.file("file", written, VIDEOS) if written else None
    captions = _captions(activity)
    length = _length(activity, file)
    chapters = _chapters(activity, length)
    credits_ = fields.text("credits", longest=MAX_TEXT)
    if not captions:
        here.add(fields.line("captions"), ProblemKind.NO_CAPTIONS)
    if file is None:
        return None
    return Video(file=file, milliseconds=length, captions=captions, chapters=chapters, credits=credits_)


def _length(activity: ActivityPage, file: Attachment | None) -> int:
    """What the author says, else what the file says."""
    fields = activity.page.fields
    written = fields.text("length", longest=20)
    said = read_time(written) if written else None
    if written and not said:
        activity.here.add(fields.line("length"), ProblemKind.VALUE_TIME, "length")
    if said or file is None:
        return said or 0
    with opened(activity.media.path_of(file)) as raw:
        found = read_length(raw)
    if found is None and not written:
        activity.here.add(fields.line("file"), ProblemKind.NO_LENGTH)
    return found or 0


def _captions(activity: ActivityPage) -> tuple[Captions, ...]:
    found: list[Captions] = []
    for line in activity.page.fields.texts("captions", longest=MAX_TITLE, most=MAX_LANGUAGES):
        language, _, path = line.partition(" ")
        if not _is_language(language) or any(each.language == language for each in found):
            activity.here.add(activity.page.fields.line("captions"), ProblemKind.VALUE_CAPTIONS, line)
            continue
        file = activity.file("captions", path.strip(), CAPTIONS)
        if file is not None:
            found.append(Captions(language=language, file=file))
    return tuple(found)


def _is_language(word: str) -> bool:
    parts = word.split("-")
    return parts[0].isalpha() and 2 <= len(parts[0]) <= 3 and word.isascii() and all(part.isalnum() for part in parts)


def _chapters(activity: ActivityPage, length: int) -> tuple[Chapter, ...]:
    found: list[Chapter] = []
    for line in activity.page.fields.texts("chapters", longest=MAX_TITLE, most=MAX_CHAPTERS):
        time, _, title = line.partition(" ")
        at = read_time(time)
        late = at is not None and (at <= (found[-1].at if found else -1) or bool(length and at >= length))
        if at is None or not title.strip() or late:
            activity.here.add(activity.page.fields.line("chapters"), ProblemKind.VALUE_CHAPTERS, line)
        else:
            found.append(Chapter(at=at, title=title.strip()))
    return tuple(found)


def _exercise(activity: ActivityPage) -> Exercise:
    brief, rubric = split_rubric(activity.page.body, activity.page.body_line)
    blocks = activity.blocks(brief, ProblemKind.EMPTY_BRIEF)
    if not rubric and not activity.page.fields.broken:
        activity.here.add(activity.page.body_line, ProblemKind.NO_RUBRIC)
    return Exercise(
        title=activity.title,
        minutes=activity.minutes,
        brief=blocks,
        criteria=read_rubric(rubric, activity.here),
        due_day=activity.page.fields.number("due_day", 0, MAX_DUE_DAY, default=0),
        files=activity.page.fields.flag("files", default=True),
        objectives=activity.objectives,
    )


def _quiz(activity: ActivityPage) -> Quiz:
    fields = activity.page.fields
    text = read_questions(
        activity.page.body, activity.page.body_line, activity.identity, activity.here, activity.media.files
    )
    quiz = Quiz(
        title=activity.title,
        minutes=activity.minutes,
        mode=fields.choice("mode", MODES) or Mode.UNKNOWN,
        questions=text.questions,
        keys=text.keys,
        attempts=fields.number("attempts", 0, MAX_ATTEMPTS, default=0),
        pass_percent=fields.number("pass_percent", 0, 100, default=70),
        release=fields.choice("release", RELEASES, default=Release.AT_ONCE) or Release.UNKNOWN,
        shuffle=fields.flag("shuffle", default=True),
        introduction=text.introduction,
    )
    if quiz.mode is Mode.FORMATIVE and quiz.release is not Release.AT_ONCE:
        activity.here.add(fields.line("release"), ProblemKind.RELEASE_FORMATIVE)
    return quiz


_READERS: Mapping[str, Callable[[ActivityPage], Draft]] = {
    "lesson": _lesson,
    "video": _video_lesson,
    "quiz": _quiz,
    "exercise": _exercise,
}
KINDS = {kind: kind for kind in _READERS}

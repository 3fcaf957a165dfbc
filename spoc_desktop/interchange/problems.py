"""What is wrong in a course folder: a file, a line and a kind of problem, gathered so that all are told at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from sync.content.troubles import Trouble, TroubleKind, shortened


class ProblemKind(StrEnum):
    """One kind, one sentence (`problem_sentences`). What is wrong inside a Markdown text is a `TroubleKind`."""

    NOT_A_FOLDER = "not-a-folder"
    NO_COURSE_FILE = "no-course-file"
    LINKED_FILE = "linked-file"
    NOT_A_FILE = "not-a-file"
    UNREADABLE = "unreadable"
    FILE_TOO_BIG = "file-too-big"
    TOO_MANY_FILES = "too-many-files"
    NOT_UTF8 = "not-utf8"
    NAME = "name"
    SLUG_TAKEN = "slug-taken"
    NUMBER_TAKEN = "number-taken"
    FOLDER_TOO_DEEP = "folder-too-deep"
    FILE_LEFT_OUT = "file-left-out"
    NO_MODULE = "no-module"
    NO_MODULE_FILE = "no-module-file"
    NO_ACTIVITY = "no-activity"
    ID_TAKEN = "id-taken"

    NOT_A_PACKAGE = "not-a-package"
    PACKAGE_LATER = "package-later"
    PACKAGE_NEVER = "package-never"
    PACKAGE_DAMAGED = "package-damaged"
    PACKAGE_TOO_BIG = "package-too-big"
    PACKAGE_ENTRIES = "package-entries"
    PACKAGE_NAME = "package-name"
    PACKAGE_TWICE = "package-twice"
    PACKAGE_LINK = "package-link"
    PACKAGE_ENCRYPTED = "package-encrypted"
    PACKAGE_RATIO = "package-ratio"
    PACKAGE_OVERLAP = "package-overlap"

    NO_FRONT_MATTER = "no-front-matter"
    FRONT_MATTER_OPEN = "front-matter-open"
    FRONT_MATTER_LONG = "front-matter-long"
    YAML = "yaml"
    YAML_SHAPE = "yaml-shape"
    YAML_ALIAS = "yaml-alias"
    YAML_TAG = "yaml-tag"
    KEY_TWICE = "key-twice"
    KEY_UNKNOWN = "key-unknown"
    KEY_MISSING = "key-missing"
    VALUE_NOT_TEXT = "value-not-text"
    VALUE_NOT_LIST = "value-not-list"
    VALUE_NUMBER = "value-number"
    VALUE_CHOICE = "value-choice"
    VALUE_LONG = "value-long"
    VALUE_ID = "value-id"

    RECORD_TOO_BIG = "record-too-big"
    EMPTY_LESSON = "empty-lesson"
    TEXT_IN_MODULE = "text-in-module"
    EMPTY_BRIEF = "empty-brief"
    NO_RUBRIC = "no-rubric"
    RUBRIC_LINE = "rubric-line"
    CRITERION_COUNT = "criterion-count"
    CRITERION_NUMBER = "criterion-number"
    LEVEL_COUNT = "level-count"
    LEVEL_ORDER = "level-order"
    LEVEL_POINTS = "level-points"

    MEDIA_SVG = "media-svg"
    MEDIA_TYPE = "media-type"
    MEDIA_NAME = "media-name"
    MEDIA_TOO_BIG = "media-too-big"
    MEDIA_CONTENT = "media-content"
    MEDIA_MISSING = "media-missing"
    MEDIA_UNUSED = "media-unused"
    PICTURE_TOO_LARGE = "picture-too-large"
    PICTURE_MOVES = "picture-moves"
    VALUE_TIME = "value-time"
    VALUE_CAPTIONS = "value-captions"
    VALUE_CHAPTERS = "value-chapters"
    NO_CAPTIONS = "no-captions"
    NO_LENGTH = "no-length"

    RELEASE_FORMATIVE = "release-formative"

    NO_QUESTION = "no-question"
    TOO_MANY_QUESTIONS = "too-many-questions"
    NO_STEM = "no-stem"
    ATTRIBUTES = "attributes"
    ATTRIBUTE_UNKNOWN = "attribute-unknown"
    QUESTION_SLUG_TAKEN = "question-slug-taken"
    QUESTION_SLUG_MISSING = "question-slug-missing"
    NO_ANSWER = "no-answer"
    MIXED_ANSWERS = "mixed-answers"
    AFTER_ANSWERS = "after-answers"
    TICK = "tick"
    OPTION_SHAPE = "option-shape"
    OPTION_TWICE = "option-twice"
    OPTION_COUNT = "option-count"
    NO_RIGHT_OPTION = "no-right-option"
    SEVERAL_RIGHT_OPTIONS = "several-right-options"
    TYPE_MISMATCH = "type-mismatch"
    ANSWER_EMPTY = "answer-empty"
    ONE_ANSWER_ONLY = "one-answer-only"
    NOT_A_NUMBER = "not-a-number"
    NOT_TRUE_FALSE = "not-true-false"
    EXPLANATION_SHAPE = "explanation-shape"
    NO_EXPLANATION = "no-explanation"

    @property
    def stops(self) -> bool:
        """True where the folder must be mended first; False where it can be taken without the part that is named."""
        return self not in _WARNINGS


_WARNINGS = frozenset(
    {
        ProblemKind.FILE_LEFT_OUT,
        ProblemKind.NO_RUBRIC,
        ProblemKind.MEDIA_UNUSED,
        ProblemKind.NO_CAPTIONS,
        ProblemKind.QUESTION_SLUG_MISSING,
        ProblemKind.NO_EXPLANATION,
    }
)


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """`file` is its path in the folder, `line` counts from 1 (0: the whole file), `expected` what may stand there."""

    file: str
    line: int
    kind: ProblemKind | TroubleKind
    detail: str = ""
    expected: str = ""


@dataclass(slots=True)
class Report:
    """All problems of a folder, each once, in the order of files and lines."""

    found: dict[Problem, None] = field(default_factory=dict)

    def of(self, file: str) -> FileReport:
        """The same report, for one file."""
        return FileReport(self, file)

    def problems(self) -> tuple[Problem, ...]:
        """What must be mended before the folder can be taken."""
        return tuple(sorted(problem for problem in self.found if problem.kind.stops))

    def warnings(self) -> tuple[Problem, ...]:
        """What was left out or guessed."""
        return tuple(sorted(problem for problem in self.found if not problem.kind.stops))


@dataclass(frozen=True, slots=True)
class FileReport:
    """A report that knows the file that is being read."""

    report: Report
    file: str

    def add(self, line: int, kind: ProblemKind | TroubleKind, detail: str = "", expected: str = "") -> None:
        """One more problem; the detail is shortened to stay readable."""
        self.report.found[Problem(self.file, line, kind, shortened(detail), expected)] = None

    def add_troubles(self, troubles: Iterable[Trouble]) -> None:
        """What a Markdown text of this file could not keep."""
        for trouble in troubles:
            self.add(trouble.line, trouble.kind, trouble.detail)

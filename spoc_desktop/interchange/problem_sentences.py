"""The sentence of each problem in a course folder: what is wrong, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping

from spoc_desktop.i18n import _
from spoc_desktop.interchange.problems import Problem, ProblemKind
from sync.content.troubles import TroubleKind


def sentence(problem: Problem) -> str:
    """The problem in the person's language, without its place."""
    template = _sentences()[problem.kind]
    return template.format(detail=problem.detail, expected=problem.expected)


def place(problem: Problem) -> str:
    """Where it is: "01-week/10-lesson.md:12", or the file alone."""
    file = problem.file or _("the folder")
    return f"{file}:{problem.line}" if problem.line else file


def _sentences() -> Mapping[ProblemKind | TroubleKind, str]:
    return {**_files(), **_packages(), **_front_matter(), **_questions(), **_exercises(), **_media(), **_texts()}


def _files() -> dict[ProblemKind | TroubleKind, str]:
    return {
        ProblemKind.NOT_A_FOLDER: _("There is no folder here: give the folder that holds course.md."),
        ProblemKind.NO_COURSE_FILE: _(
            "This file is missing: write the title, the id and the contacts of the course in it."
        ),
        ProblemKind.LINKED_FILE: _("This is a link to another place: put the file itself here instead."),
        ProblemKind.NOT_A_FILE: _("This is no ordinary file: remove it from the folder."),
        ProblemKind.UNREADABLE: _("This file cannot be opened ({detail}): check that you may read it."),
        ProblemKind.FILE_TOO_BIG: _("This file is larger than {expected} kB: split it into several activities."),
        ProblemKind.TOO_MANY_FILES: _("This folder holds more than {expected} files: keep only those of the course."),
        ProblemKind.NOT_UTF8: _("This line is not in UTF-8: save the file again with the encoding UTF-8."),
        ProblemKind.NAME: _(
            "The name must be a number, a hyphen and small letters without accents, as 10-passwords: rename it."
        ),
        ProblemKind.SLUG_TAKEN: _("Another one here is called “{detail}” too: give each its own name."),
        ProblemKind.NUMBER_TAKEN: _("Another one here begins with {detail} too: give each its own number."),
        ProblemKind.FOLDER_TOO_DEEP: _("A module holds no folders: move the files of this one up."),
        ProblemKind.FILE_LEFT_OUT: _("This version takes no such file: it is left out."),
        ProblemKind.NO_MODULE: _("There is no module: make a folder for each week, as 01-first-week."),
        ProblemKind.NO_MODULE_FILE: _("This file is missing: write the title and the week of the module in it."),
        ProblemKind.NO_ACTIVITY: _("This module is empty: add a lesson or a quiz, as 10-first-lesson.md."),
        ProblemKind.ID_TAKEN: _("Another part of the course has this id already: remove the line “id” here."),
        ProblemKind.RECORD_TOO_BIG: _("This text takes {detail} kB and may take {expected}: split it in two."),
        ProblemKind.EMPTY_LESSON: _("This lesson has no text: write it below the keys."),
        ProblemKind.TEXT_IN_MODULE: _("A module has no text of its own: move this into a lesson."),
        ProblemKind.RELEASE_FORMATIVE: _("A formative quiz shows its result at once: remove the line “release”."),
    }


def _packages() -> dict[ProblemKind | TroubleKind, str]:
    return {
        ProblemKind.NOT_A_PACKAGE: _("This is no course: give a course folder, or a .zip of one."),
        ProblemKind.PACKAGE_LATER: _(
            "This file is {detail}, not a course folder: this kind of package comes with a later version."
        ),
        ProblemKind.PACKAGE_NEVER: _(
            "This file is {detail}: it could run or change something here, and is never opened as a course."
        ),
        ProblemKind.PACKAGE_DAMAGED: _("This package is damaged or made in an unusual way: make the .zip again."),
        ProblemKind.PACKAGE_TOO_BIG: _("This is larger than {detail} MB once unpacked: make it smaller."),
        ProblemKind.PACKAGE_ENTRIES: _("This package holds more than {detail} files: keep only those of the course."),
        ProblemKind.PACKAGE_NAME: _(
            "A file of the package has a name that leads out of it or that some systems refuse: rename it."
        ),
        ProblemKind.PACKAGE_TWICE: _("Two files of the package have the same name: keep one."),
        ProblemKind.PACKAGE_LINK: _("This is a link or a device, no file: put the file itself into the package."),
        ProblemKind.PACKAGE_ENCRYPTED: _("This package is protected by a password: make it again without one."),
        ProblemKind.PACKAGE_RATIO: _(
            "Unpacked, this file would be far larger than any text or picture: it may be a trap, nothing was unpacked."
        ),
        ProblemKind.PACKAGE_OVERLAP: _("Two files of the package share the same bytes: it may be a trap."),
    }


def _front_matter() -> dict[ProblemKind | TroubleKind, str]:
    return {
        ProblemKind.NO_FRONT_MATTER: _("The file must begin with its keys between two lines of three hyphens (---)."),
        ProblemKind.FRONT_MATTER_OPEN: _("The keys have no end: add a line of three hyphens (---) below them."),
        ProblemKind.FRONT_MATTER_LONG: _("The keys take more than {expected} characters: shorten them."),
        ProblemKind.YAML: _(
            "This line cannot be read ({detail}): put a value that holds a colon or a sign between double quotes."
        ),
        ProblemKind.YAML_SHAPE: _("Only keys with a text, a number or a list are read here: write “key: value”."),
        ProblemKind.YAML_ALIAS: _("Anchors and aliases (& and *) mean nothing here: write the value itself."),
        ProblemKind.YAML_TAG: _("Tags ({detail}) mean nothing here: write the value alone."),
        ProblemKind.KEY_TWICE: _("The key “{detail}” stands twice: keep one."),
        ProblemKind.KEY_UNKNOWN: _("The key “{detail}” is unknown here: the keys are {expected}."),
        ProblemKind.KEY_MISSING: _("The key “{detail}” is missing: add it."),
        ProblemKind.VALUE_NOT_TEXT: _("“{detail}” takes one text on its line, not a list."),
        ProblemKind.VALUE_NOT_LIST: _("“{detail}” takes a list of at most {expected} lines, each after a hyphen."),
        ProblemKind.VALUE_NUMBER: _("“{detail}” takes a whole number ({expected})."),
        ProblemKind.VALUE_CHOICE: _("“{detail}” takes one of these words: {expected}."),
        ProblemKind.VALUE_LONG: _("“{detail}” may have {expected} characters: shorten it."),
        ProblemKind.VALUE_ID: _("“{detail}” takes a UUID, 32 hexadecimal digits in five groups."),
    }


def _questions() -> dict[ProblemKind | TroubleKind, str]:
    return {
        ProblemKind.NO_QUESTION: _("This quiz has no question: begin each with a line “## Question”."),
        ProblemKind.TOO_MANY_QUESTIONS: _("A quiz holds at most {expected} questions: make a second one."),
        ProblemKind.NO_STEM: _("This question asks nothing: write it after ##."),
        ProblemKind.ATTRIBUTES: _(
            "“{detail}” cannot be read: write {{#name type=single points=1}}, the name in small letters."
        ),
        ProblemKind.ATTRIBUTE_UNKNOWN: _("“{detail}” is unknown here: a question takes {expected}."),
        ProblemKind.QUESTION_SLUG_TAKEN: _(
            "Another question of this quiz is called “{detail}” too: give each its own name."
        ),
        ProblemKind.QUESTION_SLUG_MISSING: _(
            "This question has no name and is known by its place: add {expected} below it before you move it."
        ),
        ProblemKind.NO_ANSWER: _("This question has no answer: add lines “- [x]” and “- [ ]”, or a line “= answer”."),
        ProblemKind.MIXED_ANSWERS: _("This question has both boxes and lines “=”: keep one kind."),
        ProblemKind.AFTER_ANSWERS: _(
            "“{detail}” stands after the answers: move it above them, or begin it with > to explain the result."
        ),
        ProblemKind.TICK: _("“{detail}” is no box: write - [x] for a right answer and - [ ] for a wrong one."),
        ProblemKind.OPTION_SHAPE: _(
            "An answer is one line of text, and may be followed by a remark on indented lines with >."
        ),
        ProblemKind.OPTION_TWICE: _("The answer “{detail}” stands twice: keep one."),
        ProblemKind.OPTION_COUNT: _("This question has {detail} answers to choose from and may have {expected}."),
        ProblemKind.NO_RIGHT_OPTION: _("No answer is right: tick at least one with [x]."),
        ProblemKind.SEVERAL_RIGHT_OPTIONS: _("A question of type single has one right answer: untick this one."),
        ProblemKind.TYPE_MISMATCH: _("The answers below do not fit the type “{detail}”: change the one or the other."),
        ProblemKind.ANSWER_EMPTY: _("This answer has no letter or digit: write what a learner may type."),
        ProblemKind.ONE_ANSWER_ONLY: _(
            "“{detail}” is a second answer and this type takes one: remove it, or add type=text to the question."
        ),
        ProblemKind.NOT_A_NUMBER: _("“{detail}” is no number: write it as = 12 ± 0.5 km, with at most 16 digits."),
        ProblemKind.NOT_TRUE_FALSE: _("“{detail}” is neither true nor false: write = true or = false."),
        ProblemKind.EXPLANATION_SHAPE: _(
            "The explanation is one block of lines that begin with >: join or remove the others."
        ),
        ProblemKind.NO_EXPLANATION: _(
            "This question explains nothing: add a remark to each answer, or lines with > at its end."
        ),
    }


def _exercises() -> dict[ProblemKind | TroubleKind, str]:
    return {
        ProblemKind.EMPTY_BRIEF: _("This exercise asks for nothing: write its brief below the keys."),
        ProblemKind.NO_RUBRIC: _("This exercise has no rubric: add “# Rubric” and criteria before you publish it."),
        ProblemKind.RUBRIC_LINE: _(
            "“{detail}” cannot be read in a rubric: write “## Criterion”, then levels as “- Title (2): description”."
        ),
        ProblemKind.CRITERION_COUNT: _("This rubric has {detail} criteria and may have {expected}."),
        ProblemKind.CRITERION_NUMBER: _("Another criterion has the number {detail} too: give each its own."),
        ProblemKind.LEVEL_COUNT: _("This criterion has {detail} levels and may have {expected}."),
        ProblemKind.LEVEL_ORDER: _(
            "The levels of “{detail}” must go from the fewest points to the most, all different."
        ),
        ProblemKind.LEVEL_POINTS: _("A level of {detail} points is too much: at most {expected}."),
    }


def _media() -> dict[ProblemKind | TroubleKind, str]:
    return {
        ProblemKind.MEDIA_SVG: _("SVG pictures may hold programs and are never taken: save it as PNG or WebP."),
        ProblemKind.MEDIA_TYPE: _("A file of this type (“{detail}”) cannot be taken here: use {expected}."),
        ProblemKind.MEDIA_NAME: _(
            "The name “{detail}” cannot be kept: letters, digits, spaces and hyphens, at most 100; rename it."
        ),
        ProblemKind.MEDIA_TOO_BIG: _("This file is larger than {expected} MB: make it smaller."),
        ProblemKind.MEDIA_CONTENT: _(
            "What this file holds is not what its name says: open it in its program and save it again."
        ),
        ProblemKind.MEDIA_MISSING: _("“{detail}” is not in the folder: put the file into media/ and write its path."),
        ProblemKind.MEDIA_UNUSED: _("No text names this file: it is left out."),
        ProblemKind.PICTURE_TOO_LARGE: _(
            "This picture of {detail} points is too large to show: at most {expected} a side and 40 million in all."
        ),
        ProblemKind.PICTURE_MOVES: _("This picture moves: use a still one, or a video with captions."),
        ProblemKind.VALUE_TIME: _("“{detail}” takes a time such as 2:05 or 1:02:05."),
        ProblemKind.VALUE_CAPTIONS: _("“{detail}” cannot be read: write a language once and its file, fr media/a.vtt."),
        ProblemKind.VALUE_CHAPTERS: _(
            "“{detail}” cannot be read: write a time and a title, 1:10 The trap, in order and within the video."
        ),
        ProblemKind.NO_CAPTIONS: _("This video has no captions: add them before you publish it."),
        ProblemKind.NO_LENGTH: _("This file does not say how long it is: add “length”, as 2:05."),
    }


def _texts() -> dict[ProblemKind | TroubleKind, str]:
    return {
        TroubleKind.HEADING_LEVEL: _("A heading “{detail}” cannot stand here: use ##, ### or ####."),
        TroubleKind.HEADING_HERE: _("No heading can stand here: write it as a paragraph."),
        TroubleKind.NEWER_BLOCK: _("This was made with a newer version of the program: update it, then try again."),
        TroubleKind.CALLOUT_UNKNOWN: _("“{detail}” is unknown: write [!WARNING], [!NOTE], [!TIP] or [!IMPORTANT]."),
        TroubleKind.LINK_ADDRESS: _(
            "A link cannot lead to “{detail}”: write a whole address with https, http or mailto."
        ),
        TroubleKind.LINK_REFERENCE: _(
            "“{detail}” is a link kept apart: write the address where it is used, as [word](address)."
        ),
        TroubleKind.IMAGE_OUTSIDE: _("An image from outside the folder (“{detail}”) is never loaded: remove it."),
        TroubleKind.TOO_DEEP: _("Lists, quotes or marks lie too deep in one another here: make it flatter."),
        TroubleKind.TOO_MANY_BRACKETS: _("This text has more than {detail} square brackets: shorten it."),
        TroubleKind.TABLE_CELLS: _(
            "This row has more cells than the {detail} of the first: remove some, or write \\| for the sign."
        ),
        TroubleKind.HIDDEN_CHARACTER: _(
            "A character that nobody sees ({detail}) stands in this line: type the line again."
        ),
        TroubleKind.HTML_DROPPED: _("HTML is not kept ({detail}), only its words and plain forms: use Markdown."),
        TroubleKind.LINK_DROPPED: _("A link that a course may not hold (“{detail}”) is left out; its words are kept."),
        TroubleKind.IMAGE_HERE: _(
            "A picture lies in media/ and has a paragraph of its own in a text: “{detail}” is left out."
        ),
        TroubleKind.FILE_MISSING: _("“{detail}” is not in the folder: put the file there, or mend the name."),
        TroubleKind.FILE_HERE: _("A file (“{detail}”) has a line of its own: put an empty line before and after it."),
        TroubleKind.NOT_A_PICTURE: _("“{detail}” is no picture: write [title](media/…) to hand it on."),
        TroubleKind.RULE_DROPPED: _("A line across the page (“{detail}”) is left out: use a heading to begin a part."),
        TroubleKind.LINK_TITLE_DROPPED: _("The title of a link (“{detail}”) is left out: say it in the text."),
    }

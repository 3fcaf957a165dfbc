"""Words that several pages of « Contenus » use: what an activity is, what a check asks for, what has changed."""

from __future__ import annotations

from typing import Any

from spoc_desktop.i18n import _, day_and_time, moment, ngettext
from spoc_desktop.services.authoring_changes import Differences
from spoc_desktop.services.authoring_check import Check, CheckLine
from spoc_desktop.services.authoring_drafts import Shelved
from sync.domain.exercises import Exercise
from sync.domain.quizzes import Quiz

ROUTES = {"lesson": "contents_lesson", "quiz": "contents_quiz", "exercise": "contents_exercise"}


def sort_of(body: Any) -> str:
    """Which editor opens an activity."""
    if isinstance(body, Quiz):
        return "quiz"
    return "exercise" if isinstance(body, Exercise) else "lesson"


def icon_of(body: Any) -> str:
    """The icon of an activity."""
    if getattr(body, "video", None) is not None:
        return "video"
    return {"quiz": "list-checks", "exercise": "file-pen-line", "lesson": "file-text"}[sort_of(body)]


def sort_word(body: Any) -> str:
    """What an activity is."""
    if getattr(body, "video", None) is not None:
        return _("Video")
    return {"quiz": _("Quiz"), "exercise": _("Exercise"), "lesson": _("Lesson")}[sort_of(body)]


def check_words(line: CheckLine) -> str:
    """A line of the check-list; what is still to do names where."""
    words = {
        Check.MODULES: _("At least one module, every text in its place"),
        Check.TEXTS: _("Text of each lesson"),
        Check.MINUTES: _("Duration of each activity"),
        Check.EVALUATION: _("At least one evaluation"),
        Check.QUESTIONS: _("Questions with a right answer"),
        Check.REMARKS: _("A remark for each answer"),
        Check.EXERCISES: _("Brief and rubric of the exercises"),
        Check.CAPTIONS: _("Captions of the videos"),
        Check.ALTERNATIVES: _("Texts in place of the pictures"),
        Check.CONTACTS: _("Technical and pedagogical contacts"),
    }[line.check]
    if line.is_done or not (line.activity and line.lacking):
        return words
    titles = ", ".join(line.lacking[:2]) + (" …" if len(line.lacking) > 2 else "")
    if line.question is not None and len(line.lacking) == 1:
        number = line.question + 1
        return _("{what}: {titles}, question {number}").format(what=words, titles=titles, number=number)
    return _("{what}: {titles}").format(what=words, titles=titles)


def edition_words(shelved: Shelved, now: int) -> str:
    """Which edition is learnt, since when."""
    if shelved.edition is None:
        return _("Not published yet")
    when = day_and_time(moment(shelved.published_at), moment(now).date())
    return _("Edition {number}, published {when}").format(number=shelved.edition.number, when=when)


def change_words(shelved: Shelved) -> str:
    """How much was changed since the last edition."""
    if shelved.drafts is None:
        return _("To be begun") if shelved.is_blank else _("The draft arrives with the next synchronisation.")
    if shelved.edition is None:
        return _("Draft")
    count = shelved.differences.count
    if not count:
        return _("Nothing changed since")
    return ngettext("{count} change not published", "{count} changes not published", count).format(count=count)


def difference_lines(differences: Differences) -> list[tuple[str, str]]:
    """Each difference as (what, title)."""
    return [
        *([(_("Changed"), _("Course: title, contacts, order of the modules"))] if differences.course else []),
        *((_("New"), title) for title in differences.new),
        *((_("Changed"), title) for title in differences.changed),
        *((_("Taken out"), title) for title in differences.gone),
    ]

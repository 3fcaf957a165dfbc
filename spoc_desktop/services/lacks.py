"""The check-list before publishing in words: what each line of it asks for, and of which part of the course."""

from spoc_desktop.i18n import _
from sync.domain.publishing import Lack


def lack_sentence(code: int, title: str) -> str:
    """One line of the check-list. A code of a newer server still names the part of the course."""
    try:
        words = _words()[Lack(code)]
    except ValueError:
        words = _("“{title}” lacks something that this version of the program does not know.")
    return words.format(title=title)


def _words() -> dict[Lack, str]:
    return {
        Lack.ACTIVITY_MISSING: _("The module “{title}” names an activity whose text is not there."),
        Lack.NO_MINUTES: _("“{title}” says no planned duration."),
        Lack.NO_QUESTIONS: _("The quiz “{title}” has no question."),
        Lack.KEY_MISSING: _("A question of the quiz “{title}” has no right answer."),
        Lack.NO_MODULES: _("“{title}” has no module."),
        Lack.NO_EVALUATION: _("“{title}” has no evaluation: it needs a quiz or an exercise."),
        Lack.NO_TECHNICAL_CONTACT: _("“{title}” names nobody for technical help."),
        Lack.NO_PEDAGOGICAL_CONTACT: _("“{title}” names nobody for questions about the course."),
        Lack.NO_BRIEF: _("The exercise “{title}” does not say what to do."),
        Lack.NO_CRITERIA: _("The exercise “{title}” has no rubric: say what you will look at."),
        Lack.NO_CAPTIONS: _("The video “{title}” has no captions."),
        Lack.NO_ALTERNATIVE: _("A picture of “{title}” has no text for those who do not see it."),
        Lack.FILE_MISSING: _("A file of “{title}” has not reached the server yet: synchronise, then publish again."),
        Lack.UNKNOWN_MODE: _("The quiz “{title}” is neither formative nor graded."),
    }

"""What a course holds, in words: for the report before an import and the line after an export."""

from spoc_desktop.i18n import ngettext
from spoc_desktop.interchange.summary import Summary


def counted(summary: Summary) -> tuple[str, ...]:
    """One phrase a kind, as "3 lessons"; what the course holds none of is not named."""
    phrases = (
        (summary.modules, ngettext("{count} module", "{count} modules", summary.modules)),
        (summary.lessons, ngettext("{count} lesson", "{count} lessons", summary.lessons)),
        (summary.videos, ngettext("{count} video", "{count} videos", summary.videos)),
        (summary.quizzes, ngettext("{count} quiz", "{count} quizzes", summary.quizzes)),
        (summary.questions, ngettext("{count} question", "{count} questions", summary.questions)),
        (summary.exercises, ngettext("{count} exercise", "{count} exercises", summary.exercises)),
        (summary.criteria, ngettext("{count} criterion", "{count} criteria", summary.criteria)),
        (summary.figures, ngettext("{count} picture", "{count} pictures", summary.figures)),
        (summary.downloads, ngettext("{count} document", "{count} documents", summary.downloads)),
        (summary.files, ngettext("{count} file", "{count} files", summary.files)),
        (summary.minutes, ngettext("{count} planned minute", "{count} planned minutes", summary.minutes)),
    )
    return tuple(phrase.format(count=count) for count, phrase in phrases if count)

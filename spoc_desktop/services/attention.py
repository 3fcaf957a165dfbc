"""What waits to be sent and what needs the person: refused, put in quarantine, edited at the same time."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from spoc_desktop.i18n import _, ngettext
from spoc_desktop.services.documents import words_of
from spoc_desktop.services.revisions import Split, open_splits
from spoc_desktop.services.sentences import Sentence, refusal
from spoc_desktop.storage.changes import Listed, readable
from spoc_desktop.storage.incidents import Incident
from sync.client.view import State
from sync.domain.courses import COURSE, LESSON, READING
from sync.domain.documents import DOCUMENT, UPDATE
from sync.domain.exercises import BANK, DRAFT, EXERCISE, HAND_IN, REVIEW
from sync.domain.files import Attachment, attachments_in
from sync.domain.forum import ANNOUNCEMENT, POST, READ_MARK, UNSENT
from sync.domain.kinds import KINDS
from sync.domain.messages import MESSAGE
from sync.domain.naming import named_in_body
from sync.domain.notes import NOTE
from sync.domain.people import SETTINGS
from sync.domain.quizzes import ANSWERS, ATTEMPT, ATTEMPT_START, GRADE, QUIZ
from sync.domain.revisions import SETTLED

if TYPE_CHECKING:
    from spoc_desktop.storage.store import LocalStore


@dataclass(frozen=True, slots=True)
class PendingItem:
    """Changes of one sort that wait and go by themselves. `at`: when the first was written here, in milliseconds."""

    what: str
    count: int
    at: int


class Cause(Enum):
    """Why something needs the person."""

    REFUSED = auto()
    QUARANTINED = auto()
    EDITED_TOGETHER = auto()
    NOT_ON_THE_SERVER = auto()


@dataclass(frozen=True, slots=True)
class AttentionItem:
    """One thing for the person to settle.

    `texts`, `files`: their words and what is attached, to read and export. `name`: for `withdraw`, or None.

    For EDITED_TOGETHER, `texts` are the overtaken value and the one that stands; `split` settles them. For
    NOT_ON_THE_SERVER, `aside` are the records that the server lacks and that are not this person's to offer.
    """

    cause: Cause
    what: str
    said: Sentence
    texts: tuple[str, ...]
    at: int
    name: tuple[int, int] | None
    split: Split | None = None
    files: tuple[Attachment, ...] = ()
    aside: tuple[Incident, ...] = ()


def pending_items(store: "LocalStore") -> tuple[PendingItem, ...]:
    """What waits, summed up by sort, the oldest first."""
    found: dict[int, list[Listed]] = {}
    for entry in store.outbox_list():
        if entry.state is State.WAITING:
            found.setdefault(entry.kind, []).append(entry)
    items = [PendingItem(_counted(kind, len(them)), len(them), them[0].at) for kind, them in found.items()]
    return tuple(sorted(items, key=lambda item: item.at))


def attention_items(store: "LocalStore") -> tuple[AttentionItem, ...]:
    """What needs the person, the newest first."""
    entries = [entry for entry in store.outbox_list() if entry.state in (State.REFUSED, State.QUARANTINED)]
    items = [_of_entry(entry) for entry in entries]
    items += [_edited_together(store, split) for split in open_splits(store)]
    items += [_aside(alike) for alike in set_aside(store)]
    return tuple(sorted(items, key=lambda item: -item.at))


def _of_entry(entry: Listed) -> AttentionItem:
    if entry.state is State.QUARANTINED:
        said = Sentence(
            _("Your text is kept in this list."),
            _("You no longer have access to where it belongs."),
            _("It is sent by itself if you get access again; you can export it."),
        )
        cause = Cause.QUARANTINED
    else:
        said, cause = refusal(entry.refusal), Cause.REFUSED
    texts, files = entry.texts() or words_of(entry), attachments_in(entry.body())
    if cause is Cause.REFUSED and not texts and not files:
        said = Sentence(_("Nothing that you wrote is lost."), said.failed, _("You can remove this line."))
    name = (entry.writer, entry.n)
    return AttentionItem(cause, _counted(entry.kind, 1), said, texts, entry.at, name, files=files)


def set_aside(store: "LocalStore") -> list[tuple[Incident, ...]]:
    """What the server lacks and people made, or is evidence of what they did: alike in kind and space together."""
    found: dict[tuple[bytes, int], list[Incident]] = {}
    for one in store.lacking():
        kind = KINDS.get(one.kind)
        if kind is not None and (kind.write or kind.evidence):
            found.setdefault((one.space, one.kind), []).append(one)
    return [tuple(alike) for alike in found.values()]


def _aside(alike: tuple[Incident, ...]) -> AttentionItem:
    said = Sentence(
        _("A copy is kept on this computer."),
        _("The server no longer has it."),
        _("It is shown in its place again once the computer of its author has synchronised; you can export it."),
    )
    texts = tuple("\n".join(words) for one in alike if (words := readable(one.body)))
    files = tuple(file for one in alike for file in named_in_body(one.kind, one.body))
    what = _counted(alike[0].kind, len(alike))
    return AttentionItem(Cause.NOT_ON_THE_SERVER, what, said, texts, alike[-1].at, None, files=files, aside=alike)


def _edited_together(store: "LocalStore", split: Split) -> AttentionItem:
    said = Sentence(
        _("Both texts are kept."),
        _("It was changed in two places at the same time; the later one stands."),
        _("Compare the two and keep what you want of each."),
    )
    texts = tuple(text for text in (split.overtaken.text, split.standing.text) if text)
    what = _named(store, split)
    return AttentionItem(Cause.EDITED_TOGETHER, what, said, texts, split.at, None, split)


def _named(store: "LocalStore", split: Split) -> str:
    """What was edited, by the title that it stands under where it has one."""
    if split.kind in (POST, ANNOUNCEMENT):
        seen = store.one(split.kind, split.record, split.space)
        opener = seen
        if seen is not None and seen.body.thread:
            opener = store.one(POST, seen.body.thread) or store.one(ANNOUNCEMENT, seen.body.thread)
        if opener is not None and opener.body.title:
            mine = seen is not None and seen.author == store.person
            said = _("Your message in “{title}”") if mine else _("A message in “{title}”")
            return said.format(title=opener.body.title)
    return _counted(split.kind.number, 1)


def _counted(kind: int, count: int) -> str:
    """So many changes of a kind, in words."""
    words = {
        READING.number: lambda: ngettext("{count} part of a lesson read", "{count} parts of lessons read", count),
        ATTEMPT_START.number: lambda: ngettext("{count} quiz begun", "{count} quizzes begun", count),
        ANSWERS.number: lambda: ngettext("{count} answer under way", "{count} answers under way", count),
        ATTEMPT.number: lambda: ngettext("{count} quiz handed in", "{count} quizzes handed in", count),
        GRADE.number: lambda: ngettext("{count} quiz result", "{count} quiz results", count),
        SETTINGS.number: lambda: ngettext("{count} choice of display", "{count} choices of display", count),
        COURSE.number: lambda: ngettext("{count} change of a course", "{count} changes of a course", count),
        LESSON.number: lambda: ngettext("{count} change of a lesson", "{count} changes of lessons", count),
        POST.number: lambda: ngettext("{count} message to the group", "{count} messages to the group", count),
        ANNOUNCEMENT.number: lambda: ngettext("{count} announcement", "{count} announcements", count),
        MESSAGE.number: lambda: ngettext("{count} private message", "{count} private messages", count),
        DOCUMENT.number: lambda: ngettext("{count} shared document", "{count} shared documents", count),
        UPDATE.number: lambda: ngettext("{count} change of a shared text", "{count} changes of shared texts", count),
        UNSENT.number: lambda: ngettext("{count} message being written", "{count} messages being written", count),
        READ_MARK.number: lambda: ngettext("{count} discussion read", "{count} discussions read", count),
        SETTLED.number: lambda: ngettext(
            "{count} choice between two texts", "{count} choices between two texts", count
        ),
        HAND_IN.number: lambda: ngettext("{count} exercise handed in", "{count} exercises handed in", count),
        DRAFT.number: lambda: ngettext("{count} exercise being written", "{count} exercises being written", count),
        REVIEW.number: lambda: ngettext("{count} review", "{count} reviews", count),
        BANK.number: lambda: ngettext("{count} remark kept for later", "{count} remarks kept for later", count),
        NOTE.number: lambda: ngettext("{count} note", "{count} notes", count),
        EXERCISE.number: lambda: ngettext("{count} change of an exercise", "{count} changes of exercises", count),
        QUIZ.number: lambda: ngettext("{count} change of a quiz", "{count} changes of quizzes", count),
    }
    said = words.get(kind, lambda: ngettext("{count} change", "{count} changes", count))()
    return said.format(count=count)

"""What waits to be sent and what needs the person: refused, put in quarantine, edited at the same time."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

import msgspec

from spoc_desktop.i18n import _, ngettext
from spoc_desktop.services.sentences import Sentence, refusal
from spoc_desktop.storage.changes import Listed
from sync.client.view import State
from sync.domain.courses import COURSE, LESSON, READING
from sync.domain.ids import PersonId
from sync.domain.people import SETTINGS
from sync.domain.quizzes import ANSWERS, ATTEMPT, ATTEMPT_START, QUIZ
from sync.domain.revisions import REVISION, Revision

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


@dataclass(frozen=True, slots=True)
class AttentionItem:
    """One thing for the person to settle. `texts`: their words, to read and export. `name`: for `withdraw`, or None.

    For EDITED_TOGETHER, `texts` are the overtaken value and the one that stands.
    """

    cause: Cause
    what: str
    said: Sentence
    texts: tuple[str, ...]
    at: int
    name: tuple[int, int] | None


def pending_items(store: "LocalStore") -> tuple[PendingItem, ...]:
    """What waits, summed up by sort, the oldest first."""
    found: dict[int, list[Listed]] = {}
    for entry in store.outbox_list():
        if entry.state is State.WAITING:
            found.setdefault(entry.kind, []).append(entry)
    items = [PendingItem(_counted(kind, len(them)), len(them), them[0].at) for kind, them in found.items()]
    return tuple(sorted(items, key=lambda item: item.at))


def attention_items(store: "LocalStore", person: PersonId) -> tuple[AttentionItem, ...]:
    """What needs the person, the newest first."""
    entries = [entry for entry in store.outbox_list() if entry.state in (State.REFUSED, State.QUARANTINED)]
    items = [_of_entry(entry) for entry in entries] + _edited_together(store, person)
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
    return AttentionItem(cause, _counted(entry.kind, 1), said, entry.texts(), entry.at, (entry.writer, entry.n))


def _edited_together(store: "LocalStore", person: PersonId) -> list[AttentionItem]:
    """Revisions of fields that people write as text; answers and settings are one person's and merge by themselves."""
    found = []
    for seen in store.view(REVISION):
        revision: Revision = seen.body
        if revision.author != person or revision.kind in _SILENT:
            continue
        said = Sentence(
            _("Both texts are kept."),
            _("It was changed in two places at the same time; the later one stands."),
            _("Compare the two and keep what you want of each."),
        )
        texts = tuple(_texts(revision.value))
        found.append(AttentionItem(Cause.EDITED_TOGETHER, _counted(revision.kind, 1), said, texts, seen.at, None))
    return found


_SILENT = frozenset({ANSWERS.number, SETTINGS.number})


def _texts(raw: bytes) -> Sequence[str]:
    value = msgspec.msgpack.decode(raw)
    return (value,) if isinstance(value, str) else ()


def _counted(kind: int, count: int) -> str:
    """So many changes of a kind, in words."""
    words = {
        READING.number: lambda: ngettext("{count} part of a lesson read", "{count} parts of lessons read", count),
        ATTEMPT_START.number: lambda: ngettext("{count} quiz begun", "{count} quizzes begun", count),
        ANSWERS.number: lambda: ngettext("{count} answer under way", "{count} answers under way", count),
        ATTEMPT.number: lambda: ngettext("{count} quiz handed in", "{count} quizzes handed in", count),
        SETTINGS.number: lambda: ngettext("{count} choice of display", "{count} choices of display", count),
        COURSE.number: lambda: ngettext("{count} change of a course", "{count} changes of a course", count),
        LESSON.number: lambda: ngettext("{count} change of a lesson", "{count} changes of lessons", count),
        QUIZ.number: lambda: ngettext("{count} change of a quiz", "{count} changes of quizzes", count),
    }
    said = words.get(kind, lambda: ngettext("{count} change", "{count} changes", count))()
    return said.format(count=count)

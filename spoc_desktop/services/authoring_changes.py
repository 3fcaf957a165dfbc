"""What differs between two states of a course: a folder and the draft, or the draft and what was published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from sync.domain.courses import EDITION, LESSON_EDITION, Course, Edition, Module, PublishedModule
from sync.domain.exercises import EXERCISE_EDITION
from sync.domain.kind import encode
from sync.domain.publishing import Drafts
from sync.domain.quizzes import QUIZ_EDITION, QUIZ_KEYS

EDITION_KINDS = (LESSON_EDITION, QUIZ_EDITION, EXERCISE_EDITION)
PUBLISHED_KINDS = frozenset(kind.number for kind in (EDITION, *EDITION_KINDS, QUIZ_KEYS))


@dataclass(frozen=True, slots=True)
class Differences:
    """Titles of activities in the order of the course. `course`: its title, contacts, modules or their order differ."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    course: bool = False

    @property
    def count(self) -> int:
        """How many things differ."""
        return len(self.new) + len(self.changed) + len(self.gone) + self.course


def between(before: Drafts | None, after: Drafts) -> Differences:
    """What `after` makes of `before`; None: there was nothing."""
    old = _named(before) if before is not None else {}
    new = _named(after)
    both = [id_ for id_ in new if id_ in old]
    same = [id_ for id_ in both if encode(old[id_]) == encode(new[id_])]
    return Differences(
        new=_titles(new[id_] for id_ in new if id_ not in old),
        changed=_titles(new[id_] for id_ in both if id_ not in same),
        unchanged=_titles(new[id_] for id_ in same),
        gone=_titles(old[id_] for id_ in old if id_ not in new),
        course=before is None or encode(before.course) != encode(after.course),
    )


def since(edition: Edition, texts: Mapping[bytes, Any], keys: Mapping[bytes, Any], drafts: Drafts) -> Differences:
    """What the drafts change against a published edition. `texts` by edition id, `keys` of graded quizzes likewise.

    A text that has not come to this laptop counts as unchanged: nothing can be said about it.
    """
    published = {one.id: one for one in edition.activities}
    drafted = _named(drafts)
    both = [id_ for id_ in drafted if id_ in published]
    same = [id_ for id_ in both if _is_as_published(drafted[id_], published[id_].edition, texts, keys)]
    return Differences(
        new=_titles(drafted[id_] for id_ in drafted if id_ not in published),
        changed=_titles(drafted[id_] for id_ in both if id_ not in same),
        unchanged=_titles(drafted[id_] for id_ in same),
        gone=tuple(one.title for one in edition.activities if one.id not in drafted),
        course=not _same_course(edition, drafts.course),
    )


def _named(drafts: Drafts) -> dict[bytes, Any]:
    named = (id_ for module in drafts.course.modules for id_ in module.activities)
    return {id_: body for id_ in named if (body := drafts.find(id_)) is not None}


def _titles(bodies: Any) -> tuple[str, ...]:
    return tuple(body.title for body in bodies)


def _is_as_published(draft: Any, edition: bytes, texts: Mapping[bytes, Any], keys: Mapping[bytes, Any]) -> bool:
    published = texts.get(edition)
    if published is None:
        return True
    if edition in keys:
        published = msgspec.structs.replace(published, keys=keys[edition].keys)
    names = [name for name in draft.__struct_fields__ if name in published.__struct_fields__]
    return all(getattr(draft, name) == getattr(published, name) for name in names)


def _same_course(edition: Edition, course: Course) -> bool:
    fields = [name for name in Course.__struct_fields__ if name != "modules"]
    shown = [_shape(one, tuple(activity.id for activity in one.activities)) for one in edition.modules]
    drafted = [_shape(one, one.activities) for one in course.modules]
    return shown == drafted and all(getattr(edition, name) == getattr(course, name) for name in fields)


def _shape(module: Module | PublishedModule, activities: tuple[bytes, ...]) -> tuple[object, ...]:
    return module.id, module.title, module.week, module.objectives, activities

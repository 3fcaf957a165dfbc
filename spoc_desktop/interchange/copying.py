"""A course under ids of its own: what another course's ids were claimed for can no longer be touched (attack A28)."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from spoc_desktop.interchange.course_folder import CourseText
from sync.domain.courses import Module
from sync.domain.ids import derived
from sync.domain.quizzes import Key, Question

Body = TypeVar("Body", bound=msgspec.Struct)


def as_copy(text: CourseText, course_id: bytes) -> CourseText:
    """The same course as the course `course_id`: every id in it is derived anew, so a second copy edits the first."""
    ids = _Ids(course_id)
    return CourseText(
        course_id,
        ids.renewed(text.course),
        {ids.of(id_): ids.renewed(lesson) for id_, lesson in text.lessons.items()},
        {ids.of(id_): ids.renewed(quiz) for id_, quiz in text.quizzes.items()},
        {ids.of(id_): ids.renewed(exercise) for id_, exercise in text.exercises.items()},
        text.files,
    )


class _Ids:
    def __init__(self, course_id: bytes) -> None:
        self._course_id = course_id

    def of(self, id_: bytes) -> bytes:
        return derived("copy", self._course_id, id_)

    def renewed(self, body: Body) -> Body:
        renewed: Body = self._renewed(body)
        return renewed

    def _renewed(self, value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(map(self._renewed, value))
        if not isinstance(value, msgspec.Struct):
            return value
        fields = {name: self._renewed(getattr(value, name)) for name in value.__struct_fields__}
        match value:
            case Module():
                fields |= {"id": self.of(value.id), "activities": tuple(map(self.of, value.activities))}
            case Question():
                fields |= {"id": self.of(value.id)}
            case Key():
                fields |= {"question": self.of(value.question)}
        return msgspec.structs.replace(value, **fields)

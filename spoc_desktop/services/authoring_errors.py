"""What keeps a course that was read from being saved, by name; `sentences.py` has the words for each."""

from spoc_desktop.interchange.problems import Problem
from spoc_desktop.services.errors import ServiceError


class FileChanged(ServiceError):
    """A file of the course is no longer what was looked at when the course was read."""

    def __init__(self, name: str = "") -> None:
        super().__init__(name)
        self.name = name


class TakenElsewhere(ServiceError):
    """The course claims the id of something in another course (attack A28): nothing of it was saved."""

    def __init__(self, title: str = "") -> None:
        super().__init__(title)
        self.title = title


class ExportPlaceTaken(ServiceError):
    """The folder to write a course into holds something already."""


class ExportIncomplete(ServiceError):
    """Something that the course names has not come to this computer yet: a file or the text of an activity."""

    def __init__(self, name: str = "") -> None:
        super().__init__(name)
        self.name = name


class FileRefused(ServiceError):
    """A file that a course cannot take; `problems` say why, none when it is of a kind that does not fit there."""

    def __init__(self, name: str = "", problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(name)
        self.name = name
        self.problems = problems

"""IT writes a course onto a stick, from the server itself: what a trainer's laptop does from its own store."""

from collections.abc import Callable
from pathlib import Path

from sync.domain import spaces as names
from sync.domain.ids import CourseId
from sync.domain.listing import listing
from sync.domain.manifests import statement
from sync.reports.manifests import sign
from sync.reports.sticks import FORMAT, Carried, write
from sync.server.core import Core
from sync.server.issuing.keys import issuer
from sync.server.storage import spaces
from sync.server.sync.manifests import rows_of, standing


class NothingPublished(ValueError):
    """The course has no edition yet, or there is no such course."""


def write_stick(core: Core, course: CourseId, folder: Path, told: Callable[[int], bool]) -> Carried:
    """Write the edition that stands into a folder; what it says of itself. NothingPublished, Lacking, OSError."""
    with core.reading() as connection:
        found = standing(connection, course)
        if found is None or spaces.find(connection, names.course(course)) is None:
            raise NothingPublished(course.hex())
        listed = listing(rows_of(connection, course, *found))
    edition_id, edition = found
    carried = Carried(
        format=FORMAT,
        manifest=sign(issuer(core.settings.data), statement(course, edition_id, edition.number, listed)),
        listing=listed,
        title=edition.title,
        organisation=core.organisation_name,
    )
    write(folder, carried, lambda file: core.files.parts(file.sha256, file.size), told)
    return carried

"""A course on a USB stick: written by who has all of it, brought to a laptop whose network is poor or missing.

The stick carries the files of the published edition and the manifest that the server signed. The texts, which are
small, come from the server alone: it says who may see the course.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from spoc_desktop.interchange.stick import Fault, Stick, StickRefused, check_there, read_file, read_stick
from spoc_desktop.services.desk import Desk
from spoc_desktop.services.errors import IssuerUnknown, NotHereYet
from spoc_desktop.services.files import safe_name
from spoc_desktop.services.profiles import Profile
from spoc_desktop.services.verifying import keys_of
from spoc_desktop.storage.files import ChangedMeanwhile
from sync.client.ports import Changes
from sync.domain import spaces
from sync.domain.courses import EDITION, Edition
from sync.domain.ids import CourseId
from sync.domain.listing import listing, record_ids
from sync.domain.manifests import MANIFEST, ListedFile, Listing, Manifest
from sync.reports import manifests, sticks
from sync.reports.sticks import Stopped

__all__ = ["Brought", "Carriable", "Carrying", "Fault", "Stick", "StickRefused", "Stopped"]

Told = Callable[[int, int], bool]
"""Told how far it is, in bytes and of how many; False stops it."""


@dataclass(frozen=True, slots=True)
class Carriable:
    """A course of this laptop. `lacking`: files that are not here yet; `signed`: the server's manifest has come."""

    course_id: CourseId
    title: str
    number: int
    files: int
    size: int
    lacking: tuple[bytes, ...]
    signed: bool
    colour: str

    @property
    def is_ready(self) -> bool:
        """Whether all of it can be written now."""
        return self.signed and not self.lacking


@dataclass(frozen=True, slots=True)
class Brought:
    """What a stick gave. `taken`: files that are new here; `there`: those that were here already.

    `known`: the course itself is on this laptop; else it appears when the server has told it.
    """

    title: str
    taken: int
    there: int
    known: bool
    changes: Changes


class Carrying:
    """`write` and `bring` take as long as the stick does: call them where nobody waits."""

    def __init__(self, desk: Desk, profile: Profile) -> None:
        self._desk = desk
        self._profile = profile

    def courses(self) -> tuple[Carriable, ...]:
        """The courses whose published edition is on this laptop, by title."""
        found = []
        ids = {CourseId(spaces.ids_of(seen.space)[0]) for seen in self._desk.store.view(EDITION)}
        for course_id in ids:
            edition_id, edition = self._edition(course_id)
            listed = self._listing(course_id, edition_id, edition)
            here = self._desk.store.files.has
            found.append(
                Carriable(
                    course_id,
                    edition.title,
                    edition.number,
                    len(listed.files),
                    listed.size,
                    tuple(file.sha256 for file in listed.files if not here(file.sha256)),
                    self._manifest(course_id, edition_id, listed) is not None,
                    edition.colour,
                )
            )
        return tuple(sorted(found, key=lambda one: (one.title.casefold(), one.course_id)))

    def write(self, course_id: bytes, into: Path, told: Told) -> Path:
        """Write a course into a folder of its own inside `into`; where. What is there whole already is left.

        NotHereYet: its manifest or a file of it has not come. Stopped, IssuerUnknown, OSError.
        """
        course = CourseId(course_id)
        edition_id, edition = self._edition(course)
        listed = self._listing(course, edition_id, edition)
        manifest = self._manifest(course, edition_id, listed)
        if manifest is None:
            raise NotHereYet
        carried = sticks.Carried(
            format=sticks.FORMAT,
            manifest=manifest,
            listing=listed,
            title=edition.title,
            organisation=self._profile.organisation,
        )
        folder = into if (into / sticks.MANIFEST_FILE).is_file() else into / safe_name(edition.title)
        try:
            files = self._desk.store.files
            sticks.write(folder, carried, lambda file: files.parts(file.sha256), lambda done: told(done, listed.size))
        except sticks.Lacking as error:
            raise NotHereYet from error
        return folder

    def look(self, chosen: Path) -> Stick:
        """The course that lies in a folder, its signature checked. StickRefused, IssuerUnknown."""
        return read_stick(chosen, self._keys())

    def lacking(self, stick: Stick) -> list[ListedFile]:
        """The files of it that are not on this laptop yet, the smallest first."""
        here = self._desk.store.files.has
        return sorted((one for one in stick.listing.files if not here(one.sha256)), key=lambda one: one.size)

    def bring(self, stick: Stick, told: Told) -> Brought:
        """Take the files that are lacking here; all of them or none. StickRefused, Stopped, DiskFull."""
        wanted = self.lacking(stick)
        check_there(stick, wanted)
        whole, done = sum(file.size for file in wanted), 0
        taken: list[bytes] = []
        try:
            for file in wanted:
                with read_file(stick, file, partial(_go_on, told, done, whole)) as content:
                    self._take(file, content)
                taken.append(file.sha256)
                done += file.size
            changes = self._desk.store.ahead.carried(taken)
        except BaseException:
            self._desk.store.ahead.give_back(taken)
            raise
        told(done, whole)
        known = any(one.course_id == stick.statement.course for one in self.courses())
        return Brought(stick.title, len(taken), len(stick.listing.files) - len(taken), known, changes)

    def _take(self, file: ListedFile, content: BinaryIO) -> None:
        try:
            self._desk.store.files.put_from(content, file.sha256, file.size)
        except ChangedMeanwhile as error:
            raise StickRefused(Fault.ALTERED, 1) from error

    def _keys(self) -> list[Ed25519PublicKey]:
        keys = keys_of([self._profile])
        if not keys:
            raise IssuerUnknown
        return keys

    def _edition(self, course_id: CourseId) -> tuple[bytes, Edition]:
        editions = self._desk.store.view(EDITION, spaces.course(course_id))
        if not editions:
            raise NotHereYet
        last = max(editions, key=lambda seen: seen.body.number)
        return last.id, last.body

    def _listing(self, course_id: CourseId, edition_id: bytes, edition: Edition) -> Listing:
        """Worked out from the records of this laptop, as the server did from its own."""
        ids = set(record_ids(edition_id, edition))
        return listing(self._desk.store.ahead.bodies(spaces.course(course_id), ids))

    def _manifest(self, course_id: CourseId, edition_id: bytes, listed: Listing) -> Manifest | None:
        """The server's word for exactly this, by a key that this laptop knows."""
        keys = keys_of([self._profile])
        for seen in self._desk.store.view(MANIFEST, spaces.course(course_id)):
            try:
                said = manifests.check(seen.body, keys)
            except manifests.Forged:
                continue
            if said.edition == edition_id and said.digest == listed.digest:
                found: Manifest = seen.body
                return found
        return None


def _go_on(told: Told, before: int, whole: int, read: int) -> None:
    if not told(before + read, whole):
        raise Stopped

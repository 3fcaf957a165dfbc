"""Laptops that know a course of four weeks whose lessons name files, and a trainer's queue of hand-ins with files."""

from __future__ import annotations

from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from spoc_desktop.services.workplace import Workplace
from sync.domain import manifests, spaces
from sync.domain.blocks import Download
from sync.domain.cohorts import WEEK_MS
from sync.domain.courses import EDITION, Course, Lesson, Module
from sync.domain.exercises import HAND_IN, HandIn
from sync.domain.files import Attachment
from sync.domain.kind import encode
from sync.domain.listing import listing
from sync.domain.publishing import Drafts, publish
from sync.reports.manifests import sign
from tests.unit.services.classroom import COHORT_ID, COURSE_ID, NADIA, SECRET, Laptop, name

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
SIZES = {1: 60, 2: 50, 3: 40, 4: 30}
"""Bytes of the film of each week."""


def content(week: int) -> bytes:
    """The film of a week."""
    return bytes([week]) * SIZES[week]


def film(week: int) -> Attachment:
    """How the lesson of a week names it."""
    raw = content(week)
    return Attachment(sha256=sha256(raw).digest(), name=f"film {week}", size=len(raw))


def told_course(laptop: Laptop, key: Ed25519PrivateKey | None = KEY) -> None:
    """Four weeks with a film each; signed where a key is given. The files themselves do not come."""
    lessons = {
        name(f"lesson {week}"): Lesson(
            title=f"Leçon {week}", minutes=10, blocks=(Download(file=film(week), title=f"Film {week}"),)
        )
        for week in SIZES
    }
    modules = tuple(
        Module(id=name(f"module {week}"), title=f"Module {week}", week=week, activities=(name(f"lesson {week}"),))
        for week in SIZES
    )
    course = Course(
        title="Quatre semaines",
        language="fr",
        summary="",
        modules=modules,
        technical_contact="a",
        pedagogical_contact="b",
    )
    rows = publish(COURSE_ID, Drafts(course, lessons), number=1, secret=SECRET).course
    listed = listing((row.kind.number, row.id, row.body) for row in rows)
    told = [(row.kind, row.id, row.body) for row in rows]
    if key is not None:
        said = manifests.statement(COURSE_ID, rows[-1].id, EDITION.decode(rows[-1].body).number, listed)
        told.append((manifests.MANIFEST, manifests.manifest_id(said.edition, bytes(32)), encode(sign(key, said))))
    laptop.told_raw(spaces.course(COURSE_ID), told)


def stocked(person: bytes = NADIA) -> Laptop:
    """A laptop on the Wednesday of the second week, before any file has come."""
    laptop = Laptop(person)  # type: ignore[arg-type]  # one of the people of the classroom
    laptop.clock.time += WEEK_MS
    told_course(laptop)
    laptop.told_cohort()
    laptop.told_enrolment(NADIA)
    return laptop


def queue(laptop: Laptop, *sizes: int) -> list[Attachment]:
    """Nadia handed in one exercise after the other, each with a file; what the trainer's laptop is told of it."""
    files = []
    for number, size in enumerate(sizes):
        raw = b"h" * (size - 1) + bytes([number])
        file = Attachment(sha256=sha256(raw).digest(), name=f"hand-in {number}", size=size)
        body = HandIn(activity=name(f"sheet {number}"), edition=bytes(16), version=1, text="", at=1, files=(file,))
        laptop.clock.time += 1_000
        laptop.told(spaces.personal(COHORT_ID, NADIA), (HAND_IN, name(f"hand-in {number}"), body), author=NADIA)
        files.append(file)
    return files


def names_wanted(laptop: Laptop) -> list[str]:
    """What the sync would fetch, in order."""
    return [file.name for file in laptop.store.files_wanted()]


def fetch(laptop: Laptop, work: Workplace, week: int) -> None:
    """The film of a week comes."""
    work.syncing.tell(laptop.store.files_came({film(week).sha256: content(week)}))


def here(laptop: Laptop) -> set[int]:
    """The weeks whose film is on the disk."""
    return {week for week in SIZES if laptop.store.files.has(film(week).sha256)}

"""The server signs what it publishes, and IT carries a course out of it: no key of a graded quiz goes along."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import delete

from sync.domain.blocks import Download
from sync.domain.courses import EDITION
from sync.domain.ids import derived
from sync.domain.kind import encode
from sync.domain.listing import listing
from sync.domain.manifests import MANIFEST, Statement
from sync.domain.quizzes import Mode
from sync.domain.spaces import SpaceType
from sync.protocol.messages import Edit
from sync.reports import manifests, sticks
from sync.server.cli import main
from sync.server.issuing.keys import ISSUER, issuer
from sync.server.storage.schema import log
from sync.server.sync.follow import pending
from tests.integration.server.course import AT_ONCE, CANARY, LESSON_ID, Author, quiz
from tests.integration.server.test_files import CONTENT, attachment, send
from tests.integration.server.world import COURSE, Laptop, World, raw, verdicts


def published(world: World) -> Author:
    """A course with a document and a graded quiz."""
    author = Author(world)
    author.write()
    send(author.laptop)
    blocks = raw(encode((Download(file=attachment()),)))
    edit = Edit(author.laptop.next_n(), LESSON_ID, 1, world.now, {2: blocks})
    assert verdicts(author.laptop.push(author.space, edit))[0][1] == "ACCEPTED"
    author.publish()
    return author


def keys(world: World) -> list[Ed25519PublicKey]:
    return [issuer(world.core.settings.data).public_key()]


def signed(laptop: Laptop, world: World) -> list[Statement]:
    """What the manifests say that a laptop was told, by the server's present key."""
    laptop.pull()
    rows = laptop.rows[world.space(SpaceType.COURSE)].values()
    found = [MANIFEST.decode(bytes(row.body)) for row in rows if row.kind == MANIFEST.number]
    said = []
    for each in found:
        try:
            said.append(manifests.check(each, keys(world)))
        except manifests.Forged:
            continue
    return said


def test_each_edition_is_told_with_a_manifest_over_exactly_its_records_and_files(world: World) -> None:
    author, ines = published(world), world.laptop("ines")
    (said,) = signed(ines, world)
    rows = [row for row in ines.rows[world.space(SpaceType.COURSE)].values() if row.kind != MANIFEST.number]
    listed = listing((row.kind, row.id, bytes(row.body)) for row in rows)
    assert [file.sha256 for file in listed.files] == [attachment().sha256]
    assert (said.course, said.number, said.digest) == (COURSE, 1, listed.digest)
    assert said.edition == derived("edition", COURSE, "1")
    author.change_quiz(AT_ONCE, quiz(AT_ONCE, Mode.GRADED, right=3))
    author.publish()
    assert sorted(each.number for each in signed(ines, world)) == [1, 2]


def test_a_server_of_before_there_were_manifests_signs_what_stands_at_its_start_and_once(world: World) -> None:
    published(world)
    world.core.writer.run(lambda connection: connection.execute(delete(log).where(log.c.kind == MANIFEST.number)))
    pending(world.core)
    pending(world.core)
    with world.core.reading() as connection:
        kinds = connection.execute(log.select().where(log.c.kind == MANIFEST.number)).all()
    assert len(kinds) == 1


def test_a_renewed_key_signs_the_edition_once_more(world: World) -> None:
    published(world)
    ines = world.laptop("ines")
    assert len(signed(ines, world)) == 1
    (world.core.settings.data / ISSUER).unlink()
    pending(world.core)
    assert [each.number for each in signed(ines, world)] == [1]


def test_it_writes_a_course_onto_a_stick_and_no_byte_of_it_is_a_key_of_a_graded_quiz(
    world: World, tmp_path: Path
) -> None:
    """Rule 5: keys are absent from USB manifests too."""
    published(world)
    stick = tmp_path / "stick"
    assert main(["stick", COURSE.hex(), str(stick), "--data", str(world.data)]) == 0
    carried = sticks.read((stick / sticks.MANIFEST_FILE).read_bytes())
    assert manifests.check(carried.manifest, keys(world)).digest == carried.listing.digest
    (file,) = carried.listing.files
    assert sticks.place_of(stick, file).read_bytes() == CONTENT
    assert EDITION.number in {record.kind for record in carried.listing.records}
    everything = b"".join(path.read_bytes() for path in stick.rglob("*") if path.is_file())
    assert CANARY.encode() not in everything


def test_a_course_that_is_not_published_is_not_written(world: World, tmp_path: Path) -> None:
    assert main(["stick", bytes(16).hex(), str(tmp_path / "stick"), "--data", str(world.data)]) == 1
    assert not (tmp_path / "stick").exists()

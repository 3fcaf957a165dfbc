"""A course carried in on a stick: what is written, what is taken, and sticks of which nothing is taken."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from spoc_desktop.services.carrying import Carrying, Fault, StickRefused, Stopped
from spoc_desktop.services.errors import IssuerUnknown, NotHereYet
from spoc_desktop.services.sentences import sentence
from spoc_desktop.storage.store import LocalStore
from sync.domain.kind import encode
from sync.domain.manifests import ListedFile, Listing, Statement
from sync.reports import manifests, sticks
from tests.unit.services.classroom import COURSE_ID, HELENE, NADIA, SERVER, Laptop, workplace
from tests.unit.services.stocked import KEY, SIZES, content, film, here, names_wanted, stocked, told_course

STRANGER = Ed25519PrivateKey.from_private_bytes(b"\x01" * 32)


def carrying(laptop: Laptop, folder: Path, key: Ed25519PrivateKey | None = KEY) -> Carrying:
    """The service of a laptop that was told its organisation's key."""
    work = workplace(laptop, folder)
    raw = b"" if key is None else key.public_key().public_bytes_raw()
    return Carrying(work.desk, replace(work.profile, issuer_key=raw))


def go_on(_done: int, _whole: int) -> bool:
    return True


@pytest.fixture
def trainer(tmp_path: Path) -> Iterator[Carrying]:
    """A laptop on which all of the course is."""
    laptop = stocked(HELENE)
    for week in SIZES:
        laptop.store.files_came({film(week).sha256: content(week)})
    yield carrying(laptop, tmp_path)
    laptop.store.close()


@pytest.fixture
def stick(trainer: Carrying, tmp_path: Path) -> Path:
    """What a trainer copied."""
    return trainer.write(COURSE_ID, tmp_path / "usb", go_on)


@pytest.fixture
def laptop() -> Iterator[Laptop]:
    laptop = stocked()
    yield laptop
    laptop.store.close()


@pytest.fixture
def nadia(laptop: Laptop, tmp_path: Path) -> Carrying:
    return carrying(laptop, tmp_path)


def test_a_course_is_carried_from_one_laptop_to_the_other_without_a_network(
    stick: Path, nadia: Carrying, laptop: Laptop
) -> None:
    laptop.store.files_came({film(1).sha256: content(1)})
    brought = nadia.bring(nadia.look(stick.parent), go_on)
    assert (brought.title, brought.taken, brought.there, brought.known) == ("Quatre semaines", 3, 1, True)
    assert here(laptop) == {1, 2, 3, 4}
    assert names_wanted(laptop) == []
    assert brought.changes.files == {film(week).sha256 for week in (2, 3, 4)}


def test_what_was_carried_in_stays_whatever_the_limit(stick: Path, nadia: Carrying, laptop: Laptop) -> None:
    laptop.store.ahead.keep_limit(0)
    nadia.bring(nadia.look(stick), go_on)
    workplace(laptop, stick).ahead.choose(0)
    assert here(laptop) == {1, 2, 3, 4}


def test_files_carried_before_the_course_was_told_wait_for_it_over_a_restart(stick: Path, tmp_path: Path) -> None:
    key, place = bytes(32), tmp_path / "other" / "store.db"
    place.parent.mkdir()
    fresh = Laptop(NADIA)
    fresh.store.close()
    fresh.store = LocalStore.create(place, key, server=SERVER, person=NADIA, now=fresh.clock.now)
    fresh.desk = replace(fresh.desk, store=fresh.store)
    fresh.store.files.add(film(1).sha256, 0, content(1)[:9], is_last=True)
    brought = carrying(fresh, tmp_path).bring(carrying(fresh, tmp_path).look(stick), go_on)
    assert (brought.taken, brought.known) == (4, False)
    assert fresh.store.files.come(film(1).sha256) == 0, "what had come over the network is not kept beside it"
    fresh.store.close()
    fresh.store = LocalStore.open(place, key, now=fresh.clock.now)
    told_course(fresh)
    assert names_wanted(fresh) == []
    assert here(fresh) == {1, 2, 3, 4}
    fresh.store.close()


def test_a_second_copy_writes_what_is_new_and_mends_what_was_cut(trainer: Carrying, stick: Path) -> None:
    kept, cut = (sticks.place_of(stick, ListedFile(film(week).sha256, SIZES[week])) for week in (1, 2))
    before = kept.stat().st_mtime_ns
    cut.write_bytes(content(2)[:-1])
    assert trainer.write(COURSE_ID, stick, go_on) == stick
    assert kept.stat().st_mtime_ns == before
    assert cut.read_bytes() == content(2)


def test_a_laptop_that_lacks_a_file_writes_no_half_course(nadia: Carrying, tmp_path: Path) -> None:
    (course,) = nadia.courses()
    assert (course.files, len(course.lacking), course.signed, course.is_ready) == (4, 4, True, False)
    with pytest.raises(NotHereYet):
        nadia.write(COURSE_ID, tmp_path / "usb", go_on)
    assert not list((tmp_path / "usb").rglob(sticks.MANIFEST_FILE))


def test_stopped_in_the_middle_nothing_is_kept(stick: Path, nadia: Carrying, laptop: Laptop) -> None:
    with pytest.raises(Stopped):
        nadia.bring(nadia.look(stick), lambda done, _whole: done == 0)
    assert here(laptop) == set()


def test_a_laptop_without_the_organisations_key_takes_no_stick(stick: Path, laptop: Laptop, tmp_path: Path) -> None:
    with pytest.raises(IssuerUnknown) as raised:
        carrying(laptop, tmp_path, None).look(stick)
    assert sentence(raised.value).next


def alter_a_byte(stick: Path) -> None:
    """Of the largest file, which is read last: those before it were good."""
    place = sticks.place_of(stick, ListedFile(film(1).sha256, SIZES[1]))
    place.write_bytes(b"x" + place.read_bytes()[1:])


def cut_a_file(stick: Path) -> None:
    place = sticks.place_of(stick, ListedFile(film(4).sha256, SIZES[4]))
    place.write_bytes(place.read_bytes()[:-1])


def lose_a_file(stick: Path) -> None:
    sticks.place_of(stick, ListedFile(film(4).sha256, SIZES[4])).unlink()


def link_a_file(stick: Path) -> None:
    """Attack A23: a link to something of the laptop's that has the right length."""
    place = sticks.place_of(stick, ListedFile(film(4).sha256, SIZES[4]))
    target = stick.parent / "elsewhere"
    target.write_bytes(content(4))
    place.unlink()
    place.symlink_to(target)


def link_the_folder(stick: Path) -> None:
    shutil.move(stick / "files", stick.parent / "moved")
    (stick / "files").symlink_to(stick.parent / "moved")


def put_a_pipe(stick: Path) -> None:
    place = stick / sticks.MANIFEST_FILE
    place.unlink()
    os.mkfifo(place)


def list_one_more(stick: Path) -> None:
    """The list is longer than the one that was signed."""
    carried = sticks.read((stick / sticks.MANIFEST_FILE).read_bytes())
    more = Listing(carried.listing.records, (*carried.listing.files, ListedFile(bytes(32), 1)))
    (stick / sticks.MANIFEST_FILE).write_bytes(encode(msgspec.structs.replace(carried, listing=more)))


def sign_anew(stick: Path, key: Ed25519PrivateKey, listed: Listing) -> None:
    carried = sticks.read((stick / sticks.MANIFEST_FILE).read_bytes())
    said = Statement(course=COURSE_ID, edition=bytes(16), number=9, digest=listed.digest)
    fresh = msgspec.structs.replace(carried, manifest=manifests.sign(key, said), listing=listed)
    (stick / sticks.MANIFEST_FILE).write_bytes(encode(fresh))


def sign_as_a_stranger(stick: Path) -> None:
    """Another organisation's stick."""
    sign_anew(stick, STRANGER, sticks.read((stick / sticks.MANIFEST_FILE).read_bytes()).listing)


def claim_a_huge_file(stick: Path) -> None:
    sign_anew(stick, KEY, Listing((), (ListedFile(bytes(32), 2**60),)))


def cut_the_manifest(stick: Path) -> None:
    place = stick / sticks.MANIFEST_FILE
    place.write_bytes(place.read_bytes()[:-3])


def swell_the_manifest(stick: Path) -> None:
    """Attack A22: more than any course has."""
    (stick / sticks.MANIFEST_FILE).write_bytes(bytes(sticks.MAX_MANIFEST + 1))


def empty_it(stick: Path) -> None:
    shutil.rmtree(stick)
    stick.mkdir()


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (alter_a_byte, Fault.ALTERED),
        (cut_a_file, Fault.INCOMPLETE),
        (lose_a_file, Fault.INCOMPLETE),
        (link_a_file, Fault.INCOMPLETE),
        (link_the_folder, Fault.UNREADABLE),
        (put_a_pipe, Fault.NO_COURSE),
        (list_one_more, Fault.ALTERED),
        (sign_as_a_stranger, Fault.FORGED),
        (claim_a_huge_file, Fault.TOO_LARGE),
        (cut_the_manifest, Fault.NO_COURSE),
        (swell_the_manifest, Fault.TOO_LARGE),
        (empty_it, Fault.NO_COURSE),
    ],
)
def test_of_a_bad_stick_nothing_is_taken_and_a_sentence_says_why(
    spoil: Callable[[Path], None], fault: Fault, stick: Path, nadia: Carrying, laptop: Laptop
) -> None:
    spoil(stick)
    with pytest.raises(StickRefused) as raised:
        nadia.bring(nadia.look(stick), go_on)
    assert raised.value.fault is fault
    assert here(laptop) == set()
    assert laptop.store.ahead.wishes() == {}
    assert all((said := sentence(raised.value), said.safe, said.failed, said.next))


def test_a_link_that_appears_after_the_look_is_refused(
    stick: Path, nadia: Carrying, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = nadia.look(stick)
    monkeypatch.setattr("spoc_desktop.services.carrying.check_there", lambda *_: link_a_file(stick))
    with pytest.raises(StickRefused) as raised:
        nadia.bring(found, go_on)
    assert raised.value.fault is Fault.UNREADABLE


def test_no_name_of_the_stick_reaches_the_laptop(stick: Path, nadia: Carrying, tmp_path: Path) -> None:
    """Attack A21: what else lies on it, however it is called, is neither read nor written."""
    (stick / "files" / "CON.txt").write_bytes(b"x")
    (stick / "files" / "..%2f..%2fx").write_bytes(b"x")
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    nadia.bring(nadia.look(stick), go_on)
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_file_without_the_right_hash_is_not_written_either(trainer: Carrying, tmp_path: Path) -> None:
    carried = sticks.Carried(
        format=sticks.FORMAT,
        manifest=manifests.sign(KEY, Statement(course=bytes(16), edition=bytes(16), number=1, digest=bytes(32))),
        listing=Listing((), (ListedFile(sha256(b"right").digest(), 5),)),
        title="x",
        organisation="y",
    )
    with pytest.raises(sticks.Lacking):
        sticks.write(tmp_path / "usb", carried, lambda _: [b"wrong"], lambda _: True)
    assert [path.name for path in (tmp_path / "usb").rglob("*")] == ["files"]

"""Files: sent whole, checked before anybody can read them, named only by who may, kept by backups (rule 7)."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec
import pytest

from sync.domain.exercises import HAND_IN, HandIn
from sync.domain.files import Attachment
from sync.domain.forum import POST, Post
from sync.domain.spaces import SpaceType
from sync.protocol.errors import FileDamaged, FileMissing, FileTooLarge, Refusal
from sync.protocol.limits import MAX_FILES
from sync.protocol.messages import BatchAnswer
from sync.server import administration
from sync.server.core import Core
from sync.server.settings import Settings
from sync.server.storage import backups
from sync.server.storage.backups import Unsound
from sync.server.storage.depot import depot_beside
from sync.server.sync import filing
from tests.integration.server.world import Laptop, World, verdicts

CONTENT = b"Un devoir, en octets."


def attachment(content: bytes = CONTENT, name: str = "devoir.txt") -> Attachment:
    return Attachment(sha256=hashlib.sha256(content).digest(), name=name, size=len(content), type="text/plain")


def send(laptop: Laptop, content: bytes = CONTENT, name: bytes | None = None, core: Core | None = None) -> None:
    """What the route does with bytes that came."""
    core = core or laptop.world.core
    with core.files.incoming() as incoming:
        incoming.write(content)
        filing.take(core, laptop.caller.person_no, name or hashlib.sha256(content).digest(), incoming)


def fetched(laptop: Laptop, content: bytes = CONTENT) -> bytes | None:
    core = laptop.world.core
    try:
        stored = filing.open_for(core, laptop.caller.person_no, hashlib.sha256(content).digest())
    except FileMissing:
        return None
    return b"".join(core.files.parts(*stored))


def hand_in(laptop: Laptop, *files: Attachment) -> BatchAnswer:
    body = HandIn(activity=bytes(16), edition=bytes(16), version=1, text="", at=1, files=files)
    return laptop.push(laptop.world.space(SpaceType.PERSONAL, "ines"), laptop.create(HAND_IN, body))


def said(answer: BatchAnswer) -> Refusal | str:
    ((_, verdict, _, refusal),) = verdicts(answer)
    return Refusal(refusal) if verdict == "REFUSED" else verdict


def test_a_file_that_was_sent_is_read_by_its_sender_and_by_who_may_read_a_record_that_names_it(world: World) -> None:
    people = {login: world.laptop(login) for login in ("ines", "karim", "sophie", "paul", "omar")}
    send(people["ines"])
    assert {login for login, laptop in people.items() if fetched(laptop) == CONTENT} == {"ines"}
    assert said(hand_in(people["ines"], attachment())) == "ACCEPTED"
    assert {login for login, laptop in people.items() if fetched(laptop) == CONTENT} == {"ines", "sophie"}


def test_bytes_that_are_not_those_of_the_name_are_not_kept(world: World) -> None:
    ines = world.laptop("ines")
    with pytest.raises(FileDamaged):
        send(ines, b"autre chose", name=attachment().sha256)
    assert fetched(ines) is None
    assert [path for path in (world.data / "files").rglob("*") if path.is_file()] == []


def test_a_record_whose_file_did_not_come_is_refused_until_it_has(world: World) -> None:
    ines = world.laptop("ines")
    assert said(hand_in(ines, attachment())) is Refusal.FILE_MISSING
    send(ines)
    assert said(hand_in(ines, attachment())) == "ACCEPTED"


def test_knowing_the_hash_of_anothers_file_gives_no_right_to_it(world: World) -> None:
    """Attack A1: a reference is accepted only from who sent the bytes or may read them."""
    ines, karim = world.laptop("ines"), world.laptop("karim")
    send(ines)
    hand_in(ines, attachment())
    post = karim.create(POST, Post(text="donne", files=(attachment(),)))
    assert said(karim.push(world.space(SpaceType.COHORT), post)) is Refusal.FILE_MISSING
    assert fetched(karim) is None
    send(karim)
    assert fetched(karim) == CONTENT, "who holds the bytes may read them"


def test_who_may_read_a_file_may_name_it_elsewhere(world: World) -> None:
    ines, sophie, karim = world.laptop("ines"), world.laptop("sophie"), world.laptop("karim")
    send(ines)
    hand_in(ines, attachment())
    post = sophie.create(POST, Post(text="regardez", files=(attachment(),)))
    assert said(sophie.push(world.space(SpaceType.COHORT), post)) == "ACCEPTED"
    assert fetched(karim) == CONTENT


def test_an_edit_is_asked_for_the_files_that_it_adds_and_no_others(world: World) -> None:
    ines, karim, cohort = world.laptop("ines"), world.laptop("karim"), world.space(SpaceType.COHORT)
    made = karim.post("bonjour")
    karim.push(cohort, made)
    adds = karim.edit(made.id, 10**6, files=[msgspec.structs.astuple(attachment())])
    assert said(karim.push(cohort, adds)) is Refusal.FILE_MISSING
    send(karim)
    again = karim.edit(made.id, 10**6, files=[msgspec.structs.astuple(attachment())])
    assert said(karim.push(cohort, again)) == "ACCEPTED"
    assert fetched(ines) == CONTENT
    (world.data / "files").rename(world.data / "lost")
    assert said(karim.push(cohort, karim.edit(made.id, 10**6, text="bonsoir"))) == "ACCEPTED"


def test_what_no_record_names_any_more_is_read_by_its_sender_only(world: World) -> None:
    ines, karim, cohort = world.laptop("ines"), world.laptop("karim"), world.space(SpaceType.COHORT)
    send(karim)
    made = karim.create(POST, Post(text="x", files=(attachment(),)))
    karim.push(cohort, made)
    assert fetched(ines) == CONTENT
    karim.push(cohort, karim.delete(made.id, 10**6))
    assert (fetched(ines), fetched(karim)) == (None, CONTENT)


def test_a_file_that_an_edit_at_the_same_time_overtook_stays_readable_with_its_revision(world: World) -> None:
    sophie, karim, ines = world.laptop("sophie"), world.laptop("karim"), world.laptop("ines")
    cohort = world.space(SpaceType.COHORT)
    send(karim)
    made = karim.create(POST, Post(text="x", files=(attachment(),)))
    karim.push(cohort, made)
    sophie.push(cohort, sophie.edit(made.id, 0, files=[]))
    assert fetched(ines) == CONTENT


def test_who_loses_a_space_loses_its_files_at_once(world: World) -> None:
    """The right to read is judged when it is asked (rule 4)."""
    ines, sophie = world.laptop("ines"), world.laptop("sophie")
    send(ines)
    hand_in(ines, attachment())
    assert fetched(sophie) == CONTENT
    world.administration.unenrol(world.cohort, "sophie")
    assert fetched(sophie) is None


@pytest.mark.parametrize(
    "wrong",
    [
        Attachment(sha256=bytes(31), name="x", size=1),
        Attachment(sha256=attachment().sha256, name="../x", size=len(CONTENT)),
        Attachment(sha256=attachment().sha256, name="", size=len(CONTENT)),
        Attachment(sha256=attachment().sha256, name="x\0", size=len(CONTENT)),
        Attachment(sha256=attachment().sha256, name="fiche\u202efdp.exe", size=len(CONTENT)),
        Attachment(sha256=attachment().sha256, name="x" * 201, size=len(CONTENT)),
        Attachment(sha256=attachment().sha256, name="x", size=-1),
        Attachment(sha256=attachment().sha256, name="x", size=len(CONTENT) + 1),
    ],
    ids=["hash", "path", "empty", "nul", "turned", "long", "negative", "size"],
)
def test_an_attachment_that_can_be_no_file_is_refused(world: World, wrong: Attachment) -> None:
    ines = world.laptop("ines")
    send(ines)
    assert said(hand_in(ines, wrong)) is Refusal.INVALID


def test_a_record_names_fifty_files_and_no_more(world: World) -> None:
    ines = world.laptop("ines")
    send(ines)
    assert said(hand_in(ines, *([attachment()] * MAX_FILES))) == "ACCEPTED"
    assert said(hand_in(ines, *([attachment()] * (MAX_FILES + 1)))) is Refusal.INVALID


def test_a_person_sends_no_more_than_the_quota_and_the_same_bytes_once(world: World) -> None:
    """Attack A45."""
    core, ines, karim = Core(Settings(world.data, quota=30_000)), world.laptop("ines"), world.laptop("karim")
    try:
        send(ines, bytes(20_000), core=core)
        send(ines, bytes(20_000), core=core)
        with pytest.raises(FileTooLarge):
            send(ines, b"x" * 10_001, core=core)
        send(ines, b"x" * 10_000, core=core)
        send(karim, bytes(30_000), core=core)
    finally:
        core.close()


def test_the_smallest_file_counts_as_what_it_takes_on_a_disk(world: World) -> None:
    """Attack A45: a million files of one byte are four gigabytes of disk."""
    core, ines = Core(Settings(world.data, quota=10_000)), world.laptop("ines")
    try:
        for content in (b"1", b"2", b"1"):
            send(ines, content, core=core)
        with pytest.raises(FileTooLarge):
            send(ines, b"3", core=core)
    finally:
        core.close()


def test_a_file_lost_on_the_disk_comes_back_when_it_is_sent_again(world: World) -> None:
    ines = world.laptop("ines")
    send(ines)
    depot_beside(world.data / "server.db").path(attachment().sha256).unlink()
    assert fetched(ines) is None
    send(ines)
    assert fetched(ines) == CONTENT


def test_a_file_that_the_server_made_is_read_by_who_reads_its_record(world: World) -> None:
    ines = world.laptop("ines")
    assert filing.keep(world.core, CONTENT) == attachment().sha256
    assert fetched(ines) is None


def test_a_backup_holds_the_files_and_a_second_one_shares_them(world: World, tmp_path: Path) -> None:
    ines, folder = world.laptop("ines"), tmp_path / "backups"
    folder.mkdir()
    send(ines)
    hand_in(ines, attachment())
    world.administration.back_up(folder / "1.db")
    kept = depot_beside(folder / "1.db").path(attachment().sha256)
    made = kept.stat().st_mtime_ns
    send(ines, b"un autre")
    world.administration.back_up(folder / "2.db")
    assert kept.stat().st_mtime_ns == made
    assert [backups.verify(folder / name).files for name in ("1.db", "2.db")] == [1, 2]


def test_a_backup_whose_file_is_damaged_or_missing_is_not_counted(world: World, tmp_path: Path) -> None:
    ines = world.laptop("ines")
    send(ines)
    path = depot_beside(world.data / "server.db").path(attachment().sha256)
    path.write_bytes(b"x" * len(CONTENT))
    with pytest.raises(Unsound, match="missing or damaged"):
        world.administration.back_up(tmp_path / "1.db")
    path.unlink()
    with pytest.raises(Unsound, match="missing or damaged"):
        world.administration.back_up(tmp_path / "2.db")
    with pytest.raises(Unsound, match="missing or damaged"):
        backups.verify(world.data / "server.db")
    with world.core.reading() as connection:
        assert backups.newest(connection) == 0


def test_a_restored_server_has_its_files_back(world: World, tmp_path: Path) -> None:
    ines, folder = world.laptop("ines"), tmp_path / "backups"
    folder.mkdir()
    send(ines)
    hand_in(ines, attachment())
    world.administration.back_up(folder / "1.db")
    world.core.close()
    (world.data / "files").rename(tmp_path / "lost")
    administration.restore(world.data, folder / "1.db")
    world.reopen()
    assert fetched(world.laptop("sophie")) == CONTENT
    assert backups.verify(world.data / "server.db").files == 1


def test_what_a_kill_left_half_arrived_is_swept_and_whole_files_stay(world: World) -> None:
    ines = world.laptop("ines")
    send(ines)
    half = world.data / "files" / "incoming" / "half"
    half.write_bytes(b"x")
    world.core.files.sweep()
    assert not half.exists()
    assert fetched(ines) == CONTENT

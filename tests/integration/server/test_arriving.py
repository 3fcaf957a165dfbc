"""Files that come in parts: on at the part, apart from everybody else's, whole before anybody reads them (rule 7)."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path

import pytest

from sync.protocol.errors import Failure, Refusal
from sync.protocol.limits import MAX_FILE
from sync.protocol.parts import LEAST_PART, PART_BYTES, SMALL_FILE, Held, Part
from sync.server.core import Core
from sync.server.settings import Settings
from sync.server.storage import backups
from sync.server.sync import arriving
from tests.integration.server.test_files import attachment, fetched, hand_in, said, send
from tests.integration.server.world import Laptop, World

SIZE = 2 * PART_BYTES + 100_000
WHOLE = bytes(range(256)) * (SIZE // 256) + bytes(SIZE % 256)
NAME = hashlib.sha256(WHOLE).digest()


def part(offset: int, content: bytes | None = None, whole: bytes = WHOLE) -> Part:
    """A part of a file as a laptop sends it."""
    piece = whole[offset : offset + PART_BYTES] if content is None else content
    return Part(hashlib.sha256(whole).digest(), len(whole), offset, hashlib.sha256(piece).digest(), piece)


def question(whole: bytes = WHOLE) -> Part:
    return Part(hashlib.sha256(whole).digest(), len(whole))


def tell(laptop: Laptop, *parts: Part, core: Core | None = None) -> tuple[Held, ...]:
    return arriving.send(core or laptop.world.core, laptop.caller.person_no, parts)


def test_a_file_comes_part_after_part_and_is_read_by_nobody_before_the_last(world: World) -> None:
    ines = world.laptop("ines")
    assert tell(ines, question()) == (Held(0),)
    for offset in (0, PART_BYTES):
        assert tell(ines, part(offset)) == (Held(offset + PART_BYTES),)
        assert fetched(ines, WHOLE) is None
        assert said(hand_in(ines, attachment(WHOLE))) is Refusal.FILE_MISSING
    assert tell(ines, part(2 * PART_BYTES)) == (Held(SIZE),)
    assert fetched(ines, WHOLE) == WHOLE
    assert said(hand_in(ines, attachment(WHOLE))) == "ACCEPTED"
    assert tell(ines, question()) == (Held(SIZE),), "nothing is sent twice"
    assert list((world.data / "files" / "arriving").rglob("*.*")) == []


def test_a_server_that_was_killed_goes_on_at_the_part(world: World) -> None:
    ines = world.laptop("ines")
    tell(ines, part(0))
    world.core.close()
    world.reopen()
    ines = world.laptop("ines")
    assert tell(ines, question()) == (Held(PART_BYTES),)
    tell(ines, part(PART_BYTES), part(2 * PART_BYTES))
    assert fetched(ines, WHOLE) == WHOLE


def test_what_lies_on_the_disk_beyond_what_was_acknowledged_is_written_over(world: World) -> None:
    """Fault F5: the power went in the middle of a part, or between its bytes and its row."""
    ines = world.laptop("ines")
    tell(ines, part(0))
    lies = world.core.arrivals.path(ines.caller.person_no, NAME)
    with lies.open("ab") as file:
        file.write(bytes(PART_BYTES // 2))
    assert tell(ines, question()) == (Held(PART_BYTES),)
    tell(ines, part(PART_BYTES), part(2 * PART_BYTES))
    assert fetched(ines, WHOLE) == WHOLE


@pytest.mark.parametrize("left", [0, PART_BYTES // 2], ids=["gone", "shorter"])
def test_a_disk_that_has_less_than_the_database_says_is_believed(world: World, left: int) -> None:
    """Fault F5: the database knows a part that the disk lost, as after a restore on another computer."""
    ines = world.laptop("ines")
    tell(ines, part(0))
    lies = world.core.arrivals.path(ines.caller.person_no, NAME)
    lies.write_bytes(WHOLE[:left])
    assert tell(ines, question()) == (Held(left),)
    rest = [part(left, WHOLE[left:PART_BYTES])] if left else [part(0)]
    tell(ines, *rest, part(PART_BYTES), part(2 * PART_BYTES))
    assert fetched(ines, WHOLE) == WHOLE


@pytest.mark.parametrize("by", [-1, 1])
def test_a_part_that_does_not_begin_where_the_last_ended_changes_nothing(world: World, by: int) -> None:
    """Fault F14: each boundary, one byte before it and one after."""
    ines = world.laptop("ines")
    tell(ines, part(0))
    wrong = part(PART_BYTES + by, WHOLE[PART_BYTES + by : 2 * PART_BYTES])
    assert tell(ines, wrong) == (Held(PART_BYTES),)
    assert tell(ines, part(PART_BYTES), part(2 * PART_BYTES)) == (Held(2 * PART_BYTES), Held(SIZE))
    assert fetched(ines, WHOLE) == WHOLE


def test_a_part_that_was_damaged_on_its_way_is_not_kept_and_the_parts_before_it_stay(world: World) -> None:
    ines = world.laptop("ines")
    tell(ines, part(0))
    sent = part(PART_BYTES)
    turned = bytes([sent.content[0] ^ 1]) + sent.content[1:]
    damaged = Part(sent.sha256, sent.size, sent.offset, sent.sum, turned)
    assert tell(ines, damaged) == (Held(PART_BYTES, Failure.FILE_DAMAGED),)
    tell(ines, sent, part(2 * PART_BYTES))
    assert fetched(ines, WHOLE) == WHOLE


def test_a_whole_that_is_not_what_its_name_says_is_let_go_of(world: World) -> None:
    ines = world.laptop("ines")
    other = bytes(PART_BYTES)
    tell(ines, part(0, other), part(PART_BYTES))
    assert tell(ines, part(2 * PART_BYTES)) == (Held(0, Failure.FILE_DAMAGED),)
    assert (fetched(ines, WHOLE), fetched(ines, other)) == (None, None)
    assert tell(ines, question()) == (Held(0),)
    assert tell(ines, part(0, b"x" * LEAST_PART, b"y" * LEAST_PART)) == (Held(0, Failure.FILE_DAMAGED),)
    tell(ines, part(0), part(PART_BYTES), part(2 * PART_BYTES))
    assert fetched(ines, WHOLE) == WHOLE


def test_what_others_have_or_are_sending_is_seen_in_no_answer(world: World) -> None:
    """Attacks A1, A49: a hash says nothing to who may not read its file."""
    ines, karim = world.laptop("ines"), world.laptop("karim")
    whole = b"un devoir" * 10_000
    tell(ines, part(0), part(0, whole, whole))
    assert tell(karim, question(), question(whole)) == (Held(0), Held(0))
    assert arriving.fetch(world.core, karim.caller.person_no, [attachment(whole).sha256, bytes(32)]) == (None, None)
    assert tell(karim, part(PART_BYTES)) == (Held(0),)
    assert tell(ines, question(), question(whole)) == (Held(PART_BYTES), Held(len(whole)))


def test_who_may_read_a_file_does_not_send_it_again(world: World) -> None:
    ines, sophie = world.laptop("ines"), world.laptop("sophie")
    tell(ines, part(0), part(PART_BYTES), part(2 * PART_BYTES))
    hand_in(ines, attachment(WHOLE))
    assert tell(sophie, question()) == (Held(SIZE),)
    world.administration.unenrol(world.cohort, "sophie")
    assert tell(sophie, question()) == (Held(0),)


def test_two_laptops_of_one_person_that_send_the_same_file_end_in_one(world: World) -> None:
    """At any step one of them may be further than the other thinks."""
    first, second = world.laptop("ines"), world.laptop("ines", 2)
    troubles: list[BaseException] = []

    def send_all(laptop: Laptop) -> None:
        try:
            offset = 0
            for _ in range(20):
                (held,) = tell(laptop, part(offset))
                offset = held.offset
                if offset == SIZE:
                    return
            troubles.append(AssertionError("it never ended"))
        except BaseException as error:  # noqa: BLE001  # told by the test's own thread
            troubles.append(error)

    threads = [threading.Thread(target=send_all, args=(laptop,)) for laptop in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    assert fetched(first, WHOLE) == WHOLE
    with world.core.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM arriving").scalar_one() == 0


def test_crumbs_impossible_sizes_and_too_much_are_refused(world: World) -> None:
    """Attack A45: no million of tiny parts, none beyond the end, none of a file that is too large."""
    ines = world.laptop("ines")
    assert tell(ines, part(0, WHOLE[: LEAST_PART - 1])) == (Held(0, Failure.BAD_BATCH),)
    assert tell(ines, part(0, WHOLE[:LEAST_PART])) == (Held(LEAST_PART),)
    assert tell(ines, Part(NAME, 10, 0, bytes(32), bytes(11))) == (Held(0, Failure.BAD_BATCH),)
    assert tell(ines, Part(NAME, -1, 0, bytes(32), b"x")) == (Held(0, Failure.BAD_BATCH),)
    assert tell(ines, Part(bytes(31), 1, 0, bytes(32), b"x")) == (Held(0, Failure.BAD_BATCH),)
    assert tell(ines, Part(NAME, MAX_FILE + 1)) == (Held(0, Failure.FILE_TOO_LARGE),)


def test_what_is_still_coming_counts_with_all_of_its_size(world: World) -> None:
    """Attack A45: uploads that are begun and never ended take no more than the person's quota."""
    core, ines, karim = Core(Settings(world.data, quota=SIZE + 100_000)), world.laptop("ines"), world.laptop("karim")
    other = b"z" * SIZE
    try:
        assert tell(ines, part(0), core=core) == (Held(PART_BYTES),)
        assert tell(ines, part(0, None, other), core=core) == (Held(0, Failure.OVER_QUOTA),)
        small = [part(0, bytes([n]), bytes([n])) for n in range(30)]
        held = tell(ines, *small, core=core)
        assert [one.failure for one in held] == [0] * 24 + [Failure.OVER_QUOTA] * 6, "24 of 4096 bytes are 98,304"
        assert tell(ines, part(PART_BYTES), part(2 * PART_BYTES), core=core)[-1] == Held(SIZE), "it had its room"
        assert tell(karim, part(0, None, other), core=core) == (Held(PART_BYTES),)
        assert len(list((world.data / "files" / "arriving").glob("*/*"))) == 1
    finally:
        core.close()


def test_an_upload_that_nobody_goes_on_with_is_let_go_of_after_a_week(world: World) -> None:
    ines, karim = world.laptop("ines"), world.laptop("karim")
    tell(ines, part(0))
    world.now += arriving.KEPT_MS + 1
    tell(karim, part(0))
    arriving.sweep(world.core)
    assert tell(ines, question()) == (Held(0),)
    assert tell(karim, question()) == (Held(PART_BYTES),)


def test_small_files_are_given_together_as_many_as_a_reply_holds(world: World) -> None:
    ines = world.laptop("ines")
    contents = [bytes([n]) * 200_000 for n in range(6)]
    for content in (*contents, WHOLE):
        send(ines, content)
    names = [hashlib.sha256(content).digest() for content in (WHOLE, *contents, b"none")]
    given = arriving.fetch(world.core, ines.caller.person_no, names)
    assert given == (None, *contents[:4]), "a large one comes alone; the fifth has no room any more"
    assert len(WHOLE) > SMALL_FILE
    assert arriving.fetch(world.core, ines.caller.person_no, names[5:]) == (*contents[4:], None)


def test_a_backup_has_nothing_of_what_is_not_whole(world: World, tmp_path: Path) -> None:
    ines = world.laptop("ines")
    tell(ines, part(0))
    world.administration.back_up(tmp_path / "1.db")
    assert backups.verify(tmp_path / "1.db").files == 0
    assert not (tmp_path / "files").exists() or not list((tmp_path / "files").rglob("*"))

"""Files between a laptop and the real server when the way fails: no record names what is not there, none is wrong."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest

from spoc_desktop.services.attention import Cause
from spoc_desktop.services.desk import New
from spoc_desktop.services.workplace import Workplace
from sync.domain import spaces
from sync.domain.files import Attachment
from sync.domain.forum import POST, Post
from sync.domain.ids import CohortId
from sync.protocol.errors import AnswerCut, Refusal
from sync.protocol.parts import PART_BYTES
from sync.protocol.version import FETCH_FILES, FILES, SEND_PARTS
from tests.faults import wire_proxy
from tests.faults.attaching import LARGE, Held, attached, post_of
from tests.faults.test_wire import sync_and_die
from tests.faults.wire_proxy import Forward, Misbehaves, of_the, proxy, twice
from tests.integration.laptop.harness import Laptop, School, school


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    with school(tmp_path_factory.mktemp("school"), "--token-seconds", "3600") as made:
        yield made


@pytest.fixture
def ines(here: School) -> Iterator[tuple[Laptop, Workplace]]:
    laptop = here.laptop(here.sample.ines, f"-{len(here.laptops)}")
    yield laptop, laptop.join(here.server.invite(here.sample.ines))
    laptop.shut()


@pytest.fixture
def karim(here: School) -> Iterator[tuple[Laptop, Workplace]]:
    laptop = here.laptop(here.sample.karim, f"-{len(here.laptops)}")
    yield laptop, laptop.join(here.server.invite(here.sample.karim))
    laptop.shut()


def test_a_file_reaches_whoever_reads_the_record_that_names_it(
    here: School, ines: tuple[Laptop, Workplace], karim: tuple[Laptop, Workplace]
) -> None:
    file, content = attached(ines[1])
    id_ = post_of(ines[1], here.sample.id, file)
    before = ines[1].syncing.status().files
    assert [(one.name, one.size, one.outgoing) for one in before.first] == [("plan.pdf", len(content), True)]
    assert ines[1].syncing.sync_now() is None
    assert ines[1].syncing.status().files.count == 0
    heard: list[frozenset[bytes]] = []
    karim[1].syncing.listen(lambda changes: heard.append(changes.files))
    assert karim[1].syncing.sync_now() is None
    assert karim[1].store.one(POST, id_) is not None
    assert karim[1].store.files.read(file.sha256) == content
    assert frozenset({file.sha256}) in heard
    assert not karim[1].syncing.status().files.count


def test_an_upload_whose_answer_is_lost_and_a_push_whose_answer_is_lost_end_in_one_record_and_one_file(
    here: School, ines: tuple[Laptop, Workplace], karim: tuple[Laptop, Workplace]
) -> None:
    laptop, workplace = ines
    file, content = attached(workplace)
    with proxy(here.server.port) as way:
        laptop.wire.lead_to(way.port)
        id_ = post_of(workplace, here.sample.id, file)
        # Every request goes twice when its connection ends without a word: both are lost, then the push's, too.
        way.plan = [wire_proxy.lose_the_answer] * 2
        assert isinstance(workplace.syncing.sync_now(), AnswerCut)
        way.plan = [wire_proxy.let_through] + [wire_proxy.lose_the_answer] * 2
        assert isinstance(workplace.syncing.sync_now(), AnswerCut)
        assert workplace.syncing.sync_now() is None
        laptop.wire.lead_to(here.server.port)
    assert workplace.store.counts() == (0, 0, 0)
    assert karim[1].syncing.sync_now() is None
    assert [seen.id for seen in karim[1].store.view(POST) if file in seen.body.files] == [id_]
    assert karim[1].store.files.read(file.sha256) == content


@pytest.mark.parametrize(
    ("size", "fault"),
    [
        (65_535, wire_proxy.told_short(1)),
        (65_536, wire_proxy.told_short(1)),
        (65_537, wire_proxy.told_short(1)),
        (65_536, wire_proxy.told_short(-1)),
        (65_536, wire_proxy.change_a_byte),
        (65_536, wire_proxy.cut_the_answer),
    ],
    ids=["short-below", "short", "short-above", "long", "flipped", "cut"],
)
def test_a_file_that_arrives_otherwise_than_it_left_is_never_seen_and_fetched_again(
    here: School,
    ines: tuple[Laptop, Workplace],
    karim: tuple[Laptop, Workplace],
    fault: Misbehaves,
    size: int,
) -> None:
    file, content = attached(ines[1], size)
    id_ = post_of(ines[1], here.sample.id, file)
    assert ines[1].syncing.sync_now() is None
    laptop, workplace = karim
    with proxy(here.server.port) as way:
        laptop.wire.lead_to(way.port)
        seen_wrong: list[bytes] = []

        def only_files(handler: BaseHTTPRequestHandler, forward: Forward) -> None:
            if handler.path == FETCH_FILES or handler.command == "GET":
                fault(handler, forward)
                kept = workplace.store.files.read(file.sha256)
                if kept is not None:
                    seen_wrong.append(kept)
            else:
                way.plan.insert(0, only_files)
                wire_proxy.let_through(handler, forward)

        way.plan = [only_files]
        assert workplace.syncing.sync_now() is None  # whatever becomes of a file, records are complete
        assert workplace.store.one(POST, id_) is not None
        way.plan = []
        assert workplace.syncing.sync_now() is None
        laptop.wire.lead_to(here.server.port)
    assert seen_wrong == []
    assert workplace.store.files.read(file.sha256) == content


def test_a_large_upload_goes_on_at_the_part_at_which_it_was_cut(here: School, ines: tuple[Laptop, Workplace]) -> None:
    """At the question, at the first part, at the second; before the server has it, and after."""
    laptop, workplace = ines
    with proxy(here.server.port) as way:
        laptop.wire.lead_to(way.port)
        for number in (1, 2, 3):
            for fault, kept in ((wire_proxy.lose_the_answer, number - 1), (wire_proxy.bad_gateway, max(0, number - 2))):
                file, _ = attached(workplace, LARGE)
                post_of(workplace, here.sample.id, file)
                held = Held(here, file)
                # A line that ends without a word is tried once more at once: the answer is lost both times.
                way.plan = [of_the("POST", SEND_PARTS, fault, number, way)]
                if fault is wire_proxy.lose_the_answer:
                    way.plan = [twice("POST", SEND_PARTS, fault, number, way)]
                assert workplace.syncing.sync_now() is not None
                way.plan = []
                assert workplace.store.counts() == (1, 0, 0)
                assert held.size == kept * PART_BYTES
                before = len(way.seen)
                assert workplace.syncing.sync_now() is None
                sent = sum(int(one.get("Content-Length", 0)) for one in way.seen[before:])
                assert sent < LARGE - kept * PART_BYTES + 5_000, "no part that had arrived goes again"
                assert (held.whole.stat().st_size, held.size) == (LARGE, 0)
                assert workplace.store.counts() == (0, 0, 0)
        laptop.wire.lead_to(here.server.port)


def test_a_large_download_goes_on_at_the_part_at_which_it_was_cut(
    here: School, ines: tuple[Laptop, Workplace], karim: tuple[Laptop, Workplace]
) -> None:
    """Fault F14: the line is cut at each boundary of a part, one byte before it and one after."""
    laptop, workplace = karim
    with proxy(here.server.port) as way:
        laptop.wire.lead_to(way.port)
        for cut_at in (0, 1, PART_BYTES - 1, PART_BYTES, PART_BYTES + 1, 2 * PART_BYTES - 1, 2 * PART_BYTES, LARGE - 1):
            file, content = attached(ines[1], LARGE)
            post_of(ines[1], here.sample.id, file)
            assert ines[1].syncing.sync_now() is None
            way.plan = [of_the("GET", FILES, wire_proxy.cut_after(cut_at), 1, way)]
            assert workplace.syncing.sync_now() is None  # whatever becomes of a file, records are complete
            way.plan = []
            assert workplace.store.files.read(file.sha256) is None
            kept = cut_at // PART_BYTES * PART_BYTES
            assert workplace.store.part_kept(file.sha256) == kept
            before = len(way.seen)
            assert workplace.syncing.sync_now() is None
            assert workplace.store.files.read(file.sha256) == content
            asked = [one["Range"] for one in way.seen[before:] if "Range" in one]
            assert asked == ([f"bytes={kept}-"] if kept else [])
            path = workplace.store.files._path(file.sha256)
            assert path is not None
            assert not list(path.parent.glob("*.coming"))
        laptop.wire.lead_to(here.server.port)


def test_a_large_file_that_arrives_otherwise_than_it_left_is_never_seen_and_fetched_again_from_its_start(
    here: School, ines: tuple[Laptop, Workplace], karim: tuple[Laptop, Workplace]
) -> None:
    file, content = attached(ines[1], LARGE)
    post_of(ines[1], here.sample.id, file)
    assert ines[1].syncing.sync_now() is None
    laptop, workplace = karim
    with proxy(here.server.port) as way:
        laptop.wire.lead_to(way.port)
        way.plan = [of_the("GET", FILES, wire_proxy.change_a_byte, 1, way)]
        assert workplace.syncing.sync_now() is None
        laptop.wire.lead_to(here.server.port)
    assert workplace.store.files.read(file.sha256) == content


def test_what_has_come_of_a_large_file_is_unreadable_on_the_disk_and_leaves_with_the_space(
    here: School, ines: tuple[Laptop, Workplace], karim: tuple[Laptop, Workplace]
) -> None:
    file = ines[1].store.files.keep(b"canari " * (LARGE // 7), "canari.txt")
    post_of(ines[1], here.sample.id, file)
    assert ines[1].syncing.sync_now() is None
    laptop, workplace = karim
    with proxy(here.server.port) as way:
        laptop.wire.lead_to(way.port)
        way.plan = [of_the("GET", FILES, wire_proxy.cut_after(PART_BYTES + 1), 1, way)]
        assert workplace.syncing.sync_now() is None
        laptop.wire.lead_to(here.server.port)
    path = workplace.store.files._path(file.sha256)
    assert path is not None
    (coming,) = path.parent.glob("*.coming")
    assert b"canari" not in coming.read_bytes()
    here.server.unenrol(here.sample.id, here.sample.karim)
    assert workplace.syncing.sync_now() is None
    assert not coming.exists()
    here.server.enrol(here.sample.id, here.sample.karim, "learner")


UPWARDS = [("before_part", 2), ("after_part", 2), ("after_upload", 1)]
DOWNWARDS = [("part_kept", 1), ("part_kept", 1), ("after_download", 1)]
"""One file, from kill to kill: each time the program has come further. Every other step: `test_blobs.py`."""


def test_laptops_that_are_killed_again_and_again_around_a_large_file_send_and_fetch_it_whole(
    here: School, ines: tuple[Laptop, Workplace], karim: tuple[Laptop, Workplace]
) -> None:
    """Fault F1: kill -9 in the middle of the parts of a file, up and down."""
    laptop, workplace = ines
    file, content = attached(workplace, LARGE)
    id_ = post_of(workplace, here.sample.id, file)
    held, sizes = Held(here, file), []
    laptop.shut()
    for name, count in UPWARDS:
        assert sync_and_die(laptop, name, count) == -signal.SIGKILL
        sizes.append(held.size)
    assert sizes == [0, PART_BYTES, 0]
    assert held.whole.exists()
    workplace = laptop.open()
    assert workplace.syncing.sync_now() is None
    assert workplace.store.counts() == (0, 0, 0)
    laptop, workplace = karim
    laptop.shut()
    for name, count in DOWNWARDS:
        assert sync_and_die(laptop, name, count) == -signal.SIGKILL
    workplace = laptop.open()
    assert workplace.syncing.sync_now() is None
    assert workplace.store.one(POST, id_) is not None
    assert workplace.store.files.read(file.sha256) == content


@pytest.mark.parametrize("cut", [1, 65_536, 199_999])
def test_an_upload_that_is_cut_is_sent_again_and_nothing_of_it_is_kept(
    here: School, ines: tuple[Laptop, Workplace], cut: int
) -> None:
    laptop, workplace = ines
    file, _ = attached(workplace)
    post_of(workplace, here.sample.id, file)
    with proxy(here.server.port) as way:
        laptop.wire.lead_to(way.port)
        way.plan = [wire_proxy.hang_up_after(cut)] * 2
        assert workplace.syncing.sync_now() is not None
        assert workplace.store.counts() == (1, 0, 0)
        laptop.wire.lead_to(here.server.port)
    name = file.sha256.hex()
    kept = here.server.data / "files" / name[:2] / name
    assert not kept.exists()
    assert workplace.syncing.sync_now() is None
    assert kept.exists()
    assert workplace.store.counts() == (0, 0, 0)


def test_one_record_whose_file_is_gone_is_set_aside_and_a_thousand_others_arrive(
    here: School, ines: tuple[Laptop, Workplace]
) -> None:
    workplace = ines[1]
    space = spaces.cohort(CohortId(here.sample.id))
    gone = Attachment(sha256=bytes(range(32)), name="photo.jpg", size=7)
    rows = [
        New(POST, space, workplace.desk.new_id(), Post(text=f"{n}", files=(gone,) if n == 500 else ()))
        for n in range(1_000)
    ]
    workplace.store.write(rows)
    assert workplace.syncing.sync_now() is None
    assert workplace.store.counts() == (0, 1, 0)
    (item,) = workplace.syncing.attention_list()
    assert item.cause is Cause.REFUSED
    (listed,) = [one for one in workplace.store.outbox_list() if one.refusal]
    assert (listed.id, listed.refusal) == (rows[500].id, Refusal.FILE_MISSING)


def test_a_byte_that_flips_on_the_disk_is_noticed_and_the_file_fetched_again(
    here: School, ines: tuple[Laptop, Workplace], karim: tuple[Laptop, Workplace]
) -> None:
    file, content = attached(ines[1])
    post_of(ines[1], here.sample.id, file)
    assert ines[1].syncing.sync_now() is None
    assert karim[1].syncing.sync_now() is None
    path = karim[1].store.files._path(file.sha256)
    assert path is not None
    sealed = bytearray(path.read_bytes())
    sealed[len(sealed) // 2] ^= 1
    path.write_bytes(sealed)
    assert karim[1].store.files.read(file.sha256) is None
    assert not karim[1].store.files.has(file.sha256)
    assert karim[1].syncing.status().files.count == 1
    assert karim[1].syncing.sync_now() is None
    assert karim[1].store.files.read(file.sha256) == content


def test_a_server_that_has_lost_a_file_gets_it_again_with_the_record(
    here: School, ines: tuple[Laptop, Workplace]
) -> None:
    workplace = ines[1]
    file, _ = attached(workplace)
    workplace.store.write([New(POST, spaces.cohort(CohortId(here.sample.id)), workplace.desk.new_id(), Post(text="a"))])
    id_ = post_of(workplace, here.sample.id, file)
    workplace.store.file_sent(file.sha256)  # so it believes, of a server that was restored since
    assert workplace.syncing.sync_now() is None
    assert workplace.store.counts() == (0, 0, 0)
    seen = workplace.store.one(POST, id_)
    assert seen is not None
    assert seen.seq > 0


def test_files_of_a_lost_space_leave_the_disk_and_come_back_with_the_access(
    here: School, ines: tuple[Laptop, Workplace], karim: tuple[Laptop, Workplace]
) -> None:
    file, content = attached(ines[1])
    post_of(ines[1], here.sample.id, file)
    assert ines[1].syncing.sync_now() is None
    assert karim[1].syncing.sync_now() is None
    path = karim[1].store.files._path(file.sha256)
    assert path is not None
    assert path.exists()
    here.server.unenrol(here.sample.id, here.sample.karim)
    assert karim[1].syncing.sync_now() is None
    assert not path.exists()
    assert not any(path.parent.glob("*"))
    here.server.enrol(here.sample.id, here.sample.karim, "learner")
    assert karim[1].syncing.sync_now() is None
    assert karim[1].store.files.read(file.sha256) == content


def test_two_copies_of_a_folder_that_both_attach_files_lose_none(
    here: School, ines: tuple[Laptop, Workplace], karim: tuple[Laptop, Workplace]
) -> None:
    laptop, workplace = ines
    before, _ = attached(workplace)
    ids = [post_of(workplace, here.sample.id, before)]
    laptop.shut()
    twin = here.laptop(here.sample.ines, f"-twin-{len(here.laptops)}")
    twin.passphrase = laptop.passphrase
    shutil.copytree(laptop.folder, twin.folder)
    files = [before]
    for copy in (laptop, twin):
        opened = copy.open()
        opened.wire._connection.address = copy.wire.address
        file, _ = attached(opened)
        files.append(file)
        ids.append(post_of(opened, here.sample.id, file))
        assert opened.syncing.sync_now() is None
        assert opened.store.counts() == (0, 0, 0)
    assert karim[1].syncing.sync_now() is None
    assert [seen.body.files for seen in karim[1].store.view(POST, ids=ids)] == [(file,) for file in files]
    assert all(karim[1].store.files.read(file.sha256) is not None for file in files)
    twin.shut()

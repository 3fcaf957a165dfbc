"""What happens to work when the way to the server fails: nothing is lost, nothing is done twice, and it is said why."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from spoc_desktop import paths
from spoc_desktop.services.attention import Cause
from spoc_desktop.services.desk import New
from spoc_desktop.services.workplace import Workplace
from sync.client.engine import CHECKPOINTS
from sync.domain.courses import READING, Reading
from sync.protocol.errors import (
    AnswerCut,
    BadBatch,
    CaptivePortal,
    LoginExpired,
    NotOurServer,
    Unreachable,
    WrongPassword,
)
from sync.protocol.messages import SyncReply, SyncRequest
from tests.faults import wire_proxy
from tests.faults.wire_proxy import Misbehaves, proxy
from tests.integration.laptop.harness import PASSWORD, Laptop, School, school
from tests.server_fixture import ROOT, running_server
from tests.unit.services.classroom import LESSON_1


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    """One school for all tests of this page; each test takes a laptop of its own."""
    with school(tmp_path_factory.mktemp("school"), "--token-seconds", "3600") as made:
        yield made


@pytest.fixture
def opened(here: School) -> Iterator[tuple[Laptop, Workplace]]:
    """A fresh laptop of Inès with everything on it."""
    laptop = here.laptop(here.sample.ines, f"-{len(here.laptops)}")
    yield laptop, laptop.join(here.server.invite(here.sample.ines))
    laptop.shut()


def read_parts(workplace: Workplace, cohort: bytes, count: int = 3) -> set[bytes]:
    """Do some work; the ids of its records."""
    before = readings(workplace)
    page = workplace.courses.lesson(cohort, LESSON_1)
    for part in range(count):
        workplace.courses.read(page, part % len(page.parts), 5)
    return readings(workplace) - before


def readings(workplace: Workplace) -> set[bytes]:
    return {seen.id for seen in workplace.store.view(READING)}


def arrived(here: School, ids: set[bytes]) -> list[bytes]:
    """Which of these are on the server, told to a laptop that knew nothing: each as often as it is there."""
    fresh = here.laptop(here.sample.ines, f"-fresh-{len(here.laptops)}")
    workplace = fresh.join(here.server.invite(here.sample.ines))
    found = [seen.id for seen in workplace.store.view(READING) if seen.id in ids]
    fresh.shut()
    return found


KILLS = [(name, count) for name in CHECKPOINTS if "set_aside" not in name for count in (1, 2)]
KILLS_ASIDE = [(name, 1) for name in CHECKPOINTS if "set_aside" in name]


def sync_and_die(laptop: Laptop, name: str, count: int, poison: bytes = b"") -> int:
    """Synchronise in a process that kills itself at a checkpoint; its exit code."""
    surroundings = {
        paths.HOME_VARIABLE: str(laptop.folder),
        "SPOC_KILL": f"{name}:{count}",
        "SPOC_POISON": poison.hex(),
    }
    child = subprocess.run(
        [sys.executable, "-m", "tests.faults.wire_client"],
        cwd=ROOT,
        env=os.environ | surroundings,
        input=laptop.passphrase,
        text=True,
        capture_output=True,
        check=False,
    )
    assert child.returncode in (-signal.SIGKILL, 0), f"{name}:{count} {child.stderr}"
    return child.returncode


def test_a_laptop_killed_at_any_step_of_a_sync_loses_and_doubles_nothing(here: School) -> None:
    laptop = here.laptop(here.sample.karim)
    laptop.join(here.server.invite(here.sample.karim))
    written: set[bytes] = set()
    for name, count in KILLS:
        laptop.shut()
        workplace = laptop.open()
        written |= read_parts(workplace, here.sample.id, 2)
        laptop.shut()
        assert sync_and_die(laptop, name, count) == -signal.SIGKILL or count == 2
    workplace = laptop.open()
    assert readings(workplace) >= written
    assert workplace.syncing.sync_now() is None
    assert workplace.store.counts().waiting == 0
    other = here.laptop(here.sample.karim, "-other")
    told = [seen.id for seen in other.join(here.server.invite(here.sample.karim)).store.view(READING)]
    assert sorted(told) == sorted(written)


def test_a_laptop_killed_while_it_sets_an_entry_aside_sets_that_one_aside_once_and_sends_the_others(
    here: School,
) -> None:
    laptop = here.laptop(here.sample.ines, "-poisoned")
    workplace = laptop.join(here.server.invite(here.sample.ines))
    ids = sorted(read_parts(workplace, here.sample.id, 3))
    laptop.shut()
    for name, count in KILLS_ASIDE:
        assert sync_and_die(laptop, name, count, poison=ids[1]) == -signal.SIGKILL
    workplace = laptop.open()
    assert workplace.syncing.sync_now() is None
    assert workplace.store.counts() == (0, 1, 0)
    assert sorted(arrived(here, set(ids))) == [ids[0], ids[2]]


@pytest.mark.parametrize(
    "fault",
    [wire_proxy.lose_the_answer, wire_proxy.cut_the_answer, wire_proxy.change_a_byte],
    ids=["lost", "cut", "damaged"],
)
def test_an_answer_that_does_not_arrive_whole_is_asked_for_again_and_nothing_is_done_twice(
    here: School, opened: tuple[Laptop, Workplace], fault: Misbehaves
) -> None:
    laptop, workplace = opened
    with proxy(here.server.port) as way:
        laptop.wire.lead_to(way.port)
        ids = read_parts(workplace, here.sample.id)
        way.plan = [fault, fault]
        errors = [workplace.syncing.sync_now() for _ in range(3)]
        # A changed byte may fall where only checksum and seal tell it: then a compare follows and no error.
        assert {type(error) for error in errors} <= {AnswerCut, type(None)}
        assert errors[-1] is None
        assert workplace.store.counts() == (0, 0, 0)
        laptop.wire.lead_to(here.server.port)
    assert sorted(arrived(here, ids)) == sorted(ids)


def test_a_sign_in_page_of_a_network_is_recognised_and_nothing_of_it_is_applied(
    here: School, opened: tuple[Laptop, Workplace]
) -> None:
    laptop, workplace = opened
    ids = read_parts(workplace, here.sample.id)
    before = workplace.store.state()
    with proxy(here.server.port) as way:
        laptop.wire.lead_to(way.port)
        way.plan = [wire_proxy.sign_in_page]
        error = workplace.syncing.sync_now()
        laptop.wire.lead_to(here.server.port)
    assert isinstance(error, CaptivePortal)
    status = workplace.syncing.status()
    assert (status.offline, status.waiting) == (True, len(ids))
    assert status.trouble is not None
    assert status.trouble.safe
    assert workplace.store.state() == before
    assert workplace.syncing.sync_now() is None


def test_a_token_is_never_sent_to_where_a_redirect_leads(here: School, opened: tuple[Laptop, Workplace]) -> None:
    laptop, workplace = opened
    with proxy(here.server.port) as way, proxy(here.server.port) as elsewhere:
        laptop.wire.lead_to(way.port)
        way.plan = [wire_proxy.send_elsewhere(elsewhere.address)]
        assert isinstance(workplace.syncing.sync_now(), CaptivePortal)
        assert elsewhere.seen == []
        laptop.wire.lead_to(here.server.port)


def test_a_proxy_that_cannot_reach_the_server_is_waited_for(here: School, opened: tuple[Laptop, Workplace]) -> None:
    laptop, workplace = opened
    with proxy(here.server.port) as way:
        laptop.wire.lead_to(way.port)
        way.plan = [wire_proxy.bad_gateway]
        assert isinstance(workplace.syncing.sync_now(), AnswerCut)
        assert workplace.syncing.sync_now() is None
        laptop.wire.lead_to(here.server.port)


def test_a_wire_that_is_cut_is_a_place_without_a_network(here: School, opened: tuple[Laptop, Workplace]) -> None:
    laptop, workplace = opened
    ids = read_parts(workplace, here.sample.id)
    laptop.wire.cut()
    assert laptop.wire.is_cut
    assert isinstance(workplace.syncing.sync_now(), Unreachable)
    assert workplace.syncing.status().trouble is None
    laptop.wire.mend()
    assert workplace.syncing.sync_now() is None
    assert sorted(arrived(here, ids)) == sorted(ids)


def test_another_server_at_the_same_address_is_refused_and_deletes_nothing(
    here: School, opened: tuple[Laptop, Workplace], tmp_path: Path
) -> None:
    laptop, workplace = opened
    read_parts(workplace, here.sample.id)
    seen, before = readings(workplace), workplace.store.state()
    with running_server(tmp_path) as other:
        laptop.wire.lead_to(other.port)
        assert isinstance(workplace.syncing.sync_now(), (NotOurServer, LoginExpired))
    assert (readings(workplace), workplace.store.state()) == (seen, before)
    laptop.wire.lead_to(here.server.port)
    assert workplace.syncing.sync_now() is None


def test_a_login_that_ended_keeps_the_work_and_signing_in_again_sends_it(
    here: School, opened: tuple[Laptop, Workplace]
) -> None:
    _, workplace = opened
    ids = read_parts(workplace, here.sample.id)
    here.server.cli("sign-out", here.sample.ines)
    assert isinstance(workplace.syncing.sync_now(), LoginExpired)
    status = workplace.syncing.status()
    assert (status.attention, status.waiting, status.next_try) == (1, len(ids), None)
    with pytest.raises(WrongPassword):
        workplace.renew("ce n'est pas lui")
    workplace.renew(PASSWORD)
    assert workplace.syncing.sync_now() is None
    assert workplace.syncing.status().attention == 0
    assert sorted(arrived(here, ids)) == sorted(ids)


def test_a_token_that_expires_is_renewed_once_without_a_word(tmp_path: Path) -> None:
    with school(tmp_path, "--token-seconds", "1") as made:
        _, workplace = made.joined(made.sample.ines)
        read_parts(workplace, made.sample.id)
        time.sleep(1.2)
        assert workplace.syncing.sync_now() is None
        asked = [line["path"] for line in made.server.requests()]
        assert asked.count("/refresh") >= 1
        assert workplace.store.counts().waiting == 0


def test_one_entry_that_the_server_cannot_take_is_set_aside_and_all_others_arrive(
    here: School, opened: tuple[Laptop, Workplace], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, workplace = opened
    space = workplace.desk.personal(here.sample.id)
    ids = [workplace.desk.new_id() for _ in range(1_000)]
    rows = [
        New(READING, space, id_, Reading(activity=LESSON_1, edition=b"", part=0, parts=3, seconds=1, at=n))
        for n, id_ in enumerate(ids)
    ]
    workplace.store.write(rows)
    poison = ids[500]
    through = workplace.wire.exchange

    def exchange(request: SyncRequest) -> SyncReply:
        if any(poison in bytes(entry) for batch in request.batches for entry in batch.entries):
            raise BadBatch("the handler crashed")
        return through(request)

    monkeypatch.setattr(workplace.wire, "exchange", exchange)
    assert workplace.syncing.sync_now() is None
    assert workplace.store.counts() == (0, 1, 0)
    (item,) = workplace.syncing.attention_list()
    assert item.cause is Cause.REFUSED
    assert len(arrived(here, set(ids))) == 999


def test_work_of_somebody_who_lost_access_is_kept_and_goes_out_when_it_comes_back(
    here: School, opened: tuple[Laptop, Workplace]
) -> None:
    _, workplace = opened
    ids = read_parts(workplace, here.sample.id)
    here.server.unenrol(here.sample.id, here.sample.ines)
    assert workplace.syncing.sync_now() is None
    items = workplace.syncing.attention_list()
    assert {item.cause for item in items} == {Cause.QUARANTINED}
    assert workplace.courses.enrolled() == ()
    here.server.enrol(here.sample.id, here.sample.ines, "learner")
    assert workplace.syncing.sync_now() is None
    assert workplace.syncing.attention_list() == ()
    assert sorted(arrived(here, ids)) == sorted(ids)


def test_a_reply_of_another_server_is_not_believed_even_with_the_right_shape(
    here: School, opened: tuple[Laptop, Workplace], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, workplace = opened
    transport = workplace.wire._transport
    through = transport.exchange
    forged = bytes(16)

    def exchange(request: SyncRequest) -> SyncReply:
        revoked = tuple(state.space for state in workplace.store.state().spaces)
        return msgspec.structs.replace(through(request), server=forged, revoked=revoked)

    monkeypatch.setattr(transport, "exchange", exchange)
    before = workplace.store.state()
    error = workplace.syncing.sync_now()
    assert isinstance(error, NotOurServer)
    assert workplace.store.state() == before

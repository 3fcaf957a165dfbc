"""The laptop's own engine and HTTP client against the real server: how many requests, how many bytes, nothing lost."""

from __future__ import annotations

import os

import msgspec

from sync.domain import spaces
from sync.domain.forum import POST, Post
from sync.domain.kind import encode
from sync.domain.quizzes import ATTEMPT_START, AttemptStart
from sync.protocol.messages import START, Batch, Create, SyncRequest
from sync.protocol.version import PROTOCOL, RULES
from tests.contract.server.laptops import Laptop, Now
from tests.integration.server.world import entry
from tests.server_fixture import RunningServer, SampleCohort


def test_two_laptops_write_offline_and_have_the_same_in_two_syncs(
    pair: tuple[Laptop, Laptop], sample: SampleCohort
) -> None:
    ines, sophie = pair
    cohort = spaces.cohort(sample.id)
    for laptop in pair:
        laptop.sync()
    post = os.urandom(16)
    ines.store.create(cohort, POST.number, post, encode(Post(text="d’Inès")))
    sophie.store.create(cohort, POST.number, os.urandom(16), encode(Post(text="de Sophie")))
    for laptop in (ines, sophie, ines):
        assert laptop.sync().complete
    assert ines.texts(cohort) == sophie.texts(cohort) == {"d’Inès", "de Sophie"}
    title = {POST.number_of("title"): msgspec.msgpack.encode("un titre")}
    ines.store.edit(cohort, post, {POST.number_of("text"): msgspec.msgpack.encode("corrigé")})
    sophie.store.edit(cohort, post, title)
    for laptop in (ines, sophie, ines):
        laptop.sync()
    for laptop in pair:
        record = laptop.store.seen(cohort, post)
        assert record is not None
        assert POST.decode(record.body) == Post(text="corrigé", title="un titre")


def test_nothing_changed_is_one_request(pair: tuple[Laptop, Laptop]) -> None:
    ines, _ = pair
    ines.sync()
    before = len(ines.own_requests())
    assert ines.sync().requests == 1
    (line,) = ines.own_requests()[before:]
    assert line["up"] + line["down"] <= 100


def test_ten_changed_rows_go_up_and_come_down_in_at_most_two_requests_and_1500_bytes(
    pair: tuple[Laptop, Laptop], sample: SampleCohort
) -> None:
    ines, _ = pair
    personal = spaces.personal(sample.id, ines.server.people[sample.ines])
    ines.sync()
    before = len(ines.own_requests())
    body = AttemptStart(activity=bytes(16), edition=bytes(16), number=1, at=Now().now())
    for _ in range(10):
        ines.store.create(personal, ATTEMPT_START.number, os.urandom(16), encode(body))
    assert ines.sync().requests <= 2
    lines = ines.own_requests()[before:]
    assert sum(line["up"] + line["down"] for line in lines) <= 1500


def test_thirty_thousand_rows_come_down_in_less_than_twenty_requests(
    pair: tuple[Laptop, Laptop], sample: SampleCohort
) -> None:
    ines, _ = pair
    personal = spaces.personal(sample.id, ines.server.people[sample.ines])
    ines.sync()
    body = encode(AttemptStart(activity=bytes(16), edition=bytes(16), number=1, at=Now().now()))
    for part in range(3):
        names = range(part * 10_000 + 1, (part + 1) * 10_000 + 1)
        made = [Create(n, ATTEMPT_START.number, os.urandom(16), msgspec.Raw(body)) for n in names]
        batch = Batch(personal, START, tuple(map(entry, made)))
        request = SyncRequest(PROTOCOL, RULES, ines.device.writer, None, batches=(batch,))
        assert len(ines.device.transport.exchange(request).answers[0].runs) == 1
    found = ines.sync()
    assert found.received >= 30_000
    assert found.requests < 20


def test_a_restart_of_the_server_in_mid_life_is_no_event(
    pair: tuple[Laptop, Laptop], server: RunningServer, sample: SampleCohort
) -> None:
    ines, sophie = pair
    cohort = spaces.cohort(sample.id)
    ines.sync()
    ines.store.create(cohort, POST.number, os.urandom(16), encode(Post(text="avant")))
    ines.sync()
    server.kill()
    server.start()
    ines.store.create(cohort, POST.number, os.urandom(16), encode(Post(text="après")))
    assert ines.sync().complete
    sophie.sync()
    assert sophie.texts(cohort) == {"avant", "après"}

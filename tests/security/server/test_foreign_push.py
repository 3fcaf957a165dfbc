"""JSON of third parties (rule 2): new records of kinds that never change, with any HTTP client, within bounds."""

from __future__ import annotations

import base64
import gzip
import json
import os
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from sync.domain import spaces
from sync.domain.forum import POST
from sync.domain.ids import CohortId
from sync.domain.messages import MESSAGE
from sync.protocol.errors import Failure
from sync.protocol.limits import MAX_REQUEST
from sync.protocol.messages import SyncRequest, Verdict
from sync.protocol.version import PROTOCOL, RULES
from tests.integration.server.wire import PASSWORD, Device, device
from tests.server_fixture import RunningServer, SampleCohort, running_server, sample_cohort


def text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


class Importer:
    """A program of somebody else's: JSON, gzip, `requests`."""

    def __init__(self, server: RunningServer, sample: SampleCohort) -> None:
        self.address, self.login, self.sample = server.address, sample.ines, sample
        self.personal = spaces.personal(CohortId(sample.id), server.people[sample.ines])
        self.writer = int.from_bytes(os.urandom(7), "big")
        self.token = self.ask("/login", [PROTOCOL, self.login, PASSWORD, "import"])[1][4]

    def ask(self, path: str, message: Any, **headers: str) -> tuple[int, list[Any]]:
        return self.send(path, gzip.compress(json.dumps(message).encode()), **headers)

    def send(self, path: str, body: bytes, **headers: str) -> tuple[int, list[Any]]:
        said = {"Content-Type": "application/json", "Content-Encoding": "gzip"} | headers
        if path == "/sync":
            said |= {"Authorization": f"Bearer {self.token}"}
        answer = requests.post(self.address + path, data=body, headers=said, timeout=30)
        assert answer.headers["content-type"] == "application/json"
        found: list[Any] = answer.json()
        return answer.status_code, found

    def message(self, n: int, words: str, id_: bytes, kind: int = MESSAGE.number) -> list[Any]:
        return [1, n, kind, text(id_), [words, time.time_ns() // 10**6]]

    def push(self, *entries: Any, space: bytes | None = None) -> tuple[int, list[Any]]:
        batch = [text(space or self.personal), [0, 0], entries]
        return self.ask("/sync", [PROTOCOL, RULES, self.writer, None, [], False, [batch]])


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RunningServer, SampleCohort, Device]]:
    with running_server(tmp_path_factory.mktemp("foreign")) as server:
        cohort = sample_cohort(server)
        with device(server, cohort.ines) as ines:
            yield server, cohort, ines


@pytest.fixture
def importer(sample: tuple[RunningServer, SampleCohort, Device]) -> Importer:
    return Importer(sample[0], sample[1])


def heard(laptop: Device) -> set[str]:
    """The messages that a laptop is told."""
    told = laptop.transport.exchange(SyncRequest(PROTOCOL, RULES, laptop.writer, None, whole=True))
    rows = [row for page in told.pages for row in page.rows if row.kind == MESSAGE.number]
    return {MESSAGE.decode(bytes(row.body)).text for row in rows}


def test_records_that_are_pushed_as_json_reach_the_laptops_and_a_retry_is_known_again(
    sample: tuple[RunningServer, SampleCohort, Device], importer: Importer
) -> None:
    entries = [importer.message(n, f"importé {n} é", os.urandom(16)) for n in (1, 2, 3)]
    for verdict in (Verdict.ACCEPTED, Verdict.DUP):
        status, reply = importer.push(*entries)
        assert status == 200
        ((_, _, _, runs),) = reply[5]
        assert [(run[0], run[1], run[2]) for run in runs] == [(1, 3, verdict)]
    assert {f"importé {n} é" for n in (1, 2, 3)} <= heard(sample[2])


def test_an_entry_that_the_person_may_not_write_is_refused_alone(importer: Importer) -> None:
    status, reply = importer.push(importer.message(1, "x", b"short"), importer.message(2, "y", os.urandom(16)))
    assert status == 200
    assert [run[2] for run in reply[5][0][3]] == [Verdict.REFUSED, Verdict.ACCEPTED]


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ([1, 1, POST.number, text(bytes(16)), ["a post"]], "do not come this way"),
        ([2, 1, text(bytes(16)), 1, 1, {"0": "x"}], "makes no record"),
        ([3, 1, text(bytes(16)), 1, 1], "makes no record"),
        ([1, 1, 9999, text(bytes(16)), []], "do not come this way"),
        ([1, 1, MESSAGE.number, text(bytes(16)), [5, 5]], "is no message"),
        ([1, 1, MESSAGE.number, text(bytes(16)), {"text": "x"}], "is no message"),
        ("nonsense", "makes no record"),
    ],
)
def test_what_does_not_come_this_way_is_said_by_its_place_and_nothing_is_done(
    sample: tuple[RunningServer, SampleCohort, Device], importer: Importer, entry: Any, said: str
) -> None:
    before = sample[0].health()["rows"]
    status, reply = importer.push(importer.message(7, "avant", os.urandom(16)), entry)
    assert (status, reply[1]) == (400, Failure.BAD_BATCH)
    assert reply[2].startswith("entry 1")
    assert said in reply[2]
    assert sample[0].health()["rows"] == before


def test_a_pull_does_not_come_this_way(importer: Importer) -> None:
    status, reply = importer.ask("/sync", [PROTOCOL, RULES, importer.writer, None, [], True, []])
    assert (status, reply[1]) == (400, Failure.BAD_BATCH)


def test_a_bomb_a_cut_body_and_a_pile_of_brackets_are_refused_within_bounds(importer: Importer) -> None:
    whole = gzip.compress(b"[1]")
    status, reply = importer.send("/sync", gzip.compress(b" " * MAX_REQUEST + b"[1]"))
    assert (status, reply[2]) == (400, f"cut, or more than {MAX_REQUEST} bytes when unpacked")
    for body in (whole[:-9], whole + whole, b"nonsense", b""):
        assert importer.send("/sync", body)[0] == 400
    assert importer.send("/sync", gzip.compress(b"[" * 100_000))[0] == 400
    assert importer.send("/sync", b"[" * (MAX_REQUEST + 1), **{"Content-Encoding": "identity"})[0] == 413


def test_a_newer_protocol_and_no_login_are_told_in_json(importer: Importer) -> None:
    assert importer.ask("/sync", [PROTOCOL + 1, RULES, importer.writer])[1][1] == Failure.UPDATE_NEEDED
    importer.token = "none"
    assert importer.push(importer.message(9, "x", os.urandom(16)))[0] == 401
    assert importer.ask("/login", [PROTOCOL, importer.login, "wrong password", "x"])[1][1] == Failure.WRONG_PASSWORD

"""Fault F2: the server is killed at every step; a retry by the same name leaves each thing there once."""

from __future__ import annotations

import shutil
import signal
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest
import requests

from sync.domain import spaces
from sync.domain.exercises import HAND_IN, RETURNED, REVIEW
from sync.domain.exercises import Verdict as Decision
from sync.domain.ids import SpaceId
from sync.domain.kind import encode
from sync.domain.quizzes import ATTEMPT, GRADE, QUIZ_EDITION, QUIZ_KEYS
from sync.protocol.errors import SyncError
from sync.protocol.messages import START, Batch, Create, Outcome, Row, SyncRequest, Verdict
from sync.protocol.parts import PART_BYTES, Held, Part
from sync.protocol.version import FILES, PROTOCOL, RULES
from sync.server import checkpoints
from sync.server.storage import backups
from tests.integration.server.course import AT_ONCE, attempt_body, drafts
from tests.integration.server.reviews import handed, review_of
from tests.integration.server.wire import Device, device
from tests.integration.server.world import entry, raw
from tests.server_fixture import COURSE, RunningServer, SampleCohort, new_server, sample_cohort

PUSHING = [
    checkpoints.PUSH_BEFORE_COMMIT,
    checkpoints.PUSH_AFTER_COMMIT,
    checkpoints.GRADE_BEFORE_COMMIT,
    checkpoints.GRADE_BETWEEN,
    checkpoints.PULL_BEFORE_REPLY,
]
RETURNING = [
    checkpoints.PUSH_BEFORE_COMMIT,
    checkpoints.PUSH_AFTER_COMMIT,
    checkpoints.RETURN_BEFORE_COMMIT,
    checkpoints.RETURN_BETWEEN,
    checkpoints.PULL_BEFORE_REPLY,
]
PUBLISHING = [checkpoints.PUBLISH_BEFORE_COMMIT, checkpoints.PUBLISH_BETWEEN]


def batch(space: SpaceId, *mutations: Create) -> Batch:
    return Batch(space, START, tuple(map(entry, mutations)))


def push(laptop: Device, space: SpaceId, *mutations: Create) -> SyncRequest:
    return SyncRequest(PROTOCOL, RULES, laptop.writer, None, batches=(batch(space, *mutations),))


def rows(laptop: Device, space: SpaceId) -> list[Row]:
    reply = laptop.transport.exchange(SyncRequest(PROTOCOL, RULES, laptop.writer, None, whole=True))
    return [row for page in reply.pages if page.space == space for row in page.rows]


def killed(server: RunningServer, checkpoint: str) -> None:
    """Start again with a checkpoint."""
    server.stop()
    server.start(checkpoint)


def started(folder: Path) -> tuple[RunningServer, SampleCohort]:
    server = new_server(folder)
    sample = sample_cohort(server)
    server.start()
    return server, sample


def write_course(author: Device) -> None:
    made = [Create(n, kind.number, id_, msgspec.Raw(encode(body))) for n, (kind, id_, body) in enumerate(drafts(), 1)]
    reply = author.transport.exchange(push(author, spaces.authoring(COURSE), *made))
    assert [run.verdict for run in reply.answers[0].runs] == [Verdict.ACCEPTED]


@pytest.mark.parametrize("checkpoint", PUSHING)
def test_a_push_of_an_attempt_survives_a_kill_of_the_server_at(tmp_path: Path, checkpoint: str) -> None:
    server, sample = started(tmp_path)
    try:
        with (
            device(server, sample.paul) as paul,
            device(server, sample.ines) as ines,
            device(server, sample.sophie) as s,
        ):
            write_course(paul)
            assert paul.transport.publish(COURSE).number == 1
            edition = next(row.id for row in rows(ines, spaces.course(COURSE)) if _is_face(row))
            personal = spaces.personal(sample.id, server.people[sample.ines])
            staff = spaces.staff(sample.id, server.people[sample.ines])
            taken = Create(1, ATTEMPT.number, b"a" * 16, msgspec.Raw(encode(attempt_body(AT_ONCE, edition))))
            killed(server, f"{checkpoint}:1")
            with pytest.raises(SyncError):
                ines.transport.exchange(push(ines, personal, taken))
            assert server.wait() == -signal.SIGKILL
            server.start()
            reply = ines.transport.exchange(push(ines, personal, taken))
            expected = Verdict.ACCEPTED if checkpoint == checkpoints.PUSH_BEFORE_COMMIT else Verdict.DUP
            assert [run.verdict for run in reply.answers[0].runs] == [expected]
            kinds = [row.kind for row in rows(ines, personal)]
            assert (kinds.count(ATTEMPT.number), kinds.count(GRADE.number)) == (1, 1)
            assert [row.kind for row in rows(s, staff)].count(GRADE.number) == 1
        server.stop()
        backups.verify(server.data / "server.db")
    finally:
        server.stop()


@pytest.mark.parametrize("checkpoint", RETURNING)
def test_a_review_is_returned_once_though_the_server_is_killed_at(tmp_path: Path, checkpoint: str) -> None:
    server, sample = started(tmp_path)
    try:
        with device(server, sample.ines) as ines, device(server, sample.sophie) as sophie:
            learner = server.people[sample.ines]
            personal, staff = spaces.personal(sample.id, learner), spaces.staff(sample.id, learner)
            ines.transport.exchange(push(ines, personal, Create(1, HAND_IN.number, b"h" * 16, raw(handed()))))
            decided = Create(1, REVIEW.number, b"r" * 16, raw(review_of(b"h" * 16, Decision.RETURNED, 5)))
            killed(server, f"{checkpoint}:1")
            with pytest.raises(SyncError):
                sophie.transport.exchange(push(sophie, staff, decided))
            assert server.wait() == -signal.SIGKILL
            server.start()
            returned = [row.kind for row in rows(ines, personal)].count(RETURNED.number)
            assert returned == (0 if checkpoint == checkpoints.PUSH_BEFORE_COMMIT else 1), "done again at the start"
            sophie.transport.exchange(push(sophie, staff, decided))
            assert [row.kind for row in rows(ines, personal)].count(RETURNED.number) == 1
            assert [row.kind for row in rows(sophie, staff)].count(REVIEW.number) == 1
    finally:
        server.stop()


@pytest.mark.parametrize("checkpoint", PUBLISHING)
def test_publishing_survives_a_kill_of_the_server_at(tmp_path: Path, checkpoint: str) -> None:
    server, sample = started(tmp_path)
    try:
        with device(server, sample.paul) as paul:
            write_course(paul)
            killed(server, f"{checkpoint}:1")
            with pytest.raises(SyncError):
                paul.transport.publish(COURSE)
            assert server.wait() == -signal.SIGKILL
            server.start()
            assert paul.transport.publish(COURSE).number == 1
            assert paul.transport.publish(COURSE).rows == 0
            kinds = [row.kind for row in rows(paul, spaces.course(COURSE))]
            keys = [row.kind for row in rows(paul, spaces.authoring(COURSE))].count(QUIZ_KEYS.number)
            assert (kinds.count(QUIZ_EDITION.number), keys) == (1, 1)
    finally:
        server.stop()


def test_a_new_epoch_survives_a_kill_of_the_server_in_giving_it(tmp_path: Path) -> None:
    server, sample = started(tmp_path)
    try:
        with device(server, sample.ines) as ines:
            own = spaces.own(server.people[sample.ines])
            snapshot = _snapshot(server)
            settings = Create(1, 2, b"s" * 16, msgspec.Raw(b"\x90"))
            told = ines.transport.exchange(push(ines, own, settings)).answers[0].cursor
            _put_back(server, snapshot, f"{checkpoints.RENEW_BEFORE_COMMIT}:1")
            again = SyncRequest(PROTOCOL, RULES, ines.writer, None, batches=(Batch(own, told, (entry(settings),)),))
            with pytest.raises(SyncError):
                ines.transport.exchange(again)
            assert server.wait() == -signal.SIGKILL
            server.start()
            answer = ines.transport.exchange(again).answers[0]
            assert (answer.outcome, answer.cursor.epoch) == (Outcome.RENEWED, 2)
    finally:
        server.stop()


def test_a_file_is_whole_or_not_there_though_the_server_is_killed_in_taking_it(tmp_path: Path) -> None:
    """Fault F5: sent again it is there, and what was half there gave nobody anything."""
    server, sample = started(tmp_path)
    content = b"y" * 100_000
    address = FILES + sha256(content).hexdigest()
    try:
        with device(server, sample.ines) as ines:
            killed(server, f"{checkpoints.FILE_BETWEEN}:1")
            with pytest.raises(requests.ConnectionError):
                _file(ines, "PUT", address, content)
            assert server.wait() == -signal.SIGKILL
            server.start()
            assert _file(ines, "GET", address).status_code == 404
            assert _file(ines, "PUT", address, content).status_code == 200
            server.kill()
            server.start()
            assert _file(ines, "GET", address).content == content
        server.stop()
        assert backups.verify(server.data / "server.db").files == 1
    finally:
        server.stop()


def test_parts_that_were_acknowledged_outlive_a_kill_of_the_server_in_the_next_part(tmp_path: Path) -> None:
    """Fault F2: the bytes of the second part are on the disk, the database does not know it yet."""
    server, sample = started(tmp_path)
    content = bytes(range(256)) * (3 * PART_BYTES // 256)
    name = sha256(content).digest()
    parts = [
        Part(name, len(content), offset, sha256(piece).digest(), piece)
        for offset in range(0, len(content), PART_BYTES)
        if (piece := content[offset : offset + PART_BYTES])
    ]
    try:
        with device(server, sample.ines) as ines:
            killed(server, f"{checkpoints.PART_BETWEEN}:2")
            assert ines.transport.send_parts(parts[:1]) == (Held(PART_BYTES),)
            with pytest.raises(SyncError):
                ines.transport.send_parts(parts[1:2])
            assert server.wait() == -signal.SIGKILL
            server.start()
            assert ines.transport.send_parts([Part(name, len(content))]) == (Held(PART_BYTES),)
            for part in parts[1:]:
                ines.transport.send_parts([part])
            came: list[bytes] = []
            ines.transport.get_file(name, PART_BYTES, len(content), came.append)
            assert b"".join(came) == content[PART_BYTES:]
    finally:
        server.stop()


def test_every_checkpoint_has_its_test() -> None:
    alone = {
        checkpoints.FILE_BETWEEN,
        checkpoints.PART_BETWEEN,
        checkpoints.AWARD_BETWEEN,
        checkpoints.RENEW_BEFORE_COMMIT,
    }
    assert set(checkpoints.NAMES) == {*PUSHING, *RETURNING, *PUBLISHING} | alone


def _file(laptop: Device, method: str, address: str, content: bytes = b"") -> requests.Response:
    token = {"Authorization": f"Bearer {laptop.session.token}"}
    return requests.request(method, laptop.address + address, data=content, headers=token, timeout=30)


def _is_face(row: Row) -> bool:
    return row.kind == QUIZ_EDITION.number and QUIZ_EDITION.decode(bytes(row.body)).activity == AT_ONCE


def _snapshot(server: RunningServer) -> Path:
    server.stop()
    target = server.data.with_name("snapshot")
    shutil.copytree(server.data, target)
    server.start()
    return target


def _put_back(server: RunningServer, snapshot: Path, checkpoint: str) -> None:
    server.stop()
    shutil.rmtree(server.data)
    shutil.copytree(snapshot, server.data)
    server.start(checkpoint)

"""The routes of ballots over HTTP: one needs no login, and the server writes nothing down about it."""

from __future__ import annotations

import secrets
import time
from pathlib import Path

import msgspec
import pytest

from sync.client.http_connection import HttpConnection
from sync.client.http_transport import HttpServer
from sync.domain import spaces
from sync.domain.ballots import CALL, RESULT, BallotAnswer, BallotCall, BallotQuestion, BallotResult, result_id
from sync.domain.ids import CohortId
from sync.domain.kind import encode
from sync.protocol import blind, wire
from sync.protocol.errors import BadBatch, BallotSpent, Forbidden
from sync.protocol.messages import START, BallotRequest, BallotSignRequest, Batch, Create, SyncRequest
from sync.protocol.version import BALLOT, BALLOT_SIGN, PROTOCOL, RULES
from tests.integration.server.wire import Device, device
from tests.server_fixture import running_server, sample_cohort

DAY = 86_400_000


def called(sophie: Device, cohort: bytes) -> tuple[bytes, BallotResult]:
    """A call of the trainer, and the key with which the server answers it."""
    id_, space, now = secrets.token_bytes(16), spaces.cohort(CohortId(cohort)), time.time_ns() // 10**6
    question = BallotQuestion(number=1, text="Utile ?")
    call = BallotCall(title="Avis", questions=(question,), opens=now - DAY, closes=now + DAY)
    entry = msgspec.Raw(wire.encode(Create(1, CALL.number, id_, msgspec.Raw(encode(call)))))
    batch = Batch(space, START, (entry,))
    sophie.transport.exchange(SyncRequest(PROTOCOL, RULES, sophie.writer, None, batches=(batch,)))
    for _ in range(100):
        told = sophie.transport.exchange(SyncRequest(PROTOCOL, RULES, sophie.writer, None, whole=True))
        for row in (row for page in told.pages for row in page.rows if row.id == result_id(id_)):
            return id_, RESULT.decode(bytes(row.body))
        time.sleep(0.02)
    raise AssertionError("the call got no key")


def test_a_ballot_travels_without_a_name_and_leaves_no_line(tmp_path: Path) -> None:
    with running_server(tmp_path) as server:
        sample = sample_cohort(server)
        with device(server, sample.sophie) as sophie, device(server, sample.ines) as ines:
            call, result = called(sophie, sample.id)
            key, token = blind.public_key(result.key), secrets.token_bytes(32)
            made = blind.blind(key, token, salt=secrets.token_bytes(48), factor=secrets.randbelow(2**2040) + 2)
            asked = BallotSignRequest(PROTOCOL, sample.id, call, made.message)
            with pytest.raises(Forbidden):
                sophie.transport.sign_ballot(asked)
            assert ines.post(BALLOT_SIGN, wire.pack(asked), Authorization="").status_code == 401
            signed = ines.transport.sign_ballot(asked).signed
            signature = blind.finalize(key, token, signed, made.inverse)
            ballot = BallotRequest(PROTOCOL, sample.id, call, token, signature, (BallotAnswer(question=1, choice=5),))
            before = len(server.requests())
            nobody = HttpServer(HttpConnection(server.address), ines.session.server)
            nobody.cast_ballot(ballot)
            with pytest.raises(BallotSpent):
                nobody.cast_ballot(ballot)
            with pytest.raises(Forbidden):
                nobody.cast_ballot(msgspec.structs.replace(ballot, signature=bytes(256)))
            with pytest.raises(BadBatch):
                nobody._raise_failure(nobody._connection.post(BALLOT, b"nonsense"))
            nobody.close()
            assert len(server.requests()) == before
            assert not [line for line in server.requests() if line["path"] == BALLOT]
            assert server.errors().count("ballot") == 0

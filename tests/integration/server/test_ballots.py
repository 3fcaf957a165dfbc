"""Ballots on a real server: one a learner, counted once, shown in fives, and nothing that says whose it was."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sync.domain.ballots import CALL, RESULT, BallotAnswer, BallotCall, BallotQuestion, BallotResult, result_id
from sync.domain.cohorts import Part
from sync.domain.spaces import SpaceType
from sync.protocol import blind
from sync.protocol.errors import BadBatch, BallotSpent, Forbidden
from sync.protocol.messages import BallotRequest, BallotSignRequest
from sync.protocol.version import PROTOCOL
from sync.server.issuing import ballot_keys
from sync.server.sync import balloting
from tests.integration.server.world import NOW, POSTGRESQL, SQLITE, Laptop, World, verdicts, world

DAY = 86_400_000
QUESTIONS = (
    BallotQuestion(number=1, text="Le rythme ?", choices=5),
    BallotQuestion(number=2, text="Autre chose ?", choices=0),
)
CLOSES = NOW + 10 * DAY


@dataclass
class Ballot:
    """What a laptop keeps of its ballot."""

    token: bytes
    inverse: bytes
    blinded: bytes
    signature: bytes = b""


class Hall:
    """A cohort with a call for ballots and as many learners as are wanted."""

    def __init__(self, school: World) -> None:
        self.school = school
        self.space = school.space(SpaceType.COHORT)
        self.sophie = school.laptop("sophie")
        made = self.sophie.create(CALL, BallotCall(title="Votre avis", questions=QUESTIONS, opens=NOW, closes=CLOSES))
        self.call = made.id
        assert verdicts(self.sophie.push(self.space, made))[0][1] == "ACCEPTED"
        self.key = blind.public_key(self.result().key)

    def result(self) -> BallotResult:
        """The result as everybody reads it."""
        self.sophie.pull()
        wanted = result_id(self.call)
        found: BallotResult = RESULT.decode(bytes(self.sophie.rows[self.space][wanted].body))
        return found

    def remarks(self) -> list[list[str]]:
        self.sophie.pull()
        bodies = [
            RESULT.decode(bytes(row.body))
            for row in self.sophie.rows[self.space].values()
            if row.kind == RESULT.number and row.id != result_id(self.call)
        ]
        return [sorted(each.remarks[0].texts) for each in bodies]

    def learner(self, number: int) -> Laptop:
        login = f"apprenant{number}"
        self.school.administration.add_person(login.title(), login)
        self.school.administration.enrol(self.school.cohort, login, Part.LEARNER)
        return self.school.laptop(login)

    def blinded(self) -> Ballot:
        token, factor = secrets.token_bytes(32), secrets.randbelow(2**2040) + 2
        made = blind.blind(self.key, token, salt=secrets.token_bytes(48), factor=factor)
        return Ballot(token, made.inverse, made.message)

    def signed(self, laptop: Laptop, ballot: Ballot | None = None) -> Ballot:
        ballot = ballot or self.blinded()
        asked = BallotSignRequest(PROTOCOL, self.school.cohort, self.call, ballot.blinded)
        signed = balloting.sign(self.school.core, laptop.caller, asked)
        ballot.signature = blind.finalize(self.key, ballot.token, signed, ballot.inverse)
        return ballot

    def cast(self, ballot: Ballot, choice: int = 4, remark: str = "") -> None:
        words = (BallotAnswer(question=2, text=remark),) if remark else ()
        answers = (BallotAnswer(question=1, choice=choice), *words)
        request = BallotRequest(PROTOCOL, self.school.cohort, self.call, ballot.token, ballot.signature, answers)
        balloting.cast(self.school.core, request)

    def vote(self, numbers: range, choice: int = 4) -> None:
        for number in numbers:
            self.cast(self.signed(self.learner(number)), choice, f"remarque {number}")


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    with world(tmp_path) as school:
        yield Hall(school)


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def hall_anywhere(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Hall]:
    with world(tmp_path, request.param) as school:
        yield Hall(school)


def test_results_are_shown_in_fives_one_batch_behind_and_whole_at_the_end(hall_anywhere: Hall) -> None:
    hall = hall_anywhere
    shown = []
    for number in range(12):
        hall.vote(range(number, number + 1), choice=1 + number % 5)
        shown.append(hall.result().ballots)
    assert shown == [0] * 9 + [5] * 3
    assert hall.result().sums[0].counts == (1, 1, 1, 1, 1)
    assert hall.remarks() == [[f"remarque {number}" for number in range(5)]]
    hall.school.now = CLOSES
    assert balloting.close_due(hall.school.core) == 1
    final = hall.result()
    assert (final.ballots, final.final, final.sums[0].counts) == (12, True, (3, 3, 2, 2, 2))
    assert sorted(map(len, hall.remarks())) == [5, 7]
    assert balloting.close_due(hall.school.core) == 0


def test_fewer_than_five_are_never_shown_and_are_gone_at_the_end(hall: Hall) -> None:
    hall.vote(range(4))
    hall.school.now = CLOSES
    balloting.close_due(hall.school.core)
    assert (hall.result().ballots, hall.result().sums, hall.result().final) == (0, (), True)
    assert hall.remarks() == []
    assert kept(hall, "ballot_sum") == kept(hall, "ballot_remark") == kept(hall, "ballot_asked") == []


def test_a_ballot_is_counted_once_and_a_retry_is_told_so(hall: Hall) -> None:
    ballot = hall.signed(hall.learner(1))
    hall.cast(ballot)
    with pytest.raises(BallotSpent):
        hall.cast(ballot, choice=1)
    hall.school.now = CLOSES + DAY
    with pytest.raises(BallotSpent):
        hall.cast(ballot)


def test_a_learner_is_given_one_ballot_and_the_same_question_has_the_same_answer(hall: Hall) -> None:
    laptop = hall.learner(1)
    ballot = hall.signed(laptop)
    again = hall.signed(laptop, Ballot(ballot.token, ballot.inverse, ballot.blinded))
    assert again.signature == ballot.signature
    with pytest.raises(BallotSpent):
        hall.signed(laptop)


@pytest.mark.parametrize("login", ["sophie", "paul", "omar"])
def test_only_learners_of_the_cohort_are_given_one(hall: Hall, login: str) -> None:
    with pytest.raises(Forbidden):
        hall.signed(hall.school.laptop(login))


def test_what_is_no_ballot_of_the_call_is_refused(hall: Hall) -> None:
    ballot = hall.signed(hall.learner(1))
    hall.school.now = NOW - 1
    with pytest.raises(Forbidden):
        hall.cast(ballot)
    hall.school.now = NOW
    for wrong in (Ballot(b"x" * 32, b"", b"", ballot.signature), Ballot(ballot.token, b"", b"", b"x" * 256)):
        with pytest.raises(Forbidden):
            hall.cast(wrong)
    with pytest.raises(Forbidden):
        hall.cast(ballot, choice=6)
    for remark in ("x" * 801, "PostgreSQL takes no \0"):
        with pytest.raises(Forbidden):
            hall.cast(ballot, remark=remark)
    with pytest.raises(BadBatch):
        hall.signed(hall.learner(2), Ballot(b"x" * 32, b"\x01", b"\xff" * 256))
    hall.cast(ballot)
    hall.school.now = CLOSES
    with pytest.raises(Forbidden):
        hall.signed(hall.learner(3))


def test_a_call_gets_its_key_with_the_push_and_loses_it_at_the_end(hall: Hall) -> None:
    assert ballot_keys.find(hall.school.data, hall.call) is not None
    second = BallotCall(title="Plainte", questions=QUESTIONS, opens=NOW, closes=CLOSES)
    hall.sophie.push(hall.space, hall.sophie.create(CALL, second))
    hall.sophie.pull()
    results = [row for row in hall.sophie.rows[hall.space].values() if row.kind == RESULT.number]
    assert len(results) == 2
    hall.vote(range(1))
    hall.school.now = CLOSES
    balloting.close_due(hall.school.core)
    assert ballot_keys.find(hall.school.data, hall.call) is None


def test_a_key_that_a_kill_left_behind_goes_with_the_next_look(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    hall.vote(range(1))
    data = hall.school.data
    half_made = data / ballot_keys.FOLDER / f"{hall.call.hex()}.pem.0123456789abcdef"
    half_made.write_bytes(b"the same key, from a kill while it was made")
    hall.school.now = CLOSES
    with monkeypatch.context() as cut:
        cut.setattr(ballot_keys, "forget", killed)
        with pytest.raises(KeyboardInterrupt):
            balloting.close_due(hall.school.core)
    assert hall.result().final
    assert ballot_keys.kept(data) == {hall.call}
    assert balloting.close_due(hall.school.core) == 0
    assert list((data / ballot_keys.FOLDER).iterdir()) == []


def test_a_call_that_nobody_answered_is_closed_too_and_its_key_goes(hall: Hall) -> None:
    hall.school.now = CLOSES
    assert balloting.close_due(hall.school.core) == 1
    assert (hall.result().ballots, hall.result().final) == (0, True)
    assert ballot_keys.kept(hall.school.data) == set()


def test_nothing_that_is_kept_says_whose_a_ballot_is_or_when_it_came(hall: Hall) -> None:
    """Attack: who holds the whole server. No token, no person beside an answer, no order, no time."""
    ballots = [hall.signed(hall.learner(number)) for number in range(4)]
    for number, ballot in enumerate(ballots):
        hall.school.now += 1_000_003
        hall.cast(ballot, 1 + number, f"remarque {number}")
    everything = b"".join(path.read_bytes() for path in hall.school.data.rglob("*") if path.is_file())
    for ballot in ballots:
        assert ballot.token not in everything
        assert ballot.signature not in everything
        assert ballot.blinded not in everything
    asked = kept(hall, "ballot_asked")
    spent = kept(hall, "ballot_spent")
    tokens = [row["token"] for row in spent]
    assert not {row["blinded"] for row in asked} & {row["token"] for row in spent}
    assert tokens == sorted(tokens)
    for table in ("ballot_asked", "ballot_spent", "ballot_sum", "ballot_batch", "ballot_remark"):
        assert not {"at", "since", "no", "device_no"} & kept(hall, table)[0].keys()
        assert "WITHOUT ROWID" in definition(hall, table)
    assert [row["text"] for row in kept(hall, "ballot_remark")] != [f"remarque {number}" for number in range(4)]


def kept(hall: Hall, table: str) -> list[dict[str, Any]]:
    with sqlite3.connect(hall.school.data / "server.db") as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(f"SELECT * FROM {table}")]  # noqa: S608 - our own names


def definition(hall: Hall, table: str) -> str:
    with sqlite3.connect(hall.school.data / "server.db") as connection:
        return str(connection.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (table,)).fetchone()[0])

"""A person's ballot from their laptop: it waits without a network, leaves later and once, under no name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from spoc_desktop.services.ballots import AfterSync, Ballots, Stand
from spoc_desktop.services.desk import Desk
from spoc_desktop.services.errors import AlreadySubmitted
from spoc_desktop.services.workplace import SystemChance
from spoc_desktop.storage.store import LocalStore
from sync.client.engine import Engine
from sync.domain.ballots import CALL, BallotAnswer, BallotQuestion, Purpose
from sync.domain.ids import PersonId
from sync.protocol.errors import BallotSpent, Unreachable
from sync.protocol.messages import BallotRequest, BallotSignReply, BallotSignRequest, SyncReply, SyncRequest
from sync.server.sync import balloting
from tests.integration.server.world import NOW, World, world

DAY = 86_400_000
QUESTIONS = (BallotQuestion(number=1, text="Utile ?", choices=5),)
ANSWERS = (BallotAnswer(question=1, choice=5),)


class Person:
    """A store, an engine and ballots over the real server, by the server's clock; `offline` and `cut` as asked."""

    def __init__(self, school: World, login: str) -> None:
        self.school, self.laptop = school, school.laptop(login)
        person = PersonId(school.id_of(login))
        self.store = LocalStore.in_memory(server=school.core.server, person=person, now=self.now)
        self.ballots = Ballots(Desk(self.store, person, self, SystemChance()), self)
        self._engine = AfterSync(Engine(self.store, self, self, SystemChance()), self.ballots)
        self.offline = self.cut = False
        self.cast: list[BallotRequest] = []

    def now(self) -> int:
        return self.school.now

    def monotonic(self) -> int:
        return self.school.now

    def exchange(self, request: SyncRequest) -> SyncReply:
        return self.laptop.exchange(request)

    def sign_ballot(self, asked: BallotSignRequest) -> BallotSignReply:
        if self.offline:
            raise Unreachable
        signed = balloting.sign(self.school.core, self.laptop.caller, asked)
        if self.cut:
            raise Unreachable
        return BallotSignReply(self.school.core.server, signed)

    def cast_ballot(self, ballot: BallotRequest) -> None:
        if self.offline:
            raise Unreachable
        self.cast.append(ballot)
        balloting.cast(self.school.core, ballot)
        if self.cut:
            raise Unreachable

    def sync(self) -> Stand | None:
        self._engine.sync()
        calls = self.ballots.calls()
        return calls[0].stand if calls else None


@pytest.fixture
def school(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as made:
        yield made


@pytest.fixture
def people(school: World) -> Iterator[tuple[Person, Person]]:
    ines, sophie = Person(school, "ines"), Person(school, "sophie")
    for each in (ines, sophie):
        each.sync()
    sophie.ballots.call_for(school.cohort, "Votre avis", QUESTIONS, closes=NOW + 5 * DAY, purpose=Purpose.SATISFACTION)
    sophie.sync()
    for each in (ines, sophie):
        each.sync()
    yield ines, sophie
    ines.store.close()
    sophie.store.close()


def test_a_ballot_waits_for_a_network_and_leaves_later_once_and_whole(people: tuple[Person, Person]) -> None:
    ines, sophie = people
    (view,) = ines.ballots.calls()
    assert view.may_answer
    assert not sophie.ballots.calls()[0].may_answer
    ines.ballots.answer(view.id, (BallotAnswer(question=1, choice=1),))
    ines.ballots.answer(view.id, ANSWERS)  # until it leaves, it can be changed
    ines.school.now += 30 * 60_000
    ines.offline = True
    assert ines.sync() is Stand.WAITING
    ines.offline = False
    assert ines.sync() is Stand.SENT
    assert ines.sync() is Stand.SENT
    (sent,) = ines.cast
    assert sent.answers == ANSWERS
    with pytest.raises(AlreadySubmitted):
        ines.ballots.answer(view.id, ANSWERS)


def test_answers_do_not_leave_at_the_moment_at_which_they_are_given(people: tuple[Person, Person]) -> None:
    ines, _ = people
    moments = set()
    for _ in range(8):
        ines.ballots.answer(ines.ballots.calls()[0].id, ANSWERS)
        (kept,) = ines.ballots._kept().values()
        moments.add(kept.until - ines.now())
    assert len(moments) > 4
    assert max(moments) > 60_000


def test_a_ballot_whose_answer_was_lost_is_sent_again_and_counted_once(people: tuple[Person, Person]) -> None:
    ines, _ = people
    ines.ballots.answer(ines.ballots.calls()[0].id, ANSWERS)
    ines.school.now += DAY
    ines.cut = True
    assert ines.sync() is Stand.WAITING
    ines.cut = False
    assert ines.sync() is Stand.SENT
    assert len(ines.cast) == 2
    with pytest.raises(BallotSpent):
        balloting.cast(ines.school.core, ines.cast[0])


def test_a_signature_whose_answer_was_lost_is_asked_for_the_very_same(people: tuple[Person, Person]) -> None:
    """Another token would be another ballot, and the person's own would be gone."""
    karim = Person(people[0].school, "karim")
    karim.cut = True
    assert karim.sync() is Stand.OPEN
    karim.cut = False
    assert karim.sync() is Stand.OPEN
    (kept,) = karim.ballots._kept().values()
    assert kept.signature
    karim.store.close()


def test_the_ballot_belongs_to_the_laptop_that_fetched_it_first(people: tuple[Person, Person]) -> None:
    ines, _ = people
    second = Person(ines.school, "ines")
    assert second.sync() is Stand.ELSEWHERE
    assert ines.sync() is Stand.OPEN
    second.store.close()


def test_no_byte_of_a_ballot_is_in_what_the_laptop_synchronises(people: tuple[Person, Person]) -> None:
    ines, _ = people
    ines.ballots.answer(ines.ballots.calls()[0].id, ANSWERS)
    assert ines.store.outbox_list() == []
    assert [seen.kind for seen in ines.store.view(CALL)] == [CALL.number]


def test_who_did_not_answer_in_time_is_told_that_it_is_over(people: tuple[Person, Person]) -> None:
    ines, _ = people
    ines.school.now = NOW + 5 * DAY
    assert ines.sync() is Stand.CLOSED

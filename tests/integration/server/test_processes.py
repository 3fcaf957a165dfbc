"""Several processes on one PostgreSQL database (rule 13): what a lock keeps is seen from both sides of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select

from sync.domain.ids import CourseId
from sync.domain.people import SETTINGS
from sync.domain.people import Settings as PersonSettings
from sync.domain.quizzes import ATTEMPT_START, AttemptStart
from sync.domain.spaces import SpaceType
from sync.protocol.errors import Busy
from sync.protocol.messages import Create, JoinRequest, Outcome
from sync.protocol.version import PROTOCOL
from sync.server import checkpoints
from sync.server.accounts import enrolling, people
from sync.server.accounts.importing import CodeSheet, What, bring_in
from sync.server.accounts.people_file import Role, Wanted
from sync.server.accounts.signing_in import Gate
from sync.server.accounts.tries import tries
from sync.server.core import Core
from sync.server.settings import Settings
from sync.server.storage import spaces
from sync.server.storage.schema import counted
from sync.server.storage.touched import Touched
from sync.server.sync import follow
from tests import postgres
from tests.integration.server.course import FORMATIVE, Author, attempt, editions, grades, hand_in
from tests.integration.server.world import NOW, POSTGRESQL, Laptop, World, checksum_of, verdicts
from tests.integration.server.world import world as made_world

SECONDS = 20


class Pair:
    """Two cores on one database, as two processes are. `here` is the world's own; what is `held` waits to be let go."""

    def __init__(self, world: World, threads: ThreadPoolExecutor) -> None:
        self.world = world
        self.there = Core(Settings(world.data), lambda: world.now, world.chance)
        self.threads = threads
        self._held = threading.Event()
        self._go = threading.Event()
        self._place = ""

    def other(self, login: str) -> Laptop:
        """A laptop that talks to the other process."""
        laptop = self.world.laptop(login)
        laptop.world = self.world_there
        return laptop

    @property
    def world_there(self) -> World:
        """The world as the other process has it."""
        seen = object.__new__(World)
        seen.__dict__ = self.world.__dict__ | {"core": self.there}
        return seen

    def hold(self, place: str, work: Callable[[], object]) -> Future[object]:
        """Do something up to a checkpoint and stop there."""
        self._place, holder = place, "held"

        def named() -> object:
            threading.current_thread().name = holder
            return work()

        found = self.threads.submit(named)
        assert self._held.wait(SECONDS)
        return found

    def reach(self, name: str) -> None:
        """In the place of `checkpoints.reach`."""
        if name == self._place and threading.current_thread().name == "held":
            self._held.set()
            assert self._go.wait(SECONDS)

    def meanwhile(self, work: Callable[[], object]) -> Future[object]:
        """Do something else, until it is done or has to wait."""
        found = self.threads.submit(work)
        name = self.world.made[-1]
        while not found.done() and not postgres.cluster().waiting(name):
            pass
        return found

    def let_go(self) -> None:
        """What is held goes on."""
        self._go.set()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with made_world(tmp_path, POSTGRESQL) as made:
        yield made


@pytest.fixture
def pair(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pair]:
    with ThreadPoolExecutor(4) as threads:
        made = Pair(world, threads)
        monkeypatch.setattr(checkpoints, "reach", made.reach)
        yield made
        made.let_go()
    made.there.close()


def test_two_processes_that_write_into_one_space_at_once_give_each_seq_once_and_lose_nothing(
    world: World, pair: Pair
) -> None:
    ines, karim, cohort = world.laptop("ines"), pair.other("karim"), world.space(SpaceType.COHORT)
    ines.pull()
    post = ines.post("partagé")
    ((_, _, base, _),) = verdicts(ines.push(cohort, post))
    written = (ines.post("un"), ines.edit(post.id, base, text="d’Inès"))
    first = pair.hold(checkpoints.PUSH_BEFORE_COMMIT, lambda: verdicts(ines.push(cohort, *written)))
    second = pair.meanwhile(lambda: verdicts(karim.push(cohort, karim.post("deux"), karim.post("trois"))))
    assert not second.done(), "the second waits for the space"
    pair.let_go()
    told = [*first.result(SECONDS), *second.result(SECONDS)]  # type: ignore[misc]  # lists of verdicts
    seqs = [seq for _, verdict, seq, _ in told if verdict == "ACCEPTED"]
    assert len(seqs) == 4
    assert seqs == sorted(set(seqs)), "who committed second has the higher numbers"
    ines.pull()
    assert sorted(ines.texts(cohort)) == ["deux", "d’Inès", "trois", "un"]
    assert checksum_of(ines.rows[cohort]) == ines.checksums[cohort]


def test_who_takes_a_seat_away_waits_for_the_push_that_is_under_way(world: World, pair: Pair) -> None:
    ines, personal = world.laptop("ines"), world.space(SpaceType.PERSONAL)
    ines.pull()
    pushed = pair.hold(checkpoints.PUSH_BEFORE_COMMIT, lambda: ines.push(personal, _started(ines)).outcome)
    ended = pair.meanwhile(lambda: _unenrol(pair.there, world))
    assert not ended.done(), "the place ended while a push of its own was under way"
    pair.let_go()
    assert pushed.result(SECONDS) is Outcome.DONE
    ended.result(SECONDS)
    assert ines.push(personal, _started(ines)).outcome is Outcome.REVOKED


def test_a_push_that_comes_while_the_seat_is_being_taken_is_refused(world: World, pair: Pair) -> None:
    ines, personal = pair.other("ines"), world.space(SpaceType.PERSONAL)
    ines.pull()
    ended = pair.hold("taken", lambda: _unenrol(world.core, world, lambda: checkpoints.reach("taken")))
    pushed = pair.meanwhile(lambda: ines.push(personal, _started(ines)).outcome)
    assert not pushed.done()
    pair.let_go()
    ended.result(SECONDS)
    assert pushed.result(SECONDS) is Outcome.REVOKED


def test_who_gets_another_seat_meanwhile_is_not_taken_for_one_who_lost_theirs(world: World, pair: Pair) -> None:
    ines, personal = pair.other("ines"), world.space(SpaceType.PERSONAL)
    ines.pull()

    def author() -> None:
        def job(connection: Connection) -> None:
            enrolling.make_author(world.core, connection, CourseId(bytes(16)), people.get(connection, "ines"))
            checkpoints.reach("seated")

        world.core.writer.run(job)

    seated = pair.hold("seated", author)
    pushed = pair.meanwhile(lambda: ines.push(personal, _started(ines)).outcome)
    pair.let_go()
    seated.result(SECONDS)
    assert pushed.result(SECONDS) is Outcome.DONE


def test_two_gradings_at_once_count_an_attempt_once(world: World, pair: Pair) -> None:
    author = Author(world)
    author.write()
    author.publish()
    ines, personal = world.laptop("ines"), world.space(SpaceType.PERSONAL)
    ines.pull()
    taken = attempt(world, FORMATIVE, editions(ines, world)[FORMATIVE])
    first = pair.hold(checkpoints.GRADE_BETWEEN, lambda: hand_in(ines, world, [taken]))
    second = pair.meanwhile(lambda: follow.grade(pair.there, personal))
    pair.let_go()
    first.result(SECONDS)
    second.result(SECONDS)
    ines.pull()
    assert len(grades(ines, personal)) == 1
    with world.core.reading() as connection:
        assert connection.execute(select(func.count()).select_from(counted)).scalar_one() == 1


def test_a_new_writer_that_pushes_into_two_spaces_at_once_is_one_writer(world: World, pair: Pair) -> None:
    ines, twin, cohort = world.laptop("ines", writer=7), pair.other("ines"), world.space(SpaceType.COHORT)
    twin.caller, twin.writer, twin.n = ines.caller, 7, 100
    setting = ines.create(SETTINGS, PersonSettings(), world.chance(16))
    first = pair.hold(checkpoints.PUSH_BEFORE_COMMIT, lambda: ines.push(world.space(SpaceType.OWN), setting).outcome)
    second = pair.meanwhile(lambda: twin.push(cohort, twin.post("un autre espace")).outcome)
    pair.let_go()
    assert (first.result(SECONDS), second.result(SECONDS)) == (Outcome.DONE, Outcome.DONE)


def test_guesses_are_counted_by_all_processes_together(world: World, pair: Pair) -> None:
    """Attacks A31, A34: whoever is sent to another process has no more tries there."""
    both = [tries(core, "account", 5) for core in (world.core, pair.there)]
    for guess in range(5):
        both[guess % 2].check(("ines", "host"))
        both[guess % 2].failed(("ines", "host"))
    for counter in both:
        with pytest.raises(Busy):
            counter.check(("ines", "host"))
        counter.check(("karim", "host"))


def test_what_one_process_changes_is_heard_by_the_others_and_not_by_itself(world: World, pair: Pair) -> None:
    here, there = world.core.elsewhere, pair.there.elsewhere
    here.open()
    there.open()
    try:
        changed = Touched(frozenset(range(1_000)), frozenset({7}))
        there.tell(changed)
        spaces_, people_ = set[int](), set[int]()
        until = time.monotonic() + SECONDS
        while spaces_ != changed.spaces and time.monotonic() < until:
            for each in here.heard():
                spaces_ |= each.spaces
                people_ |= each.people
        assert (spaces_, people_) == (set(changed.spaces), set(changed.people))
        assert there.heard() == []
    finally:
        here.close()
        there.close()


def _started(laptop: Laptop) -> Create:
    return laptop.create(ATTEMPT_START, AttemptStart(activity=bytes(16), edition=bytes(16), number=1, at=NOW))


def _unenrol(core: Core, world: World, then: Callable[[], None] = lambda: None) -> None:
    def job(connection: Connection) -> None:
        enrolling.unenrol(core, connection, world.cohort, people.get(connection, "ines"))
        then()

    core.writer.run(job)


def test_a_database_that_was_started_again_is_gone_on_with(
    world: World, pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    ines, cohort = world.laptop("ines"), world.space(SpaceType.COHORT)
    ines.push(cohort, ines.post("avant"))
    ines.pull()
    monkeypatch.setattr("sync.server.storage.postgres._FRESH_S", 0.0)
    postgres.cluster().cut(world.made[-1])
    ines.push(cohort, ines.post("après"))
    ines.pull()
    assert ines.texts(cohort) == ["avant", "après"]


@pytest.mark.allows_warnings
def test_a_database_that_is_away_makes_laptops_come_back_and_blames_no_change(
    world: World, pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault would make the laptop look for the one entry that causes it, and set that aside."""
    monkeypatch.setattr("sync.server.storage.postgres._FRESH_S", 0.0)
    ines, cohort = world.laptop("ines"), world.space(SpaceType.COHORT)
    post = ines.post("attend")
    with postgres.cluster().away(world.made[-1]):
        for ask in (lambda: ines.push(cohort, post), ines.pull):
            with pytest.raises(Busy):
                ask()
    ines.push(cohort, post)
    ines.pull()
    assert ines.texts(cohort) == ["attend"]


def test_two_jobs_that_stand_in_each_others_way_are_both_done(world: World, pair: Pair) -> None:
    """The database ends one of them, which is done again from its beginning."""
    spaces_ = [world.space(SpaceType.COHORT), world.space(SpaceType.PERSONAL)]
    begun, tried = threading.Barrier(2), [0, 0]

    def job(turn: int) -> Callable[[Connection], None]:
        def work(connection: Connection) -> None:
            tried[turn] += 1
            spaces.ensure(connection, spaces_[turn])
            if tried[turn] == 1:
                begun.wait(SECONDS)
            spaces.ensure(connection, spaces_[1 - turn])

        return work

    both = enumerate((world.core, pair.there))
    done = [pair.threads.submit(core.writer.run, job(turn)) for turn, core in both]
    for each in done:
        each.result(SECONDS)
    assert sorted(tried) == [1, 2]


def test_codes_of_a_list_of_people_are_written_once_though_its_transaction_was_done_again(
    world: World, pair: Pair, tmp_path: Path
) -> None:
    ended: list[bool] = []

    def invited(connection: Connection, _who: people.Person, _code: str) -> None:
        if not ended:
            ended.append(True)
            connection.exec_driver_sql("DO $$ BEGIN RAISE deadlock_detected; END $$")

    sheet = CodeSheet(tmp_path / "codes.csv")
    rows = [Wanted(line, f"neu{line}", "Neu", Role.LEARNER, "Novembre") for line in (2, 3)]
    done = bring_in(world.core, rows, "", sheet, invited)
    assert [row.what for row in done] == [What.CREATED] * 2
    _head, *lines = sheet.path.read_text("utf-8-sig").splitlines()
    assert [line.split(";")[0] for line in lines] == ["neu2", "neu3"]
    for line in lines:
        request = JoinRequest(PROTOCOL, line.split(";")[2], "un mot de passe bien long", "laptop")
        assert Gate(world.core).join(request, "host").login == line.split(";")[0]

"""The sample session that the demo and the tour stand on is alive: people at different places, nothing secret left."""

from pathlib import Path

from spoc_desktop.services.accounts import Accounts
from spoc_desktop.services.gradebook import EntryState
from sync.domain.followup import Failing, Late, NotTakenUp, Silent
from sync.domain.progress import State
from tests.integration.laptop.harness import home
from tools.sample_filling import fill
from tools.sample_session import LEARNER, PEOPLE, TRAINER, sample_session


def test_the_sample_session_shows_a_trainer_people_at_different_places(tmp_path: Path) -> None:
    with sample_session(tmp_path) as (server, laptop):
        laptop.join(server, LEARNER)
        fill(server, laptop)
        with home(laptop.home):
            accounts = Accounts(laptop.passphrases)
            assert {one.name for one in accounts.known()} == {TRAINER.name, LEARNER.name}
            trainer = accounts.open(accounts.find(TRAINER.login))
            assert trainer.syncing.sync_now() is None
            matrix = trainer.cohorts.matrix(server.cohort)
            morning = trainer.followup.morning(server.cohort, 0)
            waiting = trainer.reviewing.queue()
            earners = trainer.certificates.earners(server.cohort)
            threads = trainer.forum.threads(server.cohort)
            trainer.close()
            learner = accounts.open(accounts.find(LEARNER.login))
            assert learner.syncing.sync_now() is None
            day = learner.today()
            entries = [entry for book in learner.gradebook.mine() for entry in book.entries]
            learner.close()
    assert len(matrix.rows) == len(PEOPLE) - 1
    assert {cell.state for row in matrix.rows for cell in row.cells} >= {State.DONE, State.BEGUN, State.LATE}
    assert len(morning.received) > 5
    assert morning.late
    kinds = {type(reason) for one in morning.people for reason in one.reasons}
    assert kinds >= {Late, Silent, Failing, NotTakenUp}
    assert len(waiting) > 5
    assert {one.version for one in waiting} == {1, 2}
    assert [one.name for one in earners if one.held is not None] == ["Sophie Lemoine"]
    assert sum(one.posts for one in threads) > 15
    assert day is not None
    assert day.resume is not None
    assert 0 < day.resume.standing.share < 1
    assert [one.state for one in entries].count(EntryState.RETURNED) == 1
    assert (tmp_path / "server" / "errors.log").read_text("utf-8") == ""

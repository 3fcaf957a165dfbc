"""The sample session that the demo and the tour stand on is alive: people at different places, nothing secret left."""

from pathlib import Path

from spoc_desktop.services.accounts import Accounts
from sync.domain.progress import State
from tests.integration.laptop.harness import home
from tools.sample_filling import fill
from tools.sample_session import LEARNER, PEOPLE, TRAINER, sample_session


def test_the_sample_session_shows_a_trainer_people_at_different_places(tmp_path: Path) -> None:
    with sample_session(tmp_path) as (server, laptop):
        laptop.join(server, LEARNER)
        fill(server)
        with home(laptop.home):
            accounts = Accounts(laptop.passphrases)
            assert {one.name for one in accounts.known()} == {TRAINER.name, LEARNER.name}
            trainer = accounts.open(accounts.find(TRAINER.login))
            assert trainer.syncing.sync_now() is None
            matrix = trainer.cohorts.matrix(server.cohort)
            morning = trainer.followup.morning(server.cohort, 0)
            trainer.close()
            learner = accounts.open(accounts.find(LEARNER.login))
            assert learner.syncing.sync_now() is None
            day = learner.today()
            learner.close()
    assert len(matrix.rows) == len(PEOPLE) - 1
    assert {cell.state for row in matrix.rows for cell in row.cells} >= {State.DONE, State.BEGUN, State.LATE}
    assert len(morning.received) > 5
    assert morning.late
    assert day is not None
    assert day.resume is not None
    assert 0 < day.resume.standing.share < 1
    assert (tmp_path / "server" / "errors.log").read_text("utf-8") == ""

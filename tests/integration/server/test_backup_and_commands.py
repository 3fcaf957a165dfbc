"""Fault F32, and IT's command line: backups that were verified, sentences that say what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import update

from sync.domain.quizzes import ATTEMPT_START, AttemptStart
from sync.domain.spaces import SpaceType
from sync.server.cli import main
from sync.server.storage import backups
from sync.server.storage.backups import Unsound
from sync.server.storage.schema import space
from tests.integration.server.world import World
from tests.server_fixture import CommandFailed, RunningServer, new_server, running_server, sample_cohort


def test_a_backup_made_while_people_write_opens_and_fits_its_checksums(world: World) -> None:
    ines, personal = world.laptop("ines"), world.space(SpaceType.PERSONAL)
    body = AttemptStart(activity=bytes(16), edition=bytes(16), number=1, at=1)
    for number in range(3):
        ines.push(personal, *(ines.create(ATTEMPT_START, body) for _ in range(200)))
        target = world.data.with_name(f"{number}.db")
        assert world.administration.back_up(target) == number + 1
        covered = backups.verify(target)
        assert covered.rows >= 200 * (number + 1)


def test_a_backup_whose_rows_do_not_fit_their_checksum_is_not_counted(world: World) -> None:
    """Fault F9 on the server's side."""
    ines = world.laptop("ines")
    ines.push(world.space(SpaceType.COHORT), ines.post("bonjour"))
    world.core.writer.run(lambda connection: connection.execute(update(space).values(sum=space.c.sum + 1)))
    with pytest.raises(Unsound):
        world.administration.back_up(world.data.with_name("bad.db"))
    with world.core.reading() as connection:
        assert backups.newest(connection) == 0


def test_a_copy_with_a_damaged_index_is_not_sound(world: World) -> None:
    """Faults F8 and F9: rows and checksums fit, but who signs in would not be found."""
    target = world.data.with_name("one.db")
    world.administration.add_person("Zoé", "zzz-login-zzz")
    world.administration.back_up(target)
    content = target.read_bytes()
    assert content.count(b"zzz-login-zzz") == 2, "in its row and in the index"
    for place in (content.find(b"zzz-login-zzz"), content.rfind(b"zzz-login-zzz")):
        target.write_bytes(content[:place] + b"a" + content[place + 1 :])
        with pytest.raises(Unsound, match="index"):
            backups.verify(target)


def test_a_file_that_is_no_database_is_not_sound(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    path.write_bytes(b"no database at all" * 1000)
    with pytest.raises(Unsound):
        backups.verify(path)
    with pytest.raises(Unsound, match="there is no file"):
        backups.verify(tmp_path / "nowhere.db")
    assert not (tmp_path / "nowhere.db").exists()


@pytest.fixture
def server(tmp_path: Path) -> RunningServer:
    return new_server(tmp_path)


def test_a_backup_overwrites_nothing(server: RunningServer, tmp_path: Path) -> None:
    target = tmp_path / "there.db"
    target.write_bytes(b"mine")
    with pytest.raises(CommandFailed, match="was not overwritten"):
        server.cli("backup", str(target))
    assert target.read_bytes() == b"mine"


def test_a_running_server_is_backed_up_and_not_restored_over(tmp_path: Path) -> None:
    with running_server(tmp_path) as server:
        sample_cohort(server)
        target = tmp_path / "one.db"
        assert server.cli("backup", str(target))["number"] == 1
        assert server.health()["backup"]["number"] == 1
        assert server.cli("check", str(target))["rows"] > 0
        with pytest.raises(CommandFailed, match="A server runs on this folder"):
            server.cli("restore", str(target))
        server.stop()
        assert server.cli("restore", str(target))["rows"] > 0
        server.start()
        assert server.health()["incidents"]["spaces_restored"] == 1


def test_commands_say_what_is_wrong(server: RunningServer) -> None:
    cohort = server.add_cohort("Novembre")
    server.add_person("Inès", "Ines@Example.org")
    with pytest.raises(CommandFailed, match="Somebody has the login ines@"):
        server.add_person("Une autre", "ines@example.org")
    with pytest.raises(CommandFailed, match="Nobody has the login"):
        server.invite("karim@example.org")
    with pytest.raises(CommandFailed, match="No such cohort"):
        server.enrol(bytes(16), "ines@example.org", "learner")
    with pytest.raises(CommandFailed, match="have 1 to 200 characters"):
        server.add_person(" ", "x")
    server.enrol(cohort, "INES@example.org", "learner")
    with pytest.raises(CommandFailed, match="in this cohort already"):
        server.enrol(cohort, "ines@example.org", "trainer")


def test_a_member_who_enters_while_the_server_runs_is_seen_by_the_next_request(tmp_path: Path) -> None:
    with running_server(tmp_path) as server:
        before = server.health()
        sample_cohort(server)
        after = server.health()
    assert (before["people"], after["people"]) == (0, 4)


def test_a_plain_answer_is_a_sentence(server: RunningServer, capsys: pytest.CaptureFixture[str]) -> None:
    server.add_person("Inès", "ines@example.org")
    assert main(["invite", "ines@example.org", "--data", str(server.data)]) == 0
    assert "good once and for 14 days: " in capsys.readouterr().out
    assert main(["check", "--data", str(server.data)]) == 0
    assert capsys.readouterr().out.startswith("Sound: ")

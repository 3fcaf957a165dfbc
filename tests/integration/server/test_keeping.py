"""Backups that are kept in number, restores that are tried first, and keys that are changed: nobody notices."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path

import pytest

from sync.domain.spaces import SpaceType
from sync.protocol.messages import Outcome
from sync.server.key_changes import KEPT, change_seal_key
from sync.server.settings import SECRETS, read_secrets
from sync.server.storage import backups
from tests.integration.server.world import World
from tests.server_fixture import CommandFailed, RunningServer, command, new_server, running_server, sample_cohort


@pytest.fixture
def server(tmp_path: Path) -> RunningServer:
    made = new_server(tmp_path)
    sample_cohort(made)
    return made


def test_a_folder_keeps_the_last_backups_and_nothing_else_of_it_goes(server: RunningServer, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "spoc-notes.txt").write_text("mine")
    made = [Path(server.cli("backup", str(folder), "--keep", "2")["file"]) for _ in range(4)]
    assert sorted(folder.glob("*.db")) == made[-2:]
    assert (folder / "spoc-notes.txt").exists()
    for path in made[-2:]:
        assert backups.verify(path).rows > 0


def test_to_keep_some_needs_a_folder(server: RunningServer, tmp_path: Path) -> None:
    with pytest.raises(CommandFailed, match="--keep needs a folder"):
        server.cli("backup", str(tmp_path / "one.db"), "--keep", "2")


def test_a_restore_is_tried_without_changing_anything_also_while_the_server_runs(tmp_path: Path) -> None:
    with running_server(tmp_path) as server:
        sample_cohort(server)
        target = tmp_path / "one.db"
        server.cli("backup", str(target))
        said = server.cli("restore", str(target), "--check-only")
        assert said["restored"] is False
        assert said["rows"] > 0
        assert server.health()["incidents"]["spaces_restored"] == 0
    damaged = tmp_path / "damaged.db"
    content = bytearray(target.read_bytes())
    content[len(content) // 2 :] = bytes(len(content) - len(content) // 2)
    damaged.write_bytes(content)
    with pytest.raises(CommandFailed, match="Not sound"):
        server.cli("restore", str(damaged), "--check-only")


def test_a_restore_is_read_again_and_says_what_it_holds(server: RunningServer, tmp_path: Path) -> None:
    target = tmp_path / "one.db"
    server.cli("backup", str(target))
    said = server.cli("restore", str(target))
    assert said["restored"] is True
    assert said["verified"] == said["rows"] > 0


def test_a_backup_is_put_only_where_the_secrets_of_its_server_are(server: RunningServer, tmp_path: Path) -> None:
    """Else it would be served as a server that no laptop knows."""
    target, elsewhere = tmp_path / "one.db", tmp_path / "elsewhere"
    server.cli("backup", str(target))
    elsewhere.mkdir(mode=0o700)
    with pytest.raises(CommandFailed, match="a backup holds no secrets"):
        command(elsewhere, "restore", str(target))
    assert list(elsewhere.iterdir()) == []
    other = new_server(tmp_path / "other")
    before = other.cli("check")
    with pytest.raises(CommandFailed, match="belongs to another server"):
        other.cli("restore", str(target))
    assert other.cli("check") == before
    shutil.copy2(server.data / SECRETS, elsewhere)
    assert command(elsewhere, "restore", str(target))["restored"] is True


def test_after_a_change_of_the_key_what_was_told_before_is_believed_and_no_laptop_compares(world: World) -> None:
    ines, here = world.laptop("ines"), world.space(SpaceType.COHORT)
    told = ines.push(here, ines.post("un")).cursor
    world.core.close()
    assert change_seal_key(world.data) == 2
    assert stat.S_IMODE((world.data / SECRETS).stat().st_mode) == 0o600
    world.reopen()
    answer = ines.push(here, ines.post("deux"), claim=told)
    assert answer.outcome is Outcome.DONE
    assert answer.cursor.seal != told.seal
    assert ines.push(here, ines.post("trois"), claim=answer.cursor).outcome is Outcome.DONE


def test_a_key_that_was_stolen_is_believed_no_more(world: World) -> None:
    ines, here = world.laptop("ines"), world.space(SpaceType.COHORT)
    told = ines.push(here, ines.post("un")).cursor
    world.core.close()
    assert change_seal_key(world.data, forget=True) == 1
    world.reopen()
    assert ines.push(here, ines.post("deux"), claim=told).outcome is Outcome.COMPARE
    assert ines.push(here, ines.post("deux")).outcome is Outcome.DONE


def test_the_ring_of_keys_does_not_grow_for_ever(server: RunningServer) -> None:
    believed = [server.cli("new-seal-key")["believed"] for _ in range(KEPT + 3)]
    assert believed[-3:] == [KEPT, KEPT, KEPT]
    assert len(read_secrets(server.data).seal) == KEPT * 32


def test_the_key_of_a_running_server_is_not_changed(tmp_path: Path) -> None:
    with running_server(tmp_path) as server, pytest.raises(CommandFailed, match="A server runs"):
        server.cli("new-seal-key")

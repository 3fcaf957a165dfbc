"""Faults F20, F35, F36 with real laptops' engines and a real server: what a restore lost comes back, once each."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import msgspec
import pytest

from sync.client.steps import Forget
from sync.domain import spaces
from sync.domain.forum import POST, Post
from sync.domain.ids import uuid7
from sync.domain.kind import encode
from tests.contract.server.laptops import Laptop, Now
from tests.server_fixture import RunningServer, SampleCohort


def write(laptop: Laptop, sample: SampleCohort, text: str) -> bytes:
    id_ = uuid7(Now().now(), os.urandom(10))
    laptop.store.create(spaces.cohort(sample.id), POST.number, id_, encode(Post(text=text)))
    return id_


def msgpack(text: str) -> bytes:
    return msgspec.msgpack.encode(text)


def settle(*laptops: Laptop) -> None:
    for _ in range(3):
        for laptop in laptops:
            assert laptop.sync().complete


def snapshot(server: RunningServer) -> Path:
    server.stop()
    target = server.data.with_name("snapshot")
    shutil.copytree(server.data, target)
    server.start()
    return target


def put_back(server: RunningServer, copy: Path) -> None:
    server.stop()
    shutil.rmtree(server.data)
    shutil.copytree(copy, server.data)
    server.start()


def posts_of(laptop: Laptop, sample: SampleCohort) -> list[str]:
    seen = laptop.store.all_seen(spaces.cohort(sample.id)).values()
    return sorted(POST.decode(record.body).text for record in seen if record.kind == POST.number)


def test_a_server_restored_from_yesterdays_backup_has_everything_again_and_tells_it_how_much(
    server: RunningServer, sample: SampleCohort, pair: tuple[Laptop, Laptop], tmp_path: Path
) -> None:
    """Fault F20."""
    ines, sophie = pair
    settle(*pair)
    write(ines, sample, "avant")
    settle(*pair)
    server.cli("backup", str(tmp_path / "yesterday.db"))
    write(ines, sample, "après")
    write(sophie, sample, "après aussi")
    settle(*pair)
    server.stop()
    server.cli("restore", str(tmp_path / "yesterday.db"))
    server.start()
    write(ines, sample, "depuis")
    settle(*pair)
    for laptop in pair:
        assert posts_of(laptop, sample) == ["après", "après aussi", "avant", "depuis"]
    assert server.health()["incidents"]["records_back"] == 2
    assert server.errors().count("records came back from a laptop") == 2
    assert "après" not in server.errors()


def test_a_backup_older_than_the_last_verified_one_loses_nothing_though_no_entry_is_kept_any_more(
    server: RunningServer, sample: SampleCohort, pair: tuple[Laptop, Laptop], tmp_path: Path
) -> None:
    """Rule 8 and the last invariant: what a laptop holds comes back, as it had become; what was deleted stays so."""
    ines, sophie = pair
    settle(*pair)
    forum = spaces.cohort(sample.id)
    edited, deleted = write(ines, sample, "à changer"), write(ines, sample, "à retirer")
    settle(*pair)
    server.cli("backup", str(tmp_path / "older.db"))
    write(ines, sample, "écrit depuis")
    ines.store.edit(forum, edited, {POST.number_of("text"): msgpack("changé depuis")})
    ines.store.delete(forum, deleted)
    write(sophie, sample, "de Sophie")
    settle(*pair)
    server.cli("backup", str(tmp_path / "newer.db"))
    settle(*pair)
    for laptop in pair:
        laptop.store.perform([Forget(Now().now() + 8 * 86_400_000)])
        assert laptop.store.entries() == []
    server.stop()
    server.cli("restore", str(tmp_path / "older.db"))
    server.start()
    ines.sync()
    assert posts_of(ines, sample) == ["changé depuis", "écrit depuis"], "what is Sophie's is hers to offer"
    settle(*pair)
    for laptop in pair:
        assert posts_of(laptop, sample) == ["changé depuis", "de Sophie", "écrit depuis"]
    assert server.health()["incidents"]["records_back"] > 0


def test_a_machine_put_back_with_every_marker_is_found_out_and_has_everything_again(
    server: RunningServer, sample: SampleCohort, pair: tuple[Laptop, Laptop]
) -> None:
    """Fault F35: the copy holds the secrets, the database and the files as they were."""
    ines, sophie = pair
    settle(*pair)
    copy = snapshot(server)
    write(ines, sample, "perdu un moment")
    settle(*pair)
    put_back(server, copy)
    settle(sophie, ines)
    for laptop in pair:
        assert posts_of(laptop, sample) == ["perdu un moment"]
    said = server.health()["incidents"]
    assert (said["spaces_restored"] > 0, said["records_back"]) == (True, 1)


@pytest.mark.parametrize("restored", [False, True], ids=["no restore", "restored between"])
def test_who_loses_access_and_gets_it_again_sends_what_waited_by_itself_and_nothing_twice(
    server: RunningServer, sample: SampleCohort, pair: tuple[Laptop, Laptop], restored: bool
) -> None:
    """Fault F36, before and after a restore of the server."""
    ines, _ = pair
    settle(*pair)
    copy = snapshot(server)
    write(ines, sample, "reçu")
    settle(*pair)
    write(ines, sample, "attendait")
    server.unenrol(sample.id, sample.ines)
    ines.sync()
    assert posts_of(ines, sample) == []
    if restored:
        put_back(server, copy)
    else:
        server.enrol(sample.id, sample.ines, "learner")
    settle(*pair)
    for laptop in pair:
        assert posts_of(laptop, sample) == ["attendait", "reçu"]


def test_nothing_came_back_where_nothing_was_lost(
    server: RunningServer, sample: SampleCohort, pair: tuple[Laptop, Laptop], tmp_path: Path
) -> None:
    ines, _ = pair
    write(ines, sample, "gardé")
    settle(*pair)
    server.cli("backup", str(tmp_path / "now.db"))
    server.stop()
    server.cli("restore", str(tmp_path / "now.db"))
    server.start()
    settle(*pair)
    write(ines, sample, "nouveau")
    settle(*pair)
    assert server.health()["incidents"]["records_back"] == 0

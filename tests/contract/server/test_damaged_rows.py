"""Fault F9 on the server's own disk: a record that turned over is left out, all others come, IT hears of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing

import msgspec
import pytest

from sync.domain import spaces
from sync.domain.forum import POST
from tests.contract.server.laptops import Laptop
from tests.contract.server.test_restored_server import posts_of, settle, write
from tests.server_fixture import CommandFailed, RunningServer, SampleCohort

NO_MESSAGE, ANOTHER_MESSAGE = b"\xc1", b"\x01"
"""Bytes that are no value of msgpack, and a value that is no post."""


def turn(server: RunningServer, bodies: Mapping[bytes, bytes]) -> None:
    """Other bytes lie on the disk of a server that stands still."""
    server.stop()
    with closing(sqlite3.connect(server.data / "server.db")) as database, database:
        for id_, body in bodies.items():
            assert database.execute("UPDATE log SET body = ? WHERE id = ?", (body, id_)).rowcount == 1
    server.start()


def readable(laptop: Laptop, sample: SampleCohort) -> list[str]:
    """What can be shown of a forum, as the pages show it."""
    found = []
    for record in laptop.store.all_seen(spaces.cohort(sample.id)).values():
        if record.kind == POST.number:
            try:
                found.append(POST.decode(record.body).text)
            except msgspec.MsgspecError:
                continue
    return sorted(found)


def test_records_that_turned_over_on_the_servers_disk_keep_no_other_away_and_it_hears_of_them(
    server: RunningServer, sample: SampleCohort, pair: tuple[Laptop, Laptop]
) -> None:
    ines, sophie = pair
    settle(*pair)
    ids = [write(ines, sample, text) for text in ("un", "deux", "trois")]
    ines.sync()
    turn(server, {ids[0]: ANOTHER_MESSAGE, ids[2]: NO_MESSAGE})
    settle(sophie)
    assert readable(sophie, sample) == ["deux"]
    write(sophie, sample, "quatre")
    settle(*pair)
    assert readable(sophie, sample) == ["deux", "quatre"]
    assert posts_of(ines, sample) == ["deux", "quatre", "trois", "un"], "who has them keeps them"
    assert server.health()["incidents"]["damaged"] == 1, "once a day and space"
    (line,) = server.cli("incidents")["incidents"]
    for bad in (ids[0], ids[2]):
        assert bad.hex() in line["detail"]
        with pytest.raises(CommandFailed, match=bad.hex()):
            server.cli("check")

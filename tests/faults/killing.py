"""Many ends of the laptop's program, or of the server, at steps that a seed draws (faults F1 and F2).

`python -m tests.faults.killing --of server --kills 1000 --seed 1`: the exit code says whether nothing was lost and
nothing is there twice. Each life is a fork of this process, so that a start costs no import.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from spoc_desktop.storage.store import LocalStore
from sync.client.http_connection import HttpConnection
from sync.client.http_transport import HttpServer
from sync.domain import spaces
from sync.domain.forum import POST
from sync.domain.revisions import REVISION
from sync.protocol.errors import SyncError
from sync.server.storage import backups
from tests.faults.killed_lives import GAVE_UP, KEY, Life, Server, forked, synchronised, worked
from tests.faults.steps import Fuse
from tests.server_fixture import new_server, sample_cohort

_PASSWORD = "correct horse battery"
_SECONDS = 60
_ROUNDS_TO_AGREE = 4
_WHOLE_LIVES = 5
"""Lives that nothing ends, to learn how many steps one has."""


class Broken(AssertionError):
    """Something was lost, is there twice or does not go on."""


@dataclass
class Play:
    """All that takes part. `standing`: what each post may say now, None where it may be gone."""

    server: Server
    space: bytes
    laptops: list[Path]
    rng: Random
    standing: dict[str, set[str | None]] = field(default_factory=dict)
    lives: int = 0

    def work(self, laptop: Path, fuse: Fuse | None = None, *, fine: bool = True) -> int:
        """Somebody writes and synchronises in a process of its own; how that ended."""
        self.lives += 1
        life = Life(laptop, self.server.address, self.space, self.rng.getrandbits(32), fine)
        return forked(lambda tell: worked(life, tell, fuse), self._heard)

    def _heard(self, said: list[str | None]) -> None:
        """`?`: the person is about to save this; `!`: they saw it saved."""
        mark, id_, text = said
        assert id_ is not None
        before = self.standing.get(id_, {None})
        self.standing[id_] = {*before, text} if mark == "?" else {text}


def kill_laptops(play: Play, kills: int) -> None:
    """One laptop's program is ended again and again, at any step of its writing and synchronising."""
    fuse, done = Fuse(), 0
    whole: dict[bool, list[int]] = {True: [1], False: [1]}
    mine, theirs = play.laptops
    play.server.start()
    while done < kills:
        fine = play.rng.random() < 0.5
        is_killed = len(whole[fine]) > _WHOLE_LIVES
        fuse.set(play.rng.randrange(1, 1 + sum(whole[fine]) // len(whole[fine])) if is_killed else 0)
        code = play.work(mine, fuse, fine=fine)
        if code == 0:
            whole[fine].append(fuse.done)
        elif code == -signal.SIGKILL:
            done += 1
        else:
            raise Broken(f"a life of the program ended with {code}")
        if play.rng.random() < 0.2 and play.work(theirs) != 0:
            raise Broken("the other laptop could not synchronise")


def kill_servers(play: Play, kills: int) -> None:
    """The server is ended again and again, at its start or while laptops push, pull and send files."""
    fuse, server = Fuse(), play.server
    fuse.set(0)
    server.start(fuse)
    begun = fuse.done
    for _ in range(_WHOLE_LIVES):
        play.work(play.rng.choice(play.laptops))
    one = max(1, (fuse.done - begun) // _WHOLE_LIVES)
    server.stop()
    for _ in range(kills):
        at_start = play.rng.random() < 0.1
        fuse.set(play.rng.randrange(1, begun) if at_start else begun + play.rng.randrange(1, 3 * one))
        server.start(fuse)
        while not server.has_ended():
            if play.work(play.rng.choice(play.laptops)) not in (0, GAVE_UP):
                raise Broken("a laptop ended otherwise than by a sync that gave up")
        if server.code != -signal.SIGKILL:
            raise Broken(f"the server ended with {server.code}")
    server.start()


def check(play: Play, folder: Path) -> str:
    """What has to hold when nothing is killed any more; a line about what was played."""
    fresh = folder / "fresh" / "store.db"
    _join(play.server, fresh, "ines@example.org")
    for path in (*play.laptops, *play.laptops, fresh):
        if forked(lambda _, path=path: synchronised(path, play.server.address)) != 0:  # type: ignore[misc]
            raise Broken(f"{path.parent.name} does not go on")
    texts = [_read(path, play.space) for path in (*play.laptops, fresh)]
    if any(each != texts[0] for each in texts):
        raise Broken("the laptops do not agree")
    for id_, allowed in play.standing.items():
        if texts[0].get(id_) not in allowed:
            raise Broken(f"{id_} says {texts[0].get(id_)!r}, it was seen saved as {allowed}")
    if texts[0].keys() - play.standing.keys():
        raise Broken("something is there that nobody wrote")
    play.server.stop()
    backups.verify(play.server.data / "server.db")
    return f"{play.lives} lives of laptops, {len(texts[0])} messages stand"


def _read(path: Path, space: bytes) -> dict[str, str]:
    """What a laptop shows, once nothing waits in it and all files are there."""
    with LocalStore.open(path, KEY) as store:
        store.check()
        posts = store.view(POST, space)
        if store.counts() != (0, 0, 0) or store.files_wanted():
            raise Broken(f"{path.parent.name}: {store.counts()}, {len(store.files_wanted())} files did not come")
        if any(store.files.read(file.sha256) is None for seen in posts for file in seen.body.files):
            raise Broken(f"{path.parent.name}: a file is not what its name says")
        if store.view(REVISION, space):
            raise Broken("a change was done twice: it overtook itself")
        return {seen.id.hex(): seen.body.text for seen in posts}


def _join(server: Server, path: Path, login: str) -> None:
    line = HttpServer(HttpConnection(server.address))
    try:
        session = line.join(server.made.invite(login), _PASSWORD, path.parent.name)
    except SyncError:
        session = line.login(login, _PASSWORD, path.parent.name)
    with LocalStore.create(path, KEY, server=session.server, person=session.person) as store:
        store.keep_login(session)


KILLING: dict[str, Callable[[Play, int], None]] = {"laptop": kill_laptops, "server": kill_servers}


def play_all(folder: Path, of: str, kills: int, seed: int) -> str:
    """Play it; what was played. Broken when it does not hold."""
    made = new_server(folder)
    sample = sample_cohort(made)
    server = Server(made)
    laptops = [folder / name / "store.db" for name in ("ines", "karim")]
    server.start()
    for path, login in zip(laptops, (sample.ines, sample.karim), strict=True):
        _join(server, path, login)
    server.stop()
    play = Play(server, spaces.cohort(sample.id), laptops, Random(seed))  # noqa: S311  # a seed makes the run again
    try:
        KILLING[of](play, kills)
        return check(play, folder)
    finally:
        server.stop()


def main() -> int:
    """Play it and say what was played."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.killing")
    parser.add_argument("--of", choices=list(KILLING), required=True)
    parser.add_argument("--kills", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="spoc-kills-") as folder:
        try:
            said = play_all(Path(folder), asked.of, asked.kills, asked.seed)
        except Broken as broken:
            sys.stdout.write(f"--of {asked.of} --kills {asked.kills} --seed {asked.seed}: {broken}\n")
            return 1
    sys.stdout.write(f"seed {asked.seed}: {asked.kills} kills of the {asked.of}, {said}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""Laptops of several people in one test: each has its own home, reaches the real server through a wire of its own."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from spoc_desktop import paths
from spoc_desktop.interchange.course_folder import CourseText
from spoc_desktop.interchange.course_folder_writing import write_folder
from spoc_desktop.services.accounts import Accounts
from spoc_desktop.services.workplace import Workplace
from tests.server_fixture import COURSE, ROOT, RunningServer, SampleCohort, running_server, sample_cohort
from tests.unit.services.classroom import drafts
from tools.relay import Wire

PASSWORD = "un mot de passe de test"


@contextmanager
def home(folder: Path) -> Iterator[None]:
    """Let the program's folders be those of one laptop."""
    before = os.environ.get(paths.HOME_VARIABLE)
    os.environ[paths.HOME_VARIABLE] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ[paths.HOME_VARIABLE]
        else:
            os.environ[paths.HOME_VARIABLE] = before


@dataclass
class Laptop:
    """One person's laptop. `wire` leads to the server and can be cut."""

    folder: Path
    wire: Wire
    login: str
    passphrase: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    opened: list[Workplace] = field(default_factory=list)

    def join(self, code: str) -> Workplace:
        """Accept an invitation and fetch everything."""
        with home(self.folder):
            entered = Accounts().join(self.wire.address, code, PASSWORD, device="test", passphrase=self.passphrase)
        assert entered.recovery_code
        self.opened.append(entered.workplace)
        assert entered.workplace.syncing.sync_now() is None
        return entered.workplace

    def open(self) -> Workplace:
        """Open the store, as a new start of the program does."""
        with home(self.folder):
            accounts = Accounts()
            workplace = accounts.open(accounts.find(""), self.passphrase)
        self.opened.append(workplace)
        return workplace

    def shut(self) -> None:
        """Close what is open."""
        while self.opened:
            self.opened.pop().close()

    def spoc(self, *words: str, secrets_: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
        """Run the laptop's command line; each secret goes down a pipe whose option is `--…-fd` in `words`."""
        pipes = [_pipe(secret) for secret in secrets_]
        filled = [word.format(*pipes) for word in words]
        try:
            return subprocess.run(
                [sys.executable, "-m", "spoc_desktop.cli", *filled],
                cwd=ROOT,
                env=os.environ | {paths.HOME_VARIABLE: str(self.folder)},
                pass_fds=pipes,
                capture_output=True,
                text=True,
                check=False,
                timeout=120,
            )
        finally:
            for pipe in pipes:
                os.close(pipe)


def _pipe(secret: str) -> int:
    read, write = os.pipe()
    os.write(write, secret.encode())
    os.close(write)
    return read


@dataclass
class School:
    """A server with people and a published course of two weeks that are both open."""

    server: RunningServer
    sample: SampleCohort
    folder: Path
    laptops: list[Laptop] = field(default_factory=list)

    def laptop(self, login: str, word: str = "") -> Laptop:
        """A new laptop for somebody."""
        made = Laptop(self.folder / f"laptop-{login}{word}", Wire(self.server.port), login)
        self.laptops.append(made)
        return made

    def joined(self, login: str) -> tuple[Laptop, Workplace]:
        """A laptop whose person has joined and has everything."""
        laptop = self.laptop(login)
        return laptop, laptop.join(self.server.invite(login))

    def course_folder(self) -> Path:
        """A course folder as an author writes it."""
        folder = self.folder / "course"
        if not folder.exists():
            course, lessons, quizzes = drafts()
            write_folder(CourseText(COURSE, course, lessons, quizzes), folder)
        return folder

    def publish(self) -> None:
        """Let Paul, the author, bring the course folder to the server."""
        laptop = self.laptop(self.sample.paul)
        joined = laptop.spoc(
            *("join", "--server", laptop.wire.address, "--code", self.server.invite(self.sample.paul)),
            *("--password-fd", "{0}", "--passphrase-fd", "{1}"),
            secrets_=(PASSWORD, laptop.passphrase),
        )
        assert joined.returncode == 0, joined.stderr
        folder = str(self.course_folder())
        done = laptop.spoc("import", folder, "--passphrase-fd", "{0}", secrets_=(laptop.passphrase,))
        assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def school(folder: Path, *options: str, published: bool = True) -> Iterator[School]:
    """A running school; laptops, wires and server end with the block."""
    with running_server(folder, *options) as server:
        sample = sample_cohort(server)
        two_weeks = server.add_cohort("Promotion d'automne", starts=str(date.today() - timedelta(days=8)), weeks=2)  # noqa: DTZ011 - the machine's own day, as the command takes it
        for login, part in ((sample.ines, "learner"), (sample.karim, "learner"), (sample.sophie, "trainer")):
            server.unenrol(sample.id, login)
            server.enrol(two_weeks, login, part)
        made = School(server, SampleCohort(two_weeks, COURSE), folder)
        try:
            if published:
                made.publish()
            yield made
        finally:
            for laptop in made.laptops:
                laptop.shut()
                laptop.wire.cut()

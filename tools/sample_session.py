"""The sample session: a server with a course, a trainer and a dozen learners who are at different places of it.

The demo and the guided tour make it anew in a temporary folder. Course and answers go the way of everybody: the
author's `spoc import`, each learner's own client. Only people, cohort and invitations come from the server's commands.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import secrets
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sync.domain.spaces import SpaceType, type_of
from sync.server.cli import main as server_command

ROOT = Path(__file__).resolve().parents[1]
SAMPLE_COURSE = ROOT / "resources" / "sample_course"
ORGANISATION = "Ateliers du Rhône"
_SECONDS_TO_END = 15
_ONE_AT_A_TIME = threading.Lock()
"""What a command prints is caught by standing in for the whole program's output."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the sample. `done`: share of what is open that they did; `right`: share of right answers.

    Somebody with `done` 0 was invited and never came. `tries`: how often they take each quiz. `days_ago`: when they
    worked, by their own laptop's clock.
    """

    name: str
    login: str
    done: float = 0.0
    right: float = 0.8
    tries: int = 1
    days_ago: int = 0


TRAINER = Person("Claire Delmas", "claire.delmas@ateliers-rhone.example")
LEARNER = Person("Nadia Benali", "nadia.benali@ateliers-rhone.example", 0.57, 0.8)
SECOND_LEARNER = Person("Karim Ouali", "karim.ouali@ateliers-rhone.example", 0.7, 0.7)
OTHERS = (
    Person("Sophie Lemoine", "sophie.lemoine@ateliers-rhone.example", 1.0, 1.0, days_ago=1),
    Person("Thomas Girard", "thomas.girard@ateliers-rhone.example", 0.9, 0.8),
    Person("Mathilde Roux", "mathilde.roux@ateliers-rhone.example", 0.96, 0.9),
    Person("Paul Nguyen", "paul.nguyen@ateliers-rhone.example", 0.8, 0.7),
    Person("Léa Fontaine", "lea.fontaine@ateliers-rhone.example", 0.75, 0.9),
    Person("Inès Moreau", "ines.moreau@ateliers-rhone.example", 0.45, 0.6, days_ago=6),
    Person("Yann Le Goff", "yann.legoff@ateliers-rhone.example", 0.5, 0.75),
    Person("Hugo Martel", "hugo.martel@ateliers-rhone.example", 0.85, 0.65),
    Person("Amélie Caron", "amelie.caron@ateliers-rhone.example", 0.25, 0.2, tries=3),
    Person("Julien Prost", "julien.prost@ateliers-rhone.example"),
)
PEOPLE = (TRAINER, LEARNER, SECOND_LEARNER, *OTHERS)


@dataclass
class SampleServer:
    """The central server of the sample, a process of its own. It keeps its port when it is started again."""

    data: Path
    port: int = 0
    cohort: bytes = b""
    people: dict[str, bytes] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    """Invitation codes that nobody has used yet, by login."""
    _process: subprocess.Popen[str] | None = None

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def process_id(self) -> int:
        """The id of its process; 0 while it is stopped."""
        return self._process.pid if self._process else 0

    def command(self, *words: str) -> dict[str, Any]:
        """Run one command of the server's command line and give what it says. RuntimeError when it says no."""
        out, err = io.StringIO(), io.StringIO()
        with _ONE_AT_A_TIME, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = server_command([*words, "--data", str(self.data), "--json"])
        if code:
            raise RuntimeError(err.getvalue())
        found: dict[str, Any] = json.loads(out.getvalue())
        return found

    def invite(self, person: Person) -> str:
        """An invitation code: the one that the list of people brought, else a new one."""
        return self.codes.pop(person.login, "") or str(self.command("invite", person.login)["code"])

    def bring_in(self, people: Sequence[Person], cohort: str) -> dict[str, int]:
        """Make people and their places by a list, as IT does (`spoc-server import`). What became of the rows."""
        wanted, codes = self.data / "people.csv", self.data / "codes.csv"
        lines = [("login", "nom", "rôle"), *((one.login, one.name, _role(one)) for one in people)]
        wanted.write_text("".join(";".join(line) + "\n" for line in lines), "utf-8")
        counts: dict[str, int] = self.command("import", str(wanted), "--cohort", cohort, "--codes", str(codes))[
            "counts"
        ]
        with codes.open(encoding="utf-8-sig", newline="") as file:
            self.codes |= {row["login"]: row["code"] for row in csv.DictReader(file, delimiter=";")}
        for path in (wanted, codes):
            path.unlink()
        with self.looked_into() as database:
            self.people |= dict(database.execute("SELECT login, id FROM person").fetchall())
        return counts

    @contextmanager
    def looked_into(self) -> Iterator[sqlite3.Connection]:
        """The server's database, to read what no command of it tells."""
        (path,) = self.data.glob("*.db")
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            yield database

    def spaces_with(self, words: str) -> set[SpaceType]:
        """In the spaces of which types these words stand, in any record or overtaken text of the server."""
        asked = "SELECT space.id, log.body FROM log JOIN space ON space.no = log.space_no"
        with self.looked_into() as database:
            return {type_of(id_) for id_, body in database.execute(asked) if words.encode() in body}

    def requests(self) -> list[dict[str, Any]]:
        """The request log: when, what, which device; no personal data."""
        log = self.data / "requests.jsonl"
        return [json.loads(line) for line in log.read_text("utf-8").splitlines()] if log.exists() else []

    def start(self) -> None:
        """Start the process and wait until it takes connections."""
        words = ["--data", str(self.data), "--port", str(self.port), "--json"]
        words += ["--request-log", str(self.data / "requests.jsonl")]
        with (self.data / "errors.log").open("ab") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "sync.server", "serve", *words],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        said = self._process.stdout.readline() if self._process.stdout else ""
        if not said:
            raise RuntimeError((self.data / "errors.log").read_text("utf-8"))
        self.port = int(json.loads(said)["url"].rpartition(":")[2])

    def stop(self) -> None:
        """End the process as IT would."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()


@dataclass
class Laptop:
    """A laptop's home folder and the people of it. Passwords and passphrases are random and go down pipes."""

    home: Path
    server_address: str
    passphrases: dict[str, str] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)

    def join(self, server: SampleServer, person: Person) -> None:
        """Accept an invitation with the laptop's own command line."""
        hex_ = server.people[person.login].hex()
        self.passphrases[hex_], self.passwords[hex_] = secrets.token_urlsafe(18), secrets.token_urlsafe(18)
        words = ("join", "--server", self.server_address, "--code", server.invite(person), "--device", self.home.name)
        self.spoc(*words, secrets_={"password": self.passwords[hex_], "passphrase": self.passphrases[hex_]})

    def spoc(self, *words: str, secrets_: dict[str, str]) -> str:
        """Run one command of `spoc` here and give what it prints. RuntimeError when it does not end well."""
        pipes = {name: pipe_with(secret) for name, secret in secrets_.items()}
        options = [word for name, pipe in pipes.items() for word in (f"--{name}-fd", str(pipe))]
        try:
            done = subprocess.run(
                [sys.executable, "-m", "spoc_desktop.cli", *words, *options],
                cwd=ROOT,
                env=os.environ | {"SPOC_HOME": str(self.home)},
                pass_fds=tuple(pipes.values()),
                capture_output=True,
                text=True,
                check=False,
            )
        finally:
            for pipe in pipes.values():
                os.close(pipe)
        if done.returncode:
            raise RuntimeError(f"spoc {words[0]}: {done.stdout}{done.stderr}")
        return done.stdout


def _role(person: Person) -> str:
    return "formatrice" if person is TRAINER else "apprenant"


def pipe_with(text: str) -> int:
    """The reading end of a pipe that holds a short text, to be inherited by a process."""
    read, write = os.pipe()
    os.write(write, text.encode())
    os.close(write)
    return read


def make_server(folder: Path, course_id: bytes, weeks: int, people: Sequence[Person] = PEOPLE) -> SampleServer:
    """A server whose session is in its last week, so that every module is open; not started yet."""
    server = SampleServer(folder)
    server.command("init", "--organisation", ORGANISATION)
    today = date.today()  # noqa: DTZ011 - the machine's own day, as the server's command takes it
    monday = today - timedelta(days=today.weekday() + 7 * (weeks - 1))
    words = ("--course", str(UUID(bytes=course_id)), "--starts", monday.isoformat(), "--weeks", str(weeks))
    server.cohort = bytes.fromhex(server.command("cohort", "add", "Promotion d’automne", *words)["cohort"])
    server.bring_in(people, str(UUID(bytes=server.cohort)))
    server.command("author", str(UUID(bytes=course_id)), TRAINER.login)
    server.command("backup", str(folder / "first.backup"))
    return server


def publish(server: SampleServer, laptop: Laptop, course: Path = SAMPLE_COURSE) -> str:
    """Let the trainer, who is the course's author, bring the course folder to the server with `spoc import`."""
    passphrase = laptop.passphrases[server.people[TRAINER.login].hex()]
    return laptop.spoc("import", str(course), "--person", TRAINER.login, secrets_={"passphrase": passphrase})


@contextmanager
def sample_session(folder: Path, course: Path = SAMPLE_COURSE) -> Iterator[tuple[SampleServer, Laptop]]:
    """A running server with the published course, and a laptop on which the trainer has joined."""
    from spoc_desktop.interchange.course_folder import Refused, read_folder

    read = read_folder(course)
    if isinstance(read, Refused):
        raise TypeError(f"the sample course has problems: {read.problems}")
    weeks = max(module.week for module in read.text.course.modules)
    server = make_server(folder / "server", read.text.course_id, weeks)
    server.start()
    try:
        laptop = Laptop(folder / "laptop", server.address)
        laptop.join(server, TRAINER)
        publish(server, laptop, course)
        yield server, laptop
    finally:
        server.stop()

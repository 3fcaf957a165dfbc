"""A real server for tests: a process of its own on a free loopback port, with people made by its command line.

`with running_server(tmp_path) as server:` gives a `RunningServer`; `sample_cohort(server)` fills it. Commands run in
the test's process, which is quick and is the same code; the server sees them at its next request.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import urlopen
from uuid import UUID

from sync.domain.ids import CohortId, CourseId, PersonId
from sync.server.cli import main

ROOT = Path(__file__).resolve().parents[1]
COURSE = CourseId(bytes.fromhex("0192f0c0aaaa7000800000000000c0de"))
SECONDS_TO_END = 20


class CommandFailed(AssertionError):
    """A command of the server said no; `said` is its sentence."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


def command(data: Path, *words: str) -> dict[str, Any]:
    """Run one command of the server on its folder and give what it prints as JSON. CommandFailed when it says no."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main([*words, "--data", str(data), "--json"])
    if code != 0:
        raise CommandFailed(err.getvalue())
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


@dataclass
class RunningServer:
    """A server on its folder. `address` is where it listens; it keeps its port when it is started again."""

    data: Path
    options: tuple[str, ...] = ()
    port: int = 0
    address: str = ""
    process: subprocess.Popen[str] | None = None
    id: bytes = b""
    people: dict[str, PersonId] = field(default_factory=dict)

    def cli(self, *words: str) -> dict[str, Any]:
        """Run a command: `server.cli("invite", "ana@example.org")["code"]`."""
        return command(self.data, *words)

    @property
    def request_log(self) -> Path:
        """One line of JSON a request."""
        return self.data / "requests.jsonl"

    def requests(self) -> list[dict[str, Any]]:
        """What was asked of the server so far."""
        if not self.request_log.exists():
            return []
        return [json.loads(line) for line in self.request_log.read_text("utf-8").splitlines()]

    def health(self) -> dict[str, Any]:
        """What `/health` says."""
        with urlopen(f"{self.address}/health", timeout=10) as answer:  # noqa: S310  # loopback
            found: dict[str, Any] = json.load(answer)
        return found

    def start(self, checkpoint: str = "", options: Sequence[str] = ()) -> None:
        """Start the process and wait until it takes connections. `checkpoint`: see sync/server/checkpoints.py."""
        words = ["serve", "--data", str(self.data), "--port", str(self.port), "--json", *self.options, *options]
        words += ["--request-log", str(self.request_log)]
        with (self.data / "errors.log").open("ab") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "sync.server", *words],
                cwd=ROOT,
                env=os.environ | {"SPOC_CHECKPOINT": checkpoint},
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        if self.process.stdout is None:
            raise RuntimeError("the server's output is not there")
        said = self.process.stdout.readline()
        if not said:
            self.wait()
            raise CommandFailed(self.errors())
        self.address = json.loads(said)["url"]
        self.port = int(self.address.rpartition(":")[2])

    def stop(self) -> None:
        """End it as IT would."""
        self._end(kill=False)

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end(kill=True)

    def wait(self) -> int:
        """Wait until it has ended by itself; its return code."""
        process, self.process = self.process, None
        if process is None:
            return 0
        code = process.wait(SECONDS_TO_END)
        if process.stdout is not None:
            process.stdout.close()
        return code

    def errors(self) -> str:
        """What it logged."""
        return (self.data / "errors.log").read_text("utf-8")

    def add_person(self, name: str, login: str) -> PersonId:
        """A person who has not joined yet."""
        self.people[login] = PersonId(bytes.fromhex(self.cli("person", "add", name, login)["person"]))
        return self.people[login]

    def invite(self, login: str) -> str:
        """An invitation code for a person."""
        return str(self.cli("invite", login)["code"])

    def add_cohort(self, title: str, course: bytes = COURSE, starts: str = "2026-11-23", weeks: int = 8) -> CohortId:
        """A cohort of a course."""
        words = ("--course", str(UUID(bytes=course)), "--starts", starts, "--weeks", str(weeks))
        return CohortId(bytes.fromhex(self.cli("cohort", "add", title, *words)["cohort"]))

    def enrol(self, cohort: bytes, login: str, part: str) -> None:
        """A place in a cohort, as `learner` or `trainer`."""
        self.cli("enrol", str(UUID(bytes=cohort)), login, "--as", part)

    def unenrol(self, cohort: bytes, login: str) -> None:
        """The end of a place in a cohort."""
        self.cli("unenrol", str(UUID(bytes=cohort)), login)

    def make_author(self, login: str, course: bytes = COURSE) -> None:
        """Let a person write a course."""
        self.cli("author", str(UUID(bytes=course)), login)

    def _end(self, *, kill: bool) -> None:
        if self.process is not None:
            if kill:
                self.process.kill()
            else:
                self.process.terminate()
            self.wait()


@dataclass(frozen=True)
class SampleCohort:
    """A cohort with two learners, Inès and Karim, a trainer, Sophie, and an author, Paul. Nobody has joined yet."""

    id: CohortId
    course: CourseId
    ines: str = "ines@example.org"
    karim: str = "karim@example.org"
    sophie: str = "sophie@example.org"
    paul: str = "paul@example.org"


def new_server(folder: Path, *options: str, database: str = "") -> RunningServer:
    """A server that was initialised and not started yet; `database` is an address where it is not a file."""
    data = folder / "server"
    made = command(data, "init", "--organisation", "Organisme Exemple", *(("--database", database) if database else ()))
    return RunningServer(data, options, id=bytes.fromhex(made["server"]))


@contextmanager
def running_server(folder: Path, *options: str, checkpoint: str = "", database: str = "") -> Iterator[RunningServer]:
    """A server that runs for the time of the block; `options` are those of `serve`."""
    server = new_server(folder, *options, database=database)
    server.start(checkpoint)
    try:
        yield server
    finally:
        server.stop()


def sample_cohort(server: RunningServer) -> SampleCohort:
    """Make the sample people and enrol them; works before and while the server runs."""
    sample = SampleCohort(server.add_cohort("Promotion de novembre"), COURSE)
    for name, login in (
        ("Inès", sample.ines),
        ("Karim", sample.karim),
        ("Sophie", sample.sophie),
        ("Paul", sample.paul),
    ):
        server.add_person(name, login)
    server.enrol(sample.id, sample.ines, "learner")
    server.enrol(sample.id, sample.karim, "learner")
    server.enrol(sample.id, sample.sophie, "trainer")
    server.make_author(sample.paul)
    return sample

"""What every command shares: where the server's folder is, what is printed, how a subject registers its commands."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from sync.domain.ids import CohortId
from sync.server.accounts import enrolling
from sync.server.administration import Administration
from sync.server.core import Core, opened
from sync.server.settings import Settings

FOLDER = "SPOC_SERVER_DATA"
"""The variable that names the server's folder where `--data` does not."""
WHICH_COHORT = "its title or its id: see `cohort list`"


class Output:
    """Prints results: one sentence or a list, or one line of JSON."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json

    def say(self, sentence: str, **facts: Any) -> None:
        """Say what was done, in words or as JSON."""
        print(json.dumps(facts) if self._as_json else sentence, flush=True)

    def warn(self, sentence: str) -> None:
        """Say what somebody has to look at, beside the answer."""
        print(sentence, file=sys.stderr, flush=True)


Run = Callable[[argparse.Namespace, Output], bool | None]
"""A command. False: not everything could be done, and it said what; the exit code is 1."""


class Commands:
    """Where a subject registers its commands. Those of a group are called `GROUP NAME`."""

    def __init__(self, parsers: "argparse._SubParsersAction[argparse.ArgumentParser]", *, listed: bool) -> None:
        self._parsers = parsers
        self._listed = listed
        self.lines: list[tuple[str, str]] = []

    def command(self, name: str, run: Run, help_: str, more: str = "") -> argparse.ArgumentParser:
        """A command: `help_` is its line, `more` what its own --help adds."""
        made = self._add(name, help_, f"{help_[0].upper()}{help_[1:]}. {more}".strip())
        made.add_argument(
            "--data",
            type=Path,
            required=FOLDER not in os.environ,
            default=Path(os.environ.get(FOLDER, "")),
            metavar="FOLDER",
            help=f"the server's folder (or the variable {FOLDER})",
        )
        made.add_argument("--json", action="store_true", help="print one line of JSON, for scripts")
        made.set_defaults(command=run)
        return made

    def group(self, name: str, help_: str) -> "Commands":
        """Commands that begin with the same word."""
        made = self._add(name, help_, "")
        return Commands(made.add_subparsers(required=True, metavar="COMMAND", title="commands"), listed=True)

    def _add(self, name: str, help_: str, description: str) -> argparse.ArgumentParser:
        self.lines.append((name, help_))
        if self._listed:
            return self._parsers.add_parser(name, help=help_, description=description)
        return self._parsers.add_parser(name, description=description)


class Subject(NamedTuple):
    """Commands that belong together, and the sentences for what can go wrong in them ({} is the error's own text)."""

    title: str
    register: Callable[[Commands], None]
    troubles: Mapping[type[Exception], str]


def settings_of(asked: argparse.Namespace) -> Settings:
    """The settings of the server that a command is about."""
    return Settings(asked.data)


@contextmanager
def core_of(asked: argparse.Namespace) -> Iterator[Core]:
    """The server that a command is about, for the time of the command."""
    with opened(settings_of(asked)) as core:
        yield core


@contextmanager
def administration_of(asked: argparse.Namespace) -> Iterator[Administration]:
    """What IT does with that server."""
    with core_of(asked) as core:
        yield Administration(core)


def cohort_named(core: Core, written: str) -> CohortId:
    """The cohort that a command names by its title or its id, as `cohort list` shows them.

    UnknownCohort, SeveralCohorts.
    """
    with core.reading() as connection:
        return enrolling.find_cohort(connection, written)


def identifier(text: str) -> bytes:
    """An id as it is typed: with or without dashes."""
    try:
        return UUID(text).bytes
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text} is no id: an id has 32 digits and letters from a to f (see `device list`; that of a course "
            "stands at the head of its course.md)"
        ) from None


def instant(text: str) -> datetime:
    """A day or an instant; without an offset it is this computer's local time."""
    try:
        return datetime.fromisoformat(text).astimezone()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no day: write 2026-11-30, or 2026-11-30T08:30") from None

"""Cohorts, and who has a place in them."""

import argparse
from uuid import UUID

from sync.domain.cohorts import WEEK_MS, Part
from sync.domain.ids import CourseId
from sync.server.accounts import overview
from sync.server.accounts.enrolling import BothParts, SeveralCohorts, UnknownCohort
from sync.server.cli.desk import (
    WHICH_COHORT,
    Commands,
    Output,
    Subject,
    administration_of,
    cohort_named,
    core_of,
    identifier,
    instant,
)
from sync.server.cli.telling import day, table

_PARTS = {"learner": Part.LEARNER, "trainer": Part.TRAINER}


class BadSpan(ValueError):
    """A cohort that would end before it begins."""


def _add(asked: argparse.Namespace, out: Output) -> None:
    starts = int(asked.starts.timestamp() * 1000)
    ends = starts + asked.weeks * WEEK_MS if asked.ends is None else int(asked.ends.timestamp() * 1000)
    if ends <= starts:
        raise BadSpan
    with administration_of(asked) as administration:
        made = administration.add_cohort(asked.title, CourseId(asked.course), starts, ends)
    out.say(f"Cohort {asked.title}: {UUID(bytes=made)}", cohort=made.hex())


def _list(asked: argparse.Namespace, out: Output) -> None:
    with core_of(asked) as core, core.reading() as connection:
        found = overview.cohorts(connection)
    rows = [
        (
            str(UUID(bytes=line.id)),
            day(line.starts),
            day(line.ends),
            f"{line.learners}+{line.trainers}",
            line.title,
        )
        for line in found
    ]
    told = [line._asdict() | {"id": line.id.hex(), "course": line.course.hex()} for line in found]
    heads = ("cohort", "starts", "ends", "people", "title")
    out.say(table(heads, rows, "There is no cohort."), cohorts=told)


def _close(asked: argparse.Namespace, out: Output) -> None:
    with administration_of(asked) as administration:
        cohort = cohort_named(administration.core, asked.cohort)
        administration.close_cohort(cohort)
    out.say(
        f"The cohort {asked.cohort} has ended. Its people keep reading it, and what they did on their "
        "laptops before still arrives.",
        closed=cohort.hex(),
    )


def _enrol(asked: argparse.Namespace, out: Output) -> None:
    with administration_of(asked) as administration:
        administration.enrol(cohort_named(administration.core, asked.cohort), asked.login, _PARTS[asked.part])
    out.say(f"{asked.login} enrolled as {asked.part}.", enrolled=asked.login)


def _unenrol(asked: argparse.Namespace, out: Output) -> None:
    with administration_of(asked) as administration:
        administration.unenrol(cohort_named(administration.core, asked.cohort), asked.login)
    out.say(f"{asked.login} is no longer enrolled.", unenrolled=asked.login)


def _register(commands: Commands) -> None:
    cohort = commands.group("cohort", "add, list, close a cohort")
    adding = cohort.command("add", _add, "add a cohort of a course")
    adding.add_argument("title")
    adding.add_argument("--course", type=identifier, required=True, help="its id, at the head of its course.md")
    adding.add_argument("--starts", type=instant, required=True, help="2026-11-30, or with a time")
    span = adding.add_mutually_exclusive_group(required=True)
    span.add_argument("--weeks", type=int, default=0)
    span.add_argument("--ends", type=instant, help="the day or instant at which it ends")
    cohort.command("list", _list, "list cohorts; people: learners + trainers")
    kept = "Nobody loses anything: it is read on. `unenrol` takes somebody's place away."
    cohort.command("close", _close, "let a cohort end now", kept).add_argument("cohort", help=WHICH_COHORT)
    enrol = commands.command("enrol", _enrol, "give somebody a place in a cohort")
    enrol.add_argument("cohort", help=WHICH_COHORT)
    enrol.add_argument("login")
    enrol.add_argument("--as", dest="part", choices=sorted(_PARTS), required=True)
    unenrol = commands.command("unenrol", _unenrol, "end somebody's place in a cohort")
    unenrol.add_argument("cohort", help=WHICH_COHORT)
    unenrol.add_argument("login")


SUBJECT = Subject(
    "Cohorts",
    _register,
    {
        UnknownCohort: "No such cohort: {}. See `cohort list`.",
        SeveralCohorts: "Several cohorts are called {}: give the id, see `cohort list`. Nothing was done.",
        BothParts: "{} is in this cohort already, in the other part.",
        BadSpan: "A cohort ends after it begins: say --weeks, or --ends with a later day than --starts. Nothing was "
        "done.",
    },
)

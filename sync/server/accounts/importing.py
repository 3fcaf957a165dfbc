"""Doing what IT's list of people asks for: a row is done whole or not at all, and each says what became of it."""

import csv
import os
from collections.abc import Callable, Sequence
from enum import Enum
from functools import partial
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, select

from sync.domain.cohorts import Part
from sync.domain.ids import CohortId, CourseId
from sync.protocol.limits import MAX_NAME
from sync.server.accounts import enrolling, invitations, people
from sync.server.accounts.enrolling import BothParts, SeveralCohorts, UnknownCohort
from sync.server.accounts.people import BadName, Person
from sync.server.accounts.people_file import Bad, Role, Wanted
from sync.server.core import Core
from sync.server.storage.schema import authorship, cohort, enrolment

CHUNK = 200
"""Rows in one transaction: laptops do not wait long for the writer."""
_FORMULA = ("=", "+", "-", "@")
_PARTS = {Role.LEARNER: Part.LEARNER, Role.TRAINER: Part.TRAINER}

Invited = Callable[[Connection, Person, str], None]
"""Hears of somebody who is invited and of their code, in the transaction that makes it good; it may be done again."""


class What(Enum):
    """What became of a row. CREATED: a new person. ADDED: known already, a new place. THERE: nothing to do."""

    CREATED = "created"
    ADDED = "added"
    THERE = "already there"
    REFUSED = "refused"


class Outcome(NamedTuple):
    """A line of the report."""

    line: int
    login: str
    what: What
    reason: str = ""


class Code(NamedTuple):
    """Somebody who was invited, and the code that lets them in once."""

    who: Person
    code: str


class _Done(NamedTuple):
    """What a transaction did: it counts once the transaction is committed."""

    outcomes: list[Outcome]
    codes: list[Code]


class _Refused(Exception):
    """A row that cannot be done; its text is the reason."""


class _OnlyTried(Exception):
    """Everything was tried, nothing is kept."""


class CodeSheet:
    """The invitation codes in a file that only its owner reads. FileExistsError rather than overwriting.

    It is made at the first code. Codes are in it once they are good: who is killed in between has people without a
    code, who are invited one by one.
    """

    def __init__(self, path: Path) -> None:
        if path.exists():
            raise FileExistsError(str(path))
        self.path = path
        self.codes = 0

    def add(self, codes: Sequence[Code]) -> None:
        """Write a line each. Cells that a spreadsheet would run as a formula begin with an apostrophe (attack A20)."""
        if not codes:
            return
        flags = os.O_WRONLY | os.O_APPEND | (0 if self.codes else os.O_CREAT | os.O_EXCL)
        with os.fdopen(os.open(self.path, flags, 0o600), "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter=";")
            if not self.codes:
                file.write("\ufeff")
                writer.writerow(("login", "name", "code"))
            for who, code in codes:
                writer.writerow([_harmless(cell) for cell in (who.login, who.name, code)])
        self.codes += len(codes)


def bring_in(
    core: Core, rows: Sequence[Wanted | Bad], default: str, sheet: CodeSheet, invited: Invited | None = None
) -> list[Outcome]:
    """Do each row; who is new is invited, and their code written into the sheet once it is good.

    `default` is the id or title of the cohort of rows that name none.
    """
    found: list[Outcome] = []
    for start in range(0, len(rows), CHUNK):
        some = rows[start : start + CHUNK]
        done = core.writer.run(partial(_do, core, some, default, invited))
        sheet.add(done.codes)
        found += done.outcomes
    return found


def try_out(core: Core, rows: Sequence[Wanted | Bad], default: str) -> list[Outcome]:
    """What `bring_in` would say, with nothing done."""
    found: list[Outcome] = []

    def job(connection: Connection) -> None:
        found.extend(_do(core, rows, default, None, connection).outcomes)
        raise _OnlyTried

    try:
        core.writer.run(job)
    except _OnlyTried:
        return found
    raise RuntimeError("a trial was kept")


def _do(
    core: Core, rows: Sequence[Wanted | Bad], default: str, invited: Invited | None, connection: Connection
) -> _Done:
    desk = _Desk(core, connection, default, invited)
    return _Done([desk.do(row) for row in rows], desk.codes)


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


class _Desk:
    """Takes rows one after the other inside the transaction that is open."""

    def __init__(self, core: Core, connection: Connection, default: str, invited: Invited | None) -> None:
        self._core = core
        self._connection = connection
        self._default = default
        self._invited = invited
        self.codes: list[Code] = []
        self._cohorts: dict[str, CohortId] = {}

    def do(self, row: Wanted | Bad) -> Outcome:
        """A row in a savepoint of its own: what is refused leaves nothing behind."""
        if isinstance(row, Bad):
            return Outcome(row.line, row.login, What.REFUSED, row.reason)
        try:
            with self._connection.begin_nested():
                return Outcome(row.line, row.login, self._bring_in(row))
        except BothParts:
            reason = "is in this cohort already, in the other part"
        except BadName:
            reason = f"a login has up to {MAX_NAME} letters"
        except _Refused as refused:
            reason = str(refused)
        return Outcome(row.line, row.login, What.REFUSED, reason)

    def _bring_in(self, row: Wanted) -> What:
        core, connection = self._core, self._connection
        cohort_id = self._cohort(row.cohort)
        who = people.find(connection, row.login)
        if who is not None:
            return What.ADDED if self._give_place(cohort_id, who, row.role) else What.THERE
        made = people.add(connection, core.organisation, row.name, row.login, now=core.now(), entropy=core.chance(18))
        enrolling.reseat(core, connection, [made.no])
        self._give_place(cohort_id, made, row.role)
        until = core.now() + core.settings.invitation_ms
        code = invitations.invite(connection, made.no, until, core.chance(8))
        if self._invited is not None:
            self._invited(connection, made, code)
        self.codes.append(Code(made, code))
        return What.CREATED

    def _give_place(self, cohort_id: CohortId, who: Person, role: Role) -> bool:
        """Whether this was a new place."""
        if role is Role.AUTHOR:
            course = select(cohort.c.course).where(cohort.c.id == cohort_id)
            return self._make_author(CourseId(self._connection.execute(course).scalar_one()), who)
        standing = select(enrolment.c.part).where(
            enrolment.c.cohort == cohort_id, enrolment.c.person_no == who.no, enrolment.c.ended.is_(False)
        )
        if self._connection.execute(standing).scalar_one_or_none() == int(_PARTS[role]):
            return False
        enrolling.enrol(self._core, self._connection, cohort_id, who, _PARTS[role])
        return True

    def _make_author(self, course: CourseId, who: Person) -> bool:
        standing = select(authorship.c.course).where(authorship.c.course == course, authorship.c.person_no == who.no)
        if self._connection.execute(standing).first() is not None:
            return False
        enrolling.make_author(self._core, self._connection, course, who)
        return True

    def _cohort(self, written: str) -> CohortId:
        """The cohort that a row names by its id or its title."""
        asked = written or self._default
        if not asked:
            raise _Refused("no cohort is named")
        if asked not in self._cohorts:
            self._cohorts[asked] = self._look_up(asked)
        return self._cohorts[asked]

    def _look_up(self, written: str) -> CohortId:
        try:
            return enrolling.find_cohort(self._connection, written)
        except SeveralCohorts:
            reason = "several cohorts have this title: give the id"
        except UnknownCohort:
            reason = "there is no such cohort"
        raise _Refused(reason)
